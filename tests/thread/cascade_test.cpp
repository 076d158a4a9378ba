// The exact state of a thread: order, repetition and retraction are equalities.
#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "monitor/thread/cascade.hpp"
#include "tests/support/catch.hpp"

using namespace brandwacht::thread;

namespace {

const Kernel kKernel = Kernel::seismic();

// The state by its definition: sums over joiners, the exposure by integrating the kernel.
Cascade by_definition(const std::vector<double>& joins, double root, double now) {
  Cascade out;
  out.tau = now;
  const auto add = [&](double at, double count) {
    const double age = now - at;
    out.joins += count * std::exp(-kKernel.delta * age);
    const int steps = 20'000;
    for (std::size_t k = 0; k < kModes; ++k)
      out.due[k] += std::exp(-kKernel.beta[k] * age);
    for (int i = 0; i < steps; ++i) {
      const double s = age * (i + 0.5) / steps;
      out.exposed += kKernel.density(s) * std::exp(-kKernel.delta * (age - s)) * age / steps;
    }
  };
  for (const double at : joins)
    add(at, 1);
  add(root, 0);
  return out;
}

void check_same(const Cascade& is, const Cascade& should, double margin) {
  CHECK(is.tau == Approx(should.tau).margin(margin));
  CHECK(is.joins == Approx(should.joins).margin(margin));
  CHECK(is.exposed == Approx(should.exposed).margin(margin));
  for (std::size_t k = 0; k < kModes; ++k)
    CHECK(is.due[k] == Approx(should.due[k]).margin(margin));
}

std::vector<double> times(unsigned seed, int count) {
  std::mt19937 random(seed);
  std::vector<double> out;
  for (int i = 0; i < count; ++i)
    out.push_back(static_cast<double>(random() % 100'000) / 10'000.0);
  return out;
}

}  // namespace

TEST_CASE("the kernel is a density and its distribution is that of SEISMIC") {
  double sum = 0;
  for (const double weight : kKernel.weight)
    sum += weight;
  CHECK(sum == Approx(1).margin(1e-12));
  CHECK(kKernel.until(0) == Approx(0).margin(1e-12));
  CHECK(kKernel.until(1e4) == Approx(1).margin(1e-9));
  double integral = 0;
  for (int i = 0; i < 100'000; ++i)
    integral += kKernel.density((i + 0.5) / 1000) / 1000;
  CHECK(integral == Approx(kKernel.until(100)).margin(1e-5));
  // Zhao et al. 2015: 6.27e-4 per second for 5 min, then a power law with exponent 0.242.
  const auto seismic = [](double hours) {
    const double c = 6.27e-4, s0 = 300, theta = 0.242, s = hours * 3600;
    if (s <= s0) return c * s;
    return c * s0 + c * s0 / theta * (1 - std::pow(s / s0, -theta));
  };
  double worst = 0;
  for (const double hours : {0.02, 0.05, 0.1, 0.3, 1.0, 3.0, 8.0, 24.0}) {
    // Four exponentials end; the power law's tail beyond two days is left out of both.
    worst = std::max(worst, std::abs(kKernel.until(hours) - seismic(hours) / seismic(48)));
  }
  CHECK(worst < 0.05);
}

TEST_CASE("a beta that equals delta divides nothing by zero") {
  const Kernel kernel = Kernel::of({1, 1, 1, 1}, {0.1, 0.5, 2, 8 * 0.6931471805599453}, 1.0 / 8);
  Cascade state;
  state.join(0, 1, kernel);
  state.advance(5, kernel);
  CHECK(std::isfinite(state.exposed));
}

TEST_CASE("the state is what its definition says") {
  const auto joins = times(1, 20);
  Cascade state;
  state.root(0.5, 1, kKernel);
  for (const double at : joins)
    state.join(at, 1, kKernel);
  state.advance(12, kKernel);
  check_same(state, by_definition(joins, 0.5, 12), 1e-4);
}

TEST_CASE("any order of arrival gives the same state within 1e-9") {
  for (unsigned seed = 1; seed <= 50; ++seed) {
    auto joins = times(seed, 300);
    Cascade first;
    for (const double at : joins)
      first.join(at, 1, kKernel);
    std::shuffle(joins.begin(), joins.end(), std::mt19937(seed));
    Cascade second;
    for (const double at : joins)
      second.join(at, 1, kKernel);
    first.advance(11, kKernel);
    second.advance(11, kKernel);
    check_same(second, first, 1e-9);
  }
}

TEST_CASE("retract is the inverse of join, whenever it comes") {
  auto joins = times(7, 100);
  Cascade with, without;
  for (const double at : joins) {
    with.join(at, 1, kKernel);
    without.join(at, 1, kKernel);
  }
  with.join(3.3, 1, kKernel);
  with.advance(10.5, kKernel);
  with.retract(3.3, 1, kKernel);
  without.advance(10.5, kKernel);
  check_same(with, without, 1e-9);
}

TEST_CASE("a merged cascade is the one that saw both") {
  Cascade all, left, right;
  for (const double at : times(3, 50)) {
    all.join(at, 1, kKernel);
    left.join(at, 1, kKernel);
  }
  for (const double at : times(4, 50)) {
    all.join(at, 1, kKernel);
    right.join(at, 1, kKernel);
  }
  left.merge(right, kKernel);
  all.advance(10, kKernel);
  left.advance(10, kKernel);
  check_same(left, all, 1e-9);
  left.merge(Cascade{}, kKernel);
  check_same(left, all, 1e-9);
}

TEST_CASE("operational time runs with the week's activity and is an hour an hour on average") {
  std::array<double, Profile::kBins> activity{};
  for (std::size_t hour = 0; hour < activity.size(); ++hour)
    activity[hour] = hour % 24 < 7 ? 0.2 : 1.4;
  const Profile profile(activity);
  // 2026-03-02 is a Monday.
  const Second monday =
      to_second(std::chrono::sys_days{std::chrono::year{2026} / 3 / 2} + std::chrono::hours{0});
  CHECK(Profile::bin(monday) == 0);
  CHECK(Profile::bin(monday + 3600 * 30) == 30);
  CHECK(profile.tau(monday + 168 * 3600) - profile.tau(monday) == Approx(168).margin(1e-6));
  const double night = profile.tau(monday + 6 * 3600) - profile.tau(monday);
  const double day = profile.tau(monday + 15 * 3600) - profile.tau(monday + 9 * 3600);
  CHECK(day == Approx(7 * night).epsilon(1e-6));
  double last = profile.tau(monday - 1);
  for (Second at = monday; at < monday + 200'000; at += 601) {
    CHECK(profile.tau(at) > last);
    last = profile.tau(at);
  }
  // The night of the clock change is a night as any other in UTC.
  const Second change = to_second(std::chrono::sys_days{std::chrono::year{2026} / 10 / 25});
  CHECK(profile.tau(change + 6 * 3600) - profile.tau(change) == Approx(night).margin(1e-6));
}

TEST_CASE("an activity that says nothing is a flat week") {
  std::array<double, Profile::kBins> activity{};
  CHECK(Profile(activity).activity()[3] == 1);
  activity[5] = std::nan("");
  CHECK(Profile(activity).activity()[3] == 1);
  activity.fill(0);
  activity[100] = 168;
  CHECK(Profile(activity).activity()[3] > 0);
}
