// Times of the week, as people write them: "Mon-Fri 08:00-18:00", "Sat,Sun 10:00-16:00",
// "22:00-07:00", "night" and "day" (the desk's own), each also with "not " before it. By the clock
// on the wall; a holiday is a Sunday. What begins on one day and ends on the next belongs to the
// day it begins on.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/reader.hpp"
#include "monitor/calendar.hpp"

namespace brandwacht::alerting {

struct Hours {
  struct Window {
    enum class Kind : std::uint8_t { written, night, day };
    Kind kind = Kind::written;
    bool negated = false;
    unsigned days = 0x7F;     // bit 0: Monday
    Duration from{0}, to{0};  // since midnight; equal: the whole day
  };
  std::vector<Window> windows;  // any of these; empty: always

  bool holds(const Calendar& calendar, Time now) const;
};

// nullopt: another form.
std::optional<Hours::Window> parse_window(std::string_view text) noexcept;

// As parse_window() takes it.
std::string to_string(const Hours::Window& window);

// One or more of them at `key`; another form is a problem.
void read_hours(config::Section& section, std::string_view key, Hours& out);

}  // namespace brandwacht::alerting
