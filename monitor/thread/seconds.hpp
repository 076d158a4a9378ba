// Event times as the thread table keeps them: whole seconds in 32 bits, which is what makes a small
// thread fit in two cache lines. Good until the year 2136.
#pragma once
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>

#include "monitor/time.hpp"

namespace brandwacht::thread {

// Seconds since 1999-12-31T23:59:59Z, so that the first instant of 2000 is 1 and 0 is free to mean
// "never".
using Second = std::uint32_t;
inline constexpr Second kNever = 0;
inline constexpr Second kLastSecond =
    std::numeric_limits<Second>::max() - 1;  // the maximum is a mark, see Authors
inline constexpr std::chrono::sys_seconds kFirstTime{
    std::chrono::seconds{946'684'800}};  // 2000-01-01T00:00:00Z

// The second that holds `time`; times outside the range become its ends. Any Time is good, also its
// minimum.
inline Second to_second(Time time) noexcept {
  const auto whole = std::chrono::floor<std::chrono::seconds>(time.time_since_epoch());
  const auto since = (whole - kFirstTime.time_since_epoch()) / std::chrono::seconds{1} + 1;
  return static_cast<Second>(
      std::clamp<std::int64_t>(since, 1, static_cast<std::int64_t>(kLastSecond)));
}

// The start of that second. kNever: Time{}.
inline Time to_time(Second second) noexcept {
  if (second == kNever) return {};
  return kFirstTime + std::chrono::seconds{static_cast<std::int64_t>(second) - 1};
}

// `second` - `span`, not below 0.
inline Second before(Second second, Duration span) noexcept {
  const auto whole = std::chrono::duration_cast<std::chrono::seconds>(span).count();
  const auto at = static_cast<std::int64_t>(second) - whole;
  return static_cast<Second>(
      std::clamp<std::int64_t>(at, 0, static_cast<std::int64_t>(kLastSecond)));
}

}  // namespace brandwacht::thread
