// Cuts a post into tokens with the hash of what each stands for: one pass, no allocation. Internal
// to the text folder.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace brandwacht::text {

inline constexpr std::size_t kMaxScored = 4096;  // bytes of a text that are read

// No member has an initialiser, so that a table of a thousand of them costs nothing until it is
// used.
struct Token {
  enum Kind : std::uint8_t {
    word,
    number,   // all numbers of the same form are one token
    account,  // "@name": who is spoken to, not what is said; all are one token
    link,     // all are one token
    emoji,
    mark,  // "!", "?!", "...", ":)", "%"
  };
  enum Mark : std::uint8_t {
    caps = 1,        // written in capitals, at least three letters
    elongated = 2,   // "zoooo", read as "zoo"
    ends_clause = 4  // followed by . , ! ? ; : a line end or a dash
  };
  std::uint64_t hash;
  std::uint16_t begin, end;  // bytes of the text
  Kind kind;
  std::uint8_t marks;
};

struct Tokens {
  static constexpr std::size_t kMax = 768;  // what lies beyond is not read

  std::array<Token, kMax> list;  // the first `size` are set
  std::size_t size = 0;
  unsigned words = 0, caps = 0, elongated = 0;
  // Letters beyond a to z that occur: they tell a language although folding takes their marks away.
  // A Latin letter is its lower-case code point, one of another script stands for its block.
  std::array<std::uint16_t, 6> letters{};
  unsigned letter_count = 0;

  Tokens() noexcept {}  // leaves `list` as it is: clearing it would cost more than all the rest
};

// Different kinds of features live in one table.
constexpr std::uint64_t mix(std::uint64_t a, std::uint64_t b) noexcept {
  std::uint64_t hash = (a ^ (b * 0x9E3779B97F4A7C15 + 0x7F4A7C15)) * 0xBF58476D1CE4E5B9;
  return hash ^ (hash >> 31);
}
constexpr std::uint64_t pair_hash(std::uint64_t first, std::uint64_t second) noexcept {
  return mix(first * 0x94D049BB133111EB, second);
}
inline constexpr std::uint64_t kBeginHash = 0x424F53;  // stands before the first token
inline constexpr std::uint64_t kEndHash = 0x454F53;    // and behind the last one

// A table of lines of 128 bytes in which each token and each pair of tokens has a line: they are
// asked for while the rest of the text is read, because the table is larger than the nearer caches.
struct LineTable {
  const std::byte* lines = nullptr;
  std::uint32_t count = 0;
  void prefetch(std::uint64_t hash) const noexcept {
    const std::byte* line = lines + ((hash & 0xFFFFFFFFU) * count >> 32) * 128;
    __builtin_prefetch(line);
    __builtin_prefetch(line + 64);
  }
};

void tokenize(std::string_view text, Tokens& out, LineTable ahead = {}) noexcept;

// The word at text[begin, end) as its hash sees it: folded, letters that stand three times and more
// in a row twice. At most kMaxWord bytes; zeros behind it. Returns its size.
inline constexpr std::size_t kMaxWord = 40;
std::size_t folded_word(std::string_view word, char (&out)[kMaxWord + 8]) noexcept;

// At least eight bytes behind `bytes + size` must be readable.
inline std::uint64_t hash_word(const char* bytes, std::size_t size) noexcept {
  constexpr std::uint64_t kMix = 0x9E3779B97F4A7C15;
  std::uint64_t hash = size * kMix;
  for (; size > 8; bytes += 8, size -= 8) {
    std::uint64_t chunk;
    std::memcpy(&chunk, bytes, 8);
    hash = (hash ^ chunk) * kMix;
    hash ^= hash >> 29;
  }
  std::uint64_t last;
  std::memcpy(&last, bytes, 8);
  if (size < 8) last &= (std::uint64_t{1} << (8 * size)) - 1;
  hash = (hash ^ last) * kMix;
  return hash ^ (hash >> 32);
}

// The same for a word of 1 to 16 bytes that is in two registers, zeros behind it.
inline std::uint64_t hash_word(std::uint64_t low, std::uint64_t high, std::size_t size) noexcept {
  constexpr std::uint64_t kMix = 0x9E3779B97F4A7C15;
  std::uint64_t hash = size * kMix;
  if (size > 8) {
    hash = (hash ^ low) * kMix;
    hash ^= hash >> 29;
    low = high;
  }
  hash = (hash ^ low) * kMix;
  return hash ^ (hash >> 32);
}

}  // namespace brandwacht::text
