#include "monitor/thread/share.hpp"

#include <algorithm>
#include <cmath>

namespace brandwacht::thread {

Share negative_share(int joiners, int participants, double sensitivity, double specificity) {
  if (participants <= 0) return {};
  constexpr double z = 1.2815515655446004;  // 90th percentile of the normal distribution
  const double n = participants;
  const double raw = std::clamp(joiners / n, 0.0, 1.0);
  const double centre = raw + z * z / (2 * n);
  const double spread = z * std::sqrt(raw * (1 - raw) / n + z * z / (4 * n * n));
  const double raw_low = (centre - spread) / (1 + z * z / n);
  const auto correct = [&](double share) {
    return std::clamp((share - (1 - specificity)) / (sensitivity + specificity - 1), 0.0, 1.0);
  };
  return {correct(raw), correct(raw_low)};
}

}  // namespace brandwacht::thread
