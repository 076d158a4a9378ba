#include "monitor/thread/times.hpp"

#include <algorithm>
#include <iterator>

namespace brandwacht::thread {

// Runs `change` on a block and keeps the account of its memory.
template <class Change>
void Times::count_heap(Block& block, Change change) {
  heap_ -= block.times.capacity() * sizeof(Second);
  change(block.times);
  heap_ += block.times.capacity() * sizeof(Second);
}

// The block that `at` belongs in: the last that starts at or before it, else the first.
std::vector<Times::Block>::iterator Times::block_of(Second at) {
  auto after = std::upper_bound(blocks_.begin(), blocks_.end(), at,
                                [](Second time, const Block& block) { return time < block.first; });
  return after == blocks_.begin() ? after : std::prev(after);
}

void Times::split(std::vector<Block>::iterator block) {
  const auto index = block - blocks_.begin();
  heap_ -= blocks_.capacity() * sizeof(Block);
  blocks_.insert(std::next(block), Block{});
  heap_ += blocks_.capacity() * sizeof(Block);
  Block& left = blocks_[static_cast<std::size_t>(index)];
  Block& right = blocks_[static_cast<std::size_t>(index) + 1];
  const auto middle = left.times.begin() + kBlock / 2;
  count_heap(right, [&](auto& times) { times.assign(middle, left.times.end()); });
  right.first = right.times.front();
  left.times.erase(middle, left.times.end());
}

void Times::insert(Second at) {
  const bool append = blocks_.empty() ||
                      (blocks_.back().times.size() == kBlock && at >= blocks_.back().times.back());
  if (append) {  // arrivals in order fill their blocks instead of leaving them half empty
    heap_ -= blocks_.capacity() * sizeof(Block);
    blocks_.push_back({at, {}});
    heap_ += blocks_.capacity() * sizeof(Block);
  }
  auto block = append ? std::prev(blocks_.end()) : block_of(at);
  if (block->times.size() == kBlock) {
    split(block);
    block = block_of(at);
  }
  count_heap(*block, [at](auto& times) {
    times.insert(std::upper_bound(times.begin(), times.end(), at), at);
  });
  block->first = block->times.front();
  ++size_;
}

void Times::erase(Second at) {
  if (blocks_.empty()) return;
  const auto block = block_of(at);
  auto& times = block->times;
  const auto found = std::lower_bound(times.begin(), times.end(), at);
  // Equal seconds may span blocks; block_of() gives the last block that starts with them, which
  // holds one.
  if (found == times.end() || *found != at) return;
  times.erase(found);
  --size_;
  if (!times.empty()) {
    block->first = times.front();
    return;
  }
  heap_ -= times.capacity() * sizeof(Second);
  blocks_.erase(block);
}

std::size_t Times::count_after(Second at) const noexcept {
  std::size_t count = 0;
  for (auto block = blocks_.rbegin(); block != blocks_.rend(); ++block) {
    if (block->first > at) {
      count += block->times.size();
      continue;
    }
    const auto& times = block->times;
    count +=
        static_cast<std::size_t>(times.end() - std::upper_bound(times.begin(), times.end(), at));
    break;
  }
  return count;
}

Second Times::last() const noexcept {
  return blocks_.empty() ? kNever : blocks_.back().times.back();
}

}  // namespace brandwacht::thread
