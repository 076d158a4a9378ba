// The features of a post: which rows of the model it adds up. The same code reads a post for
// training and for scoring, so that the two cannot differ. Internal to the text folder.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "monitor/text/cues.hpp"
#include "monitor/text/tokens.hpp"

namespace brandwacht::text {

// letter: a letter beyond a to z occurs; it says something of the language only.
enum class FeatureKind : std::uint8_t { word, pair, negated, ngram, whole, letter };

constexpr std::uint64_t negated_hash(std::uint64_t word) noexcept {
  return mix(word, 0x6E6567617465);
}

// Properties of the post as a whole; each value is a feature of its own.
enum class Whole : std::uint8_t { length, capitals, elongation, letter };
constexpr std::uint64_t whole_hash(Whole what, std::uint64_t value) noexcept {
  return mix(0x77686F6C65 + static_cast<std::uint64_t>(what) * 0x10001, value + 1);
}

inline constexpr std::size_t kScope = 5;  // tokens that a negation reaches

constexpr unsigned length_class(unsigned words) noexcept {
  return words <= 3 ? words : words <= 6 ? 4 : words <= 12 ? 5 : words <= 24 ? 6 : 7;
}

// Letters of an n-gram. Those of 3 and 5 as well tell nothing more and cost three times as much.
inline constexpr std::size_t kGram = 4;
inline constexpr std::size_t kMostGrams = 18 + 3 - kGram;

// n-grams of a word with its ends marked, kMostGrams at most. They stand for words that the table
// does not have. `word`: folded, eight readable bytes behind it.
template <class Sink>
void each_ngram(const char* word, std::size_t size, Sink&& sink) {
  char bytes[kMaxWord + 16] = {};
  size = std::min(size, kMostGrams + kGram - 3);
  bytes[0] = '<';
  std::memcpy(bytes + 1, word, size);
  bytes[size + 1] = '>';
  for (std::size_t i = 0; i + kGram <= size + 2; ++i) {
    std::uint32_t gram;
    std::memcpy(&gram, bytes + i, kGram);
    sink(mix(gram, 0x6772616D + kGram));
  }
}

// Calls sink.word(i), which returns the cues of token i; sink.feature(kind, hash, i) for what hangs
// on token i (and those before it); sink.whole(kind, hash) for what belongs to no token. A sink
// with an expect(hash) is told some features a little before they come.
template <class Sink>
void each_feature(const Tokens& tokens, Sink& sink) {
  std::uint64_t before = kBeginHash;
  std::size_t negated_until = 0;
  for (std::size_t i = 0; i < tokens.size; ++i) {
    const Token& token = tokens.list[i];
    const std::uint8_t cues = sink.word(i);
    sink.feature(FeatureKind::pair, pair_hash(before, token.hash), i);
    if ((cues & kContrast) != 0) negated_until = 0;
    if (i < negated_until && token.kind == Token::word)
      sink.feature(FeatureKind::negated, negated_hash(token.hash), i);
    if ((cues & kNegator) != 0) {
      negated_until = i + 1 + kScope;
      if constexpr (requires { sink.expect(token.hash); })
        for (std::size_t k = i + 1; k < std::min(negated_until, tokens.size); ++k)
          sink.expect(negated_hash(tokens.list[k].hash));
    }
    if ((token.marks & Token::ends_clause) != 0) negated_until = 0;
    before = token.hash;
  }
  if (tokens.size > 0)
    sink.feature(FeatureKind::pair, pair_hash(before, kEndHash), tokens.size - 1);
  sink.whole(FeatureKind::whole, whole_hash(Whole::length, length_class(tokens.words)));
  if (tokens.caps > 0) {
    const unsigned share = tokens.caps * 4 / std::max(tokens.words, 1U);
    sink.whole(FeatureKind::whole, whole_hash(Whole::capitals, share));
  }
  if (tokens.elongated > 0)
    sink.whole(FeatureKind::whole, whole_hash(Whole::elongation, std::min(tokens.elongated, 2U)));
  for (unsigned k = 0; k < tokens.letter_count; ++k)
    sink.whole(FeatureKind::letter, whole_hash(Whole::letter, tokens.letters[k]));
}

// What the sum over the features of a post of this many tokens is multiplied with: a long post says
// more, but not in proportion.
float scale_of(std::size_t tokens) noexcept;

}  // namespace brandwacht::text
