// How good a model is on the check part of a corpus.
#pragma once
#include <array>
#include <string>
#include <vector>

#include "monitor/text/model.hpp"
#include "monitor/text/train/corpus.hpp"
#include "monitor/text/train/metrics.hpp"

namespace brandwacht::text::train {

struct Quality {
  std::string set, what;  // what: an output; "sarcastic", "negated", "reply", "reply in
                          // context" (`negative` of those posts); "language"
  std::size_t texts = 0, positives = 0;
  double auc = 0, macro_f1 = 0, calibration_error = 0;
  double recall =
      0;  // mean recall of negative, neutral and positive; of "language" the share that is right
  std::array<Bin, 10> bins{};
};

std::vector<Quality> evaluate(const Corpus& corpus, const Model& model);

}  // namespace brandwacht::text::train
