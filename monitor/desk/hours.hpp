// When a desk is staffed, and how its time passes. By the clock on the wall of its zone; what has
// passed is real time, so the night of the clock change is as long as it was.
#pragma once
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "monitor/calendar.hpp"

namespace brandwacht::desk {

// No span at all: always open. A holiday is a Sunday.
struct Hours {
  struct Span {
    Duration from{}, to{};  // since midnight; `to` may be up to 48 h: over midnight
  };
  std::array<std::vector<Span>, 7> week;  // from Monday; in order, without overlaps

  bool always() const noexcept;
};

// Adds "mon-fri 08:00-22:00", "sat 9-17", "ma-vr 8:00-18:00" or "zo 22:00-02:00". False, with what
// is wrong in `fault`: nothing was added.
bool add_hours(Hours& hours, std::string_view text, std::string& fault);

// The moment at which the desk has been open for `span` since `from`. Never (Time::max()) when it
// does not open for so long within two years.
Time open_until(const Hours& hours, const Calendar& calendar, Time from, Duration span) noexcept;
// For how long it was open in [from, to).
Duration open_between(const Hours& hours, const Calendar& calendar, Time from, Time to) noexcept;

}  // namespace brandwacht::desk
