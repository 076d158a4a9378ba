// Labelled texts for fitting and judging the scorer.
#pragma once
#include <algorithm>
#include <cstddef>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

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

struct Judged {
  double score = 0;
  bool critic = false;
};

// The probability that a critic scores higher than somebody else; ties count half.
inline double area_under_curve(std::vector<Judged> judged) {
  std::sort(judged.begin(), judged.end(),
            [](const Judged& a, const Judged& b) { return a.score < b.score; });
  double rank_sum = 0, critics = 0;
  for (std::size_t i = 0; i < judged.size();) {
    std::size_t end = i;
    while (end < judged.size() && judged[end].score == judged[i].score)
      ++end;
    const double rank = (static_cast<double>(i + end) + 1) / 2;
    for (; i < end; ++i) {
      if (!judged[i].critic) continue;
      rank_sum += rank;
      ++critics;
    }
  }
  const double others = static_cast<double>(judged.size()) - critics;
  return (rank_sum - critics * (critics + 1) / 2) / (critics * others);
}

// The share of critics (or of the others) that are judged right at `threshold`.
inline double share_right(const std::vector<Judged>& judged, bool critics, double threshold) {
  double right = 0, all = 0;
  for (const Judged& one : judged) {
    if (one.critic != critics) continue;
    ++all;
    right += (one.score >= threshold) == critics ? 1 : 0;
  }
  return right / all;
}

}  // namespace brandwacht::text
