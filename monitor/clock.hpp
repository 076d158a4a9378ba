// The seam for time. Logic takes `now` as an argument; only loops that wait hold a Clock&.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <memory>

#include "monitor/time.hpp"

namespace brandwacht {

class Clock {
 public:
  using Steady = std::chrono::steady_clock::time_point;

  virtual ~Clock() = default;
  virtual Time now() const = 0;       // wall clock, UTC; may step
  virtual Steady steady() const = 0;  // never goes back; for deadlines and timeouts
  // Waits by the steady clock. Throws system_error(operation_aborted) when the waiting task is
  // cancelled.
  virtual boost::asio::awaitable<void> sleep_until(Steady at) = 0;

  boost::asio::awaitable<void> sleep_for(Duration span);
};

class SystemClock final : public Clock {
 public:
  Time now() const override;
  Steady steady() const override;
  boost::asio::awaitable<void> sleep_until(Steady at) override;
};

// Time that stands still until a test moves it. advance() runs every task that becomes due, in
// order of time (of equal times: in order of falling asleep), with both clocks showing the due
// time, and returns when nothing more can happen on `io` before the new time. What runs on a thread
// pool is not waited for. For one thread; may be destroyed while tasks still sleep.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(boost::asio::io_context& io,
                       Time start = Time{std::chrono::seconds{1'767'225'600}});

  Time now() const override;
  Steady steady() const override { return steady_; }
  // A time that has come already costs one turn of the loop, so that a task that only ever does
  // this lets others run.
  boost::asio::awaitable<void> sleep_until(Steady at) override;

  void advance(Duration span);                      // a negative span is none
  void settle();                                    // run what is ready without moving time
  void step_wall(Duration jump) { zero_ += jump; }  // as an operator or NTP would

 private:
  struct Sleeper;
  using Sleepers = std::multimap<Steady, Sleeper*>;

  boost::asio::io_context& io_;
  Time zero_;  // the wall clock at steady time 0
  Steady steady_{};
  std::shared_ptr<Sleepers> sleepers_ =
      std::make_shared<Sleepers>();  // also owned by those who sleep
};

}  // namespace brandwacht
