// Fits the scorer's calibration (monitor/text/calibration.hpp) and prints it. Not part of the
// build's default target:
//
//   cmake --build BUILD --target fit_scorer && fit_scorer invented.tsv SHARE:train.jsonl ... --
//   dev.jsonl ...
//
// NDJSON lines are {"text","label":{"complaint":0|1} or {"polarity":"negative"|...} or
// {"rating":-1..1}}. Logistic regression with every set weighted by its share and balanced inside,
// held near plausible weights and to their signs, by plain gradient descent from a fixed start: the
// same input gives the same numbers.
#include <simdjson.h>

#include <cmath>
#include <cstdio>
#include <iostream>
#include <memory>
#include <optional>

#include "monitor/text/calibration.hpp"
#include "monitor/text/features.hpp"
#include "monitor/text/scorer.hpp"
#include "tests/text/labelled.hpp"

namespace brandwacht::text {
namespace {

// The share of critics that the base assumes. Below a half: a false critic can page somebody at
// night.
constexpr double kPrior = 0.45;
constexpr double kPull = 12;  // how strongly weights are held near the plausible ones, in posts
constexpr double kPostsPerShare = 1000;
constexpr std::size_t kMostOfOneSet = 12'000;

using Weights = std::array<double, kFeatures>;
constexpr Weights kPlausible = {0,   1.0, -1.0, 2.0,  -1.6, 2.2,  2.2, -2.2, -1.2, 1.8, -1.4, 0.4,
                                0.9, 0.8, 0.2,  -0.3, 0.0,  -0.1, 0.8, 0.2,  -0.5, 0.1, 0.2,  0.2};

struct Row {
  std::array<float, kFeatures> features;
  bool critic;
  double weight;
};

std::vector<Labelled> read_ndjson(const std::string& file) {
  std::vector<Labelled> out;
  simdjson::dom::parser parser;
  std::ifstream in(file);
  if (!in) throw std::runtime_error("cannot read " + file);
  for (std::string line; std::getline(in, line) && out.size() < kMostOfOneSet;) {
    const simdjson::dom::element row = parser.parse(line);
    const simdjson::dom::element label = row["label"];
    std::optional<bool> critic;
    if (std::int64_t complaint = 0; label["complaint"].get(complaint) == simdjson::SUCCESS)
      critic = complaint != 0;
    if (std::string_view polarity; label["polarity"].get(polarity) == simdjson::SUCCESS)
      critic = polarity == "negative";
    if (double rating = 0;
        label["rating"].get(rating) == simdjson::SUCCESS && std::abs(rating) > 0.3)
      critic = rating < 0;
    if (critic) out.push_back({std::string(std::string_view(row["text"])), *critic, false});
  }
  return out;
}

void add(std::vector<Row>& rows, const std::vector<Labelled>& set, double share) {
  const auto critics =
      std::count_if(set.begin(), set.end(), [](const Labelled& l) { return l.critic; });
  const double others = static_cast<double>(set.size()) - static_cast<double>(critics);
  for (const Labelled& one : set) {
    const auto analysis = std::make_unique<Analysis>();
    analyze(one.text, {}, *analysis);
    const double weight =
        one.critic ? kPrior / static_cast<double>(critics) : (1 - kPrior) / others;
    rows.push_back({analysis->features, one.critic, weight * share * kPostsPerShare});
  }
}

double log_odds(const Row& row, const Weights& weights, double base) {
  for (std::size_t i = 0; i < kFeatures; ++i)
    base += weights[i] * static_cast<double>(row.features[i]);
  return base;
}

void fit(const std::vector<Row>& rows, Weights& weights, double& base) {
  double total = 0;
  for (const Row& row : rows)
    total += row.weight;
  constexpr int kSteps = 3000;
  for (int step = 0; step < kSteps; ++step) {
    Weights slope{};
    double base_slope = 0;
    for (const Row& row : rows) {
      const double error =
          row.weight * (1 / (1 + std::exp(-log_odds(row, weights, base))) - row.critic);
      base_slope += error;
      for (std::size_t i = 1; i < kFeatures; ++i)
        slope[i] += error * static_cast<double>(row.features[i]);
    }
    const double rate = 2.0 / total;
    base -= rate * base_slope;
    for (std::size_t i = 1; i < kFeatures; ++i) {
      weights[i] -= rate * (slope[i] + kPull * (weights[i] - kPlausible[i]));
      if (weights[i] * kPlausible[i] < 0) weights[i] = 0;
    }
  }
}

void judge(const std::string& name, const std::vector<Labelled>& set, const Weights& weights,
           double base) {
  std::vector<Row> rows;
  add(rows, set, 1);
  std::vector<Judged> judged;
  for (const Row& row : rows)
    judged.push_back({1 / (1 + std::exp(-log_odds(row, weights, base))), row.critic});
  std::printf("# %-40s n %6zu  AUC %.3f  sensitivity %.3f  specificity %.3f\n", name.c_str(),
              set.size(), area_under_curve(judged), share_right(judged, true, 0.5),
              share_right(judged, false, 0.5));
}

int run(int argc, char** argv) {
  if (argc < 2)
    throw std::runtime_error(
        "usage: fit_scorer invented.tsv SHARE:train.jsonl ... -- dev.jsonl ...");
  std::vector<Row> rows;
  std::vector<Labelled> fitted, held_out;
  for (Labelled& one : read_invented(argv[1]))
    (one.held_out ? held_out : fitted).push_back(std::move(one));
  add(rows, fitted, 1);
  int next = 2;
  for (; next < argc && std::string_view(argv[next]) != "--"; ++next) {
    const std::string argument = argv[next];
    const std::size_t colon = argument.find(':');
    add(rows, read_ndjson(argument.substr(colon + 1)), std::stod(argument.substr(0, colon)));
  }
  Weights weights = kPlausible;
  double base = -1;
  fit(rows, weights, base);
  std::printf("base %.3f\n", base);
  for (std::size_t i = 0; i < kFeatures; ++i)
    std::printf("%.2fF,  // %s\n", weights[i],
                std::string(to_string(static_cast<Feature>(i))).c_str());
  judge("invented, fitted", fitted, weights, base);
  judge("invented, held out", held_out, weights, base);
  for (++next; next < argc; ++next)
    judge(argv[next], read_ndjson(argv[next]), weights, base);
  return 0;
}

}  // namespace
}  // namespace brandwacht::text

int main(int argc, char** argv) try {
  return brandwacht::text::run(argc, argv);
} catch (const std::exception& error) {
  std::cerr << "fit_scorer: " << error.what() << '\n';
  return 1;
}
