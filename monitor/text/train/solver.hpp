// Learns one column: logistic regression with L2 over sparse texts, by coordinate descent in the
// dual (Yu, Huang and Lin 2011). Features are scaled by their log-count ratios first where that
// helps (Wang and Manning 2012): one that tells the classes apart is held back less.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace brandwacht::text::train {

// Texts as rows of features, one after the other.
struct SparseTexts {
  struct Entry {
    std::uint32_t feature;
    float value;
  };
  std::vector<Entry> entries;
  std::vector<std::size_t> starts{0};  // of each text, and the end
  std::span<const Entry> of(std::size_t text) const {
    return std::span(entries).subspan(starts[text], starts[text + 1] - starts[text]);
  }
};

struct Lesson {
  std::uint32_t text;
  std::uint16_t set;
  bool constant;  // texts of its set share a constant that is not scored with
  bool truth;
  float weight;
};

struct Learning {
  double cost = 1;   // C: what an example of weight 1 counts against L2
  double ratio = 0;  // the exponent of the log-count ratio; 0: none
  int epochs = 10;
};

struct Column {
  std::vector<float> weights;
  float bias = 0;
};

// `freedom`: how easily each feature gets weight, 1 by default, 0: never. The same input gives the
// same weights.
Column learn_column(const SparseTexts& texts, std::span<const Lesson> lessons,
                    const std::vector<float>& freedom, std::size_t sets, const Learning& how,
                    std::uint64_t seed);

}  // namespace brandwacht::text::train
