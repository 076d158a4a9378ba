// A mention that is about a brand, with what the line made of it before it counted it: the form in
// which it is recorded and comes back. No matching and no scoring is needed to count it again.
#pragma once
#include <string_view>

#include "monitor/mention.hpp"
#include "monitor/text/scorer.hpp"
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

// Every probability to four decimals, so that a score is the same number in the line and in a
// recording of it.
text::Score to_decimals(text::Score score) noexcept;

}  // namespace brandwacht::line
