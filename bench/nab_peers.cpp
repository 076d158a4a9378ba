#include "bench/nab_peers.hpp"

#include <algorithm>
#include <cmath>
#include <deque>

namespace brandwacht::bench {
namespace {

// One alarm at the first row that is over, and none until no row was over for `pause` rows.
class Onsets {
 public:
  explicit Onsets(std::size_t pause) : pause_(pause) {}
  void row(std::size_t at, bool over) {
    if (!over) return;
    if (!any_ || at - last_ > pause_) alarms_.push_back(at);
    any_ = true;
    last_ = at;
  }
  Alarms take() { return std::move(alarms_); }

 private:
  std::size_t pause_, last_ = 0;
  bool any_ = false;
  Alarms alarms_;
};

// Mean and standard deviation of the last `size` values, in constant time.
class Window {
 public:
  explicit Window(std::size_t size) : size_(size) {}
  void add(double value) {
    values_.push_back(value);
    sum_ += value, squares_ += value * value;
    if (values_.size() <= size_) return;
    sum_ -= values_.front(), squares_ -= values_.front() * values_.front();
    values_.pop_front();
  }
  bool empty() const { return values_.empty(); }
  double mean() const { return sum_ / static_cast<double>(values_.size()); }
  double deviation() const {
    const double mean_of = mean();
    return std::sqrt(
        std::max(1e-12, squares_ / static_cast<double>(values_.size()) - mean_of * mean_of));
  }

 private:
  std::size_t size_;
  std::deque<double> values_;
  double sum_ = 0, squares_ = 0;
};

}  // namespace

Alarms gaussian(const NabSeries& series, double limit, bool high_only, std::size_t pause) {
  Window window(1'000);
  Onsets onsets(pause);
  for (std::size_t i = 0; i < series.value.size(); ++i) {
    if (!window.empty()) {
      const double z = (series.value[i] - window.mean()) / window.deviation();
      onsets.row(i, (high_only ? z : std::abs(z)) > limit);
    }
    window.add(series.value[i]);
  }
  return onsets.take();
}

Alarms against_day(const NabSeries& series, double times, std::size_t pause) {
  Window day(288), hour(12);
  Onsets onsets(pause);
  for (std::size_t i = 0; i < series.value.size(); ++i) {
    hour.add(series.value[i]);
    if (!day.empty()) onsets.row(i, hour.mean() > times * std::max(day.mean(), 0.1));
    day.add(series.value[i]);
  }
  return onsets.take();
}

Alarms day_cusum(const NabSeries& series, double factor, double threshold, std::size_t pause) {
  Window day(288), window(1'000);
  Onsets onsets(pause);
  double score = 0;
  for (std::size_t i = 0; i < series.value.size(); ++i) {
    if (!day.empty()) {
      const double mean = std::max(day.mean(), 0.01);
      const double dispersion = std::max(1.0, window.deviation() * window.deviation() / mean);
      score += (series.value[i] * std::log(factor) - (factor - 1) * mean) / dispersion;
      score = std::clamp(score, 0.0, threshold * 1.25);
    }
    onsets.row(i, score >= threshold);
    day.add(series.value[i]);
    window.add(series.value[i]);
  }
  return onsets.take();
}

}  // namespace brandwacht::bench
