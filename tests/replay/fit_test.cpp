// Learning a model from invented streams whose truth is known.
#include "monitor/replay/fit.hpp"

#include <cmath>
#include <random>

#include "bench/detect/watch.hpp"
#include "monitor/replay/cascade_fit.hpp"
#include "monitor/replay/ridge.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::replay {
namespace {

struct Played {
  Played(std::uint64_t seed, int weeks) : recorded(bench::record(seed, weeks, 0)) {}

  Pass pass() const {
    return [this](const std::shared_ptr<const thread::Model>& model, const CriticHook& hook) {
      bench::watch(recorded, recorded.end, model, [&](const bench::Look& look) {
        if (look.belief != nullptr)
          hook(look.observed.thread, *look.belief, look.event.received_at);
      });
    };
  }
  FitSettings settings() const {
    FitSettings out;
    out.from = recorded.begin;
    out.to = recorded.end;
    out.scorer_version = 7;
    return out;
  }

  bench::Recorded recorded;
};

const HorizonFit& page_of(const FitResult& result) {
  return result.horizons[static_cast<std::size_t>(thread::Horizon::page)];
}

bool same(const thread::Model& a, const thread::Model& b) {
  bool out = a.kernel == b.kernel && a.prior.shape == b.prior.shape &&
             a.prior.rate == b.prior.rate && a.root_mark == b.root_mark &&
             a.profile.activity() == b.profile.activity();
  for (std::size_t i = 0; i < thread::kHorizons; ++i)
    out = out && a.calibration[i].intercept == b.calibration[i].intercept &&
          a.calibration[i].weight == b.calibration[i].weight &&
          a.calibration[i].isotonic == b.calibration[i].isotonic;
  return out;
}

}  // namespace

TEST_CASE("logistic weights are found again, and a forbidden sign becomes 0") {
  std::mt19937 random(1);
  std::normal_distribution<double> normal;
  std::vector<Case> cases;
  for (int i = 0; i < 20'000; ++i) {
    const std::vector<double> x{normal(random), 10 * normal(random), normal(random)};
    const double p = 1 / (1 + std::exp(-(0.5 + 1.5 * x[0] - 0.1 * x[1])));
    cases.push_back({x, std::uniform_real_distribution<>(0, 1)(random) < p});
  }
  const Logistic free = fit_logistic(cases, 1);
  CHECK(free.intercept == Approx(0.5).margin(0.08));
  CHECK(free.weight[0] == Approx(1.5).margin(0.1));
  CHECK(free.weight[1] == Approx(-0.1).margin(0.01));
  CHECK(free.weight[2] == Approx(0).margin(0.06));
  const std::vector<int> signs{1, 1, 0};
  const Logistic bound = fit_logistic(cases, 1, signs);
  CHECK(bound.weight[0] > 1);
  CHECK(bound.weight[1] == 0);
}

TEST_CASE("a feature that only rounding moves gets no weight") {
  std::vector<Case> cases;
  for (int i = 0; i < 2000; ++i)
    cases.push_back({{i % 2 == 0 ? 0.01 : 0.01 + 1e-9, i % 3 == 0 ? 1.0 : 0.0}, i % 2 == 0});
  const Logistic fitted = fit_logistic(cases, 1);
  CHECK(fitted.weight[0] == 0);
  CHECK(std::abs(fitted.intercept) < 1);
}

TEST_CASE("the isotonic map rises, and turns what was said into what happens") {
  std::mt19937 random(2);
  std::uniform_real_distribution<> uniform(0, 1);
  std::vector<std::pair<double, bool>> said;
  for (int i = 0; i < 20'000; ++i) {
    const double p = uniform(random);
    said.emplace_back(p, uniform(random) < p * p);  // said too much
  }
  thread::Calibration straight;
  straight.isotonic = fit_isotonic(said);
  for (std::size_t i = 1; i < straight.isotonic.size(); ++i) {
    CHECK(straight.isotonic[i].first > straight.isotonic[i - 1].first);
    CHECK(straight.isotonic[i].second >= straight.isotonic[i - 1].second);
  }
  for (const double p : {0.1, 0.3, 0.5, 0.7, 0.9}) {
    straight.intercept = std::log(p / (1 - p));
    CHECK(straight.probability({}) == Approx(p * p).margin(0.04));
  }
}

