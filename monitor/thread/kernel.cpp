#include "monitor/thread/kernel.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace brandwacht::thread {

Kernel Kernel::of(std::array<double, kModes> weight, std::array<double, kModes> half_life,
                  double delta) {
  Kernel out;
  out.delta = delta;
  const double sum = std::accumulate(weight.begin(), weight.end(), 0.0);
  for (std::size_t k = 0; k < kModes; ++k) {
    out.weight[k] = weight[k] / sum;
    out.beta[k] = std::numbers::ln2 / half_life[k];
    if (std::abs(out.beta[k] - delta) < 1e-3 * delta) out.beta[k] = delta * 1.001;
  }
  return out;
}

Kernel Kernel::seismic() {
  return of({0.448, 0.238, 0.171, 0.144}, {5.5 / 60, 28.0 / 60, 1.93, 11.3});
}

double Kernel::density(double hours) const {
  double sum = 0;
  for (std::size_t k = 0; k < kModes; ++k)
    sum += weight[k] * beta[k] * std::exp(-beta[k] * hours);
  return sum;
}

double Kernel::until(double hours) const {
  double sum = 0;
  for (std::size_t k = 0; k < kModes; ++k)
    sum -= weight[k] * std::expm1(-beta[k] * hours);
  return sum;
}

Profile::Profile(const std::array<double, kBins>& activity) : activity_(activity) {
  double mean = std::accumulate(activity_.begin(), activity_.end(), 0.0) / kBins;
  if (!std::isfinite(mean) || mean <= 0 || std::ranges::min(activity_) < 0) {
    activity_ = flat();
    mean = 1;
  }
  for (double& bin : activity_)
    bin = std::max(bin / mean, 0.05);
  const double raised = std::accumulate(activity_.begin(), activity_.end(), 0.0) / kBins;
  double sum = 0;
  for (std::size_t i = 0; i < kBins; ++i) {
    activity_[i] /= raised;
    before_[i] = sum;
    sum += activity_[i];
  }
}

Profile Profile::restored(const std::array<double, kBins>& activity) {
  const double mean = std::accumulate(activity.begin(), activity.end(), 0.0) / kBins;
  Profile profile(activity);
  if (!(std::abs(mean - 1) < 1e-9) || std::ranges::min(activity) <= 0) return profile;
  profile.activity_ = activity;
  std::exclusive_scan(activity.begin(), activity.end(), profile.before_.begin(), 0.0);
  return profile;
}

}  // namespace brandwacht::thread
