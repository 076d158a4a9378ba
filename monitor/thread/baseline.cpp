#include "monitor/thread/baseline.hpp"

#include <algorithm>
#include <cmath>

namespace brandwacht::thread {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using Mean = BaselineState::Mean;

// When people write, by the hour on the wall; mean 1. Only for the first days: the brand's own
// hours outweigh it soon. Nights are quieter in truth; but a brand whose nights are not would have
// a surge in each of its first ones.
constexpr std::array<double, 24> kDay = [] {
  std::array<double, 24> day{.40, .30,  .30, .30, .30,  .30, .35, .70, 1.1,  1.3, 1.4, 1.4,
                             1.4, 1.35, 1.3, 1.3, 1.35, 1.4, 1.4, 1.5, 1.55, 1.5, 1.2, .75};
  double sum = 0;
  for (const double hour : day)
    sum += hour;
  for (double& hour : day)
    hour *= 24 / sum;
  return day;
}();

// How far an hour may lie from what it is shrunk towards, as a share (coefficient of variation):
// a kind of day at an hour from people's day, and one weekday from its kind.
constexpr double kDayVaries = 0.8, kBinVaries = 0.25;

// The prior of the dispersion and the counts that it stands for.
constexpr double kDispersion = 2, kDispersionCounts = 30, kMostDispersion = 100;

constexpr std::uint8_t kMostSkipped = 2;

constexpr double kMostJoiners = 1e9;  // in one call
constexpr Duration kLongStep = days{7}, kLongestSpan = days{28};

// A gamma prior around `towards` with a coefficient of variation of `varies` weighs as much as so
// many hours of counts with that dispersion.
double shrunk(const Mean& mean, double towards, double varies, double dispersion) noexcept {
  const double worth = std::clamp(dispersion / (varies * varies * towards), 0.2, 1000.0);
  return (worth * towards + mean.sum) / (worth + mean.weight);
}

void add_hour(Mean& mean, double count, double weight, double left) noexcept {
  mean.sum = mean.sum * left + count;
  mean.weight = mean.weight * left + weight;
}

}  // namespace

Baseline::Baseline(const Calendar& calendar, BaselineSettings settings)
    : calendar_(&calendar), settings_(std::move(settings)) {
  const double weeks = std::max(settings_.half_life, 0.1);
  const auto left = [weeks](double a_week) { return std::exp2(-1 / (weeks * a_week)); };
  weekly_ = left(1);
  daily_[0] = left(5);
  daily_[1] = daily_[2] = left(1);
  hourly_ = left(168);
}

double Baseline::level() const noexcept {
  const bool given = settings_.level > 0;
  const double prior = given ? settings_.level : 1, weight = given ? 24 : 1;
  return std::max((prior * weight + state_.level.sum) / (weight + state_.level.weight), kLeastRate);
}

double Baseline::dispersion() const noexcept {
  return std::clamp(
      (kDispersion * kDispersionCounts + state_.squares) / (kDispersionCounts + state_.means), 1.0,
      kMostDispersion);
}

double Baseline::day_rate(DayType type, int hour) const noexcept {
  const auto at = static_cast<std::size_t>(hour);
  const double towards = level() * kDay[at];
  return shrunk(state_.days[static_cast<std::size_t>(type)][at], towards, kDayVaries, dispersion());
}

double Baseline::bin_rate(const Calendar::Hour& hour) const noexcept {
  const double towards = day_rate(hour.type, hour.hour);
  const Mean& bin = state_.bins[static_cast<std::size_t>(hour.bin)];
  return std::max(shrunk(bin, towards, kBinVaries, dispersion()), kLeastRate);
}

Expectation Baseline::compute(Time time) const {
  const Calendar::Hour hour = calendar_->hour(time);
  Expectation out;
  out.rate = bin_rate(hour);
  if (state_.observed < settings_.young / hours{1}) out.rate = std::max(out.rate, level());
  out.dispersion = dispersion();
  out.known = settings_.level > 0 || state_.observed >= settings_.learn_first / hours{1};
  out.until = hour.end;
  for (const Campaign& campaign : settings_.campaigns) {
    if (time < campaign.from) {
      out.until = std::min(out.until, campaign.from);
    } else if (time < campaign.to) {
      out.until = std::min(out.until, campaign.to);
      out.rate *= std::max(campaign.factor, 1.0);
      out.campaign = true;
    }
  }
  return out;
}

