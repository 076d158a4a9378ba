// Full-jitter exponential backoff: a random wait in [base, min(base * 2^n, cap)], so that many
// clients that failed together do not come back together.
#pragma once
#include <algorithm>
#include <random>

#include "monitor/time.hpp"

namespace brandwacht {

struct BackoffSettings {
  Duration base = std::chrono::milliseconds{500};
  Duration cap = std::chrono::seconds{30};
};

// The upper bound of the wait before retry number `attempt` (0 is the first retry).
inline Duration backoff_ceiling(const BackoffSettings& settings, unsigned attempt) {
  const unsigned doublings = std::min(attempt, 39U) + 1;
  const Duration::rep limit = settings.cap.count() >> doublings;
  return limit < settings.base.count() ? settings.cap
                                       : settings.base * (Duration::rep{1} << doublings);
}

template <class Random>
Duration backoff_wait(const BackoffSettings& settings, unsigned attempt, Random& random) {
  const Duration top = std::max(backoff_ceiling(settings, attempt), settings.base);
  std::uniform_int_distribution<Duration::rep> spread(settings.base.count(), top.count());
  return Duration{spread(random)};
}

}  // namespace brandwacht
