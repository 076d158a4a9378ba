#include "monitor/text/train/pipeline.hpp"

#include <algorithm>
#include <cmath>

#include "monitor/text/train/blend.hpp"

namespace brandwacht::text::train {
namespace {

// Texts of one writer stay together: the calibration is for writers that nobody has read.
std::uint32_t fold_of(const Corpus& corpus, std::uint32_t e, std::uint32_t folds) {
  const Example& example = corpus.examples[e];
  const std::uint64_t what = example.writer != 0 ? example.writer : e;
  return static_cast<std::uint32_t>((what * 0x9E3779B97F4A7C15) >> 40) % folds;
}

}  // namespace

Trained train_model(const Corpus& corpus, const Priors& priors, const Options& options,
                    std::uint32_t version, std::size_t largest,
                    const std::function<void(const std::string&)>& say) {
  const auto cues = cue_words(shipped_cues());
  Trainer trainer(corpus, priors, cues, options);
  std::vector<std::uint32_t> examples;
  for (std::uint32_t e = 0; e < corpus.examples.size(); ++e)
    if (!corpus.examples[e].check && corpus.examples[e].weight > 0) examples.push_back(e);
  Trained out;
  out.unseen.resize(corpus.examples.size());
  for (std::uint32_t fold = 0; fold < options.folds; ++fold) {
    say("cross-fit " + std::to_string(fold + 1) + " of " + std::to_string(options.folds));
    std::vector<std::uint32_t> others;
    for (const std::uint32_t e : examples)
      if (fold_of(corpus, e, options.folds) != fold) others.push_back(e);
    trainer.fit(others);
    for (const std::uint32_t e : examples)
      if (fold_of(corpus, e, options.folds) == fold)
        out.unseen[e] = trainer.log_odds(corpus.examples[e]);
  }
  say("blend");
  const Blends blends = fit_blends(corpus, out.unseen, examples);
  say("fit on all");
  trainer.fit(examples);
  say("pack");
  Model::Header header{};
  header.version = version;
  header.gram_scale = static_cast<float>(options.gram_scale);
  header.bias = blended(blends, trainer.bias());
  for (std::size_t o = 0; o < kNamed; ++o)
    header.bias[o] += blends[o].bias;
  std::vector<Trainer::Weight> weights = trainer.weights();
  for (Trainer::Weight& weight : weights)
    weight.row = blended(blends, weight.row);
  Columns whole;
  whole.set();
  for (const Output many : {Output::negative, Output::positive, Output::complaint})
    whole.reset(index(many));
  out.file = pack(weights, cues, header, largest, out.packed, whole);
  return out;
}

}  // namespace brandwacht::text::train
