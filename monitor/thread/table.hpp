// All live threads: who joined each one, and what to believe of it. In numbers only; no text lives here.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "monitor/thread/decision.hpp"
#include "monitor/time.hpp"

namespace brandwacht::thread {

struct Settings {
  double negative_at = 0.5;        // s*: an author with P(negative) of at least this is a critic
  double sensitivity = 0.8;        // of the scorer, for the correction of the negative share
  double specificity = 0.9;
  Duration window = std::chrono::minutes{60};
  std::size_t max_threads = 1'000'000;     // the coldest is evicted beyond
  std::size_t max_joiners = 16'000'000;    // author entries over all threads; bounds the memory
  std::size_t max_seen = 2'000'000;        // remembered mention ids and tombstones
  Duration max_age = std::chrono::hours{72};  // without an event
  Duration max_future = std::chrono::minutes{2};  // later event times are clamped to arrival and counted
};

// One matched and scored mention, in numbers.
struct Observation {
  std::uint64_t mention = 0;  // MentionView::key()
  std::uint64_t thread = 0;   // key of the root it names
  std::uint64_t quoted = 0;   // key of the quoted mention; 0: none
  std::uint64_t author = 0;
  std::uint32_t brand = 0;
  Time created_at{}, received_at{};
  float negative = 0;
  bool official = false;
  bool edit = false;
};

enum class Seen : std::uint8_t { fresh, duplicate, edited, tombstoned };

struct Observed {
  Seen seen = Seen::fresh;
  std::uint64_t thread = 0;   // the thread it counts in: its own, or the one that it or its root quotes
  std::uint32_t brand = 0;    // the brand that owns the thread
  bool new_critic = false;    // the author became a distinct negative joiner now
  bool new_thread = false;
};

class Table {
 public:
  explicit Table(Settings settings);
  ~Table();

  // Is this mention part of something tracked: its thread, the thread its root belongs to, or a quoted tracked mention?
  // The brand that owns it. O(1).
  std::optional<std::uint32_t> tracked(std::uint64_t thread, std::uint64_t quoted) const noexcept;

  // Idempotent on Observation::mention. `now` is arrival time (received_at).
  Observed observe(const Observation& observation);
  // A delete: leaves a tombstone, also for a mention not seen yet; joiners stay (exposure has happened). The thread
  // that the mention was in, if it was seen.
  std::optional<std::uint64_t> remove(std::uint64_t mention, Time now);

  // What is known of a thread at `now`, with the window moved there. nullopt: not live.
  std::optional<Belief> belief(std::uint64_t thread, Time now);
  // The decision's memory, which lives and dies with the thread.
  DecisionState* decision(std::uint64_t thread) noexcept;
  // Puts a thread back in the state that the store remembers (an open incident after a restart).
  void restore(std::uint64_t thread, const DecisionState& state);

  // Threads with an open decision (watch or beyond), for the clock-driven part of the decision. Bounded by
  // the number of incidents, not of threads.
  std::vector<std::uint64_t> open() const;
  // The `n` threads with the most critics in the window.
  std::vector<std::pair<std::uint64_t, Belief>> hottest(std::size_t n, Time now);

  std::size_t size() const noexcept;
  std::size_t bytes() const noexcept;  // heap in use by this table
  struct Stats {
    std::uint64_t duplicates = 0, edits = 0, removed = 0, removed_before_create = 0, evicted = 0, clamped_future = 0,
                  clamped_past = 0, joiners_saturated = 0;
  };
  const Stats& stats() const noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace brandwacht::thread
