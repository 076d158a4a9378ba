// Containers of the thread table that know their own size in bytes.
#pragma once
#include <sys/mman.h>

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <new>
#include <optional>
#include <utility>
#include <vector>

#include "monitor/archive.hpp"

namespace brandwacht::thread {

// Counts what a container holds of the heap into a number that outlives it.
template <class T>
struct CountingAllocator {
  using value_type = T;

  explicit CountingAllocator(std::size_t& counter) noexcept : bytes(&counter) {}
  template <class U>
  CountingAllocator(const CountingAllocator<U>& other) noexcept : bytes(other.bytes) {}

  T* allocate(std::size_t n) {
    void* memory =
        large(n) ? ::operator new(n * sizeof(T), kHugePage) : ::operator new(n * sizeof(T));
    if (large(n)) (void)::madvise(memory, n * sizeof(T), MADV_HUGEPAGE);
    *bytes += n * sizeof(T);
    return static_cast<T*>(memory);
  }
  void deallocate(T* memory, std::size_t n) noexcept {
    *bytes -= n * sizeof(T);
    large(n) ? ::operator delete(memory, kHugePage) : ::operator delete(memory);
  }
  template <class U>
  bool operator==(const CountingAllocator<U>& other) const noexcept {
    return bytes == other.bytes;
  }

  // Large tables are read at random places: on huge pages such a read saves a walk through the page
  // tables.
  static constexpr std::align_val_t kHugePage{2U << 20U};
  static constexpr bool large(std::size_t n) noexcept { return n * sizeof(T) >= 4U << 20U; }

  std::size_t* bytes;
};

// Keys are hashes, and boost mixes once more, which also spreads the small numbers of tests.
struct KeyHash {
  std::size_t operator()(std::uint64_t key) const noexcept { return key; }
};

// boost::unordered_flat_map answers a miss from one line of metadata (a byte per slot): for a
// million entries that is 2 MB, which stays in the cache where the 32 MB of slots do not.
template <class Value>
using FlatMap = boost::unordered_flat_map<std::uint64_t, Value, KeyHash, std::equal_to<>,
                                          CountingAllocator<std::pair<const std::uint64_t, Value>>>;

template <class T>
using CountedVector = std::vector<T, CountingAllocator<T>>;

// Elements stay where they are.
template <class T>
using CountedDeque = std::deque<T, CountingAllocator<T>>;

// Remembers the keys that were put or touched last, at most `limit` and at least the last quarter
// of that: when the young half is full it becomes the old half, and the old one is forgotten as a
// whole. No list of ages, no holes.
class Memory {
 public:
  Memory(std::size_t limit, std::size_t& bytes)
      : half_(fill(limit / 2)),
        young_(CountingAllocator<Pair>(bytes)),
        old_(CountingAllocator<Pair>(bytes)) {}

  std::optional<std::uint64_t> get(std::uint64_t key) const noexcept {
    if (const auto found = young_.find(key); found != young_.end()) return found->second;
    if (const auto found = old_.find(key); found != old_.end()) return found->second;
    return std::nullopt;
  }

  void put(std::uint64_t key, std::uint64_t value) {
    if (young_.size() >= half_ && !young_.contains(key)) {
      young_.swap(old_);
      young_.clear();  // keeps its room
    }
    young_.insert_or_assign(key, value);
  }

  // As get(); what is found stays remembered.
  std::optional<std::uint64_t> touch(std::uint64_t key) {
    if (const auto found = young_.find(key); found != young_.end()) return found->second;
    const auto found = old_.find(key);
    if (found == old_.end()) return std::nullopt;
    const std::uint64_t value = found->second;
    put(key, value);
    return value;
  }

  std::optional<std::uint64_t> take(std::uint64_t key) {
    const auto value = get(key);
    if (value) {
      young_.erase(key);
      old_.erase(key);
    }
    return value;
  }

  void save(ArchiveWriter& out) const {
    for (const auto* half : {&old_, &young_}) {
      out.put(std::uint64_t{half->size()});
      for (const auto& [key, value] : *half) {
        out.put(key);
        out.put(value);
      }
    }
  }
  void load(ArchiveReader& in) {
    for (auto* half : {&old_, &young_}) {
      half->clear();
      for (auto left = in.count(16); left > 0; --left) {
        const auto key = in.get<std::uint64_t>();
        half->insert_or_assign(key, in.get<std::uint64_t>());
      }
    }
  }
  void clear() {
    young_.clear();
    old_.clear();
  }

 private:
  using Pair = std::pair<const std::uint64_t, std::uint64_t>;

  // The most that a table holds at most `limit` of before it doubles (7/8 of 15 slots times a power
  // of two): a half that is given up just before it doubles takes half the memory of one that is
  // given up just after.
  static std::size_t fill(std::size_t limit) noexcept {
    std::size_t slots = 15;
    while (slots * 2 * 7 / 8 <= limit)
      slots *= 2;
    return std::max<std::size_t>(1, std::min(limit, (slots - 1) * 7 / 8));  // one is a sentinel
  }

  std::size_t half_;
  FlatMap<std::uint64_t> young_, old_;
};

}  // namespace brandwacht::thread
