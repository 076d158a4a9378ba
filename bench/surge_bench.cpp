// How good a brand's surge is on real volumes: ten brands of the Numenta Anomaly Benchmark, beside
// two simple detectors and a better one. Parameters are chosen by leaving one brand out: what is
// scored was never tuned on.
//
//   surge_bench [FOLDER]   ../shared/data/threads/nab-tweet-volume when left out
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "bench/figure.hpp"
#include "bench/nab.hpp"
#include "bench/nab_peers.hpp"
#include "monitor/thread/surge.hpp"

namespace {

using namespace brandwacht;
using namespace brandwacht::bench;

struct Variant {
  std::string words;  // its parameters
  std::function<Alarms(const NabSeries&)> detect;
};
struct Detector {
  std::string name, words;
  std::vector<Variant> variants;
};

// The product's. A row is a batch of events.
Alarms surge(const NabSeries& series, thread::SurgeSettings settings) {
  const Calendar calendar;
  thread::Baseline baseline(calendar, {});
  settings.min_joiners = settings.min_threads = 1;
  thread::Surge surge(settings);
  Alarms alarms;
  for (std::size_t i = 0; i < series.at.size(); ++i) {
    const Time now = series.at[i];
    const int mentions = static_cast<int>(series.value[i]);
    baseline.add(now, mentions);
    const auto decision = mentions > 0 ? surge.joined({1, 0, now, mentions}, baseline, now)
                                       : surge.tick(baseline, now);
    if (!decision) continue;
    if (decision->kind == thread::SurgeKind::open) alarms.push_back(i);
    baseline.freeze(decision->kind != thread::SurgeKind::end, now);
  }
  return alarms;
}

Detector shipped() {
  return {"surge",
          "the product; its defaults are the next line's plateau",
          {{"its defaults", [](const NabSeries& s) { return surge(s, {}); }}}};
}

Detector cusum() {
  Detector out{"surge_tuned", "the same", {}};
  for (const double factor : {2.0, 3.0, 5.0, 8.0})
    for (const double threshold : {5.0, 8.0, 12.0, 15.0, 18.0, 22.0, 27.0, 33.0, 40.0}) {
      thread::SurgeSettings settings;
      settings.factor = factor;
      settings.threshold = threshold;
      out.variants.push_back({fmt::format("factor {} threshold {}", factor, threshold),
                              [settings](const NabSeries& s) { return surge(s, settings); }});
    }
  return out;
}

Detector cusum_of_day() {
  Detector out{"day_cusum", "CUSUM against the mean of 24 hours", {}};
  for (const double factor : {2.0, 3.0, 5.0, 8.0})
    for (const double threshold : {5.0, 8.0, 12.0, 18.0, 27.0, 40.0})
      for (const std::size_t hours : {1, 2, 4, 12})
        out.variants.push_back(
            {fmt::format("factor {} threshold {} pause {} h", factor, threshold, hours),
             [factor, threshold, hours](const NabSeries& s) {
               return day_cusum(s, factor, threshold, hours * 12);
             }});
  return out;
}

Detector windowed_gaussian() {
  Detector out{"gaussian", "NAB's windowed Gaussian, each row an alarm", {}};
  for (double limit = 1.5; limit < 15; limit *= 1.12)
    out.variants.push_back({fmt::format("limit {:.2f}", limit),
                            [limit](const NabSeries& s) { return gaussian(s, limit, false, 0); }});
  return out;
}

Detector gaussian_onset() {
  Detector out{"gaussian_onset", "the same, an alarm at each onset", {}};
  for (double limit = 1.5; limit < 15; limit *= 1.12)
    for (const std::size_t hours : {1, 4, 12, 24})
      out.variants.push_back(
          {fmt::format("limit {:.2f} pause {} h", limit, hours),
           [limit, hours](const NabSeries& s) { return gaussian(s, limit, true, hours * 12); }});
  return out;
}

Detector simple_threshold() {
  Detector out{"threshold", "this hour against the mean of 24 hours", {}};
  for (double times = 1.3; times < 12; times *= 1.15)
    for (const std::size_t hours : {1, 4, 12, 24})
      out.variants.push_back(
          {fmt::format("{:.2f} times pause {} h", times, hours),
           [times, hours](const NabSeries& s) { return against_day(s, times, hours * 12); }});
  return out;
}

struct Result {
  double left_out = 0;  // normalised, each brand with what the others chose
  double best = 0;      // with the best parameters for all, as NAB publishes
  std::string words;
  double alarms_per_week = 0;
  std::size_t found = 0;  // windows with an alarm, left out
};

Result judge(const Detector& detector, const std::vector<NabSeries>& all) {
  std::size_t windows = 0;
  for (const auto& series : all)
    windows += series.windows.size();
  const std::size_t n = detector.variants.size();
  std::vector<std::vector<double>> raw(n, std::vector<double>(all.size()));
  std::vector<std::vector<Alarms>> alarms(n, std::vector<Alarms>(all.size()));
  std::vector<double> sum(n);
  for (std::size_t v = 0; v < n; ++v)
    for (std::size_t s = 0; s < all.size(); ++s) {
      alarms[v][s] = detector.variants[v].detect(all[s]);
      raw[v][s] = nab_raw(all[s], alarms[v][s]);
      sum[v] += raw[v][s];
    }
  Result out;
  const auto best_without = [&](std::size_t left_out) {
    std::size_t best = 0;
    double most = -1e9;
    for (std::size_t v = 0; v < n; ++v) {
      const double score = sum[v] - (left_out < all.size() ? raw[v][left_out] : 0);
      if (score > most) most = score, best = v;
    }
    return best;
  };
  double total = 0, weeks = 0;
  std::size_t said = 0;
  for (std::size_t s = 0; s < all.size(); ++s) {
    const std::size_t v = best_without(s);
    total += raw[v][s];
    const auto from = std::ranges::lower_bound(alarms[v][s], nab_first_scored(all[s]));
    said += static_cast<std::size_t>(alarms[v][s].end() - from);
    weeks += static_cast<double>(all[s].at.size() - nab_first_scored(all[s])) / 2016;
    for (const auto& window : all[s].windows)
      out.found += std::any_of(from, alarms[v][s].end(), [&](std::size_t at) {
        return at >= window.first && at <= window.last;
      });
  }
  const std::size_t best = best_without(all.size());
  out.left_out = nab_normalised(total, windows);
  out.best = nab_normalised(sum[best], windows);
  out.words = detector.variants[best].words;
  out.alarms_per_week = static_cast<double>(said) / weeks;
  return out;
}

void check(const std::vector<NabSeries>& all) {
  std::size_t windows = 0;
  double nothing = 0, perfect = 0;
  for (const auto& series : all) {
    windows += series.windows.size();
    nothing += nab_raw(series, {});
    Alarms beginnings;
    for (const auto& window : series.windows)
      beginnings.push_back(window.first);
    perfect += nab_raw(series, beginnings);
  }
  require(windows == 33, "the ten brands have 33 labelled windows");
  require(std::abs(nab_normalised(nothing, windows)) < 1e-9, "no alarm scores 0");
  require(std::abs(nab_normalised(perfect, windows) - 100) < 1e-9, "the beginnings score 100");
}

}  // namespace

int main(int argc, char** argv) {
  const std::filesystem::path folder =
      argc > 1 ? argv[1] : "../shared/data/threads/nab-tweet-volume";
  const auto all = read_nab(folder);
  if (all.empty()) {
    fmt::print("skipped: surge_bench, no NAB tweet volumes in {}\n", folder.string());
    return 0;
  }
  check(all);
  fmt::print("{:<16} {:>9} {:>9} {:>7} {:>12}  best for all ten\n", "NAB, 10 brands", "left out",
             "best", "found", "alarms/week");
  for (const Detector& detector : {shipped(), cusum(), cusum_of_day(), windowed_gaussian(),
                                   gaussian_onset(), simple_threshold()}) {
    const Result result = judge(detector, all);
    fmt::print("{:<16} {:>9.1f} {:>9.1f} {:>4}/33 {:>12.1f}  {}: {}\n", detector.name,
               result.left_out, result.best, result.found, result.alarms_per_week, detector.words,
               result.words);
    figure("nab_" + detector.name, result.left_out, "score");
    if (detector.variants.size() > 1)
      figure("nab_" + detector.name + "_best", result.best, "score");
  }
}
