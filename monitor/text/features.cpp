#include "monitor/text/features.hpp"

#include <algorithm>
#include <cmath>

#include "monitor/text/fold.hpp"

namespace brandwacht::text {
namespace {

constexpr float kBoost = 1.35F, kDamp = 0.6F, kCapsBoost = 1.2F;
constexpr float kNegatedGood = 0.8F;  // "niet mooi" is nearly as bad as ugly
constexpr float kNegatedBad = 0.6F;   // "niet slecht" is less good than good
constexpr float kLoan = 0.7F, kGuess = 0.5F;
constexpr std::size_t kScope = 4;      // tokens that a negation reaches
constexpr std::size_t kVerbReach = 7;  // "werkt hier ook al de hele dag niet"

constexpr Effect kNothing = {Feature::none, 1, 0};

bool starts_with_folded(std::string_view text, std::string_view prefix) {
  if (text.size() < prefix.size()) return false;
  for (std::size_t i = 0; i < prefix.size(); ++i)
    if (ascii_lower(text[i]) != prefix[i]) return false;
  return text.size() == prefix.size() || text[prefix.size()] == '-' || text[prefix.size()] == '_';
}

// By the votes of the words; the declared language is worth one function word.
Language identify(const Tokens& tokens, std::string_view declared) noexcept {
  unsigned nl = tokens.votes & 0xFFFF, en = tokens.votes >> 16 & 0xFFFF;
  unsigned other = static_cast<unsigned>(tokens.votes >> 32) + tokens.foreign_letters / 2;
  if (starts_with_folded(declared, "nl"))
    nl += 2;
  else if (starts_with_folded(declared, "en"))
    en += 2;
  else if (!declared.empty())
    other += 2;
  if (nl > 0 && nl >= en && nl > other) return Language::nl;
  if (en > 0 && en > other) return Language::en;
  return Language::other;
}

// Polarity of a word in this language, and whether customers' lists say so.
float polarity(const Word& word, Language language, bool& service) noexcept {
  const bool dutch = language == Language::nl;
  const std::int8_t own = dutch ? word.nl : word.en;
  service = (word.flags & (dutch ? kServiceNl : kServiceEn)) != 0;
  if (own != 0)
    return static_cast<float>(own) / 100 * (language == Language::other ? kGuess : 1.0F);
  if (dutch && word.en != 0 && (word.flags & (kNotLoan | kNl)) == 0) {
    service = (word.flags & kServiceEn) != 0;
    return static_cast<float>(word.en) / 100 * kLoan;
  }
  if (language == Language::other && word.nl != 0) {
    service = (word.flags & kServiceNl) != 0;
    return static_cast<float>(word.nl) / 100 * kGuess;
  }
  return 0;
}

Feature feature_of(PhraseKind kind) noexcept {
  switch (kind) {
    case PhraseKind::joiner:
      return Feature::joiner;
    case PhraseKind::praise:
      return Feature::praise;
    case PhraseKind::neutral:
      return Feature::neutral;
    default:
      return Feature::complaint;
  }
}

bool is_phrase(Feature f) {
  return f >= Feature::complaint && f <= Feature::neutral;
}

// How bad (> 0) or good a feature is, roughly: enough to say what prevails. In the order of
// Feature.
constexpr std::array<float, kFeatures> kDirection = {0,  0.5F, -0.5F, 1,  -1, 1, 1,
                                                     -1, 0,    1,     -1, 0,  1};

float direction(const Effect& effect) noexcept {
  return kDirection[static_cast<std::size_t>(effect.feature)] * effect.value;
}

// Walks over the tokens once and gives each its effect.
class Reader {
 public:
  Reader(const Lexicon& lexicon, Analysis& out) noexcept
      : lexicon_(lexicon), out_(out), tokens_(out.tokens) {}

  void run() noexcept {
    for (std::size_t i = 0; i < tokens_.size; ++i) {
      out_.effects[i] = kNothing;
      if ((tokens_.list[i].word->flags & kActs) != 0) read(i);
      follow_phrases(i);
      if ((tokens_.list[i].marks & Token::ends_clause) != 0) end_clause(i + 1);
    }
    end_clause(tokens_.size);
  }

 private:
  static constexpr std::size_t kNoVerb = static_cast<std::size_t>(-1) / 2;

  void set(std::size_t i, Feature feature, float value) noexcept {
    out_.effects[i] = {feature, 1, value};
  }

