#include "config/duration.hpp"

#include "tests/support/catch.hpp"

using namespace brandwacht::config;
using namespace std::chrono_literals;

TEST_CASE("durations are read in every unit, with and without the space") {
  const auto value = [](std::string_view text) { return parse_duration(text).value; };
  CHECK(value("90 s") == 90s);
  CHECK(value("90s") == 90s);
  CHECK(value("  15   min ") == 15min);
  CHECK(value("1.5 h") == 90min);
  CHECK(value("200 ms") == 200ms);
  CHECK(value("7 us") == 7us);
  CHECK(value("2 d") == 48h);
  CHECK(value("1 w") == 168h);
  CHECK(value("0 s") == 0s);
  CHECK(value("-1 s") == -1s);
  CHECK(value("0.0000015 s") == 2us);  // to the nearest microsecond
}

TEST_CASE("what is not a duration has a fault and no value") {
  for (const std::string_view text :
       {"", " ", "s", "-", "- 5 s", "+5 s", "5", "5 5 s", "5 s s", "0x10 s", "1e3 s", "nan s",
        "inf s", "-inf s", "1.2.3 s", "5 S", "5 m", "99999999999999999999 w", "5 s\n"}) {
    INFO(text);
    const ParsedDuration parsed = parse_duration(text);
    CHECK_FALSE(parsed.value.has_value());
    CHECK_FALSE(parsed.fault.empty());
  }
}

TEST_CASE("a misunderstood unit is answered with the one that was meant") {
  const auto hint = [](std::string_view text) { return parse_duration(text).suggestion; };
  CHECK(hint("90") == "did you mean '90 s'?");
  CHECK(hint("5 m") == "did you mean '5 min'?");
  CHECK(hint("5MIN") == "did you mean '5 min'?");
  CHECK(hint("2 uur") == "did you mean '2 h'?");
  CHECK(hint("1,5 h") == "did you mean '1.5 h'?");
  CHECK(hint("5 parsec") == "the units are us, ms, s, min, h, d and w");
}

TEST_CASE("a duration is written in the largest unit that leaves a whole number") {
  CHECK(to_string(0us) == "0 s");
  CHECK(to_string(90s) == "90 s");
  CHECK(to_string(120s) == "2 min");
  CHECK(to_string(24h) == "1 d");
  CHECK(to_string(36h) == "36 h");
  CHECK(to_string(1500us) == "1500 us");
  CHECK(to_string(-2ms) == "-2 ms");
}

TEST_CASE("what is written is read back as the same duration") {
  for (const std::chrono::microseconds duration : std::initializer_list<std::chrono::microseconds>{
           1us, 999us, 1ms, 61s, 90min, 25h, 72h, 400h}) {
    CHECK(parse_duration(to_string(duration)).value == duration);
  }
}
