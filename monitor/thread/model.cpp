#include "monitor/thread/model.hpp"

#include <algorithm>
#include <cmath>

namespace brandwacht::thread {
namespace {

struct Row {
  std::string_view name;
  int sign;
};

// In the order of Feature. Signs are constraints of the fit: more critics never calm anybody.
constexpr std::array<Row, kFeatures> kRows{{
    {"forecast", 1},     {"joiners", 1}, {"fast", 1},          {"slow", 0},      {"recent", 1},
    {"acceleration", 1}, {"age", 0},     {"pause", -1},        {"activity", 1},  {"share", 1},
    {"share_low", 1},    {"spread", 1},  {"top_writer", -1},   {"newcomers", 0}, {"talk", 0},
    {"quoting", 0},      {"arousal", 1}, {"first_person", -1}, {"they", 1},      {"action", 1},
    {"addressed", 0},    {"link", 0},    {"concrete", 0},      {"root", 0},      {"copies", -1},
    {"surge", 1},
}};

double logistic(double x) {
  return 1 / (1 + std::exp(-x));
}

}  // namespace

std::string_view to_string(Feature feature) noexcept {
  return kRows[static_cast<std::size_t>(feature)].name;
}

int allowed_sign(Feature feature) noexcept {
  return kRows[static_cast<std::size_t>(feature)].sign;
}

double Calibration::log_odds(const Features& features) const noexcept {
  double sum = intercept;
  for (std::size_t j = 0; j < kFeatures; ++j)
    sum += weight[j] * static_cast<double>(features[j]);
  return sum;
}

double Calibration::probability(const Features& features) const noexcept {
  const double raw = logistic(log_odds(features));
  if (isotonic.empty()) return raw;
  const auto above = std::ranges::upper_bound(isotonic, raw, {}, &std::pair<double, double>::first);
  if (above == isotonic.begin()) return above->second;
  if (above == isotonic.end()) return isotonic.back().second;
  const auto& low = *std::prev(above);
  const double part = (raw - low.first) / (above->first - low.first);
  return low.second + part * (above->second - low.second);
}

std::vector<Contribution> contributions(const Calibration& calibration, const Features& features) {
  std::vector<Contribution> out;
  for (std::size_t j = 0; j < kFeatures; ++j)
    if (calibration.weight[j] != 0)
      out.push_back(
          {static_cast<Feature>(j),
           calibration.weight[j] * (static_cast<double>(features[j]) - calibration.typical[j])});
  std::ranges::stable_sort(out, [](const Contribution& a, const Contribution& b) {
    return std::abs(a.weight) > std::abs(b.weight);
  });
  return out;
}

}  // namespace brandwacht::thread
