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

struct Token {
  enum Mark : std::uint8_t {
    caps = 1,        // written in capitals, at least three letters
    elongated = 2,   // "zoooo"
    ends_clause = 4  // followed by . , ! ? ; : a line end or a dash
  };
  std::uint16_t begin = 0, end = 0;  // bytes of the text
  std::uint8_t marks = 0;
  Word word;  // all zero: unknown
};

struct Tokens {
  static constexpr std::size_t kMax = 1024;  // what lies beyond is not read

  std::array<Token, kMax> list;  // the first `size` are set
  std::size_t size = 0;
  std::size_t words = 0;  // without emoji, links and addressed accounts
  unsigned exclamations = 0, questions = 0;
  unsigned caps_words = 0, elongated_words = 0;
  unsigned links = 0, addressed = 0, foreign_letters = 0;

  Tokens() noexcept {}  // leaves `list` as it is: clearing 24 KiB would cost more than the rest
};

void tokenize(std::string_view text, const Lexicon& lexicon, Tokens& out) noexcept;

}  // namespace brandwacht::text
