#include "monitor/thread/cascade.hpp"

#include <cmath>

namespace brandwacht::thread {

void Cascade::advance(double to, const Kernel& kernel) noexcept {
  if (!(to > tau)) return;
  if (tau == -std::numeric_limits<double>::infinity()) {
    tau = to;
    return;
  }
  const double span = to - tau;
  const double forget = std::exp(-kernel.delta * span);
  double reached = 0;  // E: of the exposure before `tau`, what fell due since
  for (std::size_t k = 0; k < kModes; ++k) {
    const double decay = std::exp(-kernel.beta[k] * span);
    reached += kernel.weight[k] * due[k] * kernel.beta[k] * (forget - decay) /
               (kernel.beta[k] - kernel.delta);
    due[k] *= decay;
  }
  joins *= forget;
  exposed = exposed * forget + reached;
  tau = to;
}

void Cascade::add(double at, double count, double mark, const Kernel& kernel) noexcept {
  advance(at, kernel);
  const double late = tau - at;
  if (late <= 0) {  // the common case: it happens now
    joins += count;
    for (double& mode : due)
      mode += mark;
    return;
  }
  const double forget = std::exp(-kernel.delta * late);
  joins += count * forget;
  for (std::size_t k = 0; k < kModes; ++k) {
    const double decay = std::exp(-kernel.beta[k] * late);
    due[k] += mark * decay;
    exposed += kernel.weight[k] * mark * kernel.beta[k] * (forget - decay) /
               (kernel.beta[k] - kernel.delta);
  }
}

void Cascade::merge(Cascade other, const Kernel& kernel) noexcept {
  if (other.tau == -std::numeric_limits<double>::infinity()) return;
  advance(other.tau, kernel);
  other.advance(tau, kernel);
  joins += other.joins;
  exposed += other.exposed;
  for (std::size_t k = 0; k < kModes; ++k)
    due[k] += other.due[k];
}

}  // namespace brandwacht::thread
