#include "monitor/queue.hpp"

#include <memory>
#include <numeric>
#include <vector>

#include "tests/monitor/support.hpp"

namespace brandwacht::test {
namespace {

asio::awaitable<void> produce(Queue<int>& queue, int count, int& pushed) {
  for (int i = 0; i < count; ++i) {
    const bool taken = co_await queue.push(i);
    if (!taken) co_return;
    ++pushed;
  }
}

asio::awaitable<void> consume(Queue<int>& queue, std::vector<int>& got) {
  for (;;) {
    auto items = co_await queue.pop_all();
    if (items.empty()) co_return;
    got.insert(got.end(), items.begin(), items.end());
  }
}

asio::awaitable<void> take_once(Queue<int>& queue, std::vector<int>& got) {
  auto items = co_await queue.pop_all();
  got.assign(items.begin(), items.end());
}

asio::awaitable<void> await_room(Queue<int>& queue) {
  co_await queue.room();
}

struct Bench {
  asio::io_context io;
  Queue<int> queue{io.get_executor(), 3};
  int pushed = 0;
  std::vector<int> got;
};

TEST_CASE("a producer waits for room and the order is kept") {
  Bench b;
  Task producer(b.io, produce(b.queue, 10, b.pushed));
  turn(b.io);
  CHECK(b.pushed == 3);
  CHECK(b.queue.size() == 3);
  CHECK_FALSE(producer.ended());
  Task consumer(b.io, consume(b.queue, b.got));
  turn(b.io);
  CHECK(producer.succeeded());
  std::vector<int> all(10);
  std::iota(all.begin(), all.end(), 0);
  CHECK(b.got == all);
  CHECK(b.queue.dropped() == 0);
  b.queue.close();
  turn(b.io);
  CHECK(consumer.succeeded());
}

TEST_CASE("the queue never holds more than its capacity, however many producers wait") {
  Bench b;
  std::vector<std::unique_ptr<Task>> producers;
  for (int i = 0; i < 20; ++i)
    producers.push_back(std::make_unique<Task>(b.io, produce(b.queue, 5, b.pushed)));
  std::size_t taken = 0;
  while (taken < 100) {
    turn(b.io);
    REQUIRE(b.queue.size() <= b.queue.capacity());
    REQUIRE(b.queue.size() > 0);
    Task consumer(b.io, take_once(b.queue, b.got));
    turn(b.io);
    REQUIRE(consumer.succeeded());
    taken += b.got.size();
  }
  for (const auto& producer : producers)
    CHECK(producer->succeeded());
  CHECK(b.pushed == 100);
}

TEST_CASE("try_push counts what does not fit") {
  Bench b;
  for (int i = 0; i < 5; ++i)
    CHECK(b.queue.try_push(i) == (i < 3));
  CHECK(b.queue.dropped() == 2);
  b.queue.close();
  CHECK_FALSE(b.queue.try_push(9));
  CHECK(b.queue.dropped() == 2);  // refused, not dropped
}

TEST_CASE("what is forced in goes past the bound, and room waits until it is gone") {
  Bench b;
  for (int i = 0; i < 5; ++i)
    b.queue.force_push(i);
  CHECK(b.queue.size() == 5);
  Task room(b.io, await_room(b.queue));
  turn(b.io);
  CHECK_FALSE(room.ended());
  Task consumer(b.io, take_once(b.queue, b.got));
  turn(b.io);
  CHECK(room.succeeded());
  CHECK(b.got.size() == 5);
}

TEST_CASE("after close what is in the queue can still be taken, then comes the end") {
  Bench b;
  b.queue.try_push(1);
  b.queue.try_push(2);
  b.queue.close();
  b.queue.force_push(3);
  Task consumer(b.io, consume(b.queue, b.got));
  turn(b.io);
  CHECK(consumer.succeeded());
  CHECK(b.got == std::vector<int>{1, 2, 3});
}

TEST_CASE("close wakes everybody who waits") {
  SECTION("consumers") {
    Bench b;
    Task one(b.io, consume(b.queue, b.got)), two(b.io, consume(b.queue, b.got));
    turn(b.io);
    b.queue.close();
    turn(b.io);
    CHECK(one.succeeded());
    CHECK(two.succeeded());
  }
  SECTION("producers, whose item is not taken") {
    Bench b;
    Task one(b.io, produce(b.queue, 10, b.pushed)), two(b.io, produce(b.queue, 10, b.pushed));
    Task room(b.io, await_room(b.queue));
    turn(b.io);
    b.queue.close();
    turn(b.io);
    CHECK(one.succeeded());
    CHECK(two.succeeded());
    CHECK(room.succeeded());
    CHECK(b.pushed == 3);
  }
}

TEST_CASE("two consumers share the items, none is lost or given twice") {
  Bench b;
  std::vector<int> other;
  Task one(b.io, consume(b.queue, b.got)), two(b.io, consume(b.queue, other));
  Task producer(b.io, produce(b.queue, 1000, b.pushed));
  turn(b.io);
  b.queue.close();
  turn(b.io);
  CHECK(one.succeeded());
  CHECK(two.succeeded());
  CHECK(b.got.size() + other.size() == 1000);
  const auto sum = std::accumulate(b.got.begin(), b.got.end(), 0) +
                   std::accumulate(other.begin(), other.end(), 0);
  CHECK(sum == 999 * 1000 / 2);
}

TEST_CASE("a cancelled producer or consumer leaves the queue usable") {
  Bench b;
  Task stuck(b.io, produce(b.queue, 10, b.pushed));
  turn(b.io);
  stuck.cancel();
  turn(b.io);
  CHECK(stuck.cancelled());
  Task consumer(b.io, consume(b.queue, b.got));
  turn(b.io);
  CHECK(b.got == std::vector<int>{0, 1, 2});
  consumer.cancel();
  turn(b.io);
  CHECK(consumer.cancelled());
  CHECK(b.queue.try_push(7));
  Task last(b.io, take_once(b.queue, b.got));
  turn(b.io);
  CHECK(b.got == std::vector<int>{7});
}

TEST_CASE("an item whose consumer is cancelled while being woken goes to the next one") {
  Bench b;
  Task first(b.io, take_once(b.queue, b.got)), second(b.io, take_once(b.queue, b.got));
  turn(b.io);
  CHECK(b.queue.try_push(5));  // wakes the first
  first.cancel();              // before it has run
  turn(b.io);
  CHECK(first.cancelled());
  CHECK(second.succeeded());
  CHECK(b.got == std::vector<int>{5});
}

asio::awaitable<void> push_shared(Queue<std::shared_ptr<int>>& queue, std::shared_ptr<int> item) {
  co_await queue.push(std::move(item));
}

asio::awaitable<void> take_unique(Queue<std::unique_ptr<int>>& queue, int& got) {
  auto items = co_await queue.pop_all();
  got = *items.front();
}

TEST_CASE("the item of a cancelled push is destroyed") {
  asio::io_context io;
  Queue<std::shared_ptr<int>> queue(io.get_executor(), 1);
  queue.try_push(nullptr);
  auto item = std::make_shared<int>(1);
  Task task(io, push_shared(queue, item));
  turn(io);
  CHECK(item.use_count() == 2);
  task.cancel();
  turn(io);
  CHECK(item.use_count() == 1);
}

TEST_CASE("items need only be movable") {
  asio::io_context io;
  Queue<std::unique_ptr<int>> queue(io.get_executor(), 1);
  int got = 0;
  Task task(io, take_unique(queue, got));
  turn(io);
  queue.try_push(std::make_unique<int>(42));
  turn(io);
  CHECK(got == 42);
}

}  // namespace
}  // namespace brandwacht::test
