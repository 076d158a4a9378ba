// From the sums of a post's features to its score; shared by score() and explain(). Internal to the
// text folder.
#pragma once
#include <array>
#include <cstddef>
#include <string_view>

#include "monitor/text/outputs.hpp"
#include "monitor/text/scorer.hpp"

namespace brandwacht::text {

// Beyond this the model has seen too little to be surer: 1 % to 99 %.
inline constexpr float kMaxLogOdds = 4.6F;

struct Verdict {
  std::array<float, kShown> odds{};  // calibrated log odds of what a score shows
  float nl = 0, en = 0;              // log odds of the languages
  // How much the post is of each kind, as `negative` is mixed; they add up to 1.
  std::array<float, kDomains> share{};
};

// `sums`: of the rows of the post's features, in units of the table.
Verdict verdict_of(const Model& model, const std::array<float, kOutputs>& sums,
                   std::size_t tokens) noexcept;
Language language_of(const Verdict& verdict, std::string_view declared) noexcept;
Score score_of(const Verdict& verdict, Language language, std::uint8_t cues) noexcept;

// Adds what the n-grams of a word say that the table does not have.
void add_unknown(const Model& model, std::string_view word,
                 std::array<float, kOutputs>& sums) noexcept;

}  // namespace brandwacht::text
