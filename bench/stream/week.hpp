// How active the invented public is over the week, and the operational time that follows from it:
// hours of average activity (escalation-model section 2).
#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "monitor/time.hpp"

namespace brandwacht::bench {

class Week {
 public:
  static constexpr std::size_t kHours = 168;
  static constexpr Time kBegin{std::chrono::sys_days{std::chrono::year{2024} / 1 / 1}};  // a Monday

  Week() {
    // In tenths, by hour UTC: quiet until six, a high at noon, the highest at eight in the evening.
    constexpr std::array<int, 24> day{4,  3,  2,  2,  2,  3,  5,  8,  11, 12, 12, 13,
                                      14, 13, 12, 12, 12, 13, 14, 16, 18, 16, 12, 8};
    double sum = 0;
    for (std::size_t hour = 0; hour < kHours; ++hour)
      sum += activity_[hour] = day[hour % 24] * (hour < 120 ? 1.0 : 0.8);
    for (double& at : activity_)
      at *= kHours / sum;
    for (std::size_t hour = 0; hour < kHours; ++hour)
      before_[hour + 1] = before_[hour] + activity_[hour];
  }
  const std::array<double, kHours>& activity() const noexcept { return activity_; }

  // Microseconds from kBegin on, not negative; both ways.
  double tau(std::int64_t at) const noexcept {
    const std::int64_t hour = at / kHour;
    const auto bin = static_cast<std::size_t>(hour % kHours);
    return static_cast<double>(hour - static_cast<std::int64_t>(bin)) + before_[bin] +
           activity_[bin] * static_cast<double>(at % kHour) / kHour;
  }
  std::int64_t time(double tau) const noexcept {
    const double weeks = std::floor(tau / kHours), rest = tau - weeks * kHours;
    const auto above = std::upper_bound(before_.begin() + 1, before_.end() - 1, rest);
    const auto bin = static_cast<std::size_t>(above - before_.begin()) - 1;
    const double hours = static_cast<double>(bin) + (rest - before_[bin]) / activity_[bin];
    return static_cast<std::int64_t>((weeks * kHours + hours) * kHour);
  }

  static constexpr std::int64_t kHour = 3'600'000'000;

 private:
  std::array<double, kHours> activity_{};
  std::array<double, kHours + 1> before_{};
};

}  // namespace brandwacht::bench
