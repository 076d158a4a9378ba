// The text prints (SimHash) of the last critics of a thread, to see the same words coming again.
#pragma once
#include <array>
#include <cstdint>

#include "monitor/signature.hpp"

namespace brandwacht::thread {

class PrintRing {
 public:
  // True: nearly the same text is among the last eight. A print of 0 stands for a text too short to
  // say ("same here" is nobody's copy) and is never near.
  bool add(std::uint64_t print) noexcept {
    if (print == 0) return false;
    for (const std::uint64_t other : prints_)
      if (near_duplicate(other, print)) return true;
    prints_[next_] = print;
    next_ = (next_ + 1) % prints_.size();
    return false;
  }

 private:
  std::array<std::uint64_t, 8> prints_{};
  std::uint32_t next_ = 0;
};

}  // namespace brandwacht::thread
