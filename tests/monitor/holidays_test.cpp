#include "monitor/holidays.hpp"

#include <string>

#include "tests/support/catch.hpp"

using namespace brandwacht;

namespace {

Day day(std::string_view text) {
  const auto parsed = parse_day(text);
  REQUIRE(parsed);
  return *parsed;
}

// The holidays of a year that fall on Monday to Saturday, as "0101 0406 ...".
std::string weekdays_off(const Holidays& holidays, int year) {
  std::string out;
  const Day end = std::chrono::sys_days{std::chrono::year{year + 1} / 1 / 1};
  for (Day at = std::chrono::sys_days{std::chrono::year{year} / 1 / 1}; at < end;
       at += std::chrono::days{1}) {
    if (weekday_of(at) == 6 || !holidays.name(at)) continue;
    const std::string text = format_rfc3339(Time{at});
    out += (out.empty() ? "" : " ") + text.substr(5, 2) + text.substr(8, 2);
  }
  return out;
}

}  // namespace

TEST_CASE("Easter of known years") {
  for (const char* sunday :
       {"2000-04-23", "2008-03-23", "2011-04-24", "2019-04-21", "2024-03-31", "2025-04-20",
        "2026-04-05", "2027-03-28", "2038-04-25", "2049-04-18", "2076-04-19", "2100-03-28"}) {
    const Day known = day(sunday);
    CHECK(easter(static_cast<int>(std::chrono::year_month_day{known}.year())) == known);
  }
  for (int year = 2000; year <= 2100; ++year)
    CHECK(weekday_of(easter(year)) == 6);
}

TEST_CASE("Dutch holidays of known years, King's Day never on a Sunday") {
  const Holidays nl{Country::nl};
  CHECK(weekdays_off(nl, 2026) == "0101 0406 0427 0514 0525 1225 1226");
  CHECK(weekdays_off(nl, 2025) == "0101 0421 0426 0505 0529 0609 1225 1226");
  CHECK(weekdays_off(nl, 2014) == "0101 0421 0426 0529 0609 1225 1226");
  CHECK(weekdays_off(nl, 2013) == "0101 0401 0430 0509 0520 1225 1226");
  CHECK(weekdays_off(nl, 2006) == "0417 0429 0525 0605 1225 1226");
  CHECK(nl.name(day("2025-04-26")) == "King's Day");
  CHECK_FALSE(nl.name(day("2025-04-27")));
  CHECK_FALSE(nl.name(day("2026-04-03")));  // Good Friday
}

TEST_CASE("Liberation Day is a matter of the desk") {
  const Day in_2026 = day("2026-05-05"), in_2030 = day("2030-05-05"), in_2025 = day("2025-05-05");
  Holidays nl{Country::nl};
  CHECK_FALSE(nl.name(in_2026));
  CHECK(nl.name(in_2025));
  CHECK(nl.name(in_2030));
  nl.liberation_day = LiberationDay::yearly;
  CHECK(nl.name(in_2026));
  nl.liberation_day = LiberationDay::never;
  CHECK_FALSE(nl.name(in_2025));
}

TEST_CASE("Belgian holidays of known years") {
  const Holidays be{Country::be};
  CHECK(weekdays_off(be, 2026) == "0101 0406 0501 0514 0525 0721 0815 1111 1225");
  CHECK(weekdays_off(be, 2024) == "0101 0401 0501 0509 0520 0815 1101 1111 1225");
  CHECK_FALSE(be.name(day("2026-12-26")));
}

TEST_CASE("bank holidays of England with substitute days") {
  const Holidays uk{Country::uk};
  CHECK(weekdays_off(uk, 2026) == "0101 0403 0406 0504 0525 0831 1225 1226 1228");
  CHECK(weekdays_off(uk, 2021) == "0101 0402 0405 0503 0531 0830 1225 1227 1228");
  CHECK(weekdays_off(uk, 2022) == "0101 0103 0415 0418 0502 0602 0603 0829 0919 1226 1227");
  CHECK(weekdays_off(uk, 2020) == "0101 0410 0413 0508 0525 0831 1225 1226 1228");
  CHECK(weekdays_off(uk, 2023) == "0102 0407 0410 0501 0508 0529 0828 1225 1226");
  CHECK(weekdays_off(uk, 2012) == "0102 0406 0409 0507 0604 0605 0827 1225 1226");
  CHECK(weekdays_off(uk, 2011) == "0101 0103 0422 0425 0429 0502 0530 0829 1226 1227");
  CHECK(weekdays_off(uk, 2002) == "0101 0329 0401 0506 0603 0604 0826 1225 1226");
}

TEST_CASE("England has eight days off on weekdays in every ordinary year of the century") {
  const Holidays uk{Country::uk};
  for (int year = 2024; year <= 2100; ++year) {
    int off = 0;
    const Day end = std::chrono::sys_days{std::chrono::year{year + 1} / 1 / 1};
    for (Day at = std::chrono::sys_days{std::chrono::year{year} / 1 / 1}; at < end;
         at += std::chrono::days{1})
      off += weekday_of(at) < 5 && uk.name(at) ? 1 : 0;
    CHECK(off == 8);
  }
}

TEST_CASE("a day is a workday, a Saturday, or like a Sunday") {
  Holidays nl{Country::nl};
  CHECK(nl.type(day("2026-04-07")) == DayType::workday);
  CHECK(nl.type(day("2026-04-04")) == DayType::saturday);
  CHECK(nl.type(day("2026-04-05")) == DayType::sunday);
  CHECK(nl.type(day("2026-04-06")) == DayType::sunday);
  CHECK(nl.type(day("2026-12-26")) == DayType::sunday);  // a Saturday
  nl.extra = {day("2026-12-24")};
  CHECK(nl.type(day("2026-12-24")) == DayType::sunday);
  CHECK(Holidays{}.type(day("2026-12-25")) == DayType::workday);
}

TEST_CASE("any day is a good question") {
  for (const Country country : {Country::none, Country::nl, Country::be, Country::uk})
    for (const Day at : {Day::min(), Day::max(), Day{}, day("1900-01-01"), day("2100-12-25")})
      CHECK_NOTHROW((Holidays{country}.type(at)));
  CHECK_FALSE(parse_day("2026-02-29"));
  CHECK_FALSE(parse_day("2026-2-9"));
  CHECK_FALSE(parse_day("24-12-2026"));
  CHECK(parse_country("be") == Country::be);
  CHECK_FALSE(parse_country("BE"));
}
