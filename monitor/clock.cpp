#include "monitor/clock.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
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

ManualClock::ManualClock(asio::io_context& io, Time start) : io_(io), now_(start) {}

asio::awaitable<void> ManualClock::sleep_until(Steady at) {
  if (at <= steady_) co_return;
  asio::steady_timer timer(co_await asio::this_coro::executor, Steady::max());
  struct Sleeper {
    std::multimap<Steady, asio::steady_timer*>& all;
    std::multimap<Steady, asio::steady_timer*>::iterator self;
    ~Sleeper() { all.erase(self); }
  } sleeper{sleepers_, sleepers_.emplace(at, &timer)};
  auto [error] = co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
  (void)error;  // always cancelled: by advance() or by the task's end
  if (steady_ < at) throw boost::system::system_error(asio::error::operation_aborted);
}

void ManualClock::advance(Duration span) {
  const Steady end = steady_ + span;
  for (;;) {
    settle();
    // A sleeper that was woken but has not run yet is gone after settle(), so the first one is
    // still asleep.
    const auto first = sleepers_.begin();
    if (first == sleepers_.end() || first->first > end) break;
    if (first->first > steady_) {
      now_ += std::chrono::duration_cast<Duration>(first->first - steady_);
      steady_ = first->first;
    }
    first->second->cancel();
  }
  now_ += std::chrono::duration_cast<Duration>(end - steady_);
  steady_ = end;
  settle();
}

void ManualClock::settle() {
  io_.restart();
  io_.poll();
}

}  // namespace brandwacht
