// Every column of the file is a blend of what was learnt: a complaint in a review is told by what
// is a complaint elsewhere, too. Blends are linear, so they cost nothing when a post is scored.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "monitor/text/outputs.hpp"
#include "monitor/text/train/corpus.hpp"
#include "monitor/text/train/trainer.hpp"

namespace brandwacht::text::train {

// Calibrated log odds of a column: the weights of all learnt columns, and a constant.
struct Blend {
  std::array<float, kOutputs> weights{};
  float bias = 0;
};
using Blends = std::array<Blend, kOutputs>;

// By logistic regression on log odds from models that had not seen the text nor its writer.
// `unseen` by place in Corpus::examples; `examples`: those to fit on.
Blends fit_blends(const Corpus& corpus, const std::vector<std::array<float, kOutputs>>& unseen,
                  std::span<const std::uint32_t> examples);

Row blended(const Blends& blends, const Row& row);

}  // namespace brandwacht::text::train
