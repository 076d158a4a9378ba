#include "alerting/retry_after.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::alerting {
namespace {

using namespace std::chrono_literals;
constexpr Time kThen = std::chrono::sys_days{std::chrono::year{1994} / 11 / 6} + 8h + 49min + 0s;

}  // namespace

TEST_CASE("Retry-After is read as seconds") {
  CHECK(parse_retry_after("0", kThen) == 0s);
  CHECK(parse_retry_after("120", kThen) == 120s);
  CHECK(parse_retry_after(" 7\t", kThen) == 7s);
}

TEST_CASE("Retry-After is read as a date in all three forms of HTTP") {
  CHECK(parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", kThen) == 37s);
  CHECK(parse_retry_after("Sunday, 06-Nov-94 08:49:37 GMT", kThen) == 37s);
  CHECK(parse_retry_after("Sun Nov  6 08:49:37 1994", kThen) == 37s);
}

TEST_CASE("a date that has passed means now") {
  CHECK(parse_retry_after("Sun, 06 Nov 1994 08:48:00 GMT", kThen) == 0s);
}

TEST_CASE("no server may silence a target for more than an hour") {
  CHECK(parse_retry_after("86400", kThen) == kLongestRetryAfter);
  CHECK(parse_retry_after("99999999999999999999999999", kThen) == kLongestRetryAfter);
  CHECK(parse_retry_after("Mon, 07 Nov 1994 08:49:37 GMT", kThen) == kLongestRetryAfter);
}

TEST_CASE("a two-digit year far ahead is a year of the past century") {
  const Time now = std::chrono::sys_days{std::chrono::year{2026} / 11 / 21};
  CHECK(parse_retry_after("Sunday, 06-Nov-94 08:49:37 GMT", now) == 0s);
  CHECK(parse_retry_after("Saturday, 21-Nov-26 00:00:09 GMT", now) == 9s);
}

TEST_CASE("what is neither seconds nor a date is no Retry-After") {
  for (const char* text : {"", " ", "-1", "1.5", "soon", "1 s", "Sun, 06 Nov 1994 08:49:37",
                           "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 31 Feb 1994 08:49:37 GMT",
                           "Sun, 06 Nov 1994 25:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 CET",
                           "Sun, 00 Nov 1994 08:49:37 GMT", "Sun", "Sun,", "Sun Nov",
                           "Sun, 06 Nov 1994 08:49:37 GMTx"})
    CHECK_FALSE(parse_retry_after(text, kThen));
}

}  // namespace brandwacht::alerting
