// What a post says to a desk. Pure functions of the text.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace brandwacht::text {

class Model;

enum class Language : std::uint8_t { other, nl, en };
std::string_view to_string(Language language) noexcept;  // "other", "nl", "en"

// Changes whenever the same text could score differently. Stored with every score; thresholds
// belong to one version.
std::uint32_t scorer_version() noexcept;

// Every number is a calibrated probability, 0..1.
struct Score {
  Language language = Language::other;
  std::uint8_t cues = 0;  // bits of Cue: words of deletion, time, first person singular, "they"
  float negative = 0;     // this author is one more critic of the company
  float positive = 0;
  float anger = 0;      // high arousal, at whomever
  float complaint = 0;  // says what falls short
  float abuse = 0;      // insults
  float threat = 0;     // of violence, not of leaving or suing
  float hate = 0;       // against people for what they are
  float spam = 0;
  float call_to_action = 0;  // calls on others: boycott, share, come
  float concrete = 0;        // a desk could begin to look into it
  float joins = 0;           // "same here": means what its parent means
};

// Every probability with its name, in the order of the struct; and the names of the bits of `cues`.
std::array<std::pair<std::string_view, float>, 11> probabilities(const Score& score) noexcept;
std::vector<std::string_view> cue_names(std::uint8_t cues);

enum class Polarity : std::uint8_t { negative, neutral, positive };
std::string_view to_string(Polarity polarity) noexcept;
// One word for a post: the class that is likely enough for its language, so that each of the three
// is found equally often.
Polarity polarity_of(const Score& score) noexcept;

// Never allocates, never throws; `text` is UTF-8 (bytes that are not are skipped), any length (what
// lies beyond 4,096 bytes is not read). `declared` is the platform's language tag ("nl", "nl-BE",
// "en-GB", ""), a hint only.
Score score(std::string_view text, std::string_view declared = {}) noexcept;
Score score(const Model& model, std::string_view text, std::string_view declared = {}) noexcept;

// `negative` of a reply whose parent is known: "same here" below a complaint is one, below praise
// it is not. Both are probabilities.
float in_context(const Score& reply, float parent_negative) noexcept;

struct Contribution {
  std::size_t begin = 0, end = 0;  // bytes of the text; equal: belongs to no token
  std::string label;               // the words, or the feature's name
  double weight = 0;               // log odds; > 0 makes it more negative
};

struct Explanation {
  Score score;
  double base = 0;                  // log odds of a text without features
  std::vector<Contribution> parts;  // base + sum of weights == logit(score.negative) within 1e-6
};
Explanation explain(std::string_view text, std::string_view declared = {});

}  // namespace brandwacht::text
