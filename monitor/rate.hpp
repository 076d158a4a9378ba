// How often, as people state it: "2/week", "1 per week", "0.5/week", "3 a day".
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "monitor/time.hpp"

namespace brandwacht {

// At most `count` in any span of `window`. Half a time a week is once in any two weeks.
struct Rate {
  static constexpr int kMost = 200;

  int count = -1;  // below 0: without a limit
  Duration window{};

  bool limited() const noexcept { return count >= 0; }
  double per_week() const noexcept;  // infinity: without a limit
  bool operator==(const Rate&) const = default;
};

struct ParsedRate {
  std::optional<Rate> value;
  std::string fault;       // one sentence without its subject: "has no unit"; empty with a value
  std::string suggestion;  // may be empty
};

// A number with at most two decimals, then "/", "a", "an" or "per", then hour, day, week or month
// (30 days). "unlimited" is without a limit. At most kMost in a window, which is at most a year.
ParsedRate parse_rate(std::string_view text);
std::string to_string(const Rate& rate);  // "2/week", "1/2 weeks", "unlimited"

}  // namespace brandwacht
