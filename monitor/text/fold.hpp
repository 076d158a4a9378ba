// Folding: the same letters for everybody who means the same word. Lower case, no accents, no
// invisible characters, and one kind of space and apostrophe. Letters of every script stay letters.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace brandwacht::text {

inline constexpr char32_t kInvalid = 0xFFFD;

// Decodes one code point of at most bytes.size() bytes (not empty) by the rules of RFC 3629. `size`
// becomes the number of bytes it took; a byte that belongs to no valid sequence is kInvalid with
// size 1.
char32_t decode_utf8(std::string_view bytes, std::size_t& size) noexcept;
std::size_t encode_utf8(char32_t code_point, char* out) noexcept;  // 1 to 4 bytes

// One code point above U+007F folded: at most two code points, never longer in UTF-8 than the
// original. count 0: dropped (combining marks, variation selectors, zero-width characters).
// kInvalid becomes U+0001, which is no letter.
struct Folded {
  char32_t first = 0, second = 0;
  int count = 0;
};
Folded fold_code_point(char32_t code_point) noexcept;

// Folds all of `text` into `out`, which has room for text.size() bytes. Returns the bytes written.
std::size_t fold(std::string_view text, char* out) noexcept;
std::string fold(std::string_view text);

bool is_ascii(std::string_view text) noexcept;

constexpr char ascii_lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}
constexpr bool is_ascii_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}
constexpr bool is_ascii_letter(char c) noexcept {
  return ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z';
}
constexpr bool is_ascii_word(char c) noexcept {
  return is_ascii_letter(c) || is_ascii_digit(c) || c == '_';
}
constexpr bool is_ascii_space(char c) noexcept {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

// Of a folded code point: a letter, digit or underscore in any script.
bool is_word(char32_t code_point) noexcept;

// Does this script write words without spaces between them (Han, Kana, Hangul after a foreign word,
// Thai, Lao, Khmer, Burmese)? Beside such a letter every position is a word boundary.
bool is_spaceless(char32_t code_point) noexcept;

}  // namespace brandwacht::text
