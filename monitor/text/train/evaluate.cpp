#include "monitor/text/train/evaluate.hpp"

#include <algorithm>
#include <map>

#include "monitor/text/scorer.hpp"

namespace brandwacht::text::train {
namespace {

using Table = std::map<std::pair<std::size_t, std::string>, std::vector<Judged>>;

struct Recall {
  std::array<std::size_t, 3> of{}, found{};
  void add(std::size_t truth, std::size_t said) {
    ++of[truth];
    found[truth] += truth == said;
  }
  double mean() const {
    double sum = 0;
    for (std::size_t c = 0; c < 3; ++c)
      sum += of[c] > 0 ? static_cast<double>(found[c]) / static_cast<double>(of[c]) : 0;
    return sum / 3;
  }
};

}  // namespace

std::vector<Quality> evaluate(const Corpus& corpus, const Model& model) {
  Table table;
  std::map<std::size_t, Recall> recalls;
  std::map<std::size_t, std::pair<std::size_t, std::size_t>> languages;  // right, all
  for (const Example& example : corpus.examples) {
    if (!example.check) continue;
    const Score score = text::score(model, example.text);
    const std::size_t set = example.set;
    const auto shown = probabilities(score);
    for (std::size_t o = 0; o < kShown; ++o)
      if (example.truth[o] == example.truth[o])
        table[{set, std::string(kOutputNames[o])}].push_back(
            {shown[o].second, example.truth[o] > 0.5F});
    if (const float critic = example.truth[index(Output::negative)]; critic == critic) {
      const Judged one{score.negative, critic > 0.5F};
      if (example.irony) table[{set, "sarcastic"}].push_back(one);
      if (!example.parent.empty()) {
        const float parent = text::score(model, example.parent).negative;
        table[{set, "reply"}].push_back(one);
        table[{set, "reply in context"}].push_back({in_context(score, parent), one.truth});
      }
      if (example.negation) table[{set, "negated"}].push_back(one);
      if (const float good = example.truth[index(Output::positive)]; good == good)
        recalls[set].add(one.truth     ? 0
                         : good > 0.5F ? 2
                                       : 1,
                         static_cast<std::size_t>(polarity_of(score)));
    }
    const float nl = example.target[index(Output::nl)], en = example.target[index(Output::en)];
    if (nl == nl && example.text.size() >= 20) {
      const Language truth = nl > 0.5F ? Language::nl : en > 0.5F ? Language::en : Language::other;
      auto& [right, all] = languages[set];
      right += score.language == truth;
      ++all;
    }
  }
  std::vector<Quality> out;
  for (const auto& [key, judged] : table) {
    Quality q{.set = corpus.sets[key.first].name, .what = key.second, .texts = judged.size()};
    for (const Judged& one : judged)
      q.positives += one.truth;
    if (q.positives == 0 || q.positives == q.texts) continue;
    q.auc = area_under_curve(judged);
    q.macro_f1 = macro_f1(judged);
    q.calibration_error = calibration_error(judged);
    q.bins = reliability(judged);
    if (key.second == "negative" && recalls.contains(key.first))
      q.recall = recalls[key.first].mean();
    out.push_back(q);
  }
  for (const auto& [set, counts] : languages)
    out.push_back({.set = corpus.sets[set].name,
                   .what = "language",
                   .texts = counts.second,
                   .positives = counts.first,
                   .recall = static_cast<double>(counts.first) /
                             static_cast<double>(std::max<std::size_t>(1, counts.second))});
  return out;
}

}  // namespace brandwacht::text::train
