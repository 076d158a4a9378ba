// The forecast against the exact generating function of the process and against its simulation.
#include <cmath>
#include <complex>
#include <numbers>
#include <random>

#include "monitor/thread/forecast.hpp"
#include "tests/support/catch.hpp"

using namespace brandwacht::thread;

namespace {

const Kernel kKernel = Kernel::seismic();
const Forecast kForecast(kKernel);

// P(X >= count) for one branching ratio, exactly: the generating function of section 3 on a circle
// of complex numbers, and its inversion.
double exact_tail(const std::array<double, kModes>& due, double n, double hours, int count) {
  using Complex = std::complex<double>;
  const int points = 4 * count;
  std::vector<double> mass(static_cast<std::size_t>(count), 0.0);
  const double radius = 0.97;
  for (int j = 0; j < points; ++j) {
    const Complex z = std::polar(radius, 2 * std::numbers::pi * j / points);
    std::array<Complex, kModes> f{};
    const auto slope = [&](const std::array<Complex, kModes>& at) {
      Complex sum = 0;
      for (std::size_t k = 0; k < kModes; ++k)
        sum += kKernel.weight[k] * at[k];
      const Complex offspring = z * std::exp(n * sum);
      std::array<Complex, kModes> out;
      for (std::size_t k = 0; k < kModes; ++k)
        out[k] = kKernel.beta[k] * (offspring - 1.0 - at[k]);
      return out;
    };
    const int steps = static_cast<int>(hours * 60);
    const double step = hours / steps;
    for (int i = 0; i < steps; ++i) {
      const auto shifted = [&](const std::array<Complex, kModes>& by, double part) {
        auto out = f;
        for (std::size_t k = 0; k < kModes; ++k)
          out[k] += part * step * by[k];
        return out;
      };
      const auto k1 = slope(f), k2 = slope(shifted(k1, 0.5)), k3 = slope(shifted(k2, 0.5)),
                 k4 = slope(shifted(k3, 1));
      for (std::size_t k = 0; k < kModes; ++k)
        f[k] += step / 6 * (k1[k] + 2.0 * k2[k] + 2.0 * k3[k] + k4[k]);
    }
    Complex exponent = 0;
    for (std::size_t k = 0; k < kModes; ++k)
      exponent += kKernel.weight[k] * due[k] * f[k];
    const Complex value = std::exp(n * exponent);
    for (int m = 0; m < count; ++m)
      mass[static_cast<std::size_t>(m)] +=
          (value * std::polar(1.0, -2 * std::numbers::pi * j * m / points)).real() /
          (points * std::pow(radius, m));
  }
  double below = 0;
  for (const double at : mass)
    below += at;
  return 1 - below;
}

}  // namespace

TEST_CASE("the negative binomial is within 0.03 of the exact solution, over the uncertainty of n") {
  double worst = 0, worst_alone = 0;
  const Prior prior{1.5, 3};
  for (const double ratio : {0.3, 0.6, 0.9, 1.2})
    for (const double size : {3.0, 8.0, 20.0})
      for (const int count : {10, 30}) {
        Cascade state;
        state.tau = 0;
        state.exposed = size * 0.7;
        state.joins = ratio * state.exposed;
        state.due = {size * 0.3, size * 0.6, size * 0.9, size};
        double exact = 0;
        for (const double n :
             Forecast::nodes(prior.shape + state.joins, prior.rate + state.exposed)) {
          const double one = exact_tail(state.due, n, 6, count);
          const auto moments = kForecast.moments(state.due, n, 6);
          const double alone = negative_binomial_tail(count, moments.mean, moments.variance);
          worst_alone = std::max(worst_alone, std::abs(alone - one));
          exact += one / Forecast::kNodes;
        }
        CAPTURE(ratio, size, count, exact);
        CHECK(kForecast.probability(state, prior, count, 6) == Approx(exact).margin(0.03));
        worst = std::max(worst, std::abs(kForecast.probability(state, prior, count, 6) - exact));
      }
  CAPTURE(worst, worst_alone);
  CHECK(worst_alone < 0.08);  // of one n: supercritical ones have two humps
  CHECK(worst > 0.001);       // an approximation: exact agreement would compare it with itself
}

