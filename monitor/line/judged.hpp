// A mention that is about a brand, with what the line made of it before it counted it: the form in
// which it is recorded and comes back. No matching and no scoring is needed to count it again.
#pragma once
#include <algorithm>
#include <string_view>

#include "monitor/mention.hpp"
#include "monitor/text/scorer.hpp"
#include "monitor/thread/seconds.hpp"
#include "monitor/thread/table.hpp"

namespace brandwacht::line {

// Strings live as long as the mention that they come from. A delete and an author who is gone have
// keys only: `seen.mention` (and `seen.thread`), or `seen.author`.
struct Judged {
  MentionKind kind = MentionKind::create;
  thread::Observation seen;  // of a recording: `brand` is not set, see the next
  std::string_view brand;
  text::Score score;
  bool erased = false;  // its words and names were taken out of the recording: counted, not shown
  std::string_view platform, id, thread, parent, quoted, author, author_name, lang, text, url;
};

// As the table takes it: no later than its arrival, and that where there is none.
inline Time event_time(const thread::Observation& seen, Time now) noexcept {
  return seen.created_at < thread::kFirstTime ? now : std::min(seen.created_at, now);
}

// Every probability to four decimals, so that a score is the same number in the line and in a
// recording of it.
text::Score to_decimals(text::Score score) noexcept;

// Does a post by the brand hold somebody's private data? Also where a recording has only its kind.
// Telephone, e-mail and address are the brand's own, as a rule, and the number of a ticket leads
// nobody anywhere.
bool exposes(std::string_view text);

// What a score says of the voice; `addressed` and what add_text() adds are left out.
thread::Voice voice_of(const text::Score& score) noexcept;
// Adds to the voice what the text says beside the score: its print, which costs half of what the
// score does and so is only taken of critics, whether it has a link, and in a brand's own post
// whether it has somebody's private data.
void add_text(Judged& judged, double negative_at);
// Scores the text that is there again, for a recording that another version scored. Redacted text
// may score a little differently than it did raw; what was erased keeps its score.
void score_again(Judged& judged, double negative_at);

}  // namespace brandwacht::line
