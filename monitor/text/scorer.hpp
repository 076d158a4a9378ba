// How negative a post is. Pure functions of the text.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace brandwacht::text {

enum class Language : std::uint8_t { other, nl, en };
std::string_view to_string(Language language) noexcept;  // "other", "nl", "en"

// Changes whenever the same text could score differently. Stored with every score; thresholds
// belong to one version.
inline constexpr std::uint32_t kScorerVersion = 1;

struct Score {
  Language language = Language::other;
  float negative = 0;  // calibrated P(this author is one more critic), 0..1
};

// Never allocates, never throws; `text` is UTF-8 (bytes that are not are skipped), any length (what
// lies beyond 4,096 bytes is not read). `declared` is the platform's language tag ("nl", "nl-BE",
// "en-GB", ""), a hint only.
Score score(std::string_view text, std::string_view declared = {}) noexcept;

struct Contribution {
  std::size_t begin = 0, end = 0;  // bytes of the text; equal: belongs to no token
  std::string label;               // the token, or the feature's name
  double weight = 0;               // log odds; > 0 makes it more negative
};

struct Explanation {
  Score score;
  double base = 0;                  // log odds of a text without features
  std::vector<Contribution> parts;  // base + sum of weights == logit(score.negative) within 1e-6
};
Explanation explain(std::string_view text, std::string_view declared = {});

}  // namespace brandwacht::text
