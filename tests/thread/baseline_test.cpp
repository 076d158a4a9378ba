#include "monitor/thread/baseline.hpp"

#include <limits>

#include "tests/support/catch.hpp"
#include "tests/thread/poisson.hpp"

using namespace brandwacht;
using namespace brandwacht::thread;
using namespace std::chrono_literals;

namespace {

Time utc(std::string_view text) {
  const auto time = parse_rfc3339(text);
  REQUIRE(time);
  return *time;
}

Calendar dutch() {
  Calendar calendar;
  calendar.zone = Zone::find("Europe/Amsterdam").value();
  calendar.holidays.country = Country::nl;
  return calendar;
}

// An invented brand: busy on workdays by day, half as busy at the weekend and on holidays.
double truth(const Calendar& calendar, Time time, double level) {
  const auto hour = calendar.hour(time);
  const double day = hour.hour >= 8 && hour.hour < 22 ? 1.5 : 0.3;
  return level * day * (hour.type == DayType::workday ? 1 : 0.5);
}

struct Brand {
  Calendar calendar = dutch();
  Baseline baseline;
  Dice dice{11};
  double level;
  Time now = utc("2026-01-04T23:00:00Z");  // Monday 00:00 there

  explicit Brand(double brand_level, BaselineSettings settings = {})
      : baseline(calendar, std::move(settings)), level(brand_level) {
    baseline.advance(now);
  }
  // Hour by hour, as many as `factor` times the truth.
  void run(Duration span, double factor = 1) {
    for (const Time end = now + span; now < end; now += 1h) {
      const int count = dice.poisson(factor * truth(calendar, now, level));
      baseline.add(now + 30min, count);
    }
    baseline.advance(now);
  }
  double relative_error(Time at) {
    return baseline.expect(at).rate / truth(calendar, at, level) - 1;
  }
};

constexpr Duration kWeek = 168h;

}  // namespace

TEST_CASE("after some weeks the expectation is the truth of each kind of day and hour") {
  Brand brand(20);
  brand.run(8 * kWeek);
  double worst = 0, sum = 0;
  for (int hour = 0; hour < 168; ++hour) {
    const Time at = brand.now + hour * 1h;
    const double error = brand.relative_error(at);
    if (truth(brand.calendar, at, 20) > 8) worst = std::max(worst, std::abs(error));
    sum += std::abs(error);
  }
  CHECK(worst < 0.35);
  CHECK(sum / 168 < 0.09);
  CHECK(brand.baseline.expect(brand.now).dispersion == Approx(1.2).margin(0.2));
}

TEST_CASE("a quiet brand borrows from like hours instead of believing single ones") {
  Brand brand(0.2);
  brand.run(4 * kWeek);
  for (int hour = 0; hour < 168; ++hour) {
    const double rate = brand.baseline.expect(brand.now + hour * 1h).rate;
    CHECK(rate > 0.01);
    CHECK(rate < 0.9);  // the truth is .03 to .3
  }
  CHECK(brand.baseline.expected(brand.now, brand.now + kWeek) == Approx(29).margin(9));
}

TEST_CASE("without data the configured level holds, with people's day in it") {
  const Calendar calendar = dutch();
  BaselineSettings settings;
  settings.level = 6;
  settings.young = 0h;
  const Baseline baseline(calendar, settings);
  const Time monday = utc("2026-01-05T00:00:00Z");
  CHECK(baseline.expected(monday, monday + kWeek) == Approx(6 * 168).epsilon(0.01));
  CHECK(baseline.expect(monday + 3h).rate < baseline.expect(monday + 12h).rate / 3);
  CHECK(baseline.expect(monday).known);
  CHECK_FALSE(Baseline(calendar, {}).expect(monday).known);
}

TEST_CASE("without level and data it learns the level within a day") {
  Brand brand(50);
  brand.run(20h);
  CHECK_FALSE(brand.baseline.expect(brand.now).known);
  brand.run(10h);
  CHECK(brand.baseline.expect(brand.now).known);
  const double week = brand.baseline.expected(brand.now, brand.now + kWeek);
  double real = 0;
  for (int hour = 0; hour < 168; ++hour)
    real += truth(brand.calendar, brand.now + hour * 1h, 50);
  CHECK(week > real / 2);
  CHECK(week < real * 2);
}

