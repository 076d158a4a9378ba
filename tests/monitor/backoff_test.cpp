#include "monitor/backoff.hpp"

#include <array>
#include <limits>

#include "tests/monitor/support.hpp"

namespace brandwacht::test {
namespace {

TEST_CASE("the ceiling of a wait doubles up to the cap and stays there") {
  const BackoffSettings settings{500ms, 30s};
  CHECK(backoff_ceiling(settings, 0) == 1s);
  CHECK(backoff_ceiling(settings, 1) == 2s);
  CHECK(backoff_ceiling(settings, 4) == 16s);
  CHECK(backoff_ceiling(settings, 5) == 30s);
  for (unsigned attempt :
       {6U, 38U, 39U, 40U, 63U, 64U, 1000U, std::numeric_limits<unsigned>::max()})
    CHECK(backoff_ceiling(settings, attempt) == 30s);
}

TEST_CASE("a cap that is a power of two of the base is reached exactly") {
  const BackoffSettings settings{1s, 8s};
  CHECK(backoff_ceiling(settings, 2) == 8s);
  CHECK(backoff_ceiling(settings, 3) == 8s);
}

TEST_CASE("every wait lies between the base and the ceiling") {
  std::mt19937_64 random(8);
  for (const auto& settings :
       {BackoffSettings{}, BackoffSettings{1us, 1h}, BackoffSettings{5s, 5s}})
    for (unsigned attempt = 0; attempt < 100; ++attempt)
      for (int i = 0; i < 20; ++i) {
        const auto wait = backoff_wait(settings, attempt, random);
        REQUIRE(wait >= settings.base);
        REQUIRE(wait <= backoff_ceiling(settings, attempt));
        REQUIRE(wait <= settings.cap);
      }
}

TEST_CASE("a cap below the base counts as the base") {
  std::mt19937_64 random(9);
  const BackoffSettings settings{10s, 1s};
  for (unsigned attempt : {0U, 3U, 50U})
    CHECK(backoff_wait(settings, attempt, random) == 10s);
}

TEST_CASE("waits are spread over the whole range") {
  std::mt19937_64 random(10);
  const BackoffSettings settings{1s, 11s};
  std::array<int, 10> seconds{};
  for (int i = 0; i < 10000; ++i) {
    const auto past_base = backoff_wait(settings, 10, random) - settings.base;
    ++seconds[std::min<std::size_t>(past_base / 1s, 9)];
  }
  for (int count : seconds) {
    CHECK(count > 850);  // 1000 each, within five standard deviations
    CHECK(count < 1150);
  }
}

}  // namespace
}  // namespace brandwacht::test
