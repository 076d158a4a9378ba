#include "monitor/thread/times.hpp"

#include <algorithm>
#include <iterator>
#include <limits>

namespace brandwacht::thread {
namespace {

constexpr auto starts_after = [](Second at, const auto& block) { return at < block.first; };

}  // namespace

// Runs `change` on a block and keeps the account of its memory.
template <class Change>
void Times::count_heap(Block& block, Change change) {
  heap_ -= block.times.capacity() * sizeof(Second);
  change(block.times);
  heap_ += block.times.capacity() * sizeof(Second);
}

// The block that `at` belongs in: the last that starts at or before it, else the first.
std::vector<Times::Block>::iterator Times::block_of(Second at) {
  const auto after = std::upper_bound(blocks_.begin(), blocks_.end(), at, starts_after);
  return after == blocks_.begin() ? after : std::prev(after);
}

// One more (or `by` = -1 as unsigned: one less) before the blocks that follow `after`. Nothing to
// do for what comes in order, at most 255 numbers to change otherwise.
void Times::shift(std::vector<Block>::iterator after, std::uint32_t by) {
  for (auto block = std::next(after); block != blocks_.end(); ++block)
    block->earlier += by;
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
  right.earlier = left.earlier + kBlock / 2;
  left.times.erase(middle, left.times.end());
}

void Times::insert(Second at) {
  const bool append = blocks_.empty() ||
                      (blocks_.back().times.size() == kBlock && at >= blocks_.back().times.back());
  if (append) {  // arrivals in order fill their blocks instead of leaving them half empty
    heap_ -= blocks_.capacity() * sizeof(Block);
    blocks_.push_back({at, static_cast<std::uint32_t>(size_), {}});
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
  shift(block, 1);
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
  shift(block, std::numeric_limits<std::uint32_t>::max());
  --size_;
  if (!times.empty()) {
    block->first = times.front();
    return;
  }
  heap_ -= times.capacity() * sizeof(Second);
  blocks_.erase(block);
}

std::size_t Times::count_after(Second at) const noexcept {
  const auto next = std::upper_bound(blocks_.begin(), blocks_.end(), at, starts_after);
  if (next == blocks_.begin()) return size_;
  const Block& block = *std::prev(next);
  const auto until = std::upper_bound(block.times.begin(), block.times.end(), at);
  return size_ - block.earlier - static_cast<std::size_t>(until - block.times.begin());
}

Second Times::last() const noexcept {
  return blocks_.empty() ? kNever : blocks_.back().times.back();
}

}  // namespace brandwacht::thread
