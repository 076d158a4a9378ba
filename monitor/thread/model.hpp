// What `fit` learns of a brand's public, and how a thread's numbers become a calibrated probability
// (escalation-model sections 3 and 4). Plain values; immutable once made; shared by all threads.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "monitor/thread/features.hpp"
#include "monitor/thread/forecast.hpp"
#include "monitor/thread/kernel.hpp"

namespace brandwacht::thread {

// logit P = intercept + sum weight_j x_j, then a monotone map of P by straight lines between knots.
struct Calibration {
  double intercept = 0;
  std::array<double, kFeatures> weight{};
  std::array<double, kFeatures> typical{};  // medians: what a contribution is measured against
  // (logistic P, calibrated P), rising in both; empty: as it is. Outside: the nearest knot.
  std::vector<std::pair<double, double>> isotonic;

  double log_odds(const Features& features) const noexcept;
  double probability(const Features& features) const noexcept;
};

struct Contribution {
  Feature feature;
  double weight;  // weight_j (x_j - typical_j), log odds
};
// Every feature with a weight, largest contribution first by magnitude.
std::vector<Contribution> contributions(const Calibration& calibration, const Features& features);

struct Model {
  Kernel kernel = Kernel::seismic();
  Profile profile;
  Prior prior;
  double root_mark = 1;  // how much a root excites, in joiners
  std::array<Calibration, kHorizons> calibration;
  // Fitted to this desk's own recording; else the shipped weights, which must call themselves
  // uncalibrated.
  bool calibrated = false;
  std::uint32_t scorer_version = 0;  // that the fit saw; thresholds of another one are not valid

  const Calibration& of(Horizon horizon) const {
    return calibration[static_cast<std::size_t>(horizon)];
  }
};

// The weights that ship, fitted to generated streams (see bench/detect and docs/escalation.md).
Model default_model();

}  // namespace brandwacht::thread
