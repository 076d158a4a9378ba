#include "monitor/calendar.hpp"

#include "tests/support/catch.hpp"

using namespace brandwacht;
using namespace std::chrono_literals;

namespace {

Calendar dutch() {
  Calendar calendar;
  const auto zone = Zone::find("Europe/Amsterdam");
  REQUIRE(zone);
  calendar.zone = *zone;
  calendar.holidays.country = Country::nl;
  return calendar;
}
Time utc(std::string_view text) {
  const auto time = parse_rfc3339(text);
  REQUIRE(time);
  return *time;
}

}  // namespace

TEST_CASE("an hour of the week has a bin, and a holiday is a Sunday") {
  const Calendar calendar = dutch();
  const auto tuesday = calendar.hour(utc("2026-04-07T09:20:00Z"));
  CHECK(tuesday.bin == 24 + 11);
  CHECK(tuesday.type == DayType::workday);
  CHECK(tuesday.begin == utc("2026-04-07T09:00:00Z"));
  CHECK(tuesday.end == utc("2026-04-07T10:00:00Z"));
  const auto easter_monday = calendar.hour(utc("2026-04-06T09:20:00Z"));
  CHECK(easter_monday.bin == 6 * 24 + 11);
  CHECK(easter_monday.type == DayType::sunday);
  CHECK(calendar.hour(utc("2026-04-04T09:20:00Z")).type == DayType::saturday);
}

TEST_CASE("hours follow each other without a hole over the nights of the change") {
  const Calendar calendar = dutch();
  for (const char* noon : {"2026-03-28T12:00:00Z", "2026-10-24T12:00:00Z"}) {
    Time at = utc(noon);
    for (int i = 0; i < 24; ++i) {
      const auto hour = calendar.hour(at + 17min);
      CHECK(hour.begin == at);
      CHECK(hour.end == at + 1h);
      at = hour.end;
    }
  }
  CHECK(calendar.hour(utc("2026-10-25T00:10:00Z")).bin ==
        calendar.hour(utc("2026-10-25T01:10:00Z")).bin);
  CHECK(calendar.hour(utc("2026-03-29T00:10:00Z")).bin + 2 ==
        calendar.hour(utc("2026-03-29T01:10:00Z")).bin);
}

TEST_CASE("hours of a zone with a half hour begin on the half") {
  Calendar calendar;
  const auto kolkata = Zone::find("Asia/Kolkata");
  REQUIRE(kolkata);
  calendar.zone = *kolkata;
  const auto hour = calendar.hour(utc("2026-06-01T06:45:00Z"));  // 12:15 there
  CHECK(hour.hour == 12);
  CHECK(hour.begin == utc("2026-06-01T06:30:00Z"));
}

TEST_CASE("the night goes over midnight and ends in the morning") {
  Calendar calendar = dutch();
  CHECK(calendar.is_night(utc("2026-07-01T20:00:00Z")));  // 22:00
  CHECK_FALSE(calendar.is_night(utc("2026-07-01T19:59:59Z")));
  CHECK(calendar.is_night(utc("2026-07-02T04:59:59Z")));
  CHECK_FALSE(calendar.is_night(utc("2026-07-02T05:00:00Z")));
  CHECK(calendar.morning(utc("2026-07-01T21:00:00Z")) == utc("2026-07-02T05:00:00Z"));
  CHECK(calendar.morning(utc("2026-07-02T03:00:00Z")) == utc("2026-07-02T05:00:00Z"));
  const Time noon = utc("2026-07-02T10:00:00Z");
  CHECK(calendar.morning(noon) == noon);
  calendar.night = {1h, 6h};
  CHECK_FALSE(calendar.is_night(utc("2026-07-01T22:30:00Z")));
  CHECK(calendar.is_night(utc("2026-07-01T23:30:00Z")));
  calendar.night = {{}, {}};
  CHECK_FALSE(calendar.is_night(utc("2026-07-01T23:30:00Z")));
}

TEST_CASE("the morning after the change of the clock is at seven on the wall") {
  const Calendar calendar = dutch();
  CHECK(calendar.morning(utc("2026-03-28T22:00:00Z")) == utc("2026-03-29T05:00:00Z"));
  CHECK(calendar.morning(utc("2026-10-24T21:00:00Z")) == utc("2026-10-25T06:00:00Z"));
}

TEST_CASE("a night is written as two times") {
  const auto night = parse_night("23:30-06:45");
  REQUIRE(night);
  CHECK(night->from == 23h + 30min);
  CHECK(night->to == 6h + 45min);
  CHECK(parse_night("22 - 7"));
  CHECK(parse_night("24:00-07:00")->from == 0h);
  CHECK(parse_night("none")->from == parse_night("none")->to);
  for (const char* wrong : {"22:00", "25-7", "22:60-7", "22:00-07:00-08", "-", "night", "22:-7"})
    CHECK_FALSE(parse_night(wrong));
}

TEST_CASE("a day or a time is read by the clock on the wall") {
  const Zone zone = dutch().zone;
  const auto at = [&](std::string_view text, DayEnd end = DayEnd::begin) {
    return parse_local_time(zone, text, end);
  };
  CHECK(at("2026-11-27") == utc("2026-11-26T23:00:00Z"));
  CHECK(at("2026-11-27", DayEnd::end) == utc("2026-11-27T23:00:00Z"));
  CHECK(at("2026-07-01 09:30") == utc("2026-07-01T07:30:00Z"));
  CHECK(at("2026-07-01T24:00") == utc("2026-07-01T22:00:00Z"));
  CHECK(at("2026-07-01T09:30:00+05:00") == utc("2026-07-01T04:30:00Z"));
  for (const char* wrong : {"", "27-11-2026", "2026-02-30", "2026-07-01 9:30", "2026-07-01 25:00",
                            "2026-07-01 09:30:00"})
    CHECK_FALSE(at(wrong));
}

TEST_CASE("a calendar has an answer for any time") {
  const Calendar calendar = dutch();
  for (const Time time : {Time::min(), Time::max(), Time{}}) {
    const auto hour = calendar.hour(time);
    CHECK((hour.bin >= 0 && hour.bin < 168));
    CHECK(hour.begin < hour.end);
    (void)calendar.morning(time);
  }
}
