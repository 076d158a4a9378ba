// The seam for time. Logic takes `now` as an argument; only loops that wait hold a Clock&.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>

#include "monitor/time.hpp"

namespace brandwacht {

class Clock {
 public:
  using Steady = std::chrono::steady_clock::time_point;

  virtual ~Clock() = default;
  virtual Time now() const = 0;       // wall clock, UTC; may step
  virtual Steady steady() const = 0;  // never goes back; for deadlines and timeouts
  // Waits by the steady clock. Throws system_error(operation_aborted) when the waiting task is cancelled.
  virtual boost::asio::awaitable<void> sleep_until(Steady at) = 0;

  boost::asio::awaitable<void> sleep_for(Duration span);
};

class SystemClock final : public Clock {
 public:
  Time now() const override;
  Steady steady() const override;
  boost::asio::awaitable<void> sleep_until(Steady at) override;
};

// Time that stands still until a test moves it. advance() runs every task that becomes due, in order of time, with
// both clocks showing the due time, and returns when nothing more can happen before the new time.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(boost::asio::io_context& io, Time start = Time{std::chrono::seconds{1'767'225'600}});

  Time now() const override { return now_; }
  Steady steady() const override { return steady_; }
  boost::asio::awaitable<void> sleep_until(Steady at) override;

  void advance(Duration span);
  void settle();                                // run what is ready without moving time
  void step_wall(Duration jump) { now_ += jump; }  // as an operator or NTP would

 private:
  boost::asio::io_context& io_;
  Time now_;
  Steady steady_{};
  std::multimap<Steady, boost::asio::steady_timer*> sleepers_;
};

}  // namespace brandwacht
