// A sorted multiset of seconds that answers "how many after t" without looking at each: sorted
// blocks of at most 512. An insertion moves at most one block, so that a page of old replies,
// newest first, costs no more than live ones.
#pragma once
#include <cstddef>
#include <vector>

#include "monitor/thread/seconds.hpp"

namespace brandwacht::thread {

class Times {
 public:
  void insert(Second at);
  void erase(Second at);  // one of them; nothing when there is none

  std::size_t size() const noexcept { return size_; }
  std::size_t count_after(Second at) const noexcept;   // later than `at`
  Second last() const noexcept;                        // kNever when empty
  std::size_t heap() const noexcept { return heap_; }  // bytes

 private:
  static constexpr std::size_t kBlock = 512;
  struct Block {
    Second first = 0;           // beside the vector, so that a search touches one array
    std::uint32_t earlier = 0;  // how many stand in the blocks before
    std::vector<Second> times;
  };

  std::vector<Block>::iterator block_of(Second at);
  void shift(std::vector<Block>::iterator after, std::uint32_t by);
  void split(std::vector<Block>::iterator block);
  template <class Change>
  void count_heap(Block& block, Change change);

  std::vector<Block> blocks_;  // none is empty
  std::size_t size_ = 0;
  std::size_t heap_ = 0;
};

}  // namespace brandwacht::thread
