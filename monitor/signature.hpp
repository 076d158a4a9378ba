// What is kept of a post's words: hashes, never the words. monitor/text/simhash.hpp makes it, and
// monitor/thread compares it, which may not include the text folder.
#pragma once
#include <array>
#include <bit>
#include <cstdint>
#include <span>

namespace brandwacht {

// 64 bits of which two texts share the more the more words they share (Charikar 2002, STOC). 0: the
// text has too few words to be told from another.
using SimHash = std::uint64_t;

inline constexpr int kNearDuplicateBits = 3;  // Manku et al. 2007, WWW: 3 of 64

constexpr int simhash_distance(SimHash a, SimHash b) noexcept {
  return std::popcount(a ^ b);
}
// The same text but for what the hash leaves out, or for next to nothing. Texts that are too short
// are nobody's duplicate.
constexpr bool near_duplicate(SimHash a, SimHash b) noexcept {
  return a != 0 && b != 0 && simhash_distance(a, b) <= kNearDuplicateBits;
}

struct Signature {
  static constexpr std::size_t kMaxTerms = 32;

  SimHash simhash = 0;
  // Distinct words, each by its beginning and its end, in the order of the text; those that say
  // nothing (articles, pronouns) are left out. The first `size` are set.
  std::array<std::uint32_t, kMaxTerms> list{};
  std::uint32_t size = 0;

  std::span<const std::uint32_t> terms() const noexcept { return {list.data(), size}; }
};

}  // namespace brandwacht
