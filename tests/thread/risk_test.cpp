#include <cmath>
#include <random>

#include "bench/detect/counts.hpp"
#include "monitor/thread/model.hpp"
#include "monitor/thread/share.hpp"
#include "tests/support/catch.hpp"

using namespace brandwacht::thread;
using brandwacht::bench::count_risk;

namespace {

Belief critics(int joiners, int window, int recent, int before) {
  Belief belief;
  belief.joiners = joiners;
  belief.joiners_window = window;
  belief.joiners_recent = recent;
  belief.joiners_before = before;
  belief.participants = joiners + 1;
  belief.share = negative_share(joiners, joiners + 1, 0.8, 0.9).value;
  return belief;
}

double risk(int joiners, int window, int recent, int before) {
  return count_risk(critics(joiners, window, recent, before));
}

double low(int joiners, int participants) {
  return negative_share(joiners, participants, 0.8, 0.9).low;
}

}  // namespace

TEST_CASE("ten critics in ten minutes are a coin's toss or worse") {
  CHECK(risk(10, 10, 10, 0) >= 0.5);
}

TEST_CASE("five critics in five minutes are worth a look, not a page") {
  CHECK(risk(5, 5, 5, 0) >= 0.35);
  CHECK(risk(5, 5, 5, 0) < 0.5);
}

TEST_CASE("critics spread over hours are no pile-on") {
  CHECK(risk(10, 1, 0, 0) < 0.15);
  CHECK(risk(10, 1, 1, 0) < 0.15);
  CHECK(risk(6, 3, 1, 0) < 0.5);
  CHECK(risk(6, 4, 2, 0) < 0.5);
}

TEST_CASE("a quarrel of two is no risk, however fast") {
  for (int joiners = 0; joiners <= 2; ++joiners)
    for (int window = 0; window <= joiners; ++window)
      for (int recent = 0; recent <= window; ++recent)
        for (int before = 0; before + recent <= window; ++before)
          CHECK(risk(joiners, window, recent, before) <= 0.1);
}

TEST_CASE("a steady pile-on is a risk without acceleration") {
  CHECK(risk(20, 20, 3, 3) >= 0.6);
  CHECK(risk(20, 20, 3, 4) >= 0.6);
  CHECK(risk(30, 30, 10, 10) >= 0.8);
}

TEST_CASE("a hundred more takes about three times what thirty more takes") {
  for (const auto& [joiners, recent, before] : {std::tuple{10, 10, 0}, {20, 4, 3}, {30, 10, 10}}) {
    const Belief once = critics(joiners, joiners, recent, before);
    const Belief thrice =
        critics(joiners * 10 / 3, joiners * 10 / 3, recent * 10 / 3, before * 10 / 3);
    CHECK(count_risk(once, 100) < count_risk(once, 30));
    CHECK(count_risk(thrice, 100) == Approx(count_risk(once, 30)).margin(0.03));
  }
}

TEST_CASE("more critics never lower the risk") {
  for (int joiners = 0; joiners < 200; ++joiners) {
    CHECK(risk(joiners + 1, joiners + 1, 5, 5) >= risk(joiners, joiners, 5, 5));
    CHECK(count_risk(critics(joiners, joiners, 0, 0), 100) <=
          count_risk(critics(joiners, joiners, 0, 0), 30));
  }
  CHECK(risk(2'000'000'000, 2'000'000'000, 2'000'000'000, 0) <= 1);
}

TEST_CASE("the contributions add up to the log odds, largest first") {
  std::mt19937 random(1);
  const Model model = default_model();
  for (int i = 0; i < 200; ++i) {
    Features features;
    for (float& x : features)
      x = static_cast<float>(random() % 1000) / 200.0F;
    for (const Calibration& calibration : model.calibration) {
      double sum = calibration.intercept, last = 1e9;
      for (std::size_t j = 0; j < kFeatures; ++j)
        sum += calibration.weight[j] * calibration.typical[j];
      for (const auto& [feature, weight] : contributions(calibration, features)) {
        CHECK(std::abs(weight) <= last);
        last = std::abs(weight);
        sum += weight;
      }
      CHECK(sum == Approx(calibration.log_odds(features)).margin(1e-6));
    }
  }
}

TEST_CASE("the false critics of a happy crowd carry no risk") {
  Belief belief = critics(30, 30, 10, 5);
  belief.participants = 300;
  belief.share = negative_share(30, 300, 0.8, 0.9).value;
  CHECK(count_risk(belief) < 0.01);
  CHECK(belief.share == Approx(0).margin(1e-12));
}

TEST_CASE("a happy crowd never passes the share gate") {
  for (int participants = 20; participants <= 5000; ++participants)
    CHECK(low(participants / 10, participants) < 0.5);
  CHECK(low(60, 300) < 0.5);  // twice the false critics that specificity 0.9 gives
}

TEST_CASE("a pile-on passes the share gate") {
  CHECK(low(10, 10) >= 0.5);
  CHECK(low(8, 9) >= 0.5);
  CHECK(low(5, 5) >= 0.5);
}

TEST_CASE("the share gate is what its header says") {
  const std::pair<int, int> most[] = {{5, 7},   {6, 9},   {7, 10},  {8, 12}, {9, 14},
                                      {10, 16}, {15, 26}, {20, 35}, {30, 56}};
  for (const auto& [joiners, participants] : most) {
    CHECK(low(joiners, participants) >= 0.5);
    CHECK(low(joiners, participants + 1) < 0.5);
  }
}

TEST_CASE("the share is corrected for the scorer's errors and stays a share") {
  CHECK(negative_share(10, 20, 0.8, 0.9).value == Approx((0.5 - 0.1) / 0.7));
  CHECK(negative_share(10, 20, 1, 1).value == Approx(0.5));
  CHECK(negative_share(0, 0, 0.8, 0.9).value == 0);
  for (int participants = 1; participants < 60; ++participants) {
    for (int joiners = 0; joiners <= participants; ++joiners) {
      const Share share = negative_share(joiners, participants, 0.8, 0.9);
      CHECK(share.low >= 0);
      CHECK(share.low <= share.value);
      CHECK(share.value <= 1);
    }
  }
}
