#include "monitor/text/scorer.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#include "monitor/text/calibration.hpp"
#include "monitor/text/features.hpp"

namespace brandwacht::text {
namespace {

double log_odds(const Analysis& analysis) noexcept {
  double sums[4] = {kBase, 0, 0, 0};  // four chains of additions instead of one long one
  static_assert(kFeatures % 4 == 0);
  for (std::size_t i = 0; i < kFeatures; i += 4)
    for (std::size_t k = 0; k < 4; ++k)
      sums[k] +=
          static_cast<double>(kWeights[i + k]) * static_cast<double>(analysis.features[i + k]);
  return sums[0] + sums[1] + sums[2] + sums[3];
}

Score score_of(const Analysis& analysis) noexcept {
  const double bounded = std::clamp(log_odds(analysis), -kMaxLogOdds, kMaxLogOdds);
  return {analysis.language, static_cast<float>(1 / (1 + std::exp(-bounded)))};
}

}  // namespace

std::string_view to_string(Language language) noexcept {
  switch (language) {
    case Language::nl:
      return "nl";
    case Language::en:
      return "en";
    case Language::other:
      break;
  }
  return "other";
}

Score score(std::string_view text, std::string_view declared) noexcept {
  Analysis analysis;
  analyze(text, declared, analysis);
  return score_of(analysis);
}

Explanation explain(std::string_view text, std::string_view declared) {
  const auto analysis = std::make_unique<Analysis>();
  analyze(text, declared, *analysis);
  Explanation out;
  out.score = score_of(*analysis);
  out.base = kBase;
  auto rest = analysis->features;  // what no token accounts for
  for (std::size_t i = 0; i < analysis->tokens.size; ++i) {
    const Effect& effect = analysis->effects[i];
    const auto feature = static_cast<std::size_t>(effect.feature);
    if (effect.feature == Feature::none || kWeights[feature] == 0) continue;
    const float value = effect.value * analysis->scale;
    rest[feature] -= value;
    const std::size_t begin = analysis->tokens.list[i + 1 - effect.tokens].begin;
    const std::size_t end = analysis->tokens.list[i].end;
    out.parts.push_back({begin, end, std::string(text.substr(begin, end - begin)),
                         static_cast<double>(kWeights[feature]) * static_cast<double>(value)});
  }
  for (std::size_t i = 0; i < kFeatures; ++i) {
    const double weight = static_cast<double>(kWeights[i]) * static_cast<double>(rest[i]);
    if (std::abs(weight) > 1e-4)
      out.parts.push_back({0, 0, std::string(to_string(static_cast<Feature>(i))), weight});
  }
  double sum = out.base;
  for (const Contribution& part : out.parts)
    sum += part.weight;
  if (const double bounded = std::clamp(sum, -kMaxLogOdds, kMaxLogOdds); bounded != sum) {
    out.parts.push_back({0, 0, "bound", bounded - sum});
    sum = bounded;
  }
  // The score is a float: let the base take up its rounding, so that the parts add up to what was
  // shown.
  const double negative = static_cast<double>(out.score.negative);
  out.base += std::log(negative / (1 - negative)) - sum;
  return out;
}

}  // namespace brandwacht::text
