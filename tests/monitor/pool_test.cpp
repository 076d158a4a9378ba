#include "monitor/pool.hpp"

#include <future>
#include <stdexcept>
#include <thread>

#include "tests/monitor/support.hpp"

namespace brandwacht::test {
namespace {

struct Bench {
  asio::io_context io;
  asio::thread_pool pool{2};
  std::thread::id ran_on, resumed_on;
  std::string got;

  // The loop has work until the pool's answer is there, so this needs no sleep.
  void run() {
    io.restart();
    io.run();
  }
};

asio::awaitable<void> compute(Bench& b) {
  auto where = [&b] {
    b.ran_on = std::this_thread::get_id();
    return std::string("done");
  };
  b.got = co_await on_pool(b.pool, where);
  b.resumed_on = std::this_thread::get_id();
}

TEST_CASE("a call on the pool gives its value and resumes on the caller's own thread") {
  Bench b;
  Task task(b.io, compute(b));
  b.run();
  CHECK(task.succeeded());
  CHECK(b.got == "done");
  CHECK(b.ran_on != std::this_thread::get_id());
  CHECK(b.resumed_on == std::this_thread::get_id());
}

int refuse() {
  throw std::runtime_error("the disk is full");
}

asio::awaitable<void> call_refuse(Bench& b) {
  co_await on_pool(b.pool, refuse);
  b.got = "not reached";
}

TEST_CASE("an exception on the pool is thrown at the caller") {
  Bench b;
  Task task(b.io, call_refuse(b));
  b.run();
  CHECK(task.failure() == "the disk is full");
  CHECK(b.got.empty());
}

asio::awaitable<void> call_blocking(Bench& b, std::shared_future<void> go,
                                    std::promise<void>& begun) {
  auto wait = [go, &begun] {
    begun.set_value();
    go.wait();
  };
  co_await on_pool(b.pool, wait);
  b.got = "finished";
  co_await on_pool(b.pool, refuse);
}

TEST_CASE("a call that has begun is finished although its caller is cancelled") {
  Bench b;
  std::promise<void> go, begun;
  Task task(b.io, call_blocking(b, go.get_future().share(), begun));
  turn(b.io);
  begun.get_future().wait();
  task.cancel();
  turn(b.io);
  CHECK_FALSE(task.ended());
  go.set_value();
  b.run();
  CHECK(b.got == "finished");
  CHECK(task.cancelled());  // at its next wait
}

asio::awaitable<void> count_up(Bench& b, int& count) {
  auto nothing = [] {};
  for (int i = 0; i < 200; ++i) {
    co_await on_pool(b.pool, nothing);
    ++count;  // on the loop's thread only, so no lock
  }
}

TEST_CASE("many tasks use the pool at once without touching each other") {
  Bench b;
  int count = 0;
  std::vector<std::unique_ptr<Task>> tasks;
  for (int i = 0; i < 10; ++i)
    tasks.push_back(std::make_unique<Task>(b.io, count_up(b, count)));
  b.run();
  CHECK(count == 2000);
}

}  // namespace
}  // namespace brandwacht::test
