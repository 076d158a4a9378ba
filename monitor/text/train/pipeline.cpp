#include "monitor/text/train/pipeline.hpp"

#include <algorithm>
#include <cmath>

#include "monitor/text/train/metrics.hpp"

namespace brandwacht::text::train {
namespace {

constexpr std::uint32_t kFolds = 3;

// Texts that were written together stay together.
std::uint32_t fold_of(const Corpus& corpus, std::uint32_t e) {
  const Example& example = corpus.examples[e];
  const std::uint64_t what = example.batch != 0 ? example.batch : e;
  return static_cast<std::uint32_t>((what * 0x9E3779B97F4A7C15) >> 40) % kFolds;
}

bool known(float target) {
  return target == target;
}

// By what the examples of the own domain say, or by what the others do.
Platt calibrate(const Corpus& corpus, const Trained& trained, Output output, bool own,
                std::span<const std::uint32_t> examples) {
  std::vector<Judged> judged, all;
  std::size_t yes = 0;
  for (const std::uint32_t e : examples) {
    const Example& example = corpus.examples[e];
    const float target = example.target[index(output)];
    if (!known(target)) continue;
    const Judged one{trained.unseen[e][index(output)], target > 0.5F};
    all.push_back(one);
    if (corpus.sets[example.set].desk != own || !corpus.sets[example.set].calibrates) continue;
    judged.push_back(one);
    yes += one.truth;
  }
  const bool language = output == Output::nl || output == Output::en;
  return fit_platt(yes >= 25 && !language ? judged : all);
}

// Who is a critic among posts that are not typical of ours: by feeling and by grievance, in tweets
// about anything and in those to companies. The second are few and count ten times.
PlattPair calibrate_critics(const Corpus& corpus, const Trained& trained,
                            std::span<const std::uint32_t> examples) {
  std::vector<JudgedPair> judged;
  for (const std::uint32_t e : examples) {
    const Example& example = corpus.examples[e];
    const SetInfo& set = corpus.sets[example.set];
    const float feeling = example.target[index(Output::sentiment)];
    const float grievance = example.target[index(Output::grievance)];
    if (set.desk || !set.calibrates || (!known(feeling) && !known(grievance))) continue;
    const bool truth = known(feeling) ? feeling > 0.5F : grievance > 0.5F;
    judged.push_back({trained.unseen[e][index(Output::sentiment)],
                      trained.unseen[e][index(Output::grievance)], known(feeling) ? 1.0F : 10.0F,
                      truth});
  }
  return fit_platt(judged);
}

// The gate is open for all but the least typical posts of the own domain.
Model::Calibration gate_of(const Corpus& corpus, const Trained& trained,
                           std::span<const std::uint32_t> examples) {
  constexpr float kSteep = 2, kOpen = 0.5F;
  std::vector<float> odds;
  for (const std::uint32_t e : examples)
    if (corpus.sets[corpus.examples[e].set].desk)
      odds.push_back(trained.unseen[e][index(Output::service)]);
  if (odds.empty()) return {kSteep, 0};
  std::ranges::sort(odds);
  return {kSteep, kOpen - kSteep * odds[odds.size() / 25]};
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
  for (std::uint32_t fold = 0; fold < kFolds; ++fold) {
    say("cross-fit " + std::to_string(fold + 1) + " of " + std::to_string(kFolds));
    std::vector<std::uint32_t> others;
    for (const std::uint32_t e : examples)
      if (fold_of(corpus, e) != fold) others.push_back(e);
    trainer.fit(others);
    for (const std::uint32_t e : examples)
      if (fold_of(corpus, e) == fold) out.unseen[e] = trainer.log_odds(corpus.examples[e]);
  }
  Model::Header header{};
  header.version = version;
  for (std::size_t o = 0; o < kOutputs; ++o) {
    const Platt own = calibrate(corpus, out, static_cast<Output>(o), true, examples);
    const Platt open = calibrate(corpus, out, static_cast<Output>(o), false, examples);
    header.own[o] = {static_cast<float>(own.a), static_cast<float>(own.b)};
    header.open[o] = {static_cast<float>(open.a), static_cast<float>(open.b)};
  }
  const PlattPair critics = calibrate_critics(corpus, out, examples);
  header.open[index(Output::sentiment)] = {static_cast<float>(critics.a),
                                           static_cast<float>(critics.b)};
  header.grievance = static_cast<float>(critics.c);
  header.gate = gate_of(corpus, out, examples);
  say("fit on all");
  trainer.fit(examples, [&](int epoch, double loss) {
    say("epoch " + std::to_string(epoch) + ", loss " + std::to_string(loss));
  });
  header.bias = trainer.bias();
  header.gram_scale = static_cast<float>(options.gram_scale);
  say("pack");
  out.file = pack(trainer.weights(), cues, header, largest, out.packed);
  return out;
}

}  // namespace brandwacht::text::train
