// One event of an invented stream, with the truth that no scorer sees.
#pragma once
#include <cstdint>
#include <string_view>

#include "monitor/mention.hpp"

namespace brandwacht::bench {

// What makes a thread the way it is.
enum class Cause : std::uint8_t {
  ordinary,
  hot,       // people answer each other faster than they tire
  quarrel,   // two or three people, many posts
  outage,    // one of many small threads on one fault
  campaign,  // under the brand's own advertising: many, friendly
  praise,    // as hot, and happy
  raid,      // bots with one text
  count_
};
std::string_view to_string(Cause cause) noexcept;

struct Event {
  std::uint64_t id = 0;
  std::uint64_t thread = 0;  // root that it names; its own id: a root, or a quote
  std::uint64_t parent = 0;  // answers; 0: nothing
  std::uint64_t quoted = 0;
  std::uint64_t author = 0;
  Time created_at{}, received_at{};
  std::uint64_t print = 0;  // of the text: one number for all bots of a raid, else 0
  float negative = 0;       // as the scorer says
  MentionKind kind = MentionKind::create;
  bool official = false;

  // Truth.
  std::uint64_t origin = 0;  // the thread that it belongs to, over all quotes
  Cause cause = Cause::ordinary;
  bool critical = false;  // it is negative
  bool bot = false;
  bool again = false;  // delivered before
};

}  // namespace brandwacht::bench
