// Groups in tasks of groups, tasks that end inside cancel(), and what must end the program.
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/post.hpp>
#include <csignal>
#include <stdexcept>

#include "monitor/clock.hpp"
#include "monitor/task_group.hpp"
#include "tests/monitor/support.hpp"

namespace brandwacht::test {
namespace {

struct Bench {
  asio::io_context io;
  ManualClock clock{io};
  TaskGroup group{io.get_executor()};
  int begun = 0, ended = 0;
};

struct CountEnd {
  int& count;
  ~CountEnd() { ++count; }
};

asio::awaitable<void> counted_sleep(Bench& b, Duration span) {
  ++b.begun;
  CountEnd end{b.ended};
  co_await b.clock.sleep_for(span);
}

asio::awaitable<void> fail(Clock& clock, Duration after, std::string why) {
  co_await clock.sleep_for(after);
  throw std::runtime_error(why);
}

asio::awaitable<void> join(TaskGroup& group) {
  co_await group.join();
}

asio::awaitable<void> family(Bench& b, int depth) {
  TaskGroup children(b.io.get_executor());
  for (int i = 0; i < 2; ++i) {
    if (depth > 0)
      children.spawn("family", family(b, depth - 1));
    else
      children.spawn("leaf", counted_sleep(b, 1h));
  }
  co_await children.join();
}

TEST_CASE("cancelling a group ends the groups of its tasks, leaves first") {
  Bench b;
  b.group.spawn("family", family(b, 3));
  b.clock.settle();
  CHECK(b.begun == 16);
  b.group.cancel();
  b.clock.settle();
  CHECK(b.ended == 16);
  CHECK(b.group.size() == 0);
}

TEST_CASE("a failure in an inner group comes out of the outer one") {
  Bench b;
  TaskGroup inner(b.io.get_executor());
  inner.spawn("sleeper", counted_sleep(b, 1h));
  inner.spawn("failing", fail(b.clock, 1s, "deep inside"));
  b.group.spawn("inner", join(inner));
  b.group.spawn("sibling", counted_sleep(b, 1h));
  Task joiner(b.io, join(b.group));
  b.clock.advance(1s);
  CHECK(joiner.failure() == "deep inside");
  CHECK(b.ended == 2);
}

asio::awaitable<void> spawn_and_sleep(TaskGroup& group, Bench& b) {
  group.spawn("child", counted_sleep(b, 2s));
  co_await b.clock.sleep_for(1s);
}

asio::awaitable<void> spawn_and_fail(TaskGroup& group, Bench& b) {
  group.spawn("child", counted_sleep(b, 1h));
  co_await b.clock.sleep_for(1s);
  throw std::runtime_error("the body failed");
}

asio::awaitable<void> spawn_failing(TaskGroup& group, Bench& b) {
  group.spawn("child", fail(b.clock, 1s, "the child failed"));
  co_return;
}

TEST_CASE("with_tasks ends when its body and all its tasks have") {
  Bench b;
  Task task(b.io, with_tasks(spawn_and_sleep, b));
  b.clock.advance(1s);
  CHECK_FALSE(task.ended());
  b.clock.advance(1s);
  CHECK(task.succeeded());
}

TEST_CASE("with_tasks cancels its tasks when its body fails or is cancelled") {
  Bench b;
  Task failing(b.io, with_tasks(spawn_and_fail, b));
  b.clock.advance(1s);
  CHECK(failing.failure() == "the body failed");
  CHECK(b.ended == 1);
  Task cancelled(b.io, with_tasks(spawn_and_sleep, b));
  b.clock.settle();
  cancelled.cancel();
  b.clock.settle();
  CHECK(cancelled.cancelled());
  CHECK(b.ended == 2);
  Task child(b.io, with_tasks(spawn_failing, b));
  b.clock.advance(1s);
  CHECK(child.failure() == "the child failed");
}

asio::awaitable<void> notified_then_nested(Event& event, Bench& b) {
  // The wait succeeds and the cancellation comes before the task runs on: the case in which a bare
  // group aborts.
  co_await event.wait_unthrown();
  co_await with_tasks(spawn_and_sleep, b);
}

TEST_CASE("a task that is cancelled before it makes its group ends without making it") {
  Bench b;
  Event event(b.io.get_executor());
  Task task(b.io, notified_then_nested(event, b));
  b.clock.settle();
  event.notify_all();
  task.cancel();
  b.clock.settle();
  CHECK(task.cancelled());
  CHECK(b.begun == 0);
}

// Completes inside the emission of the cancellation, as an operation of our own might.
template <class Token>
auto until_cancelled(Token&& token) {
  return asio::async_initiate<Token, void(std::exception_ptr)>(
      [](auto handler) {
        auto slot = asio::get_associated_cancellation_slot(handler);
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        slot.assign([shared](asio::cancellation_type) {
          const auto keep = shared;  // the slot drops this function while it runs
          std::move (*keep)(std::exception_ptr());
        });
      },
      token);
}

asio::awaitable<void> end_inside_cancel(Bench& b, bool failing) {
  CountEnd end{b.ended};
  try {
    co_await until_cancelled(asio::use_awaitable);
  } catch (...) {
  }
  if (failing) throw std::runtime_error("failed while being cancelled");
}

TEST_CASE("tasks may end, and fail, inside cancel") {
  Bench b;
  for (int i = 0; i < 10; ++i)
    b.group.spawn("task", end_inside_cancel(b, i % 3 == 1));
  b.clock.settle();
  std::size_t left = 10;
  asio::post(b.io, [&b, &left] {
    b.group.cancel();
    left = b.group.size();
  });
  b.clock.settle();
  CHECK(left == 0);
  CHECK(b.ended == 10);
  Task joiner(b.io, join(b.group));
  b.clock.settle();
  CHECK(joiner.failure() == "failed while being cancelled");
}

TEST_CASE("a thousand short tasks leave nothing behind") {
  Bench b;
  for (int i = 0; i < 1000; ++i)
    b.group.spawn("task", counted_sleep(b, i * 1ms));
  b.clock.advance(1s);
  CHECK(b.ended == 1000);
  CHECK(b.group.size() == 0);
}

TEST_CASE("a group that goes before its tasks ends the program, with their names") {
  int out[2];
  REQUIRE(pipe(out) == 0);
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    std::signal(SIGABRT, SIG_DFL);  // Catch would report a failed test
    dup2(out[1], STDERR_FILENO);
    asio::io_context io;
    ManualClock clock(io);
    {
      TaskGroup group(io.get_executor());
      group.spawn("orphan", fail(clock, 1s, "never"));
      clock.settle();
    }
    _exit(0);
  }
  close(out[1]);
  std::string said(200, '\0');
  const auto size = read(out[0], said.data(), said.size());
  close(out[0]);
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == SIGABRT);
  REQUIRE(size > 0);
  CHECK(said.find("task 'orphan' outlives its group") == 0);
}

}  // namespace
}  // namespace brandwacht::test
