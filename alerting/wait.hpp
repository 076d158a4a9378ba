// Waits for a moment or for news, whichever is first.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <cstdint>

#include "monitor/clock.hpp"
#include "monitor/event.hpp"

namespace brandwacht::alerting {

// Something that changes, and a way to wait for it that cannot miss a change between looking and
// waiting.
class Changes {
 public:
  explicit Changes(boost::asio::any_io_executor executor) : event_(executor) {}
  std::uint64_t version() const { return version_; }
  void happened() {
    ++version_;
    event_.notify_all();
  }
  // Returns once version() differs from `seen`.
  boost::asio::awaitable<void> past(std::uint64_t seen);

 private:
  Event event_;
  std::uint64_t version_ = 0;
};

// Returns at `until` or once changes.version() differs from `seen`. Throws operation_aborted when
// cancelled.
boost::asio::awaitable<void> wait_for_either(Clock& clock, Clock::Steady until, Changes& changes,
                                             std::uint64_t seen);

}  // namespace brandwacht::alerting
