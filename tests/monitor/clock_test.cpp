#include "monitor/clock.hpp"

#include <boost/asio/strand.hpp>
#include <memory>
#include <vector>

#include "tests/monitor/support.hpp"

namespace brandwacht::test {
namespace {

struct Wake {
  std::string who;
  Duration wall, steady;  // since the start
  bool operator==(const Wake&) const = default;
};

struct Bench {
  asio::io_context io;
  ManualClock clock{io};
  Time start = clock.now();
  Clock::Steady zero = clock.steady();
  std::vector<Wake> log;

  void note(std::string who) {
    const auto steady = std::chrono::duration_cast<Duration>(clock.steady() - zero);
    log.push_back(Wake{std::move(who), clock.now() - start, steady});
  }
};

asio::awaitable<void> sleep_and_note(Bench& b, std::string who, Duration span) {
  co_await b.clock.sleep_for(span);
  b.note(std::move(who));
}

asio::awaitable<void> tick(Bench& b, std::chrono::nanoseconds every) {
  for (auto at = b.clock.steady() + every;; at += every) {
    co_await b.clock.sleep_until(at);
    b.note("tick");
  }
}

asio::awaitable<void> spin(Clock& clock, const bool& stop) {
  while (!stop)
    co_await clock.sleep_for(0s);
}

asio::awaitable<void> set(bool& flag) {
  flag = true;
  co_return;
}

asio::awaitable<void> sleep(Clock& clock, Duration span) {
  co_await clock.sleep_for(span);
}

TEST_CASE("sleepers wake in the order of their times, with both clocks showing them") {
  Bench b;
  Task late(b.io, sleep_and_note(b, "late", 3s)), early(b.io, sleep_and_note(b, "early", 1s)),
      middle(b.io, sleep_and_note(b, "middle", 2s)), never(b.io, sleep_and_note(b, "never", 6s));
  b.clock.advance(5s);
  CHECK(b.log == std::vector<Wake>{{"early", 1s, 1s}, {"middle", 2s, 2s}, {"late", 3s, 3s}});
  CHECK(b.clock.now() == b.start + 5s);
  CHECK(b.clock.steady() == b.zero + 5s);
  CHECK_FALSE(never.ended());
  b.clock.advance(1s);  // exactly its time
  CHECK(never.succeeded());
}

TEST_CASE("of two sleepers with one time the first to fall asleep wakes first") {
  Bench b;
  Task one(b.io, sleep_and_note(b, "one", 1s)), two(b.io, sleep_and_note(b, "two", 1s)),
      three(b.io, sleep_and_note(b, "three", 1s));
  b.clock.advance(1s);
  CHECK(b.log == std::vector<Wake>{{"one", 1s, 1s}, {"two", 1s, 1s}, {"three", 1s, 1s}});
}

TEST_CASE("a sleeper that sleeps again wakes again within one advance") {
  Bench b;
  Task ticker(b.io, tick(b, 1s));
  b.clock.advance(10s);
  REQUIRE(b.log.size() == 10);
  CHECK(b.log.back() == Wake{"tick", 10s, 10s});
}

TEST_CASE("the wall clock does not fall behind when sleepers wake between microseconds") {
  Bench b;
  Task ticker(b.io, tick(b, 700ns));
  b.clock.advance(1ms);
  CHECK(b.log.size() == 1428);
  CHECK(b.clock.now() == b.start + 1ms);
}

TEST_CASE("to sleep for no time lets the other tasks run") {
  Bench b;
  bool stop = false;
  Task spinner(b.io, spin(b.clock, stop)), setter(b.io, set(stop));
  b.clock.settle();
  CHECK(spinner.succeeded());
  Task past(b.io, sleep_and_note(b, "past", -5s));
  b.clock.settle();
  CHECK(b.log == std::vector<Wake>{{"past", 0s, 0s}});
}

TEST_CASE("a task that is cancelled while asleep ends at once") {
  Bench b;
  Task one(b.io, sleep_and_note(b, "one", 1s)), two(b.io, sleep_and_note(b, "two", 1s));
  b.clock.settle();
  one.cancel();
  b.clock.settle();
  CHECK(one.cancelled());
  b.clock.advance(2s);
  CHECK(b.log == std::vector<Wake>{{"two", 1s, 1s}});
}

TEST_CASE("a step of the wall clock moves neither steady time nor sleepers") {
  Bench b;
  Task one(b.io, sleep_and_note(b, "one", 10s));
  b.clock.advance(1s);
  b.clock.step_wall(-1h);
  b.clock.settle();
  CHECK(b.clock.now() == b.start + 1s - 1h);
  CHECK(b.clock.steady() == b.zero + 1s);
  CHECK(b.log.empty());
  b.clock.advance(9s);
  CHECK(b.log == std::vector<Wake>{{"one", 10s - 1h, 10s}});
}

TEST_CASE("time never goes back") {
  Bench b;
  b.clock.advance(-1h);
  CHECK(b.clock.now() == b.start);
  CHECK(b.clock.steady() == b.zero);
}

TEST_CASE("a sleeper on a strand of the loop is run by advance") {
  Bench b;
  Task task(asio::make_strand(b.io), sleep_and_note(b, "strand", 1s));
  b.clock.advance(1s);
  CHECK(task.succeeded());
}

TEST_CASE("a sleeper of another loop is woken without being waited for") {
  Bench b;
  asio::io_context other;
  Task task(other, sleep_and_note(b, "other", 1s));
  turn(other);
  b.clock.advance(2s);
  CHECK(b.clock.now() == b.start + 2s);
  CHECK_FALSE(task.ended());
  turn(other);
  CHECK(task.succeeded());
}

TEST_CASE("the clock may go before those who sleep by it") {
  asio::io_context io;
  auto clock = std::make_unique<ManualClock>(io);
  Task task(io, sleep(*clock, 1s));
  clock->settle();
  clock.reset();
  task.cancel();
  turn(io);
  CHECK(task.cancelled());
}

TEST_CASE("the system's clock sleeps by steady time and can be cancelled") {
  asio::io_context io;
  SystemClock clock;
  const auto before = clock.steady();
  Task brief(io, sleep(clock, 2ms)), endless(io, sleep(clock, 1h));
  io.run_one_for(5s);
  while (!brief.ended() && clock.steady() < before + 5s)
    io.run_one_for(5s);
  CHECK(brief.succeeded());
  CHECK(clock.steady() >= before + 2ms);
  endless.cancel();
  turn(io);
  CHECK(endless.cancelled());
  CHECK(clock.now() > *parse_rfc3339("2020-01-01T00:00:00Z"));
}

}  // namespace
}  // namespace brandwacht::test
