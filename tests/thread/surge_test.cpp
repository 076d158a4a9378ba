#include "monitor/thread/surge.hpp"

#include <algorithm>
#include <limits>

#include "monitor/thread/surge_replay.hpp"
#include "tests/support/catch.hpp"
#include "tests/thread/poisson.hpp"

using namespace brandwacht;
using namespace brandwacht::thread;
using namespace std::chrono_literals;

namespace {

constexpr Time kStart{std::chrono::seconds{1'767'571'200}};  // 2026-01-05T00:00:00Z, a Monday
constexpr Duration kWeek = 168h;

Duration hours_of(double hours) {
  return std::chrono::duration_cast<Duration>(
      std::chrono::duration<double, std::ratio<3600>>(hours));
}

BaselineSettings at_level(double level) {
  BaselineSettings settings;
  settings.level = level;
  return settings;
}

// A brand whose joiners come by hand.
struct Brand {
  Calendar calendar;
  Baseline baseline;
  Surge surge;
  Time now = kStart + 12h;
  std::vector<SurgeDecision> said;
  std::optional<std::uint64_t> incident;
  std::uint64_t author = 0;

  explicit Brand(double level = 2, SurgeSettings settings = {}, BaselineSettings base = {})
      : baseline(calendar,
                 [&] {
                   base.level = level;
                   return base;
                 }()),
        surge(settings) {
    baseline.advance(now);
  }
  void join(std::uint64_t thread, Duration after = 1min, std::uint64_t who = 0) {
    now += after;
    baseline.add(now);
    const std::uint64_t key = (who != 0 ? who : ++author) * 0x9E3779B97F4A7C15;
    note(surge.joined({thread, key, now, 1}, baseline, now, incident));
  }
  void wait(Duration span, Duration step = 1min) {
    for (const Time end = now + span; now < end;) {
      now += step;
      baseline.advance(now);
      note(surge.tick(baseline, now));
    }
  }
  void note(const std::optional<SurgeDecision>& decision) {
    if (!decision) return;
    said.push_back(*decision);
    baseline.freeze(decision->kind != SurgeKind::end, now);
  }
  std::vector<SurgeKind> kinds() const {
    std::vector<SurgeKind> out;
    for (const auto& decision : said)
      out.push_back(decision.kind);
    return out;
  }
};

// Kleinberg's two-state automaton, run forward: `low` and `high` are the costs of the best path
// that ends in each state. A path may change state before each gap and each event; going up costs
// `up`, going down nothing.
struct Kleinberg {
  double up, low = 0, high;
  explicit Kleinberg(double cost) : up(cost), high(cost) {}
  void change() {
    const double to_high = std::min(high, low + up);
    low = std::min(low, high);
    high = to_high;
  }
  void gap(double rate, double factor, double dt) {
    change();
    low += rate * dt;
    high += factor * rate * dt;
  }
  void event(double rate, double factor) {
    change();
    low -= std::log(rate);
    high -= std::log(factor * rate);
    change();
  }
  double score() const { return low - high + up; }  // 0: surely calm; `up`: surely a burst
};

}  // namespace

TEST_CASE("with its cap it is Kleinberg's two-state filter") {
  for (const double factor : {1.5, 3.0, 8.0}) {
    SurgeSettings settings;
    settings.factor = factor;
    settings.threshold = 6;
    settings.min_threads = 1'000;  // never opens: the score alone is looked at
    Calendar calendar;
    // No data, so that the dispersion of the prior is all there is; it divides both sides.
    const Baseline baseline(calendar, at_level(4));
    Surge surge(settings);
    const double cap = settings.threshold * settings.headroom;
    const double dispersion = baseline.expect(kStart).dispersion;
    Kleinberg filter(cap * dispersion);
    Dice dice(3);
    Time now = kStart;
    (void)surge.joined({1, 0, now, 1}, baseline, now);
    filter.event(1, factor);
    double worst = 0;
    for (int i = 0; i < 20'000; ++i) {
      const double pace = i % 1'000 < 700 ? 4 : 40;  // bursts between calm
      const Time next = now + hours_of(dice.exponential() / pace);
      for (Time at = now; at < next;) {  // the rate changes with the hour
        const auto expectation = baseline.expect(at);
        const Time end = std::min(next, expectation.until);
        filter.gap(expectation.rate, factor,
                   std::chrono::duration<double, std::ratio<3600>>(end - at).count());
        at = end;
      }
      now = next;
      filter.event(1, factor);
      (void)surge.joined({1, 0, now, 1}, baseline, now);
      worst = std::max(worst, std::abs(surge.score() - filter.score() / dispersion));
      filter.high -= filter.low;  // costs only count relative to each other
      filter.low = 0;
    }
    CHECK(worst < 1e-12);
  }
}

TEST_CASE("an outage over 40 threads opens once, and a page can list them") {
  Brand brand;
  for (int i = 0; i < 120; ++i)
    brand.join(static_cast<std::uint64_t>(100 + i % 40));
  CHECK(brand.kinds() == std::vector{SurgeKind::open});
  const SurgeReport report = brand.surge.report();
  CHECK(report.threads.size() == 40);
  CHECK(report.joiners == 120);
  CHECK(report.threads.front().joiners == 3);
  CHECK(report.since == kStart + 12h + 1min);
  CHECK(report.expected == Approx(5.6).margin(1.5));  // two hours by day at a level of 2
  CHECK(report.factor > 10);
}

TEST_CASE("it lasts over pauses and ends once, and the next outage is another") {
  Brand brand;
  for (int wave = 0; wave < 4; ++wave) {
    for (int i = 0; i < 30; ++i)
      brand.join(static_cast<std::uint64_t>(100 + i));
    brand.wait(40min);
  }
  CHECK(brand.kinds() == std::vector{SurgeKind::open});
  brand.wait(12h);
  CHECK(brand.kinds() == std::vector{SurgeKind::open, SurgeKind::end});
  CHECK_FALSE(brand.surge.open());
  CHECK(brand.surge.report().threads.empty());
  for (int i = 0; i < 40; ++i)
    brand.join(static_cast<std::uint64_t>(500 + i));
  CHECK(brand.kinds() == std::vector{SurgeKind::open, SurgeKind::end, SurgeKind::open});
}

TEST_CASE("the end comes at the same moment whether or not the clock ticks") {
  Brand ticked, jumped;
  for (int i = 0; i < 40; ++i) {
    ticked.join(static_cast<std::uint64_t>(i));
    jumped.join(static_cast<std::uint64_t>(i));
  }
  Time ended{};
  for (int i = 0; i < 1'000 && ended == Time{}; ++i) {
    ticked.wait(1min);
    if (ticked.said.size() == 2) ended = ticked.now;
  }
  REQUIRE(ended != Time{});
  jumped.wait(ended - 1min - jumped.now, ended - 1min - jumped.now);
  CHECK(jumped.said.size() == 1);
  jumped.wait(1min);
  CHECK(jumped.said.size() == 2);
}

TEST_CASE("a brand with an open incident is not opened anew") {
  Brand brand;
  brand.incident = 77;
  for (int i = 0; i < 60; ++i)
    brand.join(static_cast<std::uint64_t>(i));
  REQUIRE(brand.kinds() == std::vector{SurgeKind::attach});
  CHECK(brand.said.front().incident == 77);
  brand.incident.reset();  // closed meanwhile: what runs is still the same surge
  for (int i = 0; i < 60; ++i)
    brand.join(static_cast<std::uint64_t>(i));
  CHECK(brand.said.size() == 1);
  brand.wait(12h);
  REQUIRE(brand.said.size() == 2);
  CHECK(brand.said.back().incident == 77);
}

TEST_CASE("one thread, or one author in many, is no surge of the brand") {
  Brand one_thread, one_author;
  for (int i = 0; i < 200; ++i) {
    one_thread.join(1);
    one_author.join(static_cast<std::uint64_t>(i), 1min, 42);
  }
  CHECK(one_thread.said.empty());
  CHECK(one_author.said.empty());
}

TEST_CASE("a thread that burns is not a surge because others grumble as they always do") {
  Brand brand(0.5);
  for (int i = 0; i < 60; ++i)
    brand.join(1);
  // The score of the burning thread stands for hours yet.
  for (int i = 0; i < 14; ++i)
    brand.join(static_cast<std::uint64_t>(10 + i), 40min);
  CHECK(brand.said.empty());
  // But an outage beside it is one.
  for (int i = 0; i < 40; ++i)
    brand.join(static_cast<std::uint64_t>(100 + i));
  CHECK(brand.kinds() == std::vector{SurgeKind::open});
}

TEST_CASE("what a source brings late raises nothing") {
  Brand brand;
  for (int i = 0; i < 200; ++i) {
    brand.now += 1s;
    const SurgeJoiner late{static_cast<std::uint64_t>(i), 0, brand.now - 31min, 1};
    brand.note(brand.surge.joined(late, brand.baseline, brand.now));
  }
  CHECK(brand.said.empty());
  CHECK(brand.surge.score() == 0);
}

TEST_CASE("a campaign raises what is ordinary, and then only an angry crowd opens") {
  BaselineSettings base;
  base.campaigns = {{"spring sale", kStart, kStart + 48h, 5}};
  const auto crowd = [&](int bystanders, Duration pause) {
    Brand brand(2, {}, base);
    for (int i = 0; i < 150; ++i) {
      for (int other = 0; other < bystanders; ++other)
        brand.surge.bystander(brand.baseline, brand.now);
      brand.join(static_cast<std::uint64_t>(i % 30), pause);
    }
    return brand.kinds();
  };
  CHECK(crowd(0, 6min).empty());                         // 10 an hour: that is the campaign
  CHECK(crowd(4, 30s).empty());                          // a crowd, and a happy one
  CHECK(crowd(0, 30s) == std::vector{SurgeKind::open});  // a crowd, and an angry one
}

TEST_CASE("nothing is a surge before anything is known") {
  Calendar calendar;
  Baseline baseline(calendar, {});
  Surge surge({});
  Time now = kStart;
  for (int i = 0; i < 300; ++i, now += 1min) {
    baseline.add(now);
    CHECK_FALSE(surge.joined({static_cast<std::uint64_t>(i), 0, now, 1}, baseline, now));
  }
}

TEST_CASE("memory is bounded, and what had no place is counted") {
  Brand brand;
  for (int i = 0; i < 5'000; ++i)
    brand.join(static_cast<std::uint64_t>(i + 1), 1s);
  const SurgeReport report = brand.surge.report();
  CHECK(report.threads.size() == SurgeState::kThreads);
  CHECK(report.joiners == 5'000);
  CHECK(report.beyond == 5'000 - static_cast<int>(SurgeState::kThreads));
  CHECK(sizeof(SurgeState) < 4096);
}

TEST_CASE("times that step and counts beyond reason do no harm") {
  Brand brand;
  for (const Time at :
       {brand.now, brand.now - 100h, Time::min(), brand.now + 1h, Time::max(), brand.now}) {
    (void)brand.surge.joined({1, 2, at, std::numeric_limits<int>::max()}, brand.baseline, at);
    (void)brand.surge.joined({1, 2, brand.now, -3}, brand.baseline, at);
    (void)brand.surge.tick(brand.baseline, at);
    CHECK(std::isfinite(brand.surge.score()));
    CHECK(brand.surge.score() >= 0);
    CHECK(std::isfinite(brand.surge.report().factor));
  }
}

TEST_CASE("restored from its state it decides as before") {
  Brand one, two;
  for (int i = 0; i < 12; ++i)
    one.join(static_cast<std::uint64_t>(i), 10min);
  two.surge.restore(one.surge.state());
  two.baseline.restore(one.baseline.state());
  two.now = one.now;
  two.author = one.author;
  for (int i = 0; i < 60; ++i) {
    one.join(static_cast<std::uint64_t>(i));
    two.join(static_cast<std::uint64_t>(i));
    REQUIRE(one.surge.score() == two.surge.score());
  }
  CHECK(one.kinds() == two.kinds());
}

namespace {

// Joiners of calm weeks over many threads.
std::vector<SurgeBatch> calm_weeks(int weeks, double level, std::uint64_t seed) {
  Calendar calendar;
  const Baseline shape(calendar, at_level(level));
  Dice dice(seed);
  std::vector<SurgeBatch> out;
  for (Time hour = kStart; hour < kStart + weeks * kWeek; hour += 1h) {
    std::vector<Time> times;
    for (int i = dice.poisson(shape.expect(hour).rate); i > 0; --i)
      times.push_back(hour + hours_of(dice.uniform()));
    std::ranges::sort(times);
    for (const Time at : times)
      out.push_back({at, 1, static_cast<std::uint64_t>(dice.uniform() * 1e6)});
    out.push_back({hour + 1h - 1us, 0, 0});
  }
  return out;
}

}  // namespace

TEST_CASE("a threshold calibrated by replay keeps its rate on weeks it has not seen") {
  const Calendar calendar;
  for (const double level : {1.0, 6.0}) {
    SurgeReplay replay;
    replay.calendar = &calendar;
    replay.baseline.level = level;
    replay.surge.factor = 2;
    replay.surge.min_joiners = 2;
    const double wanted = 0.5;  // a week
    replay.surge.threshold = calibrate_threshold(calm_weeks(102, level, 1), replay, wanted);
    const double rate = count_openings(calm_weeks(202, level, 2), replay) / 200.0;
    INFO("level " << level << " threshold " << replay.surge.threshold << " rate " << rate);
    CHECK(rate > wanted / 2);
    CHECK(rate < wanted * 2);
  }
}

TEST_CASE("the threshold of the defaults is quiet on calm weeks and quick in an outage") {
  const Calendar calendar;
  for (const double level : {0.3, 2.0, 15.0}) {
    SurgeReplay replay;
    replay.calendar = &calendar;
    replay.baseline.level = level;
    CHECK(count_openings(calm_weeks(102, level, 5), replay) <= 5);  // one in twenty weeks
    Brand brand(level);
    int joiners = 0;
    const Duration pace = hours_of(1 / (8 * level * 1.4 + 6));
    while (brand.said.empty() && joiners < 1'000)
      brand.join(static_cast<std::uint64_t>(++joiners % 40), pace);
    INFO("level " << level << " joiners " << joiners);
    CHECK(joiners <= 60);
  }
}
