// Owns running coroutines: who spawns, joins. Nothing in this program is detached.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <exception>
#include <list>
#include <string>
#include <vector>

#include "monitor/event.hpp"

namespace brandwacht {

class Clock;

class TaskGroup {
 public:
  explicit TaskGroup(boost::asio::any_io_executor executor);
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;
  ~TaskGroup();  // terminates the program if a task still runs: it would use freed memory

  // `name` is what a shutdown prints if the task hangs.
  void spawn(std::string name, boost::asio::awaitable<void> task);

  void cancel();  // asks every task to end; on the loop's own thread
  // Waits for all tasks. The first task that failed (not: was cancelled) cancels the others, and its exception
  // is thrown here.
  boost::asio::awaitable<void> join();
  // The same with a deadline. Returns the names of the tasks still running then, empty when all ended.
  boost::asio::awaitable<std::vector<std::string>> join_within(Clock& clock, std::chrono::microseconds span);

  std::size_t size() const { return running_.size(); }
  std::vector<std::string> names() const;

 private:
  struct Running {
    std::string name;
    boost::asio::cancellation_signal signal;
  };
  void finish(std::list<Running>::iterator task, std::exception_ptr error);

  boost::asio::any_io_executor executor_;
  Event idle_;
  std::list<Running> running_;
  std::exception_ptr error_;
};

bool is_cancelled(const std::exception_ptr& error) noexcept;

}  // namespace brandwacht
