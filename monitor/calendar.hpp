// The desk's calendar: its zone, its holidays, its night. What hour of the week is it there, is it
// night, and when does the night end?
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "monitor/holidays.hpp"
#include "monitor/zone.hpp"

namespace brandwacht {

// By the clock on the wall, as spans since midnight in [0, 24 h); it may go over midnight. Equal
// ends: there is no night.
struct Night {
  Duration from = std::chrono::hours{22};
  Duration to = std::chrono::hours{7};
};
// "22:00-07:00", "22-7"; "" or "none": no night. nullopt: another form.
std::optional<Night> parse_night(std::string_view text) noexcept;

// "2026-11-27" or "2026-11-27 09:00" by the clock on the wall, or an RFC 3339 time. A day alone is
// its first moment, or the first behind it. nullopt: another form, or no such day.
enum class DayEnd : std::uint8_t { begin, end };
std::optional<Time> parse_local_time(const Zone& zone, std::string_view text, DayEnd end) noexcept;

struct Calendar {
  Zone zone;
  Holidays holidays;
  Night night;

  // One hour on the wall. A holiday is a Sunday in `bin`, whatever its weekday. In the nights of
  // the clock change a bin is left out, or comes twice in a row.
  struct Hour {
    Time begin{}, end{};  // [begin, end)
    int bin = 0;          // [0, 168), from Monday 00:00
    int hour = 0;         // [0, 24)
    DayType type = DayType::workday;
  };
  Hour hour(Time time) const noexcept;

  bool is_night(Time time) const noexcept;
  // The end of the night that `time` lies in; `time` itself by day.
  Time morning(Time time) const noexcept;
};

}  // namespace brandwacht
