#include "monitor/thread/forecast.hpp"

#include <algorithm>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>

namespace brandwacht::thread {
namespace {

constexpr double kFirstHours = 0.02;   // the second row; the first is a span of 0
constexpr double kStepRatio = 1.0831;  // 0.02 h to 50 h in 98 steps
constexpr double kMost = 1e12;         // where a supercritical cascade stops being counted

// The span of each row, in hours.
const std::array<double, Forecast::kSpans>& spans() {
  static const auto table = [] {
    std::array<double, Forecast::kSpans> out{};
    for (std::size_t row = 1; row < out.size(); ++row)
      out[row] = kFirstHours * std::pow(kStepRatio, static_cast<double>(row) - 1);
    return out;
  }();
  return table;
}

// f1 and f2 of section 3: the mean, and the second factorial moment's part, by mode.
struct Modes {
  std::array<double, kModes> f1{}, f2{};
};

Modes slope(const Kernel& kernel, double n, const Modes& at) {
  double g1 = 0, g2 = 0;
  for (std::size_t k = 0; k < kModes; ++k) {
    g1 += kernel.weight[k] * at.f1[k];
    g2 += kernel.weight[k] * at.f2[k];
  }
  Modes out;
  for (std::size_t k = 0; k < kModes; ++k) {
    out.f1[k] = kernel.beta[k] * (1 + n * g1 - at.f1[k]);
    out.f2[k] = kernel.beta[k] * (2 * n * g1 + n * n * g1 * g1 + n * g2 - at.f2[k]);
  }
  return out;
}

Modes moved(const Modes& from, const Modes& slope, double step) {
  Modes out = from;
  for (std::size_t k = 0; k < kModes; ++k) {
    out.f1[k] += step * slope.f1[k];
    out.f2[k] += step * slope.f2[k];
  }
  return out;
}

// Runge-Kutta of fourth order; the step is well inside its stability at the fastest rate.
void integrate(const Kernel& kernel, double n, Modes& at, double hours) {
  const double fastest = *std::ranges::max_element(kernel.beta);
  const auto steps = static_cast<int>(std::ceil(hours * fastest * std::max(1.0, n) / 0.5));
  const double step = hours / steps;
  for (int i = 0; i < steps && at.f1[0] < kMost; ++i) {
    const Modes k1 = slope(kernel, n, at);
    const Modes k2 = slope(kernel, n, moved(at, k1, step / 2));
    const Modes k3 = slope(kernel, n, moved(at, k2, step / 2));
    const Modes k4 = slope(kernel, n, moved(at, k3, step));
    for (std::size_t k = 0; k < kModes; ++k) {
      at.f1[k] += step / 6 * (k1.f1[k] + 2 * k2.f1[k] + 2 * k3.f1[k] + k4.f1[k]);
      at.f2[k] += step / 6 * (k1.f2[k] + 2 * k2.f2[k] + 2 * k3.f2[k] + k4.f2[k]);
    }
  }
}

// Sums of up to this many terms of eight distributions at once; beyond it the incomplete beta.
constexpr int kMostTerms = 400;

constexpr double kNothing = 1e-10;  // of a probability
constexpr double kLeastLog = -700;

// 1/(j+1), so that the recursion multiplies.
const std::array<double, kMostTerms>& reciprocals() {
  static const auto table = [] {
    std::array<double, kMostTerms> out;
    for (int j = 0; j < kMostTerms; ++j)
      out[static_cast<std::size_t>(j)] = 1.0 / (j + 1);
    return out;
  }();
  return table;
}

// The mean over nodes of P(X >= n), for each n of `further`, which rise. All recursions run side by
// side, which the compiler turns into vectors.
void mean_tails(std::span<const int> further,
                const std::array<Forecast::Moments, Forecast::kNodes>& moments,
                std::span<double> out) {
  constexpr std::size_t kNodes = Forecast::kNodes;
  alignas(64) std::array<double, kNodes> term, ratio, shift, below{};
  double rising = 0;  // until there a term can be larger than the one before it
  for (std::size_t i = 0; i < kNodes; ++i) {
    const double mean = std::max(moments[i].mean, 1e-300);
    // Poisson is the limit; a spread a little over it keeps one formula.
    const double variance = std::max(moments[i].variance, mean * (1 + 1e-9));
    const double leave = mean / variance;  // p
    const double shape = mean * mean / (variance - mean);
    const double stay = 1 - leave;
    const double none = shape * std::log(leave);      // log P(X = 0)
    term[i] = none > kLeastLog ? std::exp(none) : 0;  // underflow itself is slow
    ratio[i] = stay;
    shift[i] = shape * stay;
    rising = std::max(rising, (shift[i] - 1) / leave);
  }
  const auto& over = reciprocals();
  int j = 0;
  for (std::size_t target = 0; target < further.size(); ++target) {
    for (const int last = std::min(further[target], kMostTerms); j < last; ++j) {
      // What is left of a small thread's distribution is soon too little to matter; of a hot one's,
      // nothing lies so low.
      if (j % 8 == 0) {
        const double most = std::ranges::max(term);
        if (most == 0 || (j > rising && most * kMostTerms < kNothing)) {
          j = kMostTerms;
          break;
        }
      }
      const double scale = over[static_cast<std::size_t>(j)];
      const auto at = static_cast<double>(j);
      for (std::size_t i = 0; i < kNodes; ++i) {
        below[i] += term[i];
        term[i] *= (shift[i] + at * ratio[i]) * scale;  // (shape + j) (1 - p) / (j + 1)
      }
    }
    double sum = 0;
    for (std::size_t i = 0; i < kNodes; ++i)
      sum += further[target] > kMostTerms
                 ? negative_binomial_tail(further[target], moments[i].mean, moments[i].variance)
                 : std::clamp(1 - below[i], 0.0, 1.0);
    out[target] = further[target] <= 0 ? 1 : sum / kNodes;
  }
}

}  // namespace

double negative_binomial_tail(int n, double mean, double variance) {
  if (n <= 0) return 1;
  if (!(mean > 0)) return 0;
  if (!std::isfinite(mean) || mean > 1e15) return 1;
  if (variance <= mean * (1 + 1e-9)) return boost::math::gamma_p(static_cast<double>(n), mean);
  const double shape = mean * mean / (variance - mean);
  return boost::math::ibeta(static_cast<double>(n), shape, 1 - mean / variance);
}

Forecast::Forecast(const Kernel& kernel) : kernel_(kernel), cells_(kSpans * kRatios) {
  for (std::size_t column = 0; column < kRatios; ++column) {
    const double n = kMostRatio * static_cast<double>(column) / (kRatios - 1);
    Modes at;
    for (std::size_t row = 1; row < kSpans; ++row) {
      integrate(kernel_, n, at, spans()[row] - spans()[row - 1]);
      Cell& cell = cells_[row * kRatios + column];
      for (std::size_t k = 0; k < kModes; ++k) {
        cell.mean[k] = static_cast<float>(std::min(at.f1[k], kMost));
        cell.spread[k] = static_cast<float>(std::min(at.f1[k] + at.f2[k], kMost * kMost));
      }
    }
  }
}

Forecast::Place Forecast::place(double hours) {
  if (!(hours > 0)) return {0, 0};
  if (hours < kFirstHours) return {0, static_cast<float>(hours / kFirstHours)};
  static const double step = 1 / std::log(kStepRatio);
  const double row = 1 + std::log(hours / kFirstHours) * step;
  const auto whole = std::min(static_cast<std::size_t>(row), kSpans - 2);
  // Linear in the span between the rows.
  const double low = spans()[whole], high = spans()[whole + 1];
  return {whole, static_cast<float>(std::clamp((hours - low) / (high - low), 0.0, 1.0))};
}

Forecast::Moments Forecast::at(const Place& span, const std::array<double, kModes>& weighted,
                               double ratio) const {
  const double column = std::clamp(ratio, 0.0, kMostRatio) * (kRatios - 1) / kMostRatio;
  const auto left = std::min(static_cast<std::size_t>(column), kRatios - 2);
  const double right_part = column - static_cast<double>(left);
  const double low_part = 1 - static_cast<double>(span.part);
  const std::array corners{&cell(span.row, left), &cell(span.row, left + 1),
                           &cell(span.row + 1, left), &cell(span.row + 1, left + 1)};
  const std::array parts{low_part * (1 - right_part), low_part * right_part,
                         (1 - low_part) * (1 - right_part), (1 - low_part) * right_part};
  // Modes side by side, in a way that needs no sum before the end.
  std::array<double, kModes> mean{}, spread{};
  for (std::size_t c = 0; c < corners.size(); ++c)
    for (std::size_t k = 0; k < kModes; ++k) {
      mean[k] += parts[c] * static_cast<double>(corners[c]->mean[k]);
      spread[k] += parts[c] * static_cast<double>(corners[c]->spread[k]);
    }
  Moments out;
  for (std::size_t k = 0; k < kModes; ++k) {
    out.mean += weighted[k] * mean[k];
    out.variance += weighted[k] * spread[k];
  }
  out.mean *= ratio;
  out.variance *= ratio;
  return out;
}

Forecast::Moments Forecast::moments(const std::array<double, kModes>& due, double ratio,
                                    double hours) const {
  std::array<double, kModes> weighted;
  for (std::size_t k = 0; k < kModes; ++k)
    weighted[k] = kernel_.weight[k] * std::max(due[k], 0.0);
  return at(place(hours), weighted, ratio);
}

std::array<double, Forecast::kNodes> Forecast::nodes(double shape, double rate) {
  // Means of the eight equal-probability parts of a standard normal, to the document's digits.
  static constexpr std::array<double, kNodes> kNormal{-1.534, -0.887, -0.489, -0.157,
                                                      0.157,  0.489,  0.887,  1.534};
  shape = std::max(shape, 1e-6);
  std::array<double, kNodes> out;
  const double centre = 1 - 1 / (9 * shape), scale = 1 / (3 * std::sqrt(shape));
  for (std::size_t i = 0; i < kNodes; ++i) {
    const double root = std::max(centre + scale * kNormal[i], 0.0);
    out[i] = shape / rate * root * root * root;
  }
  return out;
}

double Forecast::probability(const Cascade& cascade, const Prior& prior, int further,
                             double hours) const {
  return probabilities(cascade, prior, std::array{further}, hours)[0];
}

void Forecast::tails(const Cascade& cascade, const Prior& prior, std::span<const int> further,
                     double hours, std::span<double> out) const {
  std::array<double, kModes> weighted;
  for (std::size_t k = 0; k < kModes; ++k)
    weighted[k] = kernel_.weight[k] * std::max(cascade.due[k], 0.0);
  const Place span = place(hours);
  const auto ratios = nodes(prior.shape + std::max(cascade.joins, 0.0),
                            prior.rate + std::max(cascade.exposed, 0.0));
  std::array<Moments, kNodes> moments;
  for (std::size_t i = 0; i < kNodes; ++i)
    moments[i] = at(span, weighted, ratios[i]);
  mean_tails(further, moments, out);
}

double Forecast::expected(const Cascade& cascade, const Prior& prior, double hours) const {
  double sum = 0;
  for (const double ratio : nodes(prior.shape + std::max(cascade.joins, 0.0),
                                  prior.rate + std::max(cascade.exposed, 0.0)))
    sum += moments(cascade.due, ratio, hours).mean;
  return sum / kNodes;
}

}  // namespace brandwacht::thread
