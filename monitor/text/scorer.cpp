#include "monitor/text/scorer.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#if defined(__SSE4_1__)
#include <smmintrin.h>
#endif

#include "monitor/text/features.hpp"
#include "monitor/text/fold.hpp"
#include "monitor/text/model.hpp"
#include "monitor/text/verdict.hpp"

namespace brandwacht::text {
namespace {

// The sum of rows, in 16 bits that saturate: 32,767 is more than a post of 250 strong words has.
class Sum {
 public:
#if defined(__SSE4_1__)
  void add(const std::int8_t* row) noexcept {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(row));
    low_ = _mm_adds_epi16(low_, _mm_cvtepi8_epi16(bytes));
    high_ = _mm_adds_epi16(high_, _mm_cvtepi8_epi16(_mm_srli_si128(bytes, 8)));
  }
  void store(std::int16_t (&out)[kOutputs]) const noexcept {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out), low_);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + 8), high_);
  }

 private:
  __m128i low_ = _mm_setzero_si128(), high_ = _mm_setzero_si128();
#else
  void add(const std::int8_t* row) noexcept {
    for (std::size_t o = 0; o < kOutputs; ++o)
      sum_[o] = static_cast<std::int16_t>(std::clamp(sum_[o] + row[o], -32768, 32767));
  }
  void store(std::int16_t (&out)[kOutputs]) const noexcept {
    std::copy(std::begin(sum_), std::end(sum_), out);
  }

 private:
  std::int16_t sum_[kOutputs] = {};
#endif
};

// Takes in what each_feature() tells of a post.
class Summing {
 public:
  Summing(const Model& model, std::string_view text, const Tokens& tokens) noexcept
      : model_(model), text_(text), tokens_(tokens) {}

  std::uint8_t word(std::size_t i) noexcept {
    const Model::Found found = model_.find(tokens_.list[i].hash);
    sum_.add(found.row);
    if (!found.known && tokens_.list[i].kind == Token::word) unknown(tokens_.list[i]);
    cues_ |= found.cues;
    return found.cues;
  }
  void feature(FeatureKind, std::uint64_t hash, std::size_t) noexcept {
    sum_.add(model_.find(hash).row);
  }
  void whole(FeatureKind, std::uint64_t hash) noexcept { sum_.add(model_.find(hash).row); }

  void finish(std::array<float, kOutputs>& sums) const noexcept {
    std::int16_t sum[kOutputs];
    sum_.store(sum);
    for (std::size_t o = 0; o < kOutputs; ++o)
      sums[o] = static_cast<float>(sum[o]) + unknown_[o];
  }
  std::uint8_t cues() const noexcept { return cues_; }

 private:
  void unknown(const Token& token) noexcept {
    add_unknown(model_, text_.substr(token.begin, token.end - token.begin), unknown_);
  }

  const Model& model_;
  std::string_view text_;
  const Tokens& tokens_;
  Sum sum_;
  std::array<float, kOutputs> unknown_{};
  std::uint8_t cues_ = 0;
};

}  // namespace

void add_unknown(const Model& model, std::string_view word,
                 std::array<float, kOutputs>& sums) noexcept {
  char bytes[kMaxWord + 8];
  const std::size_t size = folded_word(word, bytes);
  // Few words are unknown, so their lines are far away: ask for all before the first is needed.
  std::uint64_t hashes[3 * kMaxWord];
  std::size_t grams_size = 0;
  const LineTable table = model.table();
  each_ngram(bytes, size, [&](std::uint64_t hash) {
    table.prefetch(hash);
    hashes[grams_size++] = hash;
  });
  Sum grams;
  unsigned count = 0;
  for (std::size_t i = 0; i < grams_size; ++i) {
    const Model::Found found = model.find(hashes[i]);
    grams.add(found.row);
    count += found.known;
  }
  if (count == 0) return;
  std::int16_t sum[kOutputs];
  grams.store(sum);
  const float scale = model.header().gram_scale / std::sqrt(static_cast<float>(count));
  for (std::size_t o = 0; o < kOutputs; ++o)
    sums[o] += scale * static_cast<float>(sum[o]);
}

namespace {

bool starts_with_folded(std::string_view text, std::string_view prefix) noexcept {
  if (text.size() < prefix.size()) return false;
  for (std::size_t i = 0; i < prefix.size(); ++i)
    if (ascii_lower(text[i]) != prefix[i]) return false;
  return text.size() == prefix.size() || text[prefix.size()] == '-' || text[prefix.size()] == '_';
}

// 1 / (1 + e^-z) for z within -80..80, within 1e-6: e^-z is 2^i times e^f, f in -.35...35, by the
// Taylor series of e^f to the sixth power.
inline float chance_of(float z) noexcept {
  constexpr float kLog2E = 1.442695041F, kRound = 12582912.0F;  // 1.5 * 2^23 rounds to an integer
  const float x = -z * kLog2E;
  const float shifted = x + kRound;
  const float f = (x - (shifted - kRound)) * 0.693147181F;
  const float power =
      1 + f * (1 + f * (0.5F + f * (1.0F / 6 + f * (1.0F / 24 + f * (1.0F / 120 + f / 720)))));
  const std::int32_t exponent = std::bit_cast<std::int32_t>(shifted) << 23;
  return 1 / (1 + std::bit_cast<float>(std::bit_cast<std::int32_t>(power) + exponent));
}

void chances(std::array<float, kOutputs>& z) noexcept {
  for (std::size_t o = 0; o < kOutputs; ++o)
    z[o] = chance_of(std::min(std::max(z[o], -kMaxLogOdds), kMaxLogOdds));
}

}  // namespace

