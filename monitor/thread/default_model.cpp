#include "monitor/thread/model.hpp"

namespace brandwacht::thread {
namespace {

struct Weight {
  Feature feature;
  double weight, typical;
};

Calibration calibration(double intercept, std::initializer_list<Weight> weights) {
  Calibration out;
  out.intercept = intercept;
  for (const auto& [feature, weight, typical] : weights) {
    out.weight[static_cast<std::size_t>(feature)] = weight;
    out.typical[static_cast<std::size_t>(feature)] = typical;
  }
  return out;
}

}  // namespace

Model default_model() {
  Model model;
  model.prior = {1.5, 3.0};
  for (Calibration& at : model.calibration)
    at = calibration(
        -2.2,
        {{Feature::forecast, 0.8, -4}, {Feature::joiners, 0.2, 1}, {Feature::recent, 0.5, 0}});
  return model;
}

}  // namespace brandwacht::thread
