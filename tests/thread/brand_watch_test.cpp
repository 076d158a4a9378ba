#include "monitor/thread/brand_watch.hpp"

#include "tests/support/catch.hpp"
#include "tests/thread/poisson.hpp"

using namespace brandwacht;
using namespace brandwacht::thread;
using namespace std::chrono_literals;

namespace {

constexpr Time kStart{std::chrono::seconds{1'767'571'200}};  // 2026-01-05T00:00:00Z, a Monday

BrandLevelSettings at_level(double level) {
  BrandLevelSettings settings;
  settings.calendar.zone = Zone::find("Europe/Amsterdam").value();
  settings.calendar.holidays.country = Country::nl;
  settings.baseline.level = level;
  return settings;
}

struct Desk {
  BrandWatch watch;
  Time now = kStart + 12h;
  Dice dice{8};
  std::uint64_t author = 0;
  std::vector<SurgeKind> said;

  explicit Desk(BrandLevelSettings settings)
      : watch(std::move(settings), {"Polderbank", "Wadnet"}) {}

  void note(const std::optional<SurgeDecision>& decision) {
    if (decision) said.push_back(decision->kind);
  }
  // A minute of joiners at `rate` an hour, over `threads` threads.
  void minute(double rate, int threads, std::uint32_t brand = 0) {
    now += 1min;
    for (int i = dice.poisson(rate / 60); i > 0; --i) {
      const auto thread = static_cast<std::uint64_t>(dice.uniform() * threads) + 1;
      note(watch.critic(brand, {thread, ++author * 0x9E3779B97F4A7C15, now, 1}, now));
    }
    for (const auto& each : watch.tick(now))
      note(each.decision);
  }
  void run(Duration span, double rate, int threads = 1'000) {
    for (const Time end = now + span; now < end;)
      minute(rate, threads);
  }
};

}  // namespace

TEST_CASE("weeks of calm say nothing, an outage over 40 threads pages once, and calm comes back") {
  Desk desk(at_level(0));  // learns for itself what is ordinary
  desk.run(4 * 168h, 3);
  CHECK(desk.said.empty());
  desk.run(3h, 60, 40);
  CHECK(desk.said == std::vector{SurgeKind::open});
  CHECK(desk.watch.surging(0));
  CHECK(desk.watch.report(0).threads.size() >= 35);
  CHECK_FALSE(desk.watch.surging(1));
  desk.run(48h, 3);
  CHECK(desk.said == std::vector{SurgeKind::open, SurgeKind::end});
}

TEST_CASE("the first weeks of a brand whose nights are as busy as its days say nothing") {
  for (const double rate : {0.5, 10.0}) {
    Desk desk(at_level(0));
    desk.run(2 * 168h, rate);
    CHECK(desk.said.empty());
  }
}

TEST_CASE("pitfall 15: an outage does not change what is ordinary") {
  Desk desk(at_level(0)), calm(at_level(0));
  desk.run(4 * 168h, 3);
  calm.run(4 * 168h, 3);
  desk.run(6h, 60, 40);
  const Time next = desk.now + 168h - 3h;
  CHECK(desk.watch.expect(0, next).rate < 1.3 * calm.watch.expect(0, next).rate);
}

TEST_CASE("a surge attaches to the incident that was told, and stays silent otherwise") {
  Desk desk(at_level(3));
  desk.watch.told(0, 77, desk.now);
  desk.run(3h, 60, 40);
  CHECK(desk.said == std::vector{SurgeKind::attach});
  desk.watch.over(0, 77, desk.now);
  CHECK(desk.watch.state(0).baseline.frozen);  // the surge is still open
  desk.run(48h, 3);
  CHECK(desk.said == std::vector{SurgeKind::attach, SurgeKind::end});
  CHECK_FALSE(desk.watch.state(0).baseline.frozen);
}

TEST_CASE("with surges switched off the baseline is still learnt") {
  BrandLevelSettings settings = at_level(0);
  settings.surges = false;
  Desk desk(settings);
  desk.run(168h, 3);
  desk.run(3h, 100, 40);
  CHECK(desk.said.empty());
  CHECK(desk.watch.expect(0, desk.now).known);
}

TEST_CASE("pitfall 11: what a source brings after a gap is no surge") {
  Desk desk(at_level(3));
  desk.run(24h, 3);
  desk.now += 10h;
  desk.watch.gap(desk.now);
  for (int i = 0; i < 500; ++i) {
    const Time written = desk.now - 31min - i * 1min;
    desk.note(desk.watch.critic(0, {static_cast<std::uint64_t>(i), ++desk.author << 32, written, 1},
                                desk.now));
  }
  CHECK(desk.said.empty());
}

TEST_CASE("brands that are not there, and incidents without end, are borne") {
  Desk desk(at_level(3));
  CHECK_FALSE(desk.watch.critic(9, {1, 1, desk.now, 1}, desk.now));
  CHECK_FALSE(desk.watch.surging(9));
  CHECK(desk.watch.activity(9, desk.now) == 1);
  for (std::uint64_t i = 1; i < 1'000; ++i)
    desk.watch.told(0, i, desk.now);
  CHECK(desk.watch.state(0).incidents == BrandState::kIncidents);
}

TEST_CASE("whatever comes, openings and ends take turns and the numbers stay numbers") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    BrandLevelSettings settings = at_level(seed % 3 == 0 ? 0 : 2);
    settings.baseline.campaigns = {{"any", kStart + 30h, kStart + 40h, 4}};
    Desk desk(settings);
    Dice dice(seed);
    bool open = false;
    for (int i = 0; i < 5'000; ++i) {
      const double step = dice.uniform();
      // Mostly forward, at times backward or over days.
      desk.now += std::chrono::duration_cast<Duration>(
          std::chrono::duration<double>(step < 0.01   ? -1e5 * dice.uniform()
                                        : step < 0.02 ? 3e5 * dice.uniform()
                                                      : 300 * dice.exponential()));
      const auto key = static_cast<std::uint64_t>(dice.uniform() * 1e9);
      std::optional<SurgeDecision> said;
      if (step > 0.2) {
        const int count = step > 0.99 ? 1'000 : 1;
        said = desk.watch.critic(0, {key % 50, key, desk.now - 10min, count}, desk.now);
      } else if (step > 0.1) {
        desk.watch.bystander(0, desk.now);
      } else if (step > 0.05) {
        for (const auto& each : desk.watch.tick(desk.now))
          said = each.decision;
      } else if (step > 0.03) {
        desk.watch.told(0, key % 5, desk.now);
      } else {
        desk.watch.over(0, key % 5, desk.now);
      }
      if (said) {
        REQUIRE((said->kind == SurgeKind::end) == open);
        open = !open;
      }
      const double score = desk.watch.state(0).surge.score;
      REQUIRE((score >= 0 && score < 1e3));
      const Expectation expectation = desk.watch.expect(0, desk.now);
      REQUIRE((expectation.rate > 0 && expectation.rate < 1e9 && expectation.dispersion >= 1));
    }
  }
}

TEST_CASE("restored in the middle of an outage it says the same") {
  Desk one(at_level(3)), two(at_level(3));
  one.run(24h, 3);
  one.run(8min, 60, 40);
  two.watch.restore(0, one.watch.state(0));
  two.now = one.now;
  two.author = one.author;
  two.dice = one.dice;
  one.said.clear();
  one.run(6h, 60, 40);
  two.run(6h, 60, 40);
  CHECK(one.said == two.said);
  CHECK(one.watch.state(0).surge.score == two.watch.state(0).surge.score);
}
