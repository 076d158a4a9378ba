// A line of a recording as append_recorded() writes it, read from left to right without a parser:
// half of the cost. For the rest there is simdjson (recorded.cpp).
#pragma once
#include <string_view>

#include "monitor/replay/recorded.hpp"

namespace brandwacht::replay {

// False: it is written another way, has an escape, or is no post with words; `out` is then in any
// state. What is in `out` points into `line`, which has readable padding behind it.
bool read_own_line(std::string_view line, RecordedLine& out) noexcept;

// The score as we write it: all fields in their order, each probability with four decimals. False:
// it is written another way, and nothing is said of it.
bool read_own_score(std::string_view object, text::Score& score) noexcept;

// RFC 3339; of our own form, with microseconds, the digits are read without a branch for each.
bool read_own_time(std::string_view text, Time& out) noexcept;

}  // namespace brandwacht::replay