TEST_CASE("a crisis is not learnt while its incident is open") {
  Brand brand(5), crisis(5);
  brand.run(4 * kWeek);
  crisis.run(4 * kWeek);
  const Time friday = brand.now + 4 * 24h + 12h;
  crisis.baseline.freeze(true, crisis.now);
  crisis.run(36h, 20);
  crisis.baseline.freeze(false, crisis.now);
  CHECK(crisis.baseline.expect(friday).rate == Approx(brand.baseline.expect(friday).rate));
  crisis.run(1h);  // the hour in which it ended is not learnt either
  CHECK(crisis.baseline.state().observed < brand.baseline.state().observed + 1);
}

TEST_CASE("a crisis that nobody noticed moves the expectation little") {
  Brand calm(5), crisis(5);
  calm.run(4 * kWeek);
  crisis.run(4 * kWeek);
  calm.run(8h);
  crisis.run(8h, 50);
  const Time next_week = calm.now + kWeek - 4h;
  CHECK(crisis.baseline.expect(next_week).rate < 2 * calm.baseline.expect(next_week).rate);
}

TEST_CASE("an incident without an end does not stop the learning for ever") {
  Brand brand(5);
  brand.run(kWeek);
  const double before = brand.baseline.state().observed;
  brand.baseline.freeze(true, brand.now);
  for (int i = 0; i < 10 * 24; ++i) {
    brand.run(1h, 4);
    brand.baseline.freeze(true, brand.now);
  }
  CHECK(brand.baseline.state().observed == Approx(before + 7 * 24).margin(2));
}

TEST_CASE("hours that have an incident three weeks running are how it is") {
  Brand brand(5);
  brand.run(4 * kWeek);
  for (int week = 0; week < 3; ++week) {
    const double rate = brand.baseline.expect(brand.now + 3h).rate;
    brand.baseline.freeze(true, brand.now);
    brand.run(6h, 10);
    brand.baseline.freeze(false, brand.now);
    const double after = brand.baseline.expect(brand.now + kWeek - 3h).rate;
    CHECK((after > 1.02 * rate) == (week == 2));
    brand.run(kWeek - 6h);
  }
}

TEST_CASE("in its first week a brand is not expected to be quiet at any hour") {
  Brand brand(20);
  brand.run(48h);
  const double mean = brand.baseline.expected(brand.now, brand.now + 24h) / 24;
  double least = 1e9;
  for (int hour = 0; hour < 24; ++hour)
    least = std::min(least, brand.baseline.expect(brand.now + hour * 1h).rate);
  CHECK(least > mean / 2);
  brand.run(kWeek);
  for (int hour = 0; hour < 24; ++hour)
    least = std::min(least, brand.baseline.expect(brand.now + hour * 1h).rate);
  CHECK(least < mean / 2);
}

TEST_CASE("a holiday on a Monday is like a Sunday and teaches the Mondays nothing") {
  Brand brand(20);
  brand.now = utc("2026-02-01T23:00:00Z");
  brand.run(9 * kWeek);  // up to Easter Monday, 2026-04-06
  const Time easter_monday = utc("2026-04-06T10:00:00Z"), monday = easter_monday + kWeek;
  REQUIRE(brand.now < easter_monday);
  CHECK(brand.relative_error(easter_monday) == Approx(0).margin(0.3));
  const double before = brand.baseline.expect(monday).rate;
  brand.run(24h);
  CHECK(brand.baseline.expect(monday).rate == Approx(before).epsilon(0.01));
  CHECK(std::abs(brand.relative_error(monday)) < 0.3);
  CHECK(std::abs(brand.relative_error(easter_monday + 24h)) < 0.3);
}

