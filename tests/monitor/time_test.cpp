#include "monitor/time.hpp"

#include <random>

#include "tests/monitor/support.hpp"

namespace brandwacht::test {
namespace {

using std::chrono::sys_days;
using std::chrono::year;

Time at(int y, unsigned m, unsigned d, Duration of_day) {
  return Time{sys_days{year{y} / static_cast<int>(m) / static_cast<int>(d)}} + of_day;
}

TEST_CASE("a date-time in UTC is read to the microsecond") {
  CHECK(parse_rfc3339("1970-01-01T00:00:00Z") == Time{});
  CHECK(parse_rfc3339("2026-05-25T14:23:28Z") == at(2026, 5, 25, 14h + 23min + 28s));
  CHECK(parse_rfc3339("2026-05-25t14:23:28z") == at(2026, 5, 25, 14h + 23min + 28s));
  CHECK(parse_rfc3339("2026-05-25 14:23:28Z") == at(2026, 5, 25, 14h + 23min + 28s));
  CHECK(parse_rfc3339("0001-01-01T00:00:00Z") == at(1, 1, 1, 0s));
  CHECK(parse_rfc3339("9999-12-31T23:59:59Z") == at(9999, 12, 31, 23h + 59min + 59s));
}

TEST_CASE("a fraction of a second may have any number of digits") {
  const Time second = at(2026, 5, 25, 14h + 23min + 28s);
  CHECK(parse_rfc3339("2026-05-25T14:23:28.7Z") == second + 700ms);
  CHECK(parse_rfc3339("2026-05-25T14:23:28.757Z") == second + 757ms);
  CHECK(parse_rfc3339("2026-05-25T14:23:28.000001Z") == second + 1us);
  CHECK(parse_rfc3339("2026-05-25T14:23:28.1234569Z") == second + 123456us);
  CHECK(parse_rfc3339("2026-05-25T14:23:28.999999999999999999999Z") == second + 999999us);
  CHECK(parse_rfc3339("2026-05-25T14:23:28." + std::string(1000, '9') + "+00:00") ==
        second + 999999us);
  CHECK_FALSE(parse_rfc3339("2026-05-25T14:23:28.Z"));
  CHECK_FALSE(parse_rfc3339("2026-05-25T14:23:28.+01:00"));
  CHECK_FALSE(parse_rfc3339("2026-05-25T14:23:28,5Z"));
  CHECK_FALSE(parse_rfc3339("2026-05-25T14:23:28.5"));
}

TEST_CASE("an offset is taken off") {
  const Time utc = at(2026, 1, 1, 0s);
  CHECK(parse_rfc3339("2026-01-01T02:00:00+02:00") == utc);
  CHECK(parse_rfc3339("2025-12-31T18:30:00-05:30") == utc);
  CHECK(parse_rfc3339("2025-12-31T23:59:59.5-00:00") == utc - 500ms);
  CHECK(parse_rfc3339("2026-01-01T23:59:00+23:59") == utc);
  for (const char* bad : {"+24:00", "+02:60", "+0200", "+02", "+2:00", "+02:0", "+02:00Z", "++2:00",
                          "", "ZZ", "Z ", "CET", "+02-00", "02:00"})
    CHECK_FALSE(parse_rfc3339(std::string("2026-01-01T02:00:00") + bad));
}

TEST_CASE("an offset that leads out of the years 1 to 9999 is refused") {
  CHECK_FALSE(parse_rfc3339("0001-01-01T00:00:00+00:01"));
  CHECK_FALSE(parse_rfc3339("9999-12-31T23:59:59-00:01"));
  CHECK_FALSE(parse_rfc3339("0000-12-31T23:59:59Z"));
}

TEST_CASE("a leap second reads as the second before it") {
  CHECK(parse_rfc3339("2016-12-31T23:59:60Z") == at(2016, 12, 31, 23h + 59min + 59s));
  CHECK(parse_rfc3339("2017-01-01T00:59:60+01:00") == at(2016, 12, 31, 23h + 59min + 59s));
  CHECK_FALSE(parse_rfc3339("2016-12-31T23:59:61Z"));
}

TEST_CASE("days and hours that do not exist are refused") {
  CHECK(parse_rfc3339("2024-02-29T00:00:00Z"));
  for (const char* bad : {"2026-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2026-04-31T00:00:00Z",
                          "2026-00-10T00:00:00Z", "2026-13-10T00:00:00Z", "2026-05-00T00:00:00Z",
                          "2026-05-32T00:00:00Z", "2026-05-25T24:00:00Z", "2026-05-25T23:60:00Z"})
    CHECK_FALSE(parse_rfc3339(bad));
}

TEST_CASE("what is no date-time is refused") {
  for (const char* bad : {"",
                          "Z",
                          "2026",
                          "2026-05-25",
                          "2026-05-25T14:23Z",
                          "20260525T142328Z",
                          "2026-05-25T14:23:28",
                          "2026/05/25T14:23:28Z",
                          "2026-05-25_14:23:28Z",
                          "2026-05-25T14.23.28Z",
                          " 2026-05-25T14:23:28Z",
                          "2026-05-25T14:23:28Z\n",
                          "+026-05-25T14:23:28Z",
                          "-026-05-25T14:23:28Z",
                          "2026-5-25T14:23:28.0Z",
                          "12026-05-25T14:23:28Z",
                          "2026-05-25T14:23: 8Z",
                          "2026-05-25T1x:23:28Z",
                          "1779719008",
                          "Mon, 25 May 2026 14:23:28 GMT",
                          "\xFF\xFF\xFF\xFF-05-25T14:23:28Z"})
    CHECK_FALSE(parse_rfc3339(bad));
}

TEST_CASE("what was formatted is read back, to the millisecond") {
  CHECK(format_rfc3339(at(2026, 5, 25, 14h + 23min + 28s + 757ms)) == "2026-05-25T14:23:28.757Z");
  CHECK(format_rfc3339(at(1, 1, 1, 0s)) == "0001-01-01T00:00:00.000Z");
  CHECK(format_rfc3339(Time{-1us}) == "1969-12-31T23:59:59.999Z");
  std::mt19937_64 random(1);
  std::uniform_int_distribution<Duration::rep> any(
      at(1, 1, 1, 0s).time_since_epoch().count(),
      at(9999, 12, 31, 24h - 1us).time_since_epoch().count());
  for (int i = 0; i < 5000; ++i) {
    const Time time{Duration{any(random)}};
    const auto text = format_rfc3339(time);
    CAPTURE(text);
    REQUIRE(text.size() == 24);
    REQUIRE(parse_rfc3339(text) == std::chrono::floor<std::chrono::milliseconds>(time));
  }
}

TEST_CASE("the usual form is read as any other form of the same time") {
  for (const std::string_view start :
       {"2026-05-25T14:23:28.757", "0001-01-01T00:00:00.000", "9999-12-28T23:59:59.999",
        "2024-02-28T19:09:09.090", "2024-02-29T10:10:10.101"})
    for (std::size_t place = 0; place < start.size(); ++place)
      for (int byte = 0; byte < 256; ++byte) {
        std::string text(start);
        text[place] = static_cast<char>(byte);
        CAPTURE(text);
        REQUIRE(parse_rfc3339(text + 'Z') == parse_rfc3339(text + "+00:00"));
      }
}

TEST_CASE("a date-time with random bytes in it is read as a date-time or refused") {
  std::mt19937_64 random(2);
  for (int i = 0; i < 20000; ++i) {
    std::string text = "2026-05-25T14:23:28.757+02:00";
    for (auto n = random() % 3 + 1; n > 0; --n)
      text[random() % text.size()] = char(random());
    text.resize(random() % (text.size() + 1));
    const std::vector<char> exact(text.begin(), text.end());  // reading past it is an error
    if (const auto time = parse_rfc3339({exact.data(), exact.size()}))
      REQUIRE(parse_rfc3339(format_rfc3339(*time)));
  }
}

TEST_CASE("a span reads as a person says it") {
  CHECK(format_span(-5s) == "0 s");
  CHECK(format_span(0s) == "0 s");
  CHECK(format_span(999ms) == "0 s");
  CHECK(format_span(12s) == "12 s");
  CHECK(format_span(59s + 999ms) == "59 s");
  CHECK(format_span(60s) == "1 min");
  CHECK(format_span(47min + 59s) == "47 min");
  CHECK(format_span(60min) == "1 h");
  CHECK(format_span(125min) == "2 h 5 min");
  CHECK(format_span(47h + 59min) == "47 h 59 min");
  CHECK(format_span(48h) == "2 d 0 h");
  CHECK(format_span(24h * 400 + 5h) == "400 d 5 h");
}

}  // namespace
}  // namespace brandwacht::test
