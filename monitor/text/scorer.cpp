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
  // The last four of the 32 bytes are no weights; nothing reads what they add up to.
  void add(const std::int8_t* row) noexcept {
    const __m128i low = _mm_loadu_si128(reinterpret_cast<const __m128i*>(row));
    const __m128i high = _mm_loadu_si128(reinterpret_cast<const __m128i*>(row + 16));
    sum_[0] = _mm_adds_epi16(sum_[0], _mm_cvtepi8_epi16(low));
    sum_[1] = _mm_adds_epi16(sum_[1], _mm_cvtepi8_epi16(_mm_srli_si128(low, 8)));
    sum_[2] = _mm_adds_epi16(sum_[2], _mm_cvtepi8_epi16(high));
    sum_[3] = _mm_adds_epi16(sum_[3], _mm_cvtepi8_epi16(_mm_srli_si128(high, 8)));
  }
  void store(std::int16_t (&out)[32]) const noexcept {
    for (std::size_t i = 0; i < 4; ++i)
      _mm_storeu_si128(reinterpret_cast<__m128i*>(out + 8 * i), sum_[i]);
  }

 private:
  __m128i sum_[4] = {_mm_setzero_si128(), _mm_setzero_si128(), _mm_setzero_si128(),
                     _mm_setzero_si128()};
#else
  void add(const std::int8_t* row) noexcept {
    for (std::size_t o = 0; o < kOutputs; ++o)
      sum_[o] = static_cast<std::int16_t>(std::clamp(sum_[o] + row[o], -32768, 32767));
  }
  void store(std::int16_t (&out)[32]) const noexcept {
    std::copy(std::begin(sum_), std::end(sum_), out);
  }

 private:
  std::int16_t sum_[32] = {};
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
  void expect(std::uint64_t hash) const noexcept { model_.table().prefetch(hash); }

  void finish(std::array<float, kOutputs>& sums) const noexcept {
    std::int16_t sum[32];
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
  std::uint64_t hashes[kMostGrams];
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
  std::int16_t sum[32];
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

// Without std::clamp, whose references keep the compiler from working on four at once.
void chances(std::array<float, kShown>& z) noexcept {
  for (std::size_t o = 0; o < kShown; ++o) {
    float odds = z[o];
    odds = odds < -kMaxLogOdds ? -kMaxLogOdds : odds;
    odds = odds > kMaxLogOdds ? kMaxLogOdds : odds;
    z[o] = chance_of(odds);
  }
}

}  // namespace

Language language_of(const Verdict& verdict, std::string_view declared) noexcept {
  float nl = verdict.nl, en = verdict.en;
  constexpr float kHint = 3;  // a short post may go either way; a long one does not heed the tag
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
  out.nl = z[index(Output::nl)];
  out.en = z[index(Output::en)];
  const auto bounded = [](float odds) { return std::exp(std::clamp(odds, -30.0F, 30.0F)); };
  const float desk = bounded(z[index(Output::desk)]), review = bounded(z[index(Output::review)]);
  std::array<float, kShown> open, reviewed;
  for (std::size_t o = 0; o < kShown; ++o) {
    open[o] = z[column_of(o, Domain::open)];
    reviewed[o] = z[column_of(o, Domain::review)];
  }
  const std::array<float, kShown>& factor = model.kind_factor();
  for (std::size_t o = 0; o < kShown; ++o)
    out.odds[o] = (factor[o] * (desk * z[o] + review * reviewed[o]) + open[o]) /
                  (1 + factor[o] * (desk + review));
  const float mine = factor[index(Output::negative)];
  const float all = 1 / (1 + mine * (desk + review));
  out.share = {mine * desk * all, all, mine * review * all};
  return out;
}

Score score_of(const Verdict& verdict, Language language, std::uint8_t cues) noexcept {
  std::array<float, kShown> chance = verdict.odds;
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
  // Where each class is found equally often in tweets: English ones of the sentiment set, Dutch
  // ones on politics, of which the model says more because it takes many for posts to companies.
  const bool dutch = score.language == Language::nl;
  const float bad = score.negative / (dutch ? 0.50F : 0.30F);
  const float good = score.positive / (dutch ? 0.40F : 0.42F);
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
  const Language language = tokens.words == 0 ? Language::other : language_of(verdict, declared);
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
