// What the desk said of pages, as NDJSON: one object a line,
//   {"incident":"bw-6b1f0c2ad37e9145-1","feedback":"useful"}
// with "useful", "not_useful" or "too_late". Of a thread that is there twice the last counts.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "monitor/replay/figures.hpp"

namespace brandwacht::replay {

struct ParsedFeedback {
  Feedback feedback;
  std::vector<std::string> faults;  // "3: ...", one a line that is not of that form; at most ten
};
ParsedFeedback parse_feedback(std::string_view ndjson);

}  // namespace brandwacht::replay
