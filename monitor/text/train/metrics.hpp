// How good probabilities are against labels.
#pragma once
#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace brandwacht::text::train {

struct Judged {
  float p = 0;
  bool truth = false;
};

// The probability that a positive scores higher than a negative; ties count half. 0.5 when one of
// the two is missing.
double area_under_curve(std::vector<Judged> judged);

// Mean of the F1 of both classes at this threshold.
double macro_f1(std::span<const Judged> judged, float threshold = 0.5F);

// Expected calibration error over ten bins of equal width (Guo et al. 2017, eq. 3).
double calibration_error(std::span<const Judged> judged);

struct Bin {
  std::size_t count = 0;
  double mean = 0, share = 0;  // of the probabilities; of the positives
};
std::array<Bin, 10> reliability(std::span<const Judged> judged);

// Platt's scaling: a, b of 1 / (1 + exp(-(a z + b))) that fits log odds z best (Newton's method on
// the log loss with the targets of Platt 1999).
struct Platt {
  double a = 1, b = 0;
};
Platt fit_platt(std::span<const Judged> log_odds);

// The same for two log odds side by side: 1 / (1 + exp(-(a z + c y + b))), each example with a
// weight.
struct JudgedPair {
  float z = 0, y = 0, weight = 1;
  bool truth = false;
};
struct PlattPair {
  double a = 1, c = 0, b = 0;
};
PlattPair fit_platt(std::span<const JudgedPair> log_odds);

}  // namespace brandwacht::text::train
