#include <algorithm>

#include "alerting/delivery.hpp"
#include "alerting/delivery_target.hpp"

namespace brandwacht::alerting {

void LatencyHistogram::add(Duration latency) {
  const double seconds = std::max(0.0, std::chrono::duration<double>(latency).count());
  const auto* bound = std::lower_bound(kBounds.begin(), kBounds.end(), seconds);
  ++counts[static_cast<std::size_t>(bound - kBounds.begin())];
  sum += seconds;
  ++total;
}

std::uint64_t LatencyHistogram::at_most(std::size_t bound) const {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i <= bound; ++i)
    out += counts[i];
  return out;
}

DeliveryStats Delivery::stats() const {
  DeliveryStats out;
  out.latency = latency_;
  for (const auto& target : targets_) {
    TargetStats stats = target->stats;
    stats.waiting = target->queue.size();
    stats.oldest = target->queue.oldest(clock_.steady()).value_or(Duration{0});
    out.oldest_undelivered = std::max(out.oldest_undelivered, stats.oldest);
    out.targets.emplace(target->name(), std::move(stats));
  }
  return out;
}

}  // namespace brandwacht::alerting