TEST_CASE("rows stand at each doubling and half of one") {
  std::vector<int> rows;
  for (int joiners = 0; joiners <= 64; ++joiners)
    if (is_row(joiners)) rows.push_back(joiners);
  CHECK(rows == std::vector<int>{3, 4, 6, 8, 12, 16, 24, 32, 48, 64});
}

TEST_CASE("the week's activity is found in the joiners' times") {
  const Played played(3, 60);
  std::vector<ThreadHistory> histories(1);
  std::array<double, 24> truth{};
  for (const bench::Event& event : played.recorded.events) {
    if (event.cause != bench::Cause::ordinary) continue;
    const auto at = thread::to_second(event.created_at);
    histories[0].joins.push_back(at);
    truth[thread::Profile::bin(at) % 24] += 1;
  }
  const auto profile = fit_profile(histories);
  double sum = 0;
  for (const double hour : truth)
    sum += hour / 24;
  for (std::size_t hour = 0; hour < 24; ++hour) {
    double mean = 0;
    for (std::size_t day = 0; day < 7; ++day)
      mean += profile.activity()[day * 24 + hour] / 7;
    CHECK(mean == Approx(std::max(truth[hour] / sum, 0.05)).epsilon(0.2).margin(0.05));
  }
  histories[0].joins.resize(100);
  CHECK(fit_profile(histories).activity() == thread::Profile().activity());
}

TEST_CASE("a fitted model ranks well, beats the base rate and is reliable on a later block") {
  const Played played(4, 120);
  const auto result = fit(played.pass(), played.settings());
  REQUIRE(page_of(result).fitted);
  CHECK(result.model.calibrated);
  CHECK(result.model.scorer_version == 7);
  CHECK(page_of(result).auc > 0.85);
  CHECK(page_of(result).brier < 0.65 * page_of(result).base_brier);
  CHECK(page_of(result).log_loss < 0.75 * page_of(result).base_log_loss);
  // 0.05 a tenth, and twice what chance alone makes of about a hundred rows.
  for (const Decile& decile : page_of(result).reliability)
    CHECK(decile.gap() < 0.05 + 2 * decile.chance());
  for (std::size_t j = 0; j < thread::kFeatures; ++j)
    CHECK(thread::allowed_sign(static_cast<thread::Feature>(j)) *
              result.model.calibration[1].weight[j] >=
          0);
}

TEST_CASE(
    "the same recording gives the same model, and what comes after its span changes nothing") {
  const Played played(5, 80);
  auto settings = played.settings();
  settings.to = settings.from + std::chrono::hours{168 * 60};
  const auto whole = fit(played.pass(), settings);
  const Pass cut = [&](const std::shared_ptr<const thread::Model>& model, const CriticHook& hook) {
    played.pass()(model, [&](std::uint64_t thread, const thread::Belief& belief, Time at) {
      if (at < settings.to) hook(thread, belief, at);
    });
  };
  CHECK(same(fit(cut, settings).model, whole.model));
  CHECK(same(fit(played.pass(), settings).model, whole.model));
  CHECK(whole.model.calibrated);
}

TEST_CASE("with fewer than twenty threads that grew the fit is refused in words") {
  const Played played(6, 3);
  const auto result = fit(played.pass(), played.settings());
  CHECK_FALSE(page_of(result).fitted);
  CHECK(page_of(result).refused.find("it takes 20 to fit") != std::string::npos);
  CHECK_FALSE(result.model.calibrated);
  CHECK(same(result.model, thread::default_model()));
  const Pass nothing = [](const auto&, const CriticHook&) {};
  CHECK_FALSE(fit(nothing, {}).model.calibrated);
}

}  // namespace brandwacht::replay
