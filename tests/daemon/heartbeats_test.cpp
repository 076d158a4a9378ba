#include "monitor/daemon/heartbeats.hpp"

#include "tests/support/catch.hpp"

namespace brandwacht::daemon {
namespace {

using namespace std::chrono_literals;
constexpr Time kStart{std::chrono::seconds{1'767'571'200}};  // 2026-01-05T00:00:00Z

TEST_CASE("pitfall 12: a source that falls silent is an alarm once, and lowers the coverage") {
  const Calendar calendar;
  Heartbeats hearts(calendar, {});
  Time now = kStart;
  std::uint64_t events = 0;
  const auto run = [&](Duration span, std::uint64_t each) {
    int began = 0, ended = 0;
    for (const Time end = now + span; now < end;) {
      now += 10s;
      (void)hearts.hear("other", events + static_cast<std::uint64_t>((now - kStart) / 1s), now);
      if (const auto said = hearts.hear("bluesky", events += each, now))
        ++(said->kind == thread::Silence::Kind::began ? began : ended);
    }
    return std::pair{began, ended};
  };
  CHECK(run(24h, 5) == std::pair{0, 0});
  CHECK(hearts.coverage(now).share == 1);
  CHECK(run(3h, 0) == std::pair{1, 0});
  CHECK(hearts.silent("bluesky"));
  CHECK_FALSE(hearts.silent("other"));
  const auto coverage = hearts.coverage(now);
  CHECK(coverage.silent == std::vector<std::string>{"bluesky"});
  CHECK(coverage.share < 0.55);
  CHECK(run(10min, 5) == std::pair{0, 1});
  CHECK(hearts.coverage(now).silent.empty());
  CHECK(hearts.coverage(now).share < 0.6);
  CHECK_FALSE(hearts.silent("never heard of"));
}

}  // namespace
}  // namespace brandwacht::daemon
