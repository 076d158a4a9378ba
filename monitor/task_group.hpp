// Owns running coroutines: who spawns, joins. Nothing in this program is detached.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/this_coro.hpp>
#include <exception>
#include <list>
#include <string>
#include <utility>
#include <vector>

#include "monitor/event.hpp"

namespace brandwacht {

class Clock;

// A coroutine that makes a group must not be cancelled between its spawn() and its join(): the
// exception would destroy the group before its tasks. Where that can happen, use with_tasks().
class TaskGroup {
 public:
  explicit TaskGroup(boost::asio::any_io_executor executor);
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;
  ~TaskGroup();  // terminates the program if a task still runs: it would use freed memory

  // `name` is what a shutdown prints if the task hangs.
  void spawn(std::string name, boost::asio::awaitable<void> task);

  // Asks every task to end; on the loop's own thread. A task that has not begun does not begin, and
  // neither does one that is spawned before the last of the asked ones has ended.
  void cancel();
  // Waits for all tasks. The first task that failed (not: was cancelled) cancels the others, and
  // its exception is thrown here. When the waiting task is cancelled, so are the tasks; they are
  // waited for all the same, and then operation_aborted is thrown.
  boost::asio::awaitable<void> join();
  // The same with a deadline. Returns the names of the tasks still running then, empty when all
  // ended. A failure is thrown only when all ended. A cancellation of the waiting task goes to the
  // tasks; it does not throw here.
  boost::asio::awaitable<std::vector<std::string>> join_within(Clock& clock,
                                                               std::chrono::microseconds span);

  std::size_t size() const { return live_; }
  std::vector<std::string> names() const;

 private:
  struct Running {
    std::string name;
    boost::asio::cancellation_signal signal;
    bool begun = false, ended = false;
  };
  struct Completion;

  boost::asio::awaitable<void> run(std::list<Running>::iterator self,
                                   boost::asio::awaitable<void> task);
  void finish(std::list<Running>::iterator task, std::exception_ptr error);
  boost::asio::awaitable<bool> drain(const bool& stop);

  boost::asio::any_io_executor executor_;
  Event idle_;
  std::list<Running> running_;  // also the ended ones while cancel() walks the list
  std::size_t live_ = 0;
  int cancelling_ = 0;     // depth of cancel() calls
  bool stopping_ = false;  // cancelled, and not yet empty
  std::exception_ptr error_;
};

bool is_cancelled(const std::exception_ptr& error) noexcept;

// Runs `body(group)` with a group of its own, and ends when the body and all tasks have ended,
// however the body ends: its failure or cancellation cancels the tasks. `body` is a function, or a
// lambda without captures, that returns awaitable<void>; its arguments must outlive the call.
template <class Body, class... Args>
boost::asio::awaitable<void> with_tasks(Body body, Args&... args) {
  TaskGroup group(co_await boost::asio::this_coro::executor);
  std::exception_ptr error;
  try {
    co_await body(group, args...);
  } catch (...) {
    error = std::current_exception();
  }
  if (error) group.cancel();
  // Or the next co_await of a cancelled task would throw before join() is entered.
  const bool throws = co_await boost::asio::this_coro::throw_if_cancelled();
  co_await boost::asio::this_coro::throw_if_cancelled(false);
  try {
    co_await group.join();
  } catch (...) {
    if (!error || is_cancelled(error)) error = std::current_exception();
  }
  co_await boost::asio::this_coro::throw_if_cancelled(throws);
  if (error) std::rethrow_exception(error);
}

}  // namespace brandwacht
