#include "monitor/task_group.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <cstdio>
#include <cstdlib>

#include "monitor/clock.hpp"

namespace brandwacht {
namespace asio = boost::asio;

bool is_cancelled(const std::exception_ptr& error) noexcept {
  try {
    std::rethrow_exception(error);
  } catch (const boost::system::system_error& e) {
    return e.code() == asio::error::operation_aborted;
  } catch (...) {
    return false;
  }
}

TaskGroup::TaskGroup(asio::any_io_executor executor) : executor_(executor), idle_(executor) {}

TaskGroup::~TaskGroup() {
  if (running_.empty()) return;
  for (const auto& task : running_)
    std::fprintf(stderr, "task '%s' outlives its group\n", task.name.c_str());
  std::abort();
}

void TaskGroup::spawn(std::string name, asio::awaitable<void> task) {
  auto running = running_.emplace(running_.end());
  running->name = std::move(name);
  asio::co_spawn(executor_, std::move(task),
                 asio::bind_cancellation_slot(
                     running->signal.slot(),
                     [this, running](std::exception_ptr error) { finish(running, error); }));
}

void TaskGroup::cancel() {
  // A task may end, and so leave the list, while it is told to.
  for (auto task = running_.begin(); task != running_.end();) {
    auto current = task++;
    current->signal.emit(asio::cancellation_type::terminal);
  }
}

void TaskGroup::finish(std::list<Running>::iterator task, std::exception_ptr error) {
  running_.erase(task);
  if (error && !is_cancelled(error) && !error_) {
    error_ = error;
    // Not from inside a completion handler that cancel() itself may be running.
    cancel();
  }
  if (running_.empty()) idle_.notify_all();
}

asio::awaitable<void> TaskGroup::join() {
  while (!running_.empty())
    co_await idle_.wait();
  if (auto error = std::exchange(error_, nullptr)) std::rethrow_exception(error);
}

namespace {
asio::awaitable<void> wake_at(Clock& clock, Clock::Steady at, Event& event, bool& due) {
  co_await clock.sleep_until(at);
  due = true;
  event.notify_all();
}
}  // namespace

asio::awaitable<std::vector<std::string>> TaskGroup::join_within(Clock& clock,
                                                                 std::chrono::microseconds span) {
  bool due = false;
  TaskGroup alarm(executor_);
  alarm.spawn("deadline", wake_at(clock, clock.steady() + span, idle_, due));
  while (!running_.empty() && !due)
    co_await idle_.wait();
  auto left = names();
  alarm.cancel();
  co_await alarm.join();
  if (auto error = std::exchange(error_, nullptr)) std::rethrow_exception(error);
  co_return left;
}

std::vector<std::string> TaskGroup::names() const {
  std::vector<std::string> out;
  for (const auto& task : running_)
    out.push_back(task.name);
  return out;
}

}  // namespace brandwacht
