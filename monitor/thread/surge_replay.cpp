#include "monitor/thread/surge_replay.hpp"

#include <algorithm>
#include <cmath>

namespace brandwacht::thread {

int count_openings(std::span<const SurgeBatch> batches, const SurgeReplay& replay) {
  if (batches.empty()) return 0;
  Baseline baseline(*replay.calendar, replay.baseline);
  Surge surge(replay.surge);
  const Time first = batches.front().at;
  int openings = 0;
  const auto note = [&](const std::optional<SurgeDecision>& decision, Time at) {
    if (!decision) return;
    baseline.freeze(decision->kind != SurgeKind::end, at);
    if (decision->kind != SurgeKind::end && at - first >= replay.learn) ++openings;
  };
  for (const SurgeBatch& batch : batches) {
    baseline.advance(batch.at);
    note(surge.tick(baseline, batch.at), batch.at);
    if (batch.joiners <= 0) continue;
    baseline.add(batch.at, batch.joiners);
    note(surge.joined({batch.thread, 0, batch.at, batch.joiners}, baseline, batch.at), batch.at);
  }
  return openings;
}

double calibrate_threshold(std::span<const SurgeBatch> batches, SurgeReplay replay,
                           double per_week) {
  if (batches.empty()) return replay.surge.threshold;
  const Duration counted = batches.back().at - batches.front().at - replay.learn;
  const double weeks =
      std::max(0.0, std::chrono::duration<double, std::ratio<7 * 86400>>(counted).count());
  const auto keeps = [&](double threshold) {
    replay.surge.threshold = threshold;
    return count_openings(batches, replay) <= per_week * weeks;
  };
  double low = 1000, high = low;
  while (keeps(low)) {
    if (low <= 1) return 1;
    high = low;
    low = std::max(1.0, low * 0.8);
  }
  while (high > low * 1.01) {
    const double middle = std::sqrt(low * high);
    (keeps(middle) ? high : low) = middle;
  }
  return high;
}

}  // namespace brandwacht::thread
