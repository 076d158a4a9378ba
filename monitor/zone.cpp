#include "monitor/zone.hpp"

#include <date/tz.h>

#include <algorithm>

namespace brandwacht {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::year;

constexpr Time kFirst = kFirstDay;

// The compiled database ends with 2037 and leaves the years after it to a rule that the library
// does not read. Weekdays and leap years come again every 28 years (until 2100), and with them the
// nights of the change, so later years borrow from 2009 to 2036.
constexpr Time kBorrowFrom = sys_days{year{2037} / 1 / 1};
constexpr Duration kCycle = days{28 * 365 + 7};

}  // namespace

std::optional<Zone> Zone::find(std::string_view name) {
  try {
    Zone zone;
    zone.rules_ = date::locate_zone(std::string(name));
    zone.name_ = name;
    return zone;
  } catch (const std::exception&) {  // an unknown name, or no database
    return std::nullopt;
  }
}

Zone::Span Zone::span(Time time) const noexcept {
  if (rules_ == nullptr) return {kFirst, Time::max(), {}};
  time = in_calendar(time);
  Duration back{};
  while (time - back >= kBorrowFrom)
    back += kCycle;
  try {
    const auto* rules = static_cast<const date::time_zone*>(rules_);
    const auto info = rules->get_info(std::chrono::floor<seconds>(time - back));
    // The library marks "for ever" with times that do not fit in microseconds.
    const auto bound = [](std::chrono::sys_seconds at) {
      return Time{std::clamp(at, std::chrono::floor<seconds>(kFirst),
                             std::chrono::floor<seconds>(kBorrowFrom))};
    };
    return {bound(info.begin) + back, bound(info.end) + back, info.offset};
  } catch (const std::exception&) {
    return {time, time, {}};
  }
}

Duration Zone::offset(Time time) const noexcept {
  if (time < known_.begin || time >= known_.end) known_ = span(time);
  return known_.offset;
}

LocalTime Zone::local(Time time) const noexcept {
  time = in_calendar(time);
  const Time wall = time + offset(time);
  LocalTime out;
  out.day = std::chrono::floor<days>(wall);
  out.since_midnight = wall - out.day;
  out.hour = static_cast<int>(out.since_midnight / hours{1});
  out.weekday = weekday_of(out.day);
  return out;
}

Time Zone::at(Day day, Duration since_midnight) const noexcept {
  constexpr Duration kFar = days{400};
  day = in_calendar(day);
  const Time wall = day + std::clamp(since_midnight, -kFar, kFar);
  // One change in two days at most: the offsets before and after it are all there can be.
  const Duration before = span(wall - hours{24}).offset, after = span(wall + hours{24}).offset;
  const Time early = wall - before, late = wall - after;
  const bool early_holds = span(early).offset == before, late_holds = span(late).offset == after;
  if (early_holds && late_holds) return std::min(early, late);
  if (early_holds) return early;
  if (late_holds) return late;
  return span(early).begin;  // skipped: `early` lies behind the change
}

std::vector<std::string> zone_names() {
  std::vector<std::string> out;
  try {
    for (const auto& zone : date::get_tzdb().zones)
      out.push_back(zone.name());
  } catch (const std::exception&) {
    out.clear();
  }
  return out;
}

}  // namespace brandwacht
