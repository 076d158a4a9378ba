#include "monitor/desk/hours.hpp"

#include "tests/support/catch.hpp"

namespace brandwacht::desk {
namespace {
using namespace std::chrono_literals;

Time utc(std::string_view text) {
  return parse_rfc3339(text).value();
}

struct Open {
  Hours hours;
  Calendar calendar;
  explicit Open(std::initializer_list<const char*> lines) {
    calendar.zone = Zone::find("Europe/Amsterdam").value();
    calendar.holidays.country = Country::nl;
    std::string fault;
    for (const char* line : lines)
      REQUIRE(add_hours(hours, line, fault));
  }
  Time until(std::string_view from, Duration span) const {
    return open_until(hours, calendar, utc(from), span);
  }
};

TEST_CASE("hours are read in Dutch and English, and what is wrong is said") {
  Hours hours;
  std::string fault;
  CHECK(add_hours(hours, "mon-fri 08:00-22:00", fault));
  CHECK(add_hours(hours, "za 9-17", fault));
  CHECK(hours.week[0].size() == 1);
  CHECK(hours.week[5].front().to == 17h);
  CHECK(hours.week[6].empty());
  for (const char* wrong : {"", "mon", "funday 8-9", "mon 8", "mon 25-26", "mon 8-8", "mon 8:99-9",
                            "fri 21:00-23:00", "mon-sun 10-11"})
    CHECK_FALSE(add_hours(hours, wrong, fault));
  CHECK_FALSE(fault.empty());
  CHECK(hours.week[6].empty());  // nothing of a refused line stays
  CHECK(add_hours(hours, "zo-ma 23:00-02:00", fault));
}

TEST_CASE("a desk that gives no hours is always open") {
  const Open open({});
  CHECK(open.until("2026-01-04T03:00:00Z", 1h) == utc("2026-01-04T04:00:00Z"));
  CHECK(open_between(open.hours, open.calendar, utc("2026-01-04T03:00:00Z"),
                     utc("2026-01-04T05:00:00Z")) == 2h);
}

TEST_CASE(
    "desk rule 02: time stands still outside of business hours, on weekends and on holidays") {
  const Open open({"mon-fri 09:00-17:00"});
  // Friday 16:30 local, half an hour left: the rest is on Monday.
  CHECK(open.until("2026-01-09T15:30:00Z", 60min) == utc("2026-01-12T08:30:00Z"));
  // Before it opens.
  CHECK(open.until("2026-01-12T05:00:00Z", 60min) == utc("2026-01-12T09:00:00Z"));
  // King's Day, Monday 27 April 2026, is a Sunday: from Friday to Tuesday.
  CHECK(open.until("2026-04-24T14:30:00Z", 60min) == utc("2026-04-28T07:30:00Z"));
  CHECK(open_between(open.hours, open.calendar, utc("2026-01-09T15:30:00Z"),
                     utc("2026-01-12T08:30:00Z")) == 60min);
  // An end that is exact belongs to the day that it is reached on.
  CHECK(open.until("2026-01-09T15:00:00Z", 60min) == utc("2026-01-09T16:00:00Z"));
}

TEST_CASE("desk rule 02: in the night of the clock change real time counts") {
  const Open always({"mon-sun 00:00-24:00"});
  // 29 March 2026: 02:00 becomes 03:00. From 01:30 local (00:30Z) an hour later is 03:30 local.
  CHECK(always.until("2026-03-29T00:30:00Z", 60min) == utc("2026-03-29T01:30:00Z"));
  // 25 October 2026: 02:30 is there twice.
  CHECK(always.until("2026-10-25T00:30:00Z", 60min) == utc("2026-10-25T01:30:00Z"));
  const Open night({"sat 22:00-06:00"});
  // The night of Saturday 28 March has an hour less, that of 24 October one more.
  CHECK(open_between(night.hours, night.calendar, utc("2026-03-28T12:00:00Z"),
                     utc("2026-03-29T12:00:00Z")) == 7h);
  CHECK(open_between(night.hours, night.calendar, utc("2026-10-24T12:00:00Z"),
                     utc("2026-10-25T12:00:00Z")) == 9h);
}

TEST_CASE("what never opens for so long never ends, and no time overflows") {
  const Open open({"mon 09:00-09:01"});
  CHECK(open.until("2026-01-05T00:00:00Z", 24h * 30) == Time::max());
  CHECK(open_until(open.hours, open.calendar, Time::max(), 1min) >= Time{kLastDay});
  CHECK(open_between(open.hours, open.calendar, Time::max(), Time::min()) == Duration{});
}

}  // namespace
}  // namespace brandwacht::desk