Language language_of(const std::array<float, kOutputs>& odds, std::string_view declared) noexcept {
  float nl = odds[index(Output::nl)], en = odds[index(Output::en)];
  constexpr float kHint = 1;  // a short post may go either way; a long one does not heed the tag
  if (starts_with_folded(declared, "nl"))
    nl += kHint, en -= kHint;
  else if (starts_with_folded(declared, "en"))
    en += kHint, nl -= kHint;
  else if (!declared.empty())
    nl -= kHint, en -= kHint;
  if (std::max(nl, en) < 0) return Language::other;
  return nl >= en ? Language::nl : Language::en;
}

Verdict verdict_of(const Model& model, const std::array<float, kOutputs>& sums,
                   std::size_t tokens) noexcept {
  const Model::Header& header = model.header();
  const float scale = scale_of(tokens);
  std::array<float, kOutputs> z;
  for (std::size_t o = 0; o < kOutputs; ++o)
    z[o] = scale * header.scale[o] * sums[o] + header.bias[o];
  Verdict out;
  out.service = 1 / (1 + std::exp(-(header.gate.a * z[index(Output::service)] + header.gate.b)));
  const auto mixed = [&](std::size_t own, std::size_t open) {
    return out.service * (header.own[own].a * z[own] + header.own[own].b) +
           (1 - out.service) * (header.open[open].a * z[open] + header.open[open].b);
  };
  for (std::size_t o = 0; o < kOutputs; ++o)
    out.odds[o] = mixed(o, open_of(o));
  out.odds[index(Output::negative)] +=
      (1 - out.service) * header.grievance * z[index(Output::grievance)];
  return out;
}

Score score_of(const Verdict& verdict, Language language, std::uint8_t cues) noexcept {
  std::array<float, kOutputs> chance = verdict.odds;
  chances(chance);
  const auto p = [&](Output output) { return chance[index(output)]; };
  Score out;
  out.language = language;
  out.cues = cues;
  out.negative = p(Output::negative);
  out.positive = p(Output::positive);
  out.anger = p(Output::anger);
  out.complaint = p(Output::complaint);
  out.abuse = p(Output::abuse);
  out.threat = p(Output::threat);
  out.hate = p(Output::hate);
  out.spam = p(Output::spam);
  out.call_to_action = p(Output::call_to_action);
  out.concrete = p(Output::concrete);
  out.joins = p(Output::joins);
  return out;
}

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

std::array<std::pair<std::string_view, float>, 11> probabilities(const Score& score) noexcept {
  return {{{"negative", score.negative},
           {"positive", score.positive},
           {"anger", score.anger},
           {"complaint", score.complaint},
           {"abuse", score.abuse},
           {"threat", score.threat},
           {"hate", score.hate},
           {"spam", score.spam},
           {"call_to_action", score.call_to_action},
           {"concrete", score.concrete},
           {"joins", score.joins}}};
}

std::vector<std::string_view> cue_names(std::uint8_t cues) {
  std::vector<std::string_view> out;
  for (const auto& [cue, name] :
       {std::pair{kDeletion, "deletion"}, std::pair{kTime, "time"},
        std::pair{kFirstPerson, "first_person"}, std::pair{kThey, "they"}})
    if ((cues & cue) != 0) out.push_back(name);
  return out;
}

std::string_view to_string(Polarity polarity) noexcept {
  constexpr std::string_view kNames[] = {"negative", "neutral", "positive"};
  return kNames[static_cast<std::size_t>(polarity)];
}

Polarity polarity_of(const Score& score) noexcept {
  constexpr float kNegative = 0.33F, kPositive = 0.45F;  // best mean recall on the training tweets
  const float bad = score.negative / kNegative, good = score.positive / kPositive;
  if (std::max(bad, good) < 1) return Polarity::neutral;
  return bad >= good ? Polarity::negative : Polarity::positive;
}

std::uint32_t scorer_version() noexcept {
  return Model::shipped().header().version;
}

Score score(const Model& model, std::string_view text, std::string_view declared) noexcept {
  Tokens tokens;
  tokenize(text, tokens, model.table());
  Summing sum(model, text, tokens);
  each_feature(tokens, sum);
  std::array<float, kOutputs> sums;
  sum.finish(sums);
  Verdict verdict = verdict_of(model, sums, tokens.size);
  if (tokens.size == 0) verdict.odds.fill(-kMaxLogOdds);  // no words say nothing
  const Language language =
      tokens.words == 0 ? Language::other : language_of(verdict.odds, declared);
  return score_of(verdict, language, sum.cues());
}

Score score(std::string_view text, std::string_view declared) noexcept {
  return score(Model::shipped(), text, declared);
}

float in_context(const Score& reply, float parent_negative) noexcept {
  // What the reply says by itself counts as far as it says more than that it joins in.
  return reply.joins * parent_negative + (1 - reply.joins) * reply.negative;
}

}  // namespace brandwacht::text
