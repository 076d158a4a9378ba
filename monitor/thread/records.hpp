// The live threads: where each one is kept, in what order they were last touched, and which have a
// decision that the clock could change. Knows nothing of mentions.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <utility>

#include "monitor/archive.hpp"
#include "monitor/thread/authors.hpp"
#include "monitor/thread/decision.hpp"
#include "monitor/thread/memory.hpp"
#include "monitor/thread/pulse.hpp"

namespace brandwacht::thread {

using Slot = std::uint32_t;
inline constexpr Slot kNoSlot = std::numeric_limits<Slot>::max();

struct alignas(64) Record {  // two cache lines
  std::uint64_t key = 0;
  std::uint32_t brand = 0;
  Second first = kNever, last = kNever;  // event times
  std::uint32_t decision = kNoSlot;
  Authors authors;
};
static_assert(sizeof(Record) == 128);

class Records {
 public:
  explicit Records(std::size_t& bytes);

  Slot find(std::uint64_t key) const noexcept {
    const auto found = index_.find(key);
    return found == index_.end() ? kNoSlot : found->second;
  }
  Record& operator[](Slot slot) noexcept { return chunks_[slot / kChunk]->records[slot % kChunk]; }
  const Record& operator[](Slot slot) const noexcept {
    return chunks_[slot / kChunk]->records[slot % kChunk];
  }
  Pulse& pulse(Slot slot) noexcept { return chunks_[slot / kChunk]->pulses[slot % kChunk]; }
  const Pulse& pulse(Slot slot) const noexcept {
    return chunks_[slot / kChunk]->pulses[slot % kChunk];
  }
  void prefetch(Slot slot) const noexcept {
    const auto* const record = reinterpret_cast<const char*>(&(*this)[slot]);
    __builtin_prefetch(record);
    __builtin_prefetch(record + 64);
    __builtin_prefetch(&link(slot));
    const auto* const beside = reinterpret_cast<const char*>(&pulse(slot));
    for (std::size_t line = 0; line < sizeof(Pulse); line += 64)
      __builtin_prefetch(beside + line);
  }
  std::size_t size() const noexcept { return index_.size(); }
  std::size_t authors() const noexcept { return authors_; }  // entries over all threads

  // A new thread as the hottest. If `key` had an incident before, its decision comes back.
  Slot create(std::uint64_t key, std::uint32_t brand, Second now);
  void erase(Slot slot);
  void touch(Slot slot, Second now);
  // Authors::join, with the accounts kept.
  Authors::Change join(Slot slot, std::uint64_t author, Second negative_at, bool official,
                       bool may_add);
  Authors::Change set_root(Slot slot, std::uint64_t author);

  // The thread to give up first, other than `except`: the coldest without an open decision, else
  // the coldest.
  Slot coldest(Slot except);
  // The coldest without an open decision if it was last touched before `second`.
  Slot expired(Second second);
  // Calls f(slot) for every thread that was touched after `second`. Walks the links from end to
  // end (16 MB for a million threads), which is faster than to follow them, and right also after a
  // step of the clock.
  template <class F>
  void each_touched(Second second, F f) const;

  DecisionState& decision(Slot slot);
  bool has_open_decision(Slot slot) const noexcept;
  void remember(std::uint64_t key, const DecisionState& state);  // of a thread that is not live
  // Forgets candidates that are not open (any more), and calls f(key, state) for those that are.
  template <class F>
  void each_open(F f);
  bool any_open();

  // Everything, in the order of the lists; load() into an empty one. Threads of a brand that is no
  // longer there are left out.
  void save(ArchiveWriter& out) const;
  void load(ArchiveReader& in, const BrandNumbers& brands);

 private:
  static constexpr std::size_t kChunk = 256;
  static constexpr std::size_t kRetired = 65'536;

  // Two rings, one for each list, through the links of two slots that are no threads. Apart from
  // the records, so that moving a thread touches three entries of 16 bytes and not three records.
  enum List : Slot { cold_list, kept_list };  // kept: has an open decision
  static constexpr Slot kFirst = 2;
  struct Link {
    Slot previous, next;
    Second touched;  // by arrival; kNever: the slot is free
    List list;
  };
  struct Chunk {
    Record records[kChunk];
    Link links[kChunk];
    Pulse pulses[kChunk];
  };
  struct Verdict {
    DecisionState state;
    Slot owner = kNoSlot;
    std::uint32_t candidate = kNoSlot;  // its place in candidates_
  };

  Link& link(Slot slot) noexcept { return chunks_[slot / kChunk]->links[slot % kChunk]; }
  const Link& link(Slot slot) const noexcept {
    return chunks_[slot / kChunk]->links[slot % kChunk];
  }
  void add_chunk();
  void unlink(Slot slot) noexcept;
  void link_front(Slot slot, List list) noexcept;
  void move(Slot slot, List list) noexcept {
    unlink(slot);
    link_front(slot, list);
  }
  bool move_if_open(Slot slot) noexcept;
  Slot back(List list, Slot except) const noexcept;
  void save(ArchiveWriter& out, Slot slot) const;
  void drop_candidate(Verdict& verdict) noexcept;
  bool still_open(Verdict& verdict);  // else it is no candidate any more
  void drop_decision(Record& record);

  std::size_t& bytes_;
  FlatMap<Slot> index_;
  CountedVector<std::unique_ptr<Chunk>> chunks_;
  Slot free_ = kNoSlot;  // the first free slot; the others follow by Link::next
  CountedDeque<Verdict> verdicts_;
  CountedVector<std::uint32_t> free_verdicts_;
  CountedVector<std::uint32_t> candidates_;  // verdicts that decision() gave out, and may be open
  FlatMap<DecisionState> retired_;           // of threads that are gone and had an incident
  std::size_t authors_ = 0;
};

template <class F>
void Records::each_touched(Second second, F f) const {
  for (Slot slot = kFirst; slot < chunks_.size() * kChunk; ++slot)
    if (link(slot).touched > second) f(slot);
}

template <class F>
void Records::each_open(F f) {
  for (std::size_t i = candidates_.size(); i-- > 0;)
    // Of one that was dropped the last one takes its place, which was looked at already.
    if (Verdict& verdict = verdicts_[candidates_[i]]; still_open(verdict))
      f((*this)[verdict.owner].key, std::as_const(verdict.state));
}

}  // namespace brandwacht::thread
