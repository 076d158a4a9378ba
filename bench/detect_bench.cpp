// The table of escalation-model section 7: every rule on the same invented streams, at a budget of
// two pages a week, thresholds from the training weeks.
//
//   detect_bench [--seeds N] [--first SEED]
#include <chrono>
#include <cstring>
#include <map>
#include <string>

#include "bench/detect/judge_pages.hpp"
#include "bench/detect/learn.hpp"
#include "bench/detect/rules.hpp"
#include "bench/figure.hpp"

namespace {

using namespace brandwacht;
using namespace brandwacht::bench;

constexpr int kTraining = 100, kTest = 300;
constexpr std::size_t kBudget = 2 * kTraining;

void print(std::string_view name, const Score& score, double threshold) {
  fmt::print("{:<40} {:>6.2f} {:>6.2f} {:>6.2f} {:>7.0f} {:>7.2f} {:>5.0f} {:>6.2f} {:>9.3f}\n",
             name, score.precision, score.recall, score.early, score.lead, score.a_week,
             score.worst_week, score.night_a_week, threshold);
}

using Scores = std::map<std::string, std::vector<Score>>;

void one_seed(std::uint64_t seed, Scores& scores) {
  const Recorded recorded = record(seed, kTraining, kTest);
  const auto model = learn(recorded);
  Rules rules;
  watch(recorded, recorded.end, model, [&](const Look& look) { rules.look(look); });
  fmt::print("\nseed {}: {} events, {} incidents in all\n", seed, recorded.events.size(),
             recorded.incidents.size());
  fmt::print("{:<40} {:>6} {:>6} {:>6} {:>7} {:>7} {:>5} {:>6} {:>9}\n", "rule", "prec", "recall",
             "early", "lead", "a week", "worst", "night", "threshold");
  for (std::size_t i = 0; i < kRules; ++i) {
    const auto rule = static_cast<Rule>(i);
    const double threshold = rules.of(rule).threshold(recorded.split, kBudget);
    const Score score = judge(rules.of(rule).pages(threshold), recorded);
    print(to_string(rule), score, threshold);
    scores[std::string(short_name(rule))].push_back(score);
  }
  for (std::size_t h = 0; h < 3; ++h) {
    fmt::print("{} ", model->calibration[h].intercept);
    for (std::size_t j = 0; j < thread::kFeatures; ++j)
      if (model->calibration[h].weight[j] != 0)
        fmt::print("{} {:.2f} ", thread::to_string(static_cast<thread::Feature>(j)),
                   model->calibration[h].weight[j]);
    fmt::print("\n");
  }
  const auto settings = tune(recorded, model, kBudget);
  const Score score = judge(product_pages(recorded, recorded.end, model, settings), recorded);
  print("this product, fitted and tuned", score, settings.theta_page);
  scores["product"].push_back(score);
}

double median_of(const std::vector<Score>& scores, double Score::*what) {
  std::vector<double> values;
  for (const Score& score : scores)
    values.push_back(score.*what);
  return median(values);
}

}  // namespace

int main(int argc, char** argv) {
  int seeds = 3;
  std::uint64_t first = 1;
  for (int i = 1; i + 1 < argc; i += 2)
    if (std::strcmp(argv[i], "--seeds") == 0)
      seeds = std::stoi(argv[i + 1]);
    else if (std::strcmp(argv[i], "--first") == 0)
      first = std::stoull(argv[i + 1]);
  Scores scores;
  for (int seed = 0; seed < seeds; ++seed)
    one_seed(first + static_cast<std::uint64_t>(seed), scores);
  fmt::print("\nmedian of {} seeds\n", seeds);
  for (const auto& [name, all] : scores) {
    figure(fmt::format("detect_{}_precision", name), median_of(all, &Score::precision), "1");
    figure(fmt::format("detect_{}_recall", name), median_of(all, &Score::recall), "1");
    figure(fmt::format("detect_{}_early", name), median_of(all, &Score::early), "1");
    figure(fmt::format("detect_{}_lead", name), median_of(all, &Score::lead), "min");
    figure(fmt::format("detect_{}_pages", name), median_of(all, &Score::a_week), "a_week");
  }
}
