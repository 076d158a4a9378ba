// Figures of a run against those of a file: `figure <name> <value> <unit>` lines, as the benches
// print them.
#pragma once
#include <fmt/format.h>

#include <fstream>
#include <functional>
#include <map>
#include <sstream>
#include <string>

#include "bench/figure.hpp"

namespace brandwacht::bench {

using Figures = std::map<std::string, double>;

inline void print_figures(const Figures& figures, std::string_view unit = "1") {
  for (const auto& [name, value] : figures)
    figure(name, value, unit);
}

// Names each figure that fell by more than `margin` under the recorded one. True: none did, and
// some were compared. A figure that this run does not have (a folder that is not here) is skipped,
// and so is one that `skip` names: those that are better when lower.
inline bool holds_recorded(const std::string& file, const Figures& figures, double margin,
                           const std::function<bool(const std::string&)>& skip = {}) {
  std::ifstream in(file);
  int fallen = 0, compared = 0;
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    std::string word, name;
    double before = 0;
    if (!(words >> word >> name >> before) || word != "figure") continue;
    const auto now = figures.find(name);
    if (now == figures.end() || (skip && skip(name))) continue;
    ++compared;
    if (now->second >= before - margin) continue;
    fmt::print("FELL: {} was {:.3f}, is {:.3f}\n", name, before, now->second);
    ++fallen;
  }
  fmt::print("{} figures compared with {}, {} fell by more than {}\n", compared, file, fallen,
             margin);
  return compared > 0 && fallen == 0;
}

}  // namespace brandwacht::bench
