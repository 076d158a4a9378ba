// Logistic regression with a ridge and signs: what `fit` learns its weights with, and the benches
// their simple rules.
#pragma once
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace brandwacht::replay {

// One case: as many numbers as there are features, whether it happened, how much it counts.
struct Case {
  std::vector<double> x;
  bool yes = false;
  double weight = 1;
};

struct Logistic {
  double intercept = 0;
  std::vector<double> weight;

  double log_odds(std::span<const double> x) const;
  double probability(std::span<const double> x) const;
};

// Minimises the sum of log losses + ridge / 2 * sum of squares of the weights, each measured in
// standard deviations of its feature. `signs` (empty: all 0) hold a weight at or over 0 (+1), at or
// under 0 (-1) or nowhere (0). Newton steps, each solved by coordinates.
Logistic fit_logistic(std::span<const Case> cases, double ridge = 1,
                      std::span<const int> signs = {});

// A rising curve from what was said to what happened, by pooling neighbours that fall (PAVA) among
// `bins` quantiles of what was said. Knots rise in both; the first and last reach half-way to 0 and
// 1, so that no rank is lost at the ends.
std::vector<std::pair<double, double>> fit_isotonic(std::vector<std::pair<double, bool>> said,
                                                    std::size_t bins = 20);
double through(std::span<const std::pair<double, double>> knots, double p);

}  // namespace brandwacht::replay
