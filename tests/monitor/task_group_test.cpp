#include "monitor/task_group.hpp"

#include <stdexcept>

#include "monitor/clock.hpp"
#include "tests/monitor/support.hpp"

namespace brandwacht::test {
namespace {

struct Bench {
  asio::io_context io;
  ManualClock clock{io};
  TaskGroup group{io.get_executor()};
};

asio::awaitable<void> sleep(Clock& clock, Duration span) {
  co_await clock.sleep_for(span);
}

asio::awaitable<void> fail(Clock& clock, Duration after, std::string why) {
  co_await clock.sleep_for(after);
  throw std::runtime_error(why);
}

// Deaf to cancellation until `release`.
asio::awaitable<void> hang(Event& release) {
  auto deaf = asio::disable_cancellation();
  co_await asio::this_coro::reset_cancellation_state(deaf);
  co_await release.wait();
}

asio::awaitable<void> join(TaskGroup& group) {
  co_await group.join();
}

asio::awaitable<void> join_within(Bench& b, Duration span, std::vector<std::string>& left) {
  left = co_await b.group.join_within(b.clock, span);
}

TEST_CASE("join returns when the last task has ended") {
  Bench b;
  b.group.spawn("one", sleep(b.clock, 1s));
  b.group.spawn("two", sleep(b.clock, 2s));
  Task joiner(b.io, join(b.group));
  b.clock.advance(1s);
  CHECK_FALSE(joiner.ended());
  CHECK(b.group.names() == std::vector<std::string>{"two"});
  b.clock.advance(1s);
  CHECK(joiner.succeeded());
  CHECK(b.group.size() == 0);
}

TEST_CASE("join of a group without tasks returns at once") {
  Bench b;
  Task joiner(b.io, join(b.group));
  b.clock.settle();
  CHECK(joiner.succeeded());
  b.group.cancel();  // of nothing, which does not stick
  b.group.spawn("later", sleep(b.clock, 1s));
  b.clock.settle();
  CHECK(b.group.size() == 1);
  b.clock.advance(1s);
  CHECK(b.group.size() == 0);
}

TEST_CASE("the first failure cancels the others and is thrown by join, once") {
  Bench b;
  b.group.spawn("long", sleep(b.clock, 1h));
  b.group.spawn("first", fail(b.clock, 1s, "first"));
  b.group.spawn("second", fail(b.clock, 2s, "second"));
  Task joiner(b.io, join(b.group));
  b.clock.advance(1s);
  CHECK(joiner.failure() == "first");
  Task again(b.io, join(b.group));
  b.clock.settle();
  CHECK(again.succeeded());
}

TEST_CASE("a failure from before join is kept for it") {
  Bench b;
  b.group.spawn("early", fail(b.clock, 1s, "early"));
  b.clock.advance(1s);
  CHECK(b.group.size() == 0);
  Task joiner(b.io, join(b.group));
  b.clock.settle();
  CHECK(joiner.failure() == "early");
}

TEST_CASE("cancel ends every task, and that is no failure") {
  Bench b;
  for (int i = 0; i < 100; ++i)
    b.group.spawn("task", sleep(b.clock, 1h));
  Task joiner(b.io, join(b.group));
  b.clock.settle();
  b.group.cancel();
  b.group.cancel();
  b.clock.settle();
  CHECK(joiner.succeeded());
}

asio::awaitable<void> set(bool& flag) {
  flag = true;
  co_return;
}

TEST_CASE("a task that is cancelled before it has begun does not begin") {
  Bench b;
  bool begun = false;
  b.group.spawn("task", set(begun));
  b.group.cancel();
  b.clock.settle();
  CHECK(b.group.size() == 0);
  CHECK_FALSE(begun);
}

asio::awaitable<void> cancel_and_end(TaskGroup& group) {
  group.cancel();
  co_return;
}

TEST_CASE("a task that never waits may be cancelled while it runs") {
  Bench b;
  b.group.spawn("task", cancel_and_end(b.group));
  b.clock.settle();
  CHECK(b.group.size() == 0);
}

asio::awaitable<void> wait_for(Event& event) {
  co_await event.wait();
}

TEST_CASE("cancel from outside the loop may meet a task that is about to end") {
  Bench b;
  Event event(b.io.get_executor());
  b.group.spawn("task", wait_for(event));
  b.clock.settle();
  event.notify_all();
  b.group.cancel();
  b.clock.settle();
  CHECK(b.group.size() == 0);
}

asio::awaitable<void> accept_one(Bench& b, Event& connection) {
  co_await hang(connection);
  b.group.spawn("connection", sleep(b.clock, 1h));
}

TEST_CASE("cancel reaches a task that is spawned before the others have ended") {
  Bench b;
  Event connection(b.io.get_executor());
  b.group.spawn("acceptor", accept_one(b, connection));
  b.clock.settle();
  b.group.cancel();
  connection.notify_all();
  b.clock.settle();
  CHECK(b.group.names().empty());
  b.group.spawn("next life", sleep(b.clock, 1h));
  b.clock.settle();
  CHECK(b.group.size() == 1);
  b.group.cancel();
  b.clock.settle();
}

asio::awaitable<void> cancel_own(Bench& b) {
  b.group.cancel();
  co_await b.clock.sleep_for(1h);
}

TEST_CASE("a task may cancel its own group") {
  Bench b;
  b.group.spawn("other", sleep(b.clock, 1h));
  b.group.spawn("suicidal", cancel_own(b));
  b.clock.settle();
  CHECK(b.group.size() == 0);
}

TEST_CASE("join_within gives nothing when all end in time") {
  Bench b;
  std::vector<std::string> left{"untouched"};
  b.group.spawn("quick", sleep(b.clock, 1s));
  Task joiner(b.io, join_within(b, 5s, left));
  b.clock.advance(1s);
  CHECK(joiner.succeeded());
  CHECK(left.empty());
}

TEST_CASE("join_within names the tasks that hang at the deadline") {
  Bench b;
  Event release(b.io.get_executor());
  std::vector<std::string> left;
  b.group.spawn("well-behaved", sleep(b.clock, 1h));
  b.group.spawn("deaf", hang(release));
  b.group.spawn("deaf too", hang(release));
  b.clock.settle();
  b.group.cancel();
  Task joiner(b.io, join_within(b, 5s, left));
  b.clock.advance(4s);
  CHECK_FALSE(joiner.ended());
  b.clock.advance(1s);
  CHECK(joiner.succeeded());
  CHECK(left == std::vector<std::string>{"deaf", "deaf too"});
  release.notify_all();
  b.clock.settle();
}

TEST_CASE("join_within throws a failure only when all have ended, else it gives the names first") {
  Bench b;
  Event release(b.io.get_executor());
  std::vector<std::string> left;
  b.group.spawn("deaf", hang(release));
  b.group.spawn("failing", fail(b.clock, 1s, "reason"));
  Task first(b.io, join_within(b, 5s, left));
  b.clock.advance(5s);
  CHECK(first.succeeded());
  CHECK(left == std::vector<std::string>{"deaf"});
  Task second(b.io, join_within(b, 5s, left));
  release.notify_all();
  b.clock.settle();
  CHECK(second.failure() == "reason");
}

TEST_CASE("join_within with no time left still tells who runs") {
  Bench b;
  std::vector<std::string> left;
  b.group.spawn("sleeper", sleep(b.clock, 1h));
  Task joiner(b.io, join_within(b, -1s, left));
  b.clock.settle();
  CHECK(joiner.succeeded());
  CHECK(left == std::vector<std::string>{"sleeper"});
  b.group.cancel();
  b.clock.settle();
}

TEST_CASE("a cancelled join cancels the tasks, waits for them and then throws") {
  Bench b;
  Event release(b.io.get_executor());
  b.group.spawn("sleeper", sleep(b.clock, 1h));
  b.group.spawn("deaf", hang(release));
  Task joiner(b.io, join(b.group));
  b.clock.settle();
  joiner.cancel();
  b.clock.settle();
  CHECK_FALSE(joiner.ended());
  CHECK(b.group.names() == std::vector<std::string>{"deaf"});
  release.notify_all();
  b.clock.settle();
  CHECK(joiner.cancelled());
}

TEST_CASE("a cancelled join_within keeps to its deadline and still gives the names") {
  Bench b;
  Event release(b.io.get_executor());
  std::vector<std::string> left;
  b.group.spawn("sleeper", sleep(b.clock, 1h));
  b.group.spawn("deaf", hang(release));
  Task joiner(b.io, join_within(b, 5s, left));
  b.clock.settle();
  joiner.cancel();
  b.clock.advance(4s);
  CHECK_FALSE(joiner.ended());
  b.clock.advance(1s);
  CHECK(joiner.succeeded());
  CHECK(left == std::vector<std::string>{"deaf"});
  release.notify_all();
  b.clock.settle();
}

}  // namespace
}  // namespace brandwacht::test
