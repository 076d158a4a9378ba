#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "config/reader.hpp"

namespace brandwacht::config {

std::string to_string(const Problem& problem) {
  std::string where = problem.file;
  if (problem.at.line > 0) {
    where += fmt::format(":{}", problem.at.line);
    if (problem.at.column > 0) where += fmt::format(":{}", problem.at.column);
  }
  return fmt::format("{}: {}: {}{}{}", where, problem.warning ? "warning" : "error",
                     problem.message, problem.suggestion.empty() ? "" : "; ", problem.suggestion);
}

bool Problems::fatal() const {
  return std::any_of(list_.begin(), list_.end(), [](const Problem& p) { return !p.warning; });
}

std::vector<Problem> Problems::sorted() const {
  std::vector<Problem> result = list_;
  const auto key = [](const Problem& p) { return std::tie(p.file, p.at.line, p.at.column); };
  std::stable_sort(result.begin(), result.end(),
                   [&key](const Problem& a, const Problem& b) { return key(a) < key(b); });
  return result;
}

}  // namespace brandwacht::config
