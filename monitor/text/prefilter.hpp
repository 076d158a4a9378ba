// Says in about 15 ns per hundred bytes that none of a few literals can be in a text, so that the
// real search need not start. Three bytes of each literal are looked for everywhere at once: every
// byte of the text is turned into the set of literals that have it in that place, by two table
// look-ups on its halves (the idea of Hyperscan's Teddy).
#pragma once
#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

#if defined(__SSSE3__)
#include <tmmintrin.h>
#endif

namespace brandwacht::text {

class Prefilter {
 public:
  static constexpr std::size_t kMost = 24;  // literals; with more, too much looks like one of them

  // ASCII case does not matter. Returns false if there is no room: then use no filter.
  bool add(std::string_view literal) noexcept {
    if (count_ == kMost) return false;
    const auto set = static_cast<std::uint8_t>(1U << (count_++ % 8));
    for (std::size_t place = 0; place < kPlaces; ++place) {
      if (place >= literal.size()) {  // any byte will do
        for (std::uint8_t& entry : low_[place])
          entry |= set;
        for (std::uint8_t& entry : high_[place])
          entry |= set;
        continue;
      }
      const unsigned byte = static_cast<unsigned char>(literal[place]) | kCase;
      low_[place][byte & 15] |= set;
      high_[place][byte >> 4] |= set;
    }
    return true;
  }

  struct Verdict {
    bool possible = true;  // one of the literals may be in the text
    bool ascii = false;    // every byte is ASCII
  };

#if defined(__SSSE3__)
  static constexpr bool kAvailable = true;

  Verdict check(std::string_view text) const noexcept {
    Found found{_mm_setzero_si128(), _mm_setzero_si128()};
    if (text.size() < kRead) {
      char copy[2 * kBlock + kPlaces] = {};  // zeros are in no literal
      if (!text.empty()) std::memcpy(copy, text.data(), text.size());
      look(copy, found);
      look(copy + kBlock, found);
    } else {
      const char* const end = text.data() + text.size();
      for (const char* at = text.data(); at < end - kRead; at += kBlock)
        look(at, found);
      look(end - kRead, found);
      // The last places, with zeros behind them.
      const __m128i last = load(end - kBlock);
      look(last, _mm_srli_si128(last, 1), _mm_srli_si128(last, 2), found);
    }
    const __m128i none = _mm_cmpeq_epi8(found.literals, _mm_setzero_si128());
    return {_mm_movemask_epi8(none) != 0xFFFF, _mm_movemask_epi8(found.bytes) == 0};
  }
#else
  static constexpr bool kAvailable = false;
  Verdict check(std::string_view) const noexcept {
    return {};
  }
#endif

 private:
  static constexpr std::size_t kPlaces = 3, kBlock = 16;
  static constexpr std::size_t kRead = kBlock + kPlaces - 1;  // bytes that a look at a block reads
  static constexpr unsigned kCase = 0x20;

#if defined(__SSSE3__)
  struct Found {
    __m128i literals, bytes;
  };

  static __m128i load(const char* at) noexcept {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
  }
  void look(const char* at, Found& found) const noexcept {
    look(load(at), load(at + 1), load(at + 2), found);
  }

  // The literals that may begin at each of the sixteen bytes, whose next ones and those behind them
  // are given.
  void look(__m128i first, __m128i second, __m128i third, Found& found) const noexcept {
    const __m128i half = _mm_set1_epi8(15);
    __m128i here = _mm_set1_epi8(-1);
    found.bytes = _mm_or_si128(found.bytes, first);
    const __m128i places[kPlaces] = {first, second, third};
    for (std::size_t place = 0; place < kPlaces; ++place) {
      const __m128i folded = _mm_or_si128(places[place], _mm_set1_epi8(kCase));
      const __m128i low = _mm_and_si128(folded, half);
      const __m128i high = _mm_and_si128(_mm_srli_epi16(folded, 4), half);
      here = _mm_and_si128(here, _mm_shuffle_epi8(table(low_[place]), low));
      here = _mm_and_si128(here, _mm_shuffle_epi8(table(high_[place]), high));
    }
    found.literals = _mm_or_si128(found.literals, here);
  }

  static __m128i table(const std::array<std::uint8_t, 16>& entries) noexcept {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(entries.data()));
  }
#endif

  std::array<std::array<std::uint8_t, 16>, kPlaces> low_{}, high_{};
  std::size_t count_ = 0;
};

}  // namespace brandwacht::text
