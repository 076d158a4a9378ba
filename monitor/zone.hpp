// Time zones by their name in the tz database ("Europe/Amsterdam"), for everything that people live
// by: hours of the week, nights, holidays. Rules come from the system's tzdata.
#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "monitor/time.hpp"

namespace brandwacht {

// A calendar day without a zone; Time{} + days since 1970-01-01 of the local calendar.
using Day = std::chrono::sys_days;

struct LocalTime {
  Day day{};
  Duration since_midnight{};  // by the clock on the wall, [0, 24 h); not what has passed since
  int hour = 0;               // [0, 24)
  int weekday = 0;            // 0: Monday, 6: Sunday

  int hour_of_week() const noexcept { return weekday * 24 + hour; }  // [0, 168)
};

// Times outside of these are taken as the nearest: differences of what lies within cannot overflow.
inline constexpr Day kFirstDay = std::chrono::sys_days{std::chrono::year{1900} / 1 / 1};
inline constexpr Day kLastDay = std::chrono::sys_days{std::chrono::year{2200} / 1 / 1};
constexpr Day in_calendar(Day day) noexcept {
  return day < kFirstDay ? kFirstDay : day > kLastDay ? kLastDay : day;
}
constexpr Time in_calendar(Time time) noexcept {
  return time < Time{kFirstDay} ? Time{kFirstDay} : time > Time{kLastDay} ? Time{kLastDay} : time;
}

constexpr int weekday_of(Day day) noexcept {  // 0: Monday
  return static_cast<int>(std::chrono::weekday{in_calendar(day)}.iso_encoding()) - 1;
}

// A value; copies are independent. local() remembers the offset and how long it holds, so a call
// costs some nanoseconds; for that reason one Zone belongs to one thread of execution.
// Times are taken as by in_calendar(); nothing throws.
class Zone {
 public:
  Zone() = default;  // UTC

  // nullopt: the database knows no such name, or there is none on this system.
  static std::optional<Zone> find(std::string_view name);

  LocalTime local(Time time) const noexcept;
  Duration offset(Time time) const noexcept;  // local time = UTC + offset

  // When the clock on the wall shows `since_midnight` on `day`; 24 h and more, or below 0, are
  // neighbouring days. In the night of the clock change, an hour that is skipped is the moment of
  // the change, and of an hour that is there twice it is the first.
  Time at(Day day, Duration since_midnight) const noexcept;

  const std::string& name() const noexcept { return name_; }

 private:
  struct Span {  // [begin, end): one offset
    Time begin{}, end{};
    Duration offset{};
  };
  Span span(Time time) const noexcept;

  std::string name_ = "UTC";
  const void* rules_ = nullptr;  // date::time_zone, owned by its library for the program's life
  mutable Span known_{};         // empty: nothing known
};

// Every name of the database, for a did-you-mean; empty when there is no database.
std::vector<std::string> zone_names();

}  // namespace brandwacht
