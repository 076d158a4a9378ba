// One outage spread over forty small threads escalates in none of them. A brand's surge: an
// event-driven Poisson CUSUM on the negative joiners of all its threads (escalation-model section
// 5; Page 1954, Biometrika 41):
//
//     S = min(cap, max(0, S - (l1 - l0) dt / d) + ln(l1/l0) / d)
//
// with l0 and the dispersion d from the baseline and l1 = factor * l0. With d = 1 it is Kleinberg's
// two-state filter of bursts (2002, KDD), run forward, with a cost of `cap` for going up.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "monitor/thread/baseline.hpp"
#include "monitor/time.hpp"

namespace brandwacht::thread {

// Factor, threshold and quiet are what bench/surge_bench.cpp chose on the volumes of ten real
// brands, each left out in turn.
struct SurgeSettings {
  double factor = 5;       // l1/l0: half of it and more is found
  double threshold = 18;   // h: higher is rarer and later; calibrate_threshold() finds it
  double headroom = 1.25;  // cap = headroom * threshold: how much calm it takes to believe its end
  int min_joiners = 10;    // in the running excursion
  int min_threads = 3;  // fewer are the business of those threads; so is a crowd of which only the
                        // largest thread is evidence: the others must be it by themselves
  double min_share = 0.5;  // in a campaign: lower bound of the negative share of the excursion
  double sensitivity = 0.8, specificity = 0.9;  // the scorer's, for that share
  Duration stale = std::chrono::minutes{30};    // older joiners raise nothing (pitfall 11)
  // A surge ends when S has been below a third of the threshold for so long, or nobody joined for
  // `silent`: where an hour brings less than one joiner, S alone would take days.
  Duration quiet = std::chrono::hours{2};
  Duration silent = std::chrono::hours{3};
};

struct SurgeJoiner {
  std::uint64_t thread = 0;
  std::uint64_t author = 0;  // counts once an excursion; 0: not known
  Time created_at{};
  int count = 1;  // a batch, as from a source that only counts
};

struct SurgeThread {
  std::uint64_t key = 0;
  std::int32_t joiners = 0;  // in the excursion
  Time first_at{};
};

// Kept by the store over a restart as it is; about 3 KiB.
struct SurgeState {
  static constexpr std::size_t kThreads = 64, kAuthors = 256;

  double score = 0;            // S
  Time at{};                   // of `score`
  bool open = false;           // said `open` or `attach`, and not yet `end`
  std::uint64_t incident = 0;  // attached to this one; 0: it has its own
  Time opened_at{};
  Time last_at{};     // the last joiner
  Time calm_since{};  // S is below a third of the threshold since; Time{}: it is not
  // The running excursion: since S was last 0 without being open.
  Time since{};
  std::int32_t joiners = 0, bystanders = 0;
  double expected = 0;                            // joiners by the baseline
  std::uint32_t threads = 0, threads_beyond = 0;  // joiners of threads that had no place left
  std::uint32_t authors = 0;
  std::array<SurgeThread, kThreads> thread{};    // the first `threads`
  std::array<std::uint32_t, kAuthors> author{};  // a hash set; 0: free
};

enum class SurgeKind : std::uint8_t {
  open,    // a new incident of the brand
  attach,  // the brand has an open incident already: say so there
  end      // over; a later one is another
};

struct SurgeDecision {
  SurgeKind kind = SurgeKind::open;
  std::uint64_t incident = 0;  // of attach, and of the end of one
};

// What a page needs.
struct SurgeReport {
  Time since{};
  int joiners = 0;
  double expected = 0;
  double factor = 0;                 // joiners over expected; at most 1000
  std::vector<SurgeThread> threads;  // most joiners first
  int beyond = 0;                    // joiners in further threads
};

// One brand. Pure but for its state: calls with the same values decide the same. `now` may stand
// still and step back (then no time passes). Call the baseline first with the same `now`.
class Surge {
 public:
  explicit Surge(SurgeSettings settings) : settings_(settings) {}

  // A negative joiner, in whatever thread of the brand. `incident`: the key of an incident that is
  // open for the brand, of which somebody was told.
  std::optional<SurgeDecision> joined(const SurgeJoiner& joiner, const Baseline& baseline, Time now,
                                      std::optional<std::uint64_t> incident = std::nullopt);
  // Somebody who is not negative joined: only for the share in a campaign.
  void bystander(const Baseline& baseline, Time now);
  std::optional<SurgeDecision> tick(const Baseline& baseline, Time now);

  bool open() const noexcept { return state_.open; }
  double score() const noexcept { return state_.score; }
  SurgeReport report() const;
  const SurgeSettings& settings() const noexcept { return settings_; }
  const SurgeState& state() const noexcept { return state_; }
  void restore(const SurgeState& state) noexcept { state_ = state; }

 private:
  void advance(const Baseline& baseline, Time now);
  void fall(double drop, Time begin, Time end);
  void forget();
  bool is_new(std::uint64_t author);
  void count(const SurgeJoiner& joiner, Time now);
  int largest() const;  // critics of the thread with most of them
  bool spread(const Expectation& expectation) const;
  bool opens(const Expectation& expectation) const;

  SurgeSettings settings_;
  SurgeState state_;
};

}  // namespace brandwacht::thread
