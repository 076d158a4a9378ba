// A condition variable for coroutines of one thread. Wait in a loop around the condition: a wait
// may also end without a notification.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

namespace brandwacht {

class Event {
 public:
  explicit Event(boost::asio::any_io_executor executor)
      : timer_(executor, boost::asio::steady_timer::time_point::max()) {}

  // Returns at the next notify. Throws operation_aborted when the waiting task is cancelled.
  boost::asio::awaitable<void> wait() {
    auto [error] = co_await timer_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    (void)error;  // a notification and a cancellation look the same here
    auto state = co_await boost::asio::this_coro::cancellation_state;
    if (state.cancelled() == boost::asio::cancellation_type::none) co_return;
    // This task may have been notified before it was cancelled. Somebody else may be able to act on
    // it, and would otherwise sleep on.
    notify_one();
    throw boost::system::system_error(boost::asio::error::operation_aborted);
  }
  // The same, but a cancellation ends the wait without throwing. For those who must see something
  // through; their task has to set this_coro::throw_if_cancelled(false).
  boost::asio::awaitable<void> wait_unthrown() {
    auto [error] = co_await timer_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    (void)error;
  }
  void notify_one() { timer_.cancel_one(); }
  void notify_all() { timer_.cancel(); }

 private:
  boost::asio::steady_timer timer_;
};

}  // namespace brandwacht