  void read(std::size_t i) noexcept {
    const Token& token = tokens_.list[i];
    const Word& word = *token.word;
    if ((word.flags & kEmoji) != 0) {
      const float value = static_cast<float>(word.nl) / 100;
      return set(i, value < 0 ? Feature::bad_emoji : Feature::good_emoji, std::abs(value));
    }
    if ((word.flags & kBreak) != 0) negated_until_ = 0;
    const bool negated = i < negated_until_;
    if ((word.flags & kSwear) != 0) {
      set(i, Feature::swear, 1);
      swore_ = true;
      return;
    }
    bool service = false;
    const float value = polarity(word, out_.language, service);
    if (value != 0 && (word.flags & kNegator) == 0) feel(i, value, service, negated);
    if ((word.flags & kVerb) != 0) {
      last_verb_ = i;
      if (negated && value == 0) set(i, Feature::broken, 1);
    }
    if ((word.flags & kNegator) != 0) negate(i);
    if (value != 0) factor_ = 1;
    if ((word.flags & kBooster) != 0) factor_ = kBoost;
    if ((word.flags & kDamper) != 0) factor_ = kDamp;
    if ((word.flags & (kBooster | kDamper)) != 0) factor_until_ = i + 3;
  }

  void feel(std::size_t i, float value, bool service, bool negated) noexcept {
    float strength = std::abs(value) * (i < factor_until_ ? factor_ : 1.0F);
    if ((tokens_.list[i].marks & (Token::caps | Token::elongated)) != 0) strength *= kCapsBoost;
    bool bad = value < 0;
    if (negated) {
      strength *= bad ? kNegatedBad : kNegatedGood;
      bad = !bad;
      // The negation did its work: it is no longer a mere "no".
      if (out_.effects[negator_].feature == Feature::negator) out_.effects[negator_] = kNothing;
    }
    if (service)
      set(i, bad ? Feature::bad_service : Feature::good_service, strength);
    else
      set(i, bad ? Feature::bad_word : Feature::good_word, strength);
  }

  void negate(std::size_t i) noexcept {
    negated_until_ = i + 1 + kScope;
    negator_ = i;
    if (last_verb_ + kVerbReach >= i && last_verb_ >= clause_ && last_verb_ != kNoVerb) {
      set(i, Feature::broken, 1);
      last_verb_ = kNoVerb;
    } else {
      set(i, Feature::negator, 1);
    }
  }

  struct Open {
    std::uint16_t state, begin;
  };

  // The one or two symbols that a token can be in a phrase: itself, or its class.
  void follow_phrases(std::size_t i) noexcept {
    const Word& word = *tokens_.list[i].word;
    const Word* wide = nullptr;
    if ((word.flags & (kNumber | kOrdinal | kPeriod)) != 0)
      wide = (word.flags & kOrdinal) != 0  ? &lexicon_.any_ordinal()
             : (word.flags & kPeriod) != 0 ? &lexicon_.any_period()
                                           : &lexicon_.any_number();
    if (word.phrase_id == 0 && wide == nullptr) {
      open_count_ = 0;
      return;
    }
    std::size_t kept = 0;
    std::array<Open, kMaxOpen> next;
    const auto reach = [&](std::uint16_t state, std::uint16_t begin) {
      if (state == 0) return;
      if (lexicon_.node(state).kind != PhraseKind::none) found(begin, i, lexicon_.node(state));
      if (kept < kMaxOpen) next[kept++] = {state, begin};
    };
    for (std::size_t k = 0; k < open_count_; ++k) {
      if (word.phrase_id != 0) reach(lexicon_.next(open_[k].state, word.phrase_id), open_[k].begin);
      if (wide != nullptr) reach(lexicon_.next(open_[k].state, wide->phrase_id), open_[k].begin);
    }
    reach(word.opens, static_cast<std::uint16_t>(i));
    if (wide != nullptr) reach(wide->opens, static_cast<std::uint16_t>(i));
    std::copy_n(next.begin(), kept, open_.begin());
    open_count_ = kept;
    if ((tokens_.list[i].marks & Token::ends_clause) != 0) open_count_ = 0;
  }

