// The rate limits of a vendor, kept exactly. Plain code: steady time comes in.
#pragma once
#include <chrono>
#include <cstdint>
#include <deque>
#include <vector>

#include "monitor/time.hpp"

namespace brandwacht::alerting {

// Facts of the vendor's protocol, e.g. "20 a minute", "60 at once and one more every 5 s".
struct RateLimit {
  enum class Kind : std::uint8_t {
    window,  // at most `requests` within any span of `per`
    bucket,  // `requests` at once, and one more each `per`
  };
  unsigned requests = 1;
  Duration per = std::chrono::seconds{1};
  Kind kind = Kind::window;

  bool operator==(const RateLimit&) const = default;
};

// All limits of one target at once. What was sent before a restart is taken again from the outbox,
// with times in the past and in order (TargetQueue::resume).
class Throttle {
 public:
  using Steady = std::chrono::steady_clock::time_point;

  explicit Throttle(const std::vector<RateLimit>& limits);

  Steady next() const;  // when the next request may begin; in the past: now
  void take(Steady now);

 private:
  struct Limit {
    RateLimit rule;
    std::deque<Steady> sent;      // of a window: the last `requests`
    Steady full = Steady::min();  // of a bucket: when it is full again
  };
  std::vector<Limit> limits_;
};

}  // namespace brandwacht::alerting
