// Durations as people write them: "90 s", "15 min", "1.5 h", "200 ms", "2 d".
#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace brandwacht::config {

struct ParsedDuration {
  std::optional<std::chrono::microseconds> value;
  std::string
      fault;  // one sentence without its subject: "has no unit"; empty when there is a value
  std::string suggestion;  // "did you mean '90 s'?"; may be empty
};

// One number and one unit of us, ms, s, min, h, d, w; the space between them may be left out.
ParsedDuration parse_duration(std::string_view text);

// In the largest unit that leaves a whole number: 90'000'000 us is "90 s".
std::string to_string(std::chrono::microseconds duration);

}  // namespace brandwacht::config
