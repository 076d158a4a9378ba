// What happened at the desk: what is logged, shown on the board, counted in the weekly report, and
// in some cases paged about. Keys and numbers only; no text of a post.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "monitor/time.hpp"

namespace brandwacht::desk {

enum class What : std::uint8_t {
  complaint,            // it waits for an answer: a clock began. `due`: the clock's end
  first_reply,          // `span` since the complaint; `count` 1: it only puts off
  slow,                 // no reply after `span`, most of the clock. `due`: its end
  late,                 // the clock ran out
  unanswered,           // for as long as the desk wants to hear of
  promised,             // a reply says until when: `due`
  extended,             // once; `due` is the new time
  extended_again,       // a further time is counted, and not granted
  promise_soon,         // falls due at `due`
  promise_kept,         // `span`: how long before it was due; negative: too late
  promise_broken,       // `due` has passed
  promise_unclear,      // says that it will answer, without a time that one could hold it to
  invited,              // to a private talk
  only_invited,         // and nothing else stands in public, where the policy wants an answer there
  accepted,             // the author went along
  still_public,         // the author goes on in public
  follow_up,            // the brand asks whether it is solved
  satisfied,            // it is, says the author
  silent,               // no answer to that
  still_angry,          // it is not
  recovered,            // the author turned positive; `span` since the first reply
  removed,              // a post, by the brand; `text`: the house rule that it may have broken
  removal_explained,    // an official post or the desk says why; `text`: the desk's reason
  removal_unexplained,  // nobody did in time
  removal_unknown,      // of a post that was never seen: it cannot be said whose it was
  backfire,             // a removed author is back, or others object. `count`: so many times now
  angrier,              // an author wrote again, and worse; `count` times
  compensated,          // in public: a precedent
  same_reply,           // nearly the same reply stands in `count` threads
  exposed,              // a customer's private data stands in public; `text`: of which kind
  rule,                 // a post may break the house rules; `text`: which
  foreign,              // an official reply in a language that is not read here
  unlisted,             // an account that is not listed looks like the brand's own
  edited,               // an official reply was changed; what it promised before still stands
  withdrawn,            // an official post was taken back; what it promised before still stands
  promoted,             // a vague rant has found company, or wording to answer
  strategy,             // the desk chose; `text`: remove, ignore, answer
  outcome,              // the desk says how it ended; `text`
  feedback,             // on a page; `text`: useful, not_useful, too_late
  count_
};
std::string_view to_string(What what) noexcept;
std::optional<What> parse_what(std::string_view text) noexcept;

struct Event {
  What what{};
  Time at{};
  std::uint32_t brand = 0;
  std::uint64_t thread = 0;   // key
  std::uint64_t mention = 0;  // that it was seen in; 0: time alone
  Duration span{};
  Time due{};
  std::int32_t count = 0;
  std::string text;      // words of ours or of the desk; never of a post
  std::string incident;  // of what the desk says; else empty
};

}  // namespace brandwacht::desk
