// Labelled texts for fitting and judging the scorer.
#pragma once
#include <cstddef>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "monitor/text/train/metrics.hpp"

namespace brandwacht::text {

struct Labelled {
  std::string text;
  bool critic = false;
  bool held_out = false;
};

// tests/text/invented.tsv: label<TAB>text, '#' begins a comment.
inline std::vector<Labelled> read_invented(const std::string& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error("cannot read " + file);
  std::vector<Labelled> out;
  for (std::string line; std::getline(in, line);)
    if (line.size() > 2 && line[0] != '#')
      out.push_back({line.substr(2), line[0] == '1', out.size() / 2 % 2 == 0});
  return out;
}

using train::area_under_curve;
using train::Judged;

// The share of critics (or of the others) that are judged right at `threshold`.
inline double share_right(const std::vector<Judged>& judged, bool critics, float threshold) {
  double right = 0, all = 0;
  for (const Judged& one : judged) {
    if (one.truth != critics) continue;
    ++all;
    right += (one.p >= threshold) == critics ? 1 : 0;
  }
  return right / all;
}

}  // namespace brandwacht::text
