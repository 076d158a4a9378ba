// What the tests of the base share: a task whose end a test can look at, and ways to make one.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <exception>
#include <memory>
#include <string>
#include <utility>

#include "monitor/task_group.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::test {

using namespace std::chrono_literals;
namespace asio = boost::asio;

// A task of its own, outside any group. Runs up to its first wait when the loop next turns. May be
// dropped while it runs.
class Task {
 public:
  Task(asio::any_io_executor executor, asio::awaitable<void> task) {
    asio::co_spawn(executor, std::move(task), Completion{state_});
  }
  Task(asio::io_context& io, asio::awaitable<void> task)
      : Task(io.get_executor(), std::move(task)) {}

  void cancel() { state_->signal.emit(asio::cancellation_type::terminal); }
  bool ended() const { return state_->ended; }
  bool cancelled() const { return ended() && state_->error && is_cancelled(state_->error); }
  bool succeeded() const { return ended() && !state_->error; }
  std::string failure() const {  // what() of the exception; empty: none
    try {
      if (state_->error) std::rethrow_exception(state_->error);
    } catch (const std::exception& e) {
      return e.what();
    }
    return {};
  }

 private:
  struct State {
    asio::cancellation_signal signal;
    bool ended = false;
    std::exception_ptr error;
  };
  struct Completion {
    using cancellation_slot_type = asio::cancellation_slot;
    cancellation_slot_type get_cancellation_slot() const noexcept { return state->signal.slot(); }
    void operator()(std::exception_ptr error) const {
      state->ended = true;
      state->error = std::move(error);
    }
    std::shared_ptr<State> state;
  };

  std::shared_ptr<State> state_ = std::make_shared<State>();
};

// Runs what is ready.
inline void turn(asio::io_context& io) {
  io.restart();
  io.poll();
}

}  // namespace brandwacht::test
