#include "monitor/replay/fit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "monitor/replay/cascade_fit.hpp"
#include "monitor/replay/ridge.hpp"

namespace brandwacht::replay {
namespace {

using thread::Horizon;
using thread::kFeatures;
using thread::kHorizons;

constexpr std::size_t kFewForMap = 10;  // positive rows of B, below which the map stays straight

Duration hours(double count) {
  return std::chrono::duration_cast<Duration>(
      std::chrono::duration<double, std::ratio<3600>>(count));
}

// When each thread began and its critics arrived, in order of arrival.
struct Arrivals {
  Time began{};
  std::vector<Time> at;
};
using Histories = std::map<std::uint64_t, Arrivals>;

Histories histories_of(const Pass& pass, const std::shared_ptr<const thread::Model>& model) {
  Histories out;
  pass(model, [&](std::uint64_t thread, const thread::Belief& belief, Time arrived) {
    Arrivals& arrivals = out[thread];
    arrivals.began = belief.first_at;
    arrivals.at.push_back(arrived);
  });
  return out;
}

std::vector<ThreadHistory> until(const Histories& histories, Time from, Time to) {
  std::vector<ThreadHistory> out;
  for (const auto& [thread, arrivals] : histories) {
    ThreadHistory history{thread, thread::to_second(arrivals.began), {}};
    for (const Time at : arrivals.at)
      if (at >= from && at < to)
        history.joins.push_back(std::max(thread::to_second(at), history.began));
    std::ranges::sort(history.joins);
    if (!history.joins.empty()) out.push_back(std::move(history));
  }
  return out;
}

std::vector<Row> rows_of(const Pass& pass, const std::shared_ptr<const thread::Model>& model,
                         const Histories& histories) {
  std::vector<Row> out;
  pass(model, [&](std::uint64_t thread, const thread::Belief& belief, Time arrived) {
    if (!is_row(belief.joiners)) return;
    Row row{thread, arrived, belief.features, belief.forecast, {}};
    const auto found = histories.find(thread);
    if (found == histories.end()) return;
    const auto& at = found->second.at;
    const auto now = std::ranges::upper_bound(at, arrived);
    for (std::size_t horizon = 0; horizon < kHorizons; ++horizon) {
      const auto end =
          std::ranges::upper_bound(at, arrived + hours(thread::kTargets[horizon].hours));
      row.outcome[horizon] = end - now >= thread::kTargets[horizon].further;
    }
    out.push_back(row);
  });
  return out;
}

std::vector<Row> between(const std::vector<Row>& rows, Time from, Time to, Horizon horizon) {
  const Duration ahead = hours(thread::kTargets[static_cast<std::size_t>(horizon)].hours);
  std::vector<Row> out;
  for (const Row& row : rows)
    if (row.at >= from && row.at + ahead <= to) out.push_back(row);
  return out;
}

using Said = std::vector<std::pair<double, bool>>;

Said say(const thread::Calibration& weights, const std::vector<Row>& rows, Horizon horizon) {
  Said out;
  for (const Row& row : rows)
    out.emplace_back(weights.probability(features_of(row, horizon)),
                     row.outcome[static_cast<std::size_t>(horizon)]);
  return out;
}

std::size_t positives(const Said& said) {
  return static_cast<std::size_t>(
      std::ranges::count_if(said, [](const auto& one) { return one.second; }));
}

// Fewer bins where there is less to see.
std::vector<std::pair<double, double>> map_of(const Said& said) {
  if (positives(said) < kFewForMap) return {};
  return fit_isotonic(said, std::clamp<std::size_t>(said.size() / 30, 4, 20));
}

// The map is fitted to all of B; what is reported is what one half's map says of the other half,
// by thread.
void judge(HorizonFit& report, const thread::Calibration& weights, const std::vector<Row>& rows,
           Horizon horizon) {
  const Said straight = say(weights, rows, horizon);
  std::vector<Judged> judged;
  for (std::size_t half = 0; half < 2; ++half) {
    Said learn;
    for (std::size_t i = 0; i < rows.size(); ++i)
      if (fold_of(rows[i].thread, 2) != half) learn.push_back(straight[i]);
    thread::Calibration mapped = weights;
    mapped.isotonic = map_of(learn);
    for (const Row& row : rows)
      if (fold_of(row.thread, 2) == half)
        judged.push_back({mapped.probability(features_of(row, horizon)),
                          row.outcome[static_cast<std::size_t>(horizon)]});
  }
  if (judged.empty()) return;
  double yes = 0;
  for (const Judged& one : judged) {
    yes += one.yes ? 1 : 0;
    const double p = std::clamp(one.p, 1e-6, 1 - 1e-6);
    report.log_loss -= std::log(one.yes ? p : 1 - p) / static_cast<double>(judged.size());
  }
  const double base = std::clamp(yes / static_cast<double>(judged.size()), 1e-6, 1 - 1e-6);
  report.base_brier = base * (1 - base);
  report.base_log_loss = -base * std::log(base) - (1 - base) * std::log(1 - base);
  report.brier = brier_score(judged);
  report.auc = area_under_curve(judged);
  report.reliability = deciles(judged);
}

HorizonFit fit_horizon(thread::Model& model, Horizon horizon, const std::vector<Row>& a,
                       const std::vector<Row>& b, const FitSettings& settings) {
  const auto index = static_cast<std::size_t>(horizon);
  HorizonFit report;
  report.rows = static_cast<int>(a.size() + b.size());
  std::set<std::uint64_t> threads;
  for (const auto* block : {&a, &b})
    for (const Row& row : *block)
      if (row.outcome[index]) {
        ++report.positive_rows;
        threads.insert(row.thread);
      }
  report.positive_threads = static_cast<int>(threads.size());
  const auto in_a = std::ranges::count_if(a, [&](const Row& row) { return row.outcome[index]; });
  if (report.positive_threads < settings.min_positive || in_a < settings.min_positive / 2) {
    report.refused =
        fmt::format("{} threads gained {} more critics within {:g} h; it takes {} to fit",
                    report.positive_threads, thread::kTargets[index].further,
                    thread::kTargets[index].hours, settings.min_positive);
    return report;
  }
  thread::Calibration weights = fit_weights(a, horizon, settings.ridge, settings.without);
  judge(report, weights, b, horizon);
  weights.isotonic = map_of(say(weights, b, horizon));
  model.calibration[index] = std::move(weights);
  report.fitted = true;
  return report;
}

void span_of(const Histories& histories, FitSettings& settings) {
  Time first = Time::max(), last = Time::min();
  for (const auto& [thread, arrivals] : histories)
    for (const Time at : arrivals.at) {
      first = std::min(first, at);
      last = std::max(last, at);
    }
  if (histories.empty()) first = last = Time{};
  if (settings.from == Time{}) settings.from = first;
  if (settings.to == Time{}) settings.to = last + std::chrono::seconds{1};
}

}  // namespace

thread::Features features_of(const Row& row, Horizon horizon) {
  thread::Features out = row.features;
  const double raw = std::clamp(
      static_cast<double>(row.forecast[static_cast<std::size_t>(horizon)]), 1e-4, 1 - 1e-4);
  out[static_cast<std::size_t>(thread::Feature::forecast)] =
      static_cast<float>(std::log(raw / (1 - raw)));
  return out;
}

thread::Calibration fit_weights(const std::vector<Row>& rows, Horizon horizon, double ridge,
                                const std::vector<thread::Feature>& without) {
  std::vector<int> signs;
  for (std::size_t j = 0; j < kFeatures; ++j)
    signs.push_back(thread::allowed_sign(static_cast<thread::Feature>(j)));
  std::vector<Case> cases;
  std::array<std::vector<float>, kFeatures> columns;
  for (const Row& row : rows) {
    auto features = features_of(row, horizon);
    for (const thread::Feature left_out : without)
      features[static_cast<std::size_t>(left_out)] = 0;
    cases.push_back(
        {{features.begin(), features.end()}, row.outcome[static_cast<std::size_t>(horizon)]});
    for (std::size_t j = 0; j < kFeatures; ++j)
      columns[j].push_back(features[j]);
  }
  const Logistic fitted = fit_logistic(cases, ridge, signs);
  thread::Calibration out;
  out.intercept = fitted.intercept;
  for (std::size_t j = 0; j < fitted.weight.size(); ++j) {
    out.weight[j] = fitted.weight[j];
    const auto middle = columns[j].begin() + static_cast<std::ptrdiff_t>(columns[j].size() / 2);
    std::ranges::nth_element(columns[j], middle);
    out.typical[j] = static_cast<double>(*middle);
  }
  return out;
}

FitResult fit(const Pass& pass, const FitSettings& wanted,
              const std::function<void(double, std::string_view)>& progress) {
  const auto tell = [&](double part, std::string_view what) {
    if (progress) progress(part, what);
  };
  FitSettings settings = wanted;
  FitResult out;
  out.model = thread::default_model();
  out.model.scorer_version = settings.scorer_version;

  tell(0, "reading the recording");
  const Histories histories = histories_of(pass, std::make_shared<const thread::Model>(out.model));
  span_of(histories, settings);
  const Time split =
      settings.from + std::chrono::duration_cast<Duration>((settings.to - settings.from) *
                                                           std::clamp(settings.part_a, 0.1, 0.95));
  const auto block_a = until(histories, settings.from, split);
  out.threads = histories.size();
  for (const auto& [thread, arrivals] : histories)
    out.critics += arrivals.at.size();

  tell(0.4, "activity of the week, kernel and prior");
  out.model.profile = fit_profile(block_a);
  const CascadeFit cascade =
      fit_cascade(block_a, thread::to_second(split), out.model, settings.fit_kernel);
  out.model = cascade.model;
  out.cascade_loss = cascade.log_loss;

  tell(0.5, "reading the recording with them");
  const auto rows = rows_of(pass, std::make_shared<const thread::Model>(out.model), histories);

  tell(0.9, "weights");
  for (std::size_t horizon = 0; horizon < kHorizons; ++horizon) {
    const auto at = static_cast<Horizon>(horizon);
    out.horizons[horizon] = fit_horizon(out.model, at, between(rows, settings.from, split, at),
                                        between(rows, split, settings.to, at), settings);
  }
  out.model.calibrated = out.horizons[static_cast<std::size_t>(Horizon::page)].fitted;
  // Weights belong to the forecast that they were fitted with.
  if (!out.model.calibrated) {
    out.model = thread::default_model();
    out.model.scorer_version = settings.scorer_version;
  }
  tell(1, "done");
  return out;
}

}  // namespace brandwacht::replay
