// What files, streams and HTTP bodies agree on about one line of NDJSON.
#pragma once
#include <string_view>

namespace brandwacht::connectors {

// Without the byte-order mark that Windows programs put first and without white space around.
// Empty: a keep-alive.
inline std::string_view trim_line(std::string_view line) noexcept {
  if (line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
  const auto first = line.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return line.substr(first, line.find_last_not_of(" \t\r\n") - first + 1);
}

}  // namespace brandwacht::connectors
