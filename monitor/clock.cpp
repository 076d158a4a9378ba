#include "monitor/clock.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

namespace brandwacht {
namespace asio = boost::asio;

asio::awaitable<void> Clock::sleep_for(Duration span) {
  return sleep_until(steady() + span);
}

Time SystemClock::now() const {
  return std::chrono::floor<Duration>(std::chrono::system_clock::now());
}

Clock::Steady SystemClock::steady() const {
  return std::chrono::steady_clock::now();
}

asio::awaitable<void> SystemClock::sleep_until(Steady at) {
  asio::steady_timer timer(co_await asio::this_coro::executor, at);
  co_await timer.async_wait(asio::use_awaitable);
}

ManualClock::ManualClock(asio::io_context& io, Time start) : io_(io), zero_(start) {}

Time ManualClock::now() const {
  return zero_ + std::chrono::floor<Duration>(steady_.time_since_epoch());
}

// One sleeping task, in its frame.
struct ManualClock::Sleeper {
  Sleeper(std::shared_ptr<Sleepers> sleepers, Steady at, asio::any_io_executor executor)
      : all(std::move(sleepers)), self(all->emplace(at, this)), timer(executor, Steady::max()) {}
  Sleeper(const Sleeper&) = delete;
  Sleeper& operator=(const Sleeper&) = delete;
  ~Sleeper() {
    if (!woken) all->erase(self);
  }

  // Off the list at once: the task may belong to a loop that advance() does not run.
  void wake() {
    woken = true;
    all->erase(self);
    timer.cancel();
  }

  std::shared_ptr<Sleepers> all;
  Sleepers::iterator self;
  asio::steady_timer timer;
  bool woken = false;
};

asio::awaitable<void> ManualClock::sleep_until(Steady at) {
  auto executor = co_await asio::this_coro::executor;
  if (at <= steady_) {
    co_await asio::post(executor, asio::use_awaitable);
    co_return;
  }
  Sleeper sleeper(sleepers_, at, executor);
  auto [error] = co_await sleeper.timer.async_wait(asio::as_tuple(asio::use_awaitable));
  (void)error;  // always cancelled: by advance() or by the task's end
  if (!sleeper.woken) throw boost::system::system_error(asio::error::operation_aborted);
}

void ManualClock::advance(Duration span) {
  const Steady end = steady_ + std::max(span, Duration::zero());
  for (;;) {
    settle();
    const auto first = sleepers_->begin();
    if (first == sleepers_->end() || first->first > end) break;
    steady_ = std::max(steady_, first->first);
    first->second->wake();
  }
  steady_ = end;
  settle();
}

void ManualClock::settle() {
  io_.restart();
  io_.poll();
}

}  // namespace brandwacht
