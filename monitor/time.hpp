// Points in time and their one text form. Everything inside is UTC in microseconds.
#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace brandwacht {

using Duration = std::chrono::microseconds;
using Time = std::chrono::sys_time<Duration>;

// Reads an RFC 3339 date-time ("2026-05-25T14:23:28.757Z", "...+02:00"); any number of fraction
// digits is accepted, those past the microsecond are cut. Years 1 to 9999. Anything else: nullopt.
std::optional<Time> parse_rfc3339(std::string_view text) noexcept;

// "2026-05-25T14:23:28.757Z": UTC with milliseconds.
std::string format_rfc3339(Time time);

// "47 min", "2 h 5 min", "12 s": how a person says a span. Negative spans read as 0 s.
std::string format_span(Duration span);

}  // namespace brandwacht
