// What threshold keeps the false alarms at a wanted rate? By replay of recorded counts through the
// same code, because the run length of the textbooks is off by .6 to 4.4 times
// (escalation-model section 5).
#pragma once
#include <span>

#include "monitor/thread/surge.hpp"

namespace brandwacht::thread {

struct SurgeBatch {
  Time at{};
  int joiners = 1;
  std::uint64_t thread = 0;
};

struct SurgeReplay {
  const Calendar* calendar = nullptr;  // outlives the replay
  BaselineSettings baseline;
  SurgeSettings surge;
  Duration learn = std::chrono::hours{2 * 168};  // openings before this are not counted
};

// How often the surge opens in `batches` (in order of time), after `learn`.
int count_openings(std::span<const SurgeBatch> batches, const SurgeReplay& replay);

// The least threshold with at most `per_week` openings a week of what is counted, to 1 % between 1
// and 1000. Looked for from above: openings grow as it falls, until a surge is open nearly always
// and there are few again. What is given was itself replayed and keeps the rate.
double calibrate_threshold(std::span<const SurgeBatch> batches, SurgeReplay replay,
                           double per_week);

}  // namespace brandwacht::thread
