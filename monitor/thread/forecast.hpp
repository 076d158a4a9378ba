// P(at least N further joiners within a span) of a thread's cascade (escalation-model section 3):
// the branching ratio is uncertain (gamma), the number of further joiners given it is a negative
// binomial with the moments of the process.
#pragma once
#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "monitor/thread/cascade.hpp"

namespace brandwacht::thread {

// Gamma prior of the branching ratio n: `shape` joiners seen under `rate` of exposure.
struct Prior {
  double shape = 1.0;
  double rate = 2.0;
};

// P(X >= n) of a negative binomial with that mean and variance; of a Poisson where the variance is
// no larger than the mean. 0 where the mean is 0 (and n > 0).
double negative_binomial_tail(int n, double mean, double variance);

// Moments of the further joiners that one exposure of each mode brings, over branching ratio and
// span; tabulated once for a kernel (10 ms, 0.5 MB), then shared by all threads. Immutable.
class Forecast {
 public:
  static constexpr std::size_t kNodes = 8;
  static constexpr std::size_t kSpans = 100;
  static constexpr double kMostRatio = 3;   // of n; more is as good as certain
  static constexpr double kMostHours = 50;  // of operational time; longer is taken as this

  explicit Forecast(const Kernel& kernel);

  // Mean and variance of further joiners within `hours` of operational time, for one n.
  struct Moments {
    double mean = 0, variance = 0;
  };
  Moments moments(const std::array<double, kModes>& due, double ratio, double hours) const;

  // P_raw: at least `further` more within `hours` of operational time after cascade.tau.
  double probability(const Cascade& cascade, const Prior& prior, int further, double hours) const;
  // The same of several numbers, which must rise, in one pass: what is dear is the span.
  template <std::size_t N>
  std::array<double, N> probabilities(const Cascade& cascade, const Prior& prior,
                                      const std::array<int, N>& further, double hours) const {
    std::array<double, N> out;
    tails(cascade, prior, further, hours, out);
    return out;
  }
  // The mean of the same number, over the uncertainty of n.
  double expected(const Cascade& cascade, const Prior& prior, double hours) const;

  // Equal-probability nodes of Gamma(shape, rate), by Wilson-Hilferty.
  static std::array<double, kNodes> nodes(double shape, double rate);

  const Kernel& kernel() const noexcept { return kernel_; }

 private:
  struct Place {  // between which rows of spans, and how far
    std::size_t row;
    float part;
  };
  struct Cell {
    std::array<float, kModes> mean, spread;  // f1, f1 + f2
  };
  void tails(const Cascade& cascade, const Prior& prior, std::span<const int> further, double hours,
             std::span<double> out) const;
  static Place place(double hours);
  Moments at(const Place& span, const std::array<double, kModes>& weighted, double ratio) const;
  const Cell& cell(std::size_t span, std::size_t ratio) const {
    return cells_[span * kRatios + ratio];
  }

  static constexpr std::size_t kRatios = 193;  // n in steps of 1/64

  Kernel kernel_;
  std::vector<Cell> cells_;
};

}  // namespace brandwacht::thread
