#include "monitor/event.hpp"

#include "tests/monitor/support.hpp"

namespace brandwacht::test {
namespace {

asio::awaitable<void> wait_for(Event& event) {
  co_await event.wait();
}

asio::awaitable<void> wait_until(Event& event, const bool& condition) {
  while (!condition)
    co_await event.wait();
}

TEST_CASE("notify_one wakes the one who has waited longest, notify_all everybody") {
  asio::io_context io;
  Event event(io.get_executor());
  Task one(io, wait_for(event)), two(io, wait_for(event)), three(io, wait_for(event));
  turn(io);
  event.notify_one();
  turn(io);
  CHECK(one.succeeded());
  CHECK_FALSE(two.ended());
  event.notify_all();
  turn(io);
  CHECK(two.succeeded());
  CHECK(three.succeeded());
}

TEST_CASE("a notification that nobody waits for is not kept") {
  asio::io_context io;
  Event event(io.get_executor());
  event.notify_all();
  Task task(io, wait_for(event));
  turn(io);
  CHECK_FALSE(task.ended());
  event.notify_one();
  turn(io);
  CHECK(task.succeeded());
}

TEST_CASE("a cancelled wait throws and leaves the others waiting for the condition") {
  asio::io_context io;
  Event event(io.get_executor());
  bool condition = false;
  Task one(io, wait_until(event, condition)), two(io, wait_until(event, condition));
  turn(io);
  one.cancel();
  turn(io);
  CHECK(one.cancelled());
  CHECK_FALSE(two.ended());
  condition = true;
  event.notify_one();
  turn(io);
  CHECK(two.succeeded());
}

TEST_CASE("a notification that meets a cancelled waiter wakes the next one") {
  asio::io_context io;
  Event event(io.get_executor());
  bool condition = false;
  Task one(io, wait_until(event, condition)), two(io, wait_until(event, condition));
  turn(io);
  condition = true;
  event.notify_one();
  one.cancel();
  turn(io);
  CHECK(one.cancelled());
  CHECK(two.succeeded());
}

TEST_CASE("an event may go while somebody waits") {
  asio::io_context io;
  auto event = std::make_unique<Event>(io.get_executor());
  Task task(io, wait_for(*event));
  turn(io);
  event.reset();
  turn(io);
  CHECK(task.ended());
}

}  // namespace
}  // namespace brandwacht::test
