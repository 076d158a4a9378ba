// Cuts a post into the tokens that the scorer looks at, in one pass, without allocation. Internal
// to the text folder.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "monitor/text/lexicon.hpp"

namespace brandwacht::text {

inline constexpr std::size_t kMaxScored = 4096;  // bytes of a text that are read

// No member has an initialiser, so that a table of a thousand of them costs nothing until it is
// used.
struct Token {
  enum Mark : std::uint8_t {
    caps = 1,        // written in capitals, at least three letters
    elongated = 2,   // "zoooo"
    ends_clause = 4  // followed by . , ! ? ; : a line end or a dash
  };
  std::uint16_t begin, end;  // bytes of the text
  std::uint8_t marks;
  const Word* word;  // never null; an unknown word is all zero
};

struct Tokens {
  static constexpr std::size_t kMax = 1024;  // what lies beyond is not read

  std::array<Token, kMax> list;  // the first `size` are set
  std::size_t size = 0;
  std::size_t words = 0;  // without emoji, links and addressed accounts
  unsigned exclamations = 0, questions = 0;
  unsigned caps_words = 0, elongated_words = 0;
  std::uint32_t seen = 0;   // the flags of all words
  std::uint64_t votes = 0;  // for a language: nl, en, other in 16 bits each
  unsigned links = 0, addressed = 0, foreign_letters = 0;

  Tokens() noexcept {}  // leaves `list` as it is: clearing it would cost more than all the rest
};

void tokenize(std::string_view text, const Lexicon& lexicon, Tokens& out) noexcept;

}  // namespace brandwacht::text
