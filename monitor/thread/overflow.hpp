// The authors of one thread beyond those that are kept one by one: how many, and in which minute
// they were first seen. Fixed size, made only for threads that need it.
#pragma once
#include <array>
#include <cmath>
#include <cstdint>

#include "monitor/thread/authors.hpp"
#include "monitor/thread/hyperloglog.hpp"
#include "monitor/thread/seconds.hpp"

namespace brandwacht::thread {

class Overflow {
 public:
  // An author who found no room. How many critics the estimate grew by: mostly 0, now and then
  // many; on average one for each new critic.
  double join(std::uint64_t author, Second negative_at) noexcept {
    (void)all_.add(author);
    if (negative_at == kNever) return 0;
    const double grown = critics_.add(author);
    if (grown > 0) put(negative_at, static_cast<float>(grown));
    return grown;
  }

  std::uint32_t participants() const noexcept { return count(all_.estimate()); }
  std::uint32_t critics() const noexcept { return count(critics_.estimate()); }
  // As Authors::pace, to the minute, and of the last 64 minutes.
  Pace pace(const Window& window) const noexcept {
    double inside = 0, recent = 0, before = 0;
    for (std::size_t i = 0; i < kMinutes; ++i) {
      if (minutes_[i] == 0) continue;
      const Second at = minute_of(i) * 60;
      if (at > window.until) continue;
      if (at > window.from) inside += static_cast<double>(minutes_[i]);
      if (at > window.recent_from) recent += static_cast<double>(minutes_[i]);
      if (at > window.before_from && at <= window.recent_from)
        before += static_cast<double>(minutes_[i]);
    }
    return {count(inside), count(recent), count(before), last_};
  }

 private:
  static constexpr std::size_t kMinutes = 64;

  static std::uint32_t count(double estimate) noexcept {
    return static_cast<std::uint32_t>(std::min(std::round(estimate), 4e9));
  }
  // The latest minute not after newest_ that stands at that place.
  Second minute_of(std::size_t place) const noexcept {
    const auto back = (newest_ - static_cast<Second>(place)) % kMinutes;
    return newest_ - static_cast<Second>(back);
  }
  void put(Second at, float grown) noexcept {
    last_ = std::max(last_, at);
    const Second minute = at / 60;
    if (minute > newest_) {
      if (minute - newest_ >= kMinutes) {
        minutes_.fill(0);
      } else {
        for (Second m = newest_ + 1; m <= minute; ++m)
          minutes_[m % kMinutes] = 0;
      }
      newest_ = minute;
    }
    if (newest_ - minute < kMinutes) minutes_[minute % kMinutes] += grown;
  }

  HyperLogLog all_, critics_;
  std::array<float, kMinutes> minutes_{};
  Second newest_ = 0, last_ = kNever;
};

}  // namespace brandwacht::thread