TEST_CASE("the nights of the clock change spoil no hour") {
  Brand brand(20);
  brand.now = utc("2026-02-22T23:00:00Z");
  brand.run(8 * kWeek);                                   // over 2026-03-29
  CHECK(brand.baseline.state().observed == 8 * 168 - 1);  // the first followed a leap
  const Time eight = utc("2026-04-20T06:00:00Z");         // 08:00 on the wall, 06:00 UTC now
  CHECK(std::abs(brand.relative_error(eight)) < 0.3);
  CHECK(std::abs(brand.relative_error(eight - 1h)) < 0.4);
}

TEST_CASE("a campaign raises the expectation in its time and is not learnt") {
  const Time start = utc("2026-01-19T08:00:00Z"), end = start + 8h;
  BaselineSettings settings;
  settings.campaigns = {{"spring", start, end, 5}};
  Brand brand(10, settings), plain(10);
  brand.run(2 * kWeek);
  plain.run(2 * kWeek);
  for (const Time out : {start - 1us, end})
    CHECK_FALSE(brand.baseline.expect(out).campaign);
  for (const Time in : {start, start + 4h, end - 1us}) {
    CHECK(brand.baseline.expect(in).campaign);
    CHECK(brand.baseline.expect(in).rate == Approx(5 * plain.baseline.expect(in).rate));
  }
  CHECK(brand.baseline.expect(start - 30min).until == start);
  const double before = brand.baseline.expect(start + kWeek).rate;
  brand.run(8h);
  brand.run(8h, 5);
  CHECK(brand.baseline.expect(start + kWeek).rate == Approx(before).epsilon(0.05));
}

TEST_CASE("bursts show in the dispersion") {
  Brand brand(1);
  for (int hour = 0; hour < 6 * 168; ++hour, brand.now += 1h)
    brand.baseline.add(brand.now + 1min, brand.dice.bursty(10, 5));
  const double dispersion = brand.baseline.expect(brand.now).dispersion;
  CHECK(dispersion > 3);
  CHECK(dispersion < 6);
}

TEST_CASE("a gap is not a calm") {
  Brand with_gap(20), whole(20);
  with_gap.run(4 * kWeek);
  whole.run(4 * kWeek);
  with_gap.now += 30h;
  with_gap.baseline.gap(with_gap.now);
  CHECK(with_gap.baseline.expect(whole.now).rate == whole.baseline.expect(whole.now).rate);
  with_gap.now += 30 * 24h;  // too long a step to have been calm
  with_gap.baseline.advance(with_gap.now);
  CHECK(with_gap.baseline.expect(whole.now).rate == whole.baseline.expect(whole.now).rate);
}

TEST_CASE("bad input does no harm") {
  Brand brand(20);
  brand.run(kWeek);
  const BaselineState before = brand.baseline.state();
  brand.baseline.add(brand.now - 50h, std::numeric_limits<double>::quiet_NaN());
  brand.baseline.add(brand.now, -5);
  brand.baseline.add(brand.now, std::numeric_limits<double>::infinity());
  CHECK(brand.baseline.state().count == before.count);
  CHECK(brand.baseline.state().hour_begin == before.hour_begin);
  for (const Time time : {Time::min(), Time::max(), Time{}, brand.now}) {
    brand.baseline.advance(time);
    CHECK(brand.baseline.expect(time).rate > 0);
  }
  CHECK(std::isfinite(brand.baseline.expected(Time::min(), Time::max())));
}

TEST_CASE("restored from its state it goes on as before") {
  Brand one(20);
  one.run(kWeek + 5h);
  Baseline two(one.calendar, {});
  two.restore(one.baseline.state());
  for (int hour = 0; hour < 200; ++hour, one.now += 1h) {
    one.baseline.add(one.now + 10min, hour % 7);
    two.add(one.now + 10min, hour % 7);
    REQUIRE(two.expect(one.now).rate == one.baseline.expect(one.now).rate);
  }
}

TEST_CASE("the profile of the brand's hours has mean one") {
  Brand brand(20);
  brand.run(8 * kWeek);
  double sum = 0;
  for (int hour = 0; hour < 168; ++hour)
    sum += brand.baseline.activity(brand.now + hour * 1h);
  CHECK(sum / 168 == Approx(1).margin(0.05));
}