Expectation Baseline::expect(Time time) const {
  if (time < current_from_ || time >= current_.until) {
    current_ = compute(time);
    current_from_ = time;
  }
  return current_;
}

double Baseline::expected(Time from, Time to) const {
  from = in_calendar(from), to = in_calendar(to);
  if (to <= from) return 0;
  if (from < to - kLongestSpan) from = to - kLongestSpan;
  double sum = 0;
  for (Time at = from; at < to;) {
    const Expectation now = compute(at);
    const Time end = std::min(to, now.until);
    if (end <= at) break;  // at the end of what a calendar knows
    sum += now.rate * (end - at) / std::chrono::duration<double, std::ratio<3600>>(1);
    at = end;
  }
  return sum;
}

double Baseline::activity(Time time) const {
  return bin_rate(calendar_->hour(time)) / level();
}

void Baseline::open_hour(Time now) {
  const Calendar::Hour hour = calendar_->hour(now);
  state_.hour_begin = hour.begin;
  state_.hour_end = hour.end;
  state_.count = 0;
  state_.spoiled = now > hour.begin + minutes{1};
  state_.chilled = state_.frozen;
}

// One whole hour was seen.
void Baseline::learn() {
  const Expectation before = compute(state_.hour_begin);
  const Expectation after = compute(state_.hour_end - Duration{1});
  if (state_.spoiled || before.campaign || after.campaign) return;
  const Calendar::Hour hour = calendar_->hour(state_.hour_begin);
  std::uint8_t& skipped = state_.skipped[static_cast<std::size_t>(hour.bin)];
  if (state_.chilled && ++skipped <= kMostSkipped) return;
  skipped = 0;
  const double learnt = state_.observed, deviation = std::sqrt(before.dispersion * before.rate);
  double most = before.rate + settings_.winsor * std::max(deviation, 1.0);
  // The expectation of the first day is a guess, and no measure of what may be believed.
  if (learnt < 24 && settings_.level <= 0) most = std::max(most, 10 + 4 * before.rate);
  const bool first = learnt < settings_.learn_first / hours{1} && settings_.level <= 0;
  const double count = first ? state_.count : std::min(state_.count, most);

  const auto at = static_cast<std::size_t>(hour.hour);
  const auto type = static_cast<std::size_t>(hour.type);
  if (!first) {  // what is badly known yet counts as bursty, and is believed the less
    state_.squares = state_.squares * hourly_ + (count - before.rate) * (count - before.rate);
    state_.means = state_.means * hourly_ + before.rate;
  }
  add_hour(state_.bins[static_cast<std::size_t>(hour.bin)], count, 1, weekly_);
  add_hour(state_.days[type][at], count, 1, daily_[type]);
  add_hour(state_.level, count, kDay[at], hourly_);
  state_.observed += 1;
}

void Baseline::advance(Time now) {
  now = in_calendar(now);
  if (state_.hour_begin == Time{}) return open_hour(now);
  if (now < state_.hour_end) return;
  if (now - state_.hour_end > kLongStep) return gap(now);
  while (now >= state_.hour_end) {
    learn();
    const Time end = state_.hour_end;
    open_hour(end);
    if (state_.hour_end <= end) return open_hour(now);  // beyond what a calendar knows
  }
  current_.until = Time{};  // computed anew from what was learnt
  if (state_.frozen && now - state_.frozen_since > settings_.longest_freeze) state_.frozen = false;
}

void Baseline::gap(Time now) {
  now = in_calendar(now);
  if (state_.hour_begin != Time{} && now < state_.hour_begin) return;
  open_hour(now);
  state_.spoiled = true;
  current_.until = Time{};
}

void Baseline::add(Time now, double joiners) {
  advance(now);
  if (std::isfinite(joiners) && joiners > 0) state_.count += std::min(joiners, kMostJoiners);
}

void Baseline::freeze(bool incident_open, Time now) {
  now = in_calendar(now);
  advance(now);
  if (!incident_open) {
    state_.frozen = false;
    state_.frozen_since = Time{};
    return;
  }
  if (state_.frozen_since != Time{}) return;  // also when it has lasted too long to count
  state_.frozen = true;
  state_.frozen_since = now;
  state_.chilled = true;
}

void Baseline::restore(const BaselineState& state) noexcept {
  state_ = state;
  current_.until = Time{};
}

}  // namespace brandwacht::thread
