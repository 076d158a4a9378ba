// MODEL.md: what a model was trained on, how good it is, where it fails.
#pragma once
#include <string>
#include <vector>

#include "monitor/text/train/evaluate.hpp"
#include "monitor/text/train/pipeline.hpp"

namespace brandwacht::text::train {

// Markdown. `failures`: known weaknesses, a paragraph of the training file.
std::string model_card(const Corpus& corpus, const Trained& trained,
                       const std::vector<Quality>& qualities, std::uint32_t version,
                       std::uint64_t seed, const std::string& failures);

// The table of probabilities against shares, for sets of the posts' own domain.
std::string reliability_table(const Corpus& corpus, const std::vector<Quality>& qualities);

}  // namespace brandwacht::text::train
