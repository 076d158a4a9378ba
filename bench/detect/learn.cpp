#include "bench/detect/learn.hpp"

#include <algorithm>
#include <map>

#include "bench/fits.hpp"
#include "monitor/thread/seconds.hpp"

namespace brandwacht::bench {
namespace {

using thread::kFeatures;
using thread::kHorizons;

constexpr std::uint64_t kFolds = 10, kLast = 7;  // of 10 days: the first 7 for the weights

struct Row {
  std::uint64_t thread;
  Time at;
  thread::Features features;
  std::array<float, kHorizons> forecast;
};

struct Rows {
  std::vector<Row> rows;
  std::map<std::uint64_t, std::vector<Time>> joins;
};

bool is_row(int joiners) {
  for (int power = 2; power <= joiners; power *= 2)
    if (joiners == power || joiners == power + power / 2) return joiners >= 3;
  return false;
}

Rows rows_of(const Recorded& recorded, const std::shared_ptr<const thread::Model>& model) {
  Rows out;
  watch(recorded, recorded.split, model, [&](const Look& look) {
    if (look.belief == nullptr) return;
    out.joins[look.observed.thread].push_back(look.event.received_at);
    if (is_row(look.belief->joiners))
      out.rows.push_back({look.observed.thread, look.event.received_at, look.belief->features,
                          look.belief->forecast});
  });
  return out;
}

thread::Profile profile_of(const Rows& rows) {
  std::array<double, thread::Profile::kBins> bins{}, shrunk{};
  std::array<double, 24> hours{};
  for (const auto& [thread, times] : rows.joins)
    for (const Time at : times) {
      const std::size_t bin = thread::Profile::bin(thread::to_second(at));
      ++bins[bin];
      hours[bin % 24] += 1.0 / 7;
    }
  for (std::size_t i = 0; i < bins.size(); ++i)
    shrunk[i] = 0.2 * bins[i] + 0.8 * hours[i % 24];
  return thread::Profile(shrunk);
}

thread::Calibration calibrate(const Rows& rows, std::size_t horizon, Time blocks) {
  std::vector<Case> cases;
  std::vector<std::pair<double, bool>> later;
  std::vector<int> signs;
  for (std::size_t j = 0; j < kFeatures; ++j)
    signs.push_back(thread::allowed_sign(static_cast<thread::Feature>(j)));
  const auto [further, hours] = thread::kTargets[horizon];
  const auto case_of = [&](const Row& row) {
    const auto& times = rows.joins.at(row.thread);
    const auto from = std::ranges::upper_bound(times, row.at);
    const auto to = std::ranges::upper_bound(
        times, row.at + Duration{static_cast<std::int64_t>(hours * 3600e6)});
    Case out{{row.features.begin(), row.features.end()}, to - from >= further};
    const double p = std::clamp(static_cast<double>(row.forecast[horizon]), 1e-4, 1 - 1e-4);
    out.x[0] = std::log(p / (1 - p));
    return out;
  };
  for (const Row& row : rows.rows)
    if (row.at < blocks) cases.push_back(case_of(row));
  const Logistic fitted = fit_logistic(cases, 3, signs);
  thread::Calibration out;
  out.intercept = fitted.intercept;
  std::ranges::copy(fitted.weight, out.weight.begin());
  for (const Row& row : rows.rows) {
    if (row.at < blocks) continue;
    const Case one = case_of(row);
    later.emplace_back(fitted.probability(one.x), one.yes);
  }
  out.isotonic = fit_isotonic(later);
  return out;
}

}  // namespace

std::shared_ptr<const thread::Model> learn(const Recorded& recorded) {
  thread::Model model = thread::default_model();
  model.profile = profile_of(rows_of(recorded, std::make_shared<const thread::Model>(model)));
  model.prior = {1.5, 3};
  model.root_mark = 2;
  const Rows rows = rows_of(recorded, std::make_shared<const thread::Model>(model));
  const Time blocks =
      recorded.begin + (recorded.split - recorded.begin) / static_cast<int>(kFolds) * kLast;
  for (std::size_t horizon = 0; horizon < kHorizons; ++horizon)
    model.calibration[horizon] = calibrate(rows, horizon, blocks);
  model.calibrated = true;
  return std::make_shared<const thread::Model>(model);
}

thread::DecisionSettings tune(const Recorded& recorded,
                              const std::shared_ptr<const thread::Model>& model, std::size_t most) {
  thread::DecisionSettings settings;
  double low = 0.005, high = 0.995;  // pages too often, does not
  for (int step = 0; step < 9; ++step) {
    settings.theta_page = (low + high) / 2;
    settings.theta_notify = std::min(0.25, settings.theta_page);
    const auto pages = product_pages(recorded, recorded.split, model, settings);
    (pages.size() > most ? low : high) = settings.theta_page;
  }
  settings.theta_page = high;
  settings.theta_notify = std::min(0.25, high);
  return settings;
}

}  // namespace brandwacht::bench
