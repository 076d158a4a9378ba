// What the delivery counts; read by the metrics page.
#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "monitor/time.hpp"

namespace brandwacht::alerting {

// Cumulative buckets as Prometheus wants them, from the decision to the vendor's acceptance.
struct LatencyHistogram {
  static constexpr std::array<double, 12> kBounds{0.1, 0.25, 0.5, 1,   2.5,  5,
                                                  10,  30,   60,  300, 1800, 7200};  // seconds
  std::array<std::uint64_t, kBounds.size() + 1> counts{};  // each bucket alone; the last: above
  double sum = 0;                                          // seconds
  std::uint64_t total = 0;

  void add(Duration latency);
  std::uint64_t at_most(std::size_t bound) const;  // cumulative, of kBounds[bound]
};

struct TargetStats {
  std::uint64_t accepted = 0, retry = 0, permanent = 0, ambiguous = 0;  // attempts
  std::uint64_t dead = 0;     // pages that will never arrive
  std::uint64_t partial = 0;  // pages that some of the target's recipients will never get
  std::uint64_t dropped = 0;  // pages lost because disk and memory were both full
  std::optional<std::int64_t> quota_left;  // messages that the vendor still takes this month
  std::size_t waiting = 0;                 // pages in memory
  Duration oldest{0};                      // age of the one that waits longest
  bool disabled = false;
  std::string last_failure;  // one sentence, of the last attempt that was not accepted
};

struct DeliveryStats {
  std::map<std::string, TargetStats> targets;
  LatencyHistogram latency;
  Duration oldest_undelivered{0};  // over all targets
};

}  // namespace brandwacht::alerting