  // Takes the place of the words in it, and of phrases that it holds entirely. One that began
  // earlier stays.
  void found(std::size_t begin, std::size_t end, PhraseNode node) noexcept {
    if (is_phrase(out_.effects[end].feature) && out_.effects[end].tokens > end - begin + 1) return;
    for (std::size_t i = begin; i <= end; ++i) {
      const Effect& old = out_.effects[i];
      if (i != end && is_phrase(old.feature) && i + 1 < begin + old.tokens) continue;
      out_.effects[i] = kNothing;
    }
    out_.effects[end] = {feature_of(node.kind), static_cast<std::uint8_t>(end - begin + 1),
                         static_cast<float>(node.strength) / 100};
    negated_until_ = 0;
    last_verb_ = kNoVerb;
  }

  void end_clause(std::size_t end) noexcept {
    if (swore_) judge_swearing(end);
    clause_ = end;
    negated_until_ = 0;
    factor_until_ = 0;
  }

  // "verdomme wat mooi" is praise: an oath says how much, the clause says which way.
  void judge_swearing(std::size_t end) noexcept {
    float sum = 0;
    for (std::size_t i = clause_; i < end; ++i)
      sum += direction(out_.effects[i]);
    for (std::size_t i = clause_; i < end && sum < -0.2F; ++i)
      if (out_.effects[i].feature == Feature::swear) set(i, Feature::good_word, 0.2F);
    swore_ = false;
  }

  static constexpr std::size_t kMaxOpen = 6;
  const Lexicon& lexicon_;
  Analysis& out_;
  const Tokens& tokens_;
  std::array<Open, kMaxOpen> open_;
  std::size_t open_count_ = 0;
  std::size_t clause_ = 0, negated_until_ = 0, negator_ = 0, factor_until_ = 0;
  std::size_t last_verb_ = kNoVerb;
  float factor_ = 1;
  bool swore_ = false;
};

void add_up(Analysis& out) noexcept {
  const Tokens& tokens = out.tokens;
  auto at = [&](Feature f) -> float& { return out.features[static_cast<std::size_t>(f)]; };
  // A review of two hundred words is not ten times as angry as a post of twenty.
  out.scale = tokens.size <= 25 ? 1.0F : std::sqrt(25.0F / static_cast<float>(tokens.size));
  float sum = 0;
  for (std::size_t i = 0; i < tokens.size; ++i) {
    const Effect& effect = out.effects[i];
    if (effect.feature == Feature::none) continue;
    at(effect.feature) += effect.value * out.scale;
    sum += direction(effect);
  }
  const auto capped = [](unsigned n, unsigned most) {
    return static_cast<float>(std::min(n, most));
  };
  at(sum > 0.2F    ? Feature::exclaimed_bad
     : sum < -0.2F ? Feature::exclaimed_good
                   : Feature::exclaimed) = capped(tokens.exclamations, 3);
  at(Feature::question) = capped(tokens.questions, 1);
  at(Feature::capitals) = static_cast<float>(tokens.caps_words) /
                          static_cast<float>(std::max<std::size_t>(tokens.words, 4));
  at(Feature::elongated) = capped(tokens.elongated_words, 2);
  at(Feature::link) = capped(tokens.links, 1);
  at(Feature::addressed) = capped(tokens.addressed, 2);
  at(Feature::first_person) = (tokens.seen & kFirstPerson) != 0 ? 1.0F : 0.0F;
  at(Feature::second_person) = (tokens.seen & kSecondPerson) != 0 ? 1.0F : 0.0F;
}

}  // namespace

std::string_view to_string(Feature feature) noexcept {
  constexpr std::string_view kNames[] = {"none",
                                         "bad word",
                                         "good word",
                                         "bad service word",
                                         "good service word",
                                         "complaint",
                                         "joiner",
                                         "praise",
                                         "neutral",
                                         "bad emoji",
                                         "good emoji",
                                         "negation",
                                         "broken",
                                         "swearing",
                                         "exclamation, bad",
                                         "exclamation, good",
                                         "exclamation",
                                         "question",
                                         "capitals",
                                         "elongation",
                                         "link",
                                         "addressed",
                                         "first person",
                                         "second person"};
  static_assert(std::size(kNames) == kFeatures);
  return kNames[static_cast<std::size_t>(feature)];
}

void analyze(std::string_view text, std::string_view declared, Analysis& out) noexcept {
  const Lexicon& lexicon = Lexicon::get();
  tokenize(text, lexicon, out.tokens);
  out.language = identify(out.tokens, declared);
  Reader(lexicon, out).run();
  add_up(out);
}

}  // namespace brandwacht::text
