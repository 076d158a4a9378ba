// What the scorer sees in a post: a language and a short vector of numbers. Internal to the text
// folder; the fitting program reads it too.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "monitor/text/scorer.hpp"
#include "monitor/text/tokens.hpp"

namespace brandwacht::text {

// Sums of strengths in 0..1 where not said otherwise. Negation and degree are applied already: a
// negated good word is in a bad feature.
enum class Feature : std::uint8_t {
  none,
  bad_word,  // words of the general lists
  good_word,
  bad_service,  // words of customers
  good_service,
  complaint,  // phrases
  joiner,
  praise,
  neutral,
  bad_emoji,
  good_emoji,
  negator,  // a negation that met no feeling
  broken,   // something that should work, negated: "komt ... niet"
  swear,
  exclaimed_bad,  // exclamation marks, at most 3, by what prevails
  exclaimed_good,
  exclaimed,
  question,       // 0 or 1
  capitals,       // share of words in capitals
  elongated,      // words, at most 2
  link,           // 0 or 1
  addressed,      // accounts, at most 2
  first_person,   // 0 or 1
  second_person,  // 0 or 1
  count_,
};
inline constexpr std::size_t kFeatures = static_cast<std::size_t>(Feature::count_);
std::string_view to_string(Feature feature) noexcept;

// What one token adds. The sum over a post of `value` per feature is its part of the vector.
struct Effect {
  Feature feature;
  std::uint8_t tokens;  // of a phrase: how many tokens up to this one it covers
  float value;
};

struct Analysis {
  Language language = Language::other;
  std::array<float, kFeatures> features{};
  float scale = 1;  // what a token counts in a long text
  Tokens tokens;
  std::array<Effect, Tokens::kMax> effects;  // of tokens; the first tokens.size are set

  Analysis() noexcept {}  // see Tokens
};

void analyze(std::string_view text, std::string_view declared, Analysis& out) noexcept;

}  // namespace brandwacht::text
