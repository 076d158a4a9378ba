#include "monitor/rate.hpp"

#include "tests/support/catch.hpp"

using namespace brandwacht;
using namespace std::chrono_literals;

namespace {

Rate rate(std::string_view text) {
  const ParsedRate parsed = parse_rate(text);
  INFO(text << ": " << parsed.fault);
  REQUIRE(parsed.value);
  return *parsed.value;
}

}  // namespace

TEST_CASE("a rate is read as people state it") {
  CHECK(rate("2/week") == Rate{2, 7 * 24h});
  for (const char* same : {"2 / week", "2 per week", "2 a week", " 2 Per Weeks ", "2.0/week"})
    CHECK(rate(same) == rate("2/week"));
  CHECK(rate("3/day") == Rate{3, 24h});
  CHECK(rate("1 an hour") == Rate{1, 1h});
  CHECK(rate("0/week") == Rate{0, 7 * 24h});
  CHECK_FALSE(rate("unlimited").limited());
}

TEST_CASE("parts of a time are whole times in more weeks") {
  CHECK(rate("0.5/week") == Rate{1, 14 * 24h});
  CHECK(rate("1.5/week") == Rate{3, 14 * 24h});
  CHECK(rate("0,25 a week") == Rate{1, 28 * 24h});
  CHECK(rate("0.5/week").per_week() == Approx(0.5));
  CHECK(rate("3/day").per_week() == Approx(21));
}

TEST_CASE("what is no rate is told why, with a way out") {
  const auto fault = [](std::string_view text) {
    const ParsedRate parsed = parse_rate(text);
    CHECK_FALSE(parsed.value);
    CHECK_FALSE(parsed.fault.empty());
    return parsed.fault + "; " + parsed.suggestion;
  };
  CHECK(fault("2") == "does not say in what span; \"2/week\"");
  CHECK(fault("2/") == "does not say in what span; \"2/week\"");
  CHECK(fault("2/fortnight").find("'fortnight'") != std::string::npos);
  CHECK(fault("two a week").find("number") != std::string::npos);
  CHECK(fault("-1/week").find("below 0") != std::string::npos);
  CHECK(fault("500/day").find("200") != std::string::npos);
  CHECK(fault("0.01/month").find("once a year") != std::string::npos);
  for (const char* wrong :
       {"", "/week", "1.234/week", "1..2/week", "nan/week", "2week", "1e9/week"})
    fault(wrong);
}

TEST_CASE("a rate is written as it can be read") {
  for (const char* text : {"2/week", "3/day", "1/hour", "0/week", "unlimited", "1/month"})
    CHECK(to_string(rate(text)) == text);
  CHECK(to_string(rate("0.5/week")) == "1/2 weeks");
}
