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

// Anger and complaints are said much alike in all kinds of texts, and the open kind is learnt from
// more of them: it should be heard more than its share. For each output by the dev parts of both
// kinds (docs/text-model.md); for the others nothing was better.
constexpr std::array<float, kShown> kKindBias = [] {
  std::array<float, kShown> out{};
  out[index(Output::anger)] = -1.5F;
  out[index(Output::complaint)] = -1;
  return out;
}();

class Training {
 public:
  Training(const Corpus& corpus, const Priors& priors, const Options& options,
           std::uint32_t version, std::size_t largest,
           const std::function<void(const std::string&)>& say)
      : corpus_(corpus),
        options_(options),
        version_(version),
        largest_(largest),
        say_(say),
        cues_(cue_words(shipped_cues())),
        trainer_(corpus, priors, cues_, options) {
    for (std::uint32_t e = 0; e < corpus.examples.size(); ++e)
      if (!corpus.examples[e].check && corpus.examples[e].weight > 0) examples_.push_back(e);
    out_.unseen.resize(corpus.examples.size());
  }

  // The first round shows which features the file has a place for, the second learns those alone.
  Trained run() {
    round("1 of 2");
    const std::size_t learnt = out_.packed.learnt;
    trainer_.only(placed());
    round("2 of 2");
    out_.packed.crowded_out += learnt - out_.packed.learnt;
    out_.packed.learnt = learnt;
    return std::move(out_);
  }

 private:
  void round(const char* which) {
    const std::string name = std::string("round ") + which + ": ";
    for (std::uint32_t fold = 0; fold < options_.folds; ++fold) {
      say_(name + "cross-fit " + std::to_string(fold + 1) + " of " +
           std::to_string(options_.folds));
      cross_fit(fold);
    }
    say_(name + "blend");
    const Blends blends = fit_blends(corpus_, out_.unseen, examples_);
    say_(name + "fit on all");
    trainer_.fit(examples_);
    say_(name + "pack");
    pack_all(blends);
  }

  void cross_fit(std::uint32_t fold) {
    std::vector<std::uint32_t> others;
    for (const std::uint32_t e : examples_)
      if (fold_of(corpus_, e, options_.folds) != fold) others.push_back(e);
    trainer_.fit(others);
    for (const std::uint32_t e : examples_)
      if (fold_of(corpus_, e, options_.folds) == fold)
        out_.unseen[e] = trainer_.log_odds(corpus_.examples[e]);
  }

  void pack_all(const Blends& blends) {
    Model::Header header{};
    header.version = version_;
    header.gram_scale = static_cast<float>(options_.gram_scale);
    header.bias = blended(blends, trainer_.bias());
    for (std::size_t o = 0; o < kNamed; ++o)
      header.bias[o] += blends[o].bias;
    header.kind_bias = kKindBias;
    std::vector<Trainer::Weight> weights = trainer_.weights();
    for (Trainer::Weight& weight : weights)
      weight.row = blended(blends, weight.row);
    Columns whole;
    whole.set();
    for (const Output many : {Output::negative, Output::positive, Output::complaint})
      whole.reset(index(many));
    out_.packed = {};
    out_.file = pack(weights, cues_, header, largest_, out_.packed, whole);
  }

  std::unordered_set<std::uint64_t> placed() const {
    const auto model = std::get<Model>(Model::open(out_.file.bytes()));
    std::unordered_set<std::uint64_t> out;
    for (const Trainer::Weight& weight : trainer_.weights())
      if (model.find(weight.hash).known) out.insert(weight.hash);
    return out;
  }

  const Corpus& corpus_;
  const Options& options_;
  const std::uint32_t version_;
  const std::size_t largest_;
  const std::function<void(const std::string&)>& say_;
  const std::unordered_map<std::uint64_t, std::uint8_t> cues_;
  Trainer trainer_;
  std::vector<std::uint32_t> examples_;
  Trained out_;
};

}  // namespace

Trained train_model(const Corpus& corpus, const Priors& priors, const Options& options,
                    std::uint32_t version, std::size_t largest,
                    const std::function<void(const std::string&)>& say) {
  return Training(corpus, priors, options, version, largest, say).run();
}

}  // namespace brandwacht::text::train
