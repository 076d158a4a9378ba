// Who writes most, in a few counters (Metwally et al. 2005, Space-Saving).
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>

namespace brandwacht::thread {

// Any key with more than 1/N of all counts is among the N kept; a kept count is never too low, and
// too high by at most total/N. No key is 0.
template <std::size_t N>
class SpaceSaving {
 public:
  void add(std::uint64_t key, std::uint32_t times = 1) noexcept {
    std::size_t least = 0;
    for (std::size_t i = 0; i < N; ++i) {
      if (keys_[i] == key) {
        counts_[i] += times;
        return;
      }
      if (counts_[i] < counts_[least]) least = i;
    }
    keys_[least] = key;
    counts_[least] += times;  // takes over the count that it replaces
  }
  void merge(const SpaceSaving& other) noexcept {
    for (std::size_t i = 0; i < N; ++i)
      if (other.counts_[i] > 0) add(other.keys_[i], other.counts_[i]);
  }
  std::uint32_t top() const noexcept { return std::ranges::max(counts_); }

 private:
  std::array<std::uint64_t, N> keys_{};
  std::array<std::uint32_t, N> counts_{};
};

}  // namespace brandwacht::thread
