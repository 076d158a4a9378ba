#include "monitor/task_group.hpp"

#include <boost/asio/co_spawn.hpp>
#include <cstdio>
#include <cstdlib>
#include <iterator>

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

// What co_spawn calls at a task's end. Not bind_cancellation_slot: for that, Asio emits through a
// posted function outside the loop, which uses the signal after it is gone if the task ends first.
// A handler that carries its slot and names no executor is emitted to directly.
struct TaskGroup::Completion {
  using cancellation_slot_type = asio::cancellation_slot;
  cancellation_slot_type get_cancellation_slot() const noexcept { return task->signal.slot(); }

  void operator()(std::exception_ptr error) const { group->finish(task, std::move(error)); }

  TaskGroup* group;
  std::list<Running>::iterator task;
};

TaskGroup::TaskGroup(asio::any_io_executor executor) : executor_(executor), idle_(executor) {}

TaskGroup::~TaskGroup() {
  if (live_ == 0) return;
  for (const auto& name : names())
    std::fprintf(stderr, "task '%s' outlives its group\n", name.c_str());
  std::abort();
}

// Asio reports the end of a task that never waited by waiting once itself. If the task is cancelled
// by then, this wait throws out of the loop instead. So a task is not cancelled before it has
// begun: it does not begin at all.
asio::awaitable<void> TaskGroup::run(std::list<Running>::iterator self,
                                     asio::awaitable<void> task) {
  self->begun = true;
  std::exception_ptr error;
  try {
    if (!stopping_) co_await std::move(task);
  } catch (...) {
    error = std::current_exception();
  }
  co_await asio::this_coro::throw_if_cancelled(false);  // for that wait
  if (error) std::rethrow_exception(error);
}

void TaskGroup::spawn(std::string name, asio::awaitable<void> task) {
  const auto running = running_.emplace(running_.end());
  running->name = std::move(name);
  ++live_;
  // The task may run up to its first wait in here, but it never ends in here.
  asio::co_spawn(executor_, run(running, std::move(task)), Completion{this, running});
}

void TaskGroup::cancel() {
  stopping_ = live_ > 0;
  ++cancelling_;
  // A task may end while it is told to; its signal must live until emit() has returned.
  for (auto& task : running_)
    if (task.begun && !task.ended) task.signal.emit(asio::cancellation_type::terminal);
  if (--cancelling_ == 0) running_.remove_if([](const Running& task) { return task.ended; });
}

void TaskGroup::finish(std::list<Running>::iterator task, std::exception_ptr error) {
  task->ended = true;
  --live_;
  if (cancelling_ == 0) running_.erase(task);
  if (error && !is_cancelled(error) && !error_) {
    error_ = std::move(error);
    cancel();
  }
  if (live_ > 0) return;
  stopping_ = false;
  idle_.notify_all();
}

// Waits until no task is left or `stop` is set. A cancellation of the waiting task is passed on to
// the tasks and does not end the wait, for a group that goes before its tasks takes the program
// with it. True: there was one. The caller has switched throw_if_cancelled off.
asio::awaitable<bool> TaskGroup::drain(const bool& stop) {
  bool told = false;
  while (live_ > 0 && !stop) {
    auto state = co_await asio::this_coro::cancellation_state;
    if (!told && state.cancelled() != asio::cancellation_type::none) {
      told = true;
      cancel();
    } else {
      co_await idle_.wait_unthrown();
    }
  }
  auto state = co_await asio::this_coro::cancellation_state;
  co_return state.cancelled() != asio::cancellation_type::none;
}

asio::awaitable<void> TaskGroup::join() {
  const bool throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  const bool never = false;
  const bool cancelled = co_await drain(never);
  co_await asio::this_coro::throw_if_cancelled(throws);
  if (auto error = std::exchange(error_, nullptr)) std::rethrow_exception(error);
  if (cancelled) throw boost::system::system_error(asio::error::operation_aborted);
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
  const bool never = false;
  const bool throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  TaskGroup alarm(executor_);
  alarm.spawn("deadline", wake_at(clock, clock.steady() + span, idle_, due));
  co_await drain(due);
  auto left = names();
  alarm.cancel();
  co_await alarm.drain(never);
  co_await asio::this_coro::throw_if_cancelled(throws);
  if (left.empty())
    if (auto error = std::exchange(error_, nullptr)) std::rethrow_exception(error);
  co_return left;
}

std::vector<std::string> TaskGroup::names() const {
  std::vector<std::string> out;
  for (const auto& task : running_)
    if (!task.ended) out.push_back(task.name);
  return out;
}

}  // namespace brandwacht
