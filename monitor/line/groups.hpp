// Which threads belong to which open incident. An incident is that of its first thread, or of a
// brand's surge, which has a state of its own.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "monitor/thread/decision.hpp"

namespace brandwacht::line {

// Kept by the store over a restart as it is.
struct Group {
  static constexpr std::size_t kThreads = 64;

  std::uint64_t incident = 0;  // key: of its first thread, or of a surge
  std::uint32_t brand = 0;
  std::uint32_t size = 0;
  std::array<std::uint64_t, kThreads> thread{};  // the first `size`
  std::uint64_t worth = 0;                       // bits of `thread`: would have paged by themselves
  bool own = false;                              // of a surge and not of a thread
  bool surging = false;         // the brand's surge is open, and its candidates come here
  thread::DecisionState state;  // if `own`; else the thread table has it
  Time warm_at{};               // a thread of it burnt
  // Of the surge, as last seen.
  Time since{};
  std::int32_t joiners = 0;
  double expected = 0;

  std::span<const std::uint64_t> threads() const { return {thread.data(), size}; }
  bool holds(std::uint64_t key) const;
  // False: it was there already, or there is no place left.
  bool add(std::uint64_t key, bool worth_a_page);
  int worth_a_page() const;
};
static_assert(std::is_trivially_copyable_v<Group>);

class Groups {
 public:
  static constexpr std::size_t kMost = 512;  // the oldest goes first

  // Pointers hold until the next open() or close().
  Group& open(std::uint64_t incident, std::uint32_t brand);
  Group* find(std::uint64_t incident);
  const Group* find(std::uint64_t incident) const;
  Group* surging(std::uint32_t brand);
  void close(std::uint64_t incident);

  std::vector<Group>& all() { return groups_; }
  const std::vector<Group>& all() const { return groups_; }
  void restore(std::vector<Group> groups) { groups_ = std::move(groups); }

 private:
  std::vector<Group> groups_;
};

}  // namespace brandwacht::line
