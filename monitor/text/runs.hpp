// Sixteen bytes of text at a time: how long is the word that begins here? Internal to the text
// folder.
#pragma once
#include <bit>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "monitor/text/fold.hpp"

namespace brandwacht::text {

struct WordRun {
  unsigned size = 0;                // ASCII word characters from the start, at most 16
  std::uint64_t low = 0, high = 0;  // they, in lower case, zeros behind them
  bool capitals = false;            // at least three letters, all of them capitals
  bool tripled = false;             // some byte stands three times in a row
  bool digits = false;              // some byte is a digit
};

namespace detail {

inline WordRun finish(WordRun out, unsigned upper, unsigned letters, unsigned repeats,
                      unsigned digits) noexcept {
  const unsigned inside = (1U << out.size) - 1;
  upper &= inside;
  out.capitals = upper == (letters & inside) && std::popcount(upper) >= 3;
  out.digits = (digits & inside) != 0;
  out.tripled = (repeats & (repeats >> 1) & (inside >> 2)) != 0;
  return out;
}

}  // namespace detail

// At `bytes` 16 bytes must be readable.
#if defined(__SSE2__)
inline WordRun word_run(const char* bytes) noexcept {
  alignas(16) static constexpr unsigned char kKeep[32] = {255, 255, 255, 255, 255, 255, 255, 255,
                                                          255, 255, 255, 255, 255, 255, 255, 255};
  const auto between = [](__m128i x, char first, char last) {
    return _mm_and_si128(_mm_cmpgt_epi8(x, _mm_set1_epi8(static_cast<char>(first - 1))),
                         _mm_cmplt_epi8(x, _mm_set1_epi8(static_cast<char>(last + 1))));
  };
  const auto load = [](const void* at) { return _mm_loadu_si128(static_cast<const __m128i*>(at)); };
  const auto mask = [](__m128i x) { return static_cast<unsigned>(_mm_movemask_epi8(x)); };
  const __m128i text = load(bytes);
  const __m128i upper = between(text, 'A', 'Z');
  const __m128i folded = _mm_or_si128(text, _mm_and_si128(upper, _mm_set1_epi8(0x20)));
  const __m128i letters = between(folded, 'a', 'z');
  const __m128i digits = between(text, '0', '9');
  const __m128i others = _mm_or_si128(digits, _mm_cmpeq_epi8(text, _mm_set1_epi8('_')));
  WordRun out;
  out.size =
      static_cast<unsigned>(std::countr_zero(~mask(_mm_or_si128(letters, others)) | 0x10000U));
  const __m128i kept = _mm_and_si128(folded, load(kKeep + 16 - out.size));
  out.low = static_cast<std::uint64_t>(_mm_cvtsi128_si64(kept));
  out.high = static_cast<std::uint64_t>(_mm_cvtsi128_si64(_mm_unpackhi_epi64(kept, kept)));
  const unsigned repeats = mask(_mm_cmpeq_epi8(folded, _mm_srli_si128(folded, 1)));
  return detail::finish(out, mask(upper), mask(letters), repeats, mask(digits));
}
#else
inline WordRun word_run(const char* bytes) noexcept {
  WordRun out;
  unsigned upper = 0, letters = 0, repeats = 0, digits = 0;
  char folded[16] = {};
  for (unsigned i = 0; i < 16 && is_ascii_word(bytes[i]); ++i) {
    out.size = i + 1;
    folded[i] = ascii_lower(bytes[i]);
    upper |= static_cast<unsigned>(folded[i] != bytes[i]) << i;
    letters |= static_cast<unsigned>(is_ascii_letter(bytes[i])) << i;
    digits |= static_cast<unsigned>(is_ascii_digit(bytes[i])) << i;
    if (i > 0) repeats |= static_cast<unsigned>(folded[i] == folded[i - 1]) << (i - 1);
  }
  std::memcpy(&out.low, folded, 8);
  std::memcpy(&out.high, folded + 8, 8);
  return detail::finish(out, upper, letters, repeats, digits);
}
#endif

}  // namespace brandwacht::text