TEST_CASE("the moments are those of a simulated process") {
  std::mt19937_64 random(5);
  const double n = 0.8, hours = 6;
  const std::array<double, kModes> due{5, 8, 10, 10};
  double sum = 0, squares = 0;
  const int runs = 20'000;
  for (int run = 0; run < runs; ++run) {
    // Each unit of due excites at rate n sum_k w_k Y_k beta_k exp(-beta_k s): offspring of the mode
    // k come after an exponential wait.
    int total = 0;
    std::vector<double> queue;
    const auto children = [&](double at, const std::array<double, kModes>& weight) {
      for (std::size_t k = 0; k < kModes; ++k) {
        const int count = std::poisson_distribution<int>(n * kKernel.weight[k] * weight[k])(random);
        for (int i = 0; i < count; ++i) {
          const double when = at + std::exponential_distribution<double>(kKernel.beta[k])(random);
          if (when > hours) continue;
          ++total;
          queue.push_back(when);
        }
      }
    };
    children(0, due);
    while (!queue.empty()) {
      const double at = queue.back();
      queue.pop_back();
      children(at, {1, 1, 1, 1});
    }
    sum += total;
    squares += static_cast<double>(total) * total;
  }
  const double mean = sum / runs, variance = squares / runs - mean * mean;
  const auto moments = kForecast.moments(due, n, hours);
  CHECK(moments.mean == Approx(mean).epsilon(0.03));
  CHECK(moments.variance == Approx(variance).epsilon(0.08));
}

TEST_CASE("the tail of eight nodes side by side is that of the library one by one") {
  for (const int count : {1, 10, 30, 100, 500})
    for (const double size : {1.0, 10.0, 100.0}) {
      Cascade state;
      state.tau = 0;
      state.joins = size / 2;
      state.exposed = size / 2;
      state.due = {size / 4, size / 2, size, size};
      const Prior prior{1.5, 3};
      double sum = 0;
      for (const double n :
           Forecast::nodes(prior.shape + state.joins, prior.rate + state.exposed)) {
        const auto moments = kForecast.moments(state.due, n, 6);
        sum += negative_binomial_tail(count, moments.mean, moments.variance);
      }
      CHECK(kForecast.probability(state, prior, count, 6) == Approx(sum / 8).margin(1e-6));
    }
}

TEST_CASE("the nodes have the mean and spread of the gamma") {
  for (const double shape : {1.0, 3.0, 20.0}) {
    double sum = 0, squares = 0;
    for (const double node : Forecast::nodes(shape, 2)) {
      sum += node / 8;
      squares += node * node / 8;
    }
    CHECK(sum == Approx(shape / 2).epsilon(0.05));
    // Midpoints of eight parts have less spread than the whole.
    CHECK(squares - sum * sum == Approx(shape / 4 * 0.82).epsilon(0.16));
  }
}

TEST_CASE("more to come, more time and fewer to reach never make it less likely") {
  const Prior prior{1.5, 3};
  Cascade state;
  state.tau = 0;
  double last = 0;
  for (int joiners = 1; joiners < 200; joiners += 3) {
    state.joins = joiners;
    state.exposed = joiners;
    state.due.fill(joiners);
    const double now = kForecast.probability(state, prior, 30, 6);
    CHECK(now >= last - 1e-9);
    CHECK(kForecast.probability(state, prior, 30, 3) <= now + 1e-9);
    CHECK(kForecast.probability(state, prior, 100, 6) <= now + 1e-9);
    last = now;
  }
  CHECK(last > 0.9);
}

TEST_CASE("nothing to come, garbage and giants give a probability") {
  const Prior prior{1.5, 3};
  CHECK(kForecast.probability(Cascade{}, prior, 30, 6) == Approx(0).margin(1e-9));
  CHECK(kForecast.probability(Cascade{}, prior, 0, 6) == 1);
  Cascade giant;
  giant.tau = 0;
  giant.joins = giant.exposed = 1e9;
  giant.due.fill(1e9);
  CHECK(kForecast.probability(giant, prior, 100, 6) == Approx(1));
  CHECK(kForecast.probability(giant, prior, 100, 1e9) == Approx(1));
  CHECK(kForecast.probability(giant, prior, 100, -1) == Approx(0).margin(1e-9));
  Cascade rounding;
  rounding.tau = 0;
  rounding.joins = -1e-12;
  rounding.due.fill(-1e-12);
  CHECK(kForecast.probability(rounding, prior, 30, 6) == Approx(0).margin(1e-9));
}
