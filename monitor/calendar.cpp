#include "monitor/calendar.hpp"

#include <charconv>

namespace brandwacht {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

constexpr Duration kDay = hours{24};

// "22:00" or "22"; 24:00 is 00:00.
std::optional<Duration> wall_time(std::string_view text) noexcept {
  const auto colon = text.find(':');
  const auto number = [](std::string_view digits, int most) -> std::optional<int> {
    int value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || end != digits.data() + digits.size() || digits.size() > 2 ||
        value < 0 || value > most)
      return std::nullopt;
    return value;
  };
  const auto hour = number(text.substr(0, colon), 24);
  const auto minute =
      colon == std::string_view::npos ? std::optional{0} : number(text.substr(colon + 1), 59);
  if (!hour || !minute || (*hour == 24 && *minute != 0)) return std::nullopt;
  return (hours{*hour} + minutes{*minute}) % kDay;
}

std::string_view trimmed(std::string_view text) noexcept {
  while (text.starts_with(' '))
    text.remove_prefix(1);
  while (text.ends_with(' '))
    text.remove_suffix(1);
  return text;
}

}  // namespace

std::optional<Night> parse_night(std::string_view text) noexcept {
  text = trimmed(text);
  if (text.empty() || text == "none") return Night{{}, {}};
  const auto dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto from = wall_time(trimmed(text.substr(0, dash)));
  const auto to = wall_time(trimmed(text.substr(dash + 1)));
  if (!from || !to) return std::nullopt;
  return Night{*from, *to};
}

std::optional<Time> parse_local_time(const Zone& zone, std::string_view text, DayEnd end) noexcept {
  text = trimmed(text);
  if (const auto time = parse_rfc3339(text)) return time;
  const auto day = parse_day(text.substr(0, 10));
  if (!day) return std::nullopt;
  if (text.size() == 10) return zone.at(*day, end == DayEnd::end ? kDay : Duration{});
  if (text.size() != 16 || (text[10] != ' ' && text[10] != 'T') || text[13] != ':')
    return std::nullopt;
  const auto wall = wall_time(text.substr(11));
  if (!wall) return std::nullopt;
  return zone.at(*day, text.substr(11, 2) == "24" ? kDay : *wall);
}

Calendar::Hour Calendar::hour(Time time) const noexcept {
  const LocalTime local = zone.local(time);
  Hour out;
  out.begin = zone.at(local.day, local.since_midnight);  // brings `time` within what a zone knows
  if (out.begin < time && time - out.begin <= hours{2}) out.begin = time;  // the doubled hour
  out.begin -= local.since_midnight % hours{1};
  out.end = out.begin + hours{1};
  out.hour = local.hour;
  out.type = holidays.type(local.day);
  constexpr int kSunday = 6;
  const bool holiday = out.type == DayType::sunday && local.weekday != kSunday;
  out.bin = (holiday ? kSunday : local.weekday) * 24 + local.hour;
  return out;
}

bool Calendar::is_night(Time time) const noexcept {
  const Duration wall = zone.local(time).since_midnight;
  if (night.from <= night.to) return wall >= night.from && wall < night.to;
  return wall >= night.from || wall < night.to;
}

Time Calendar::morning(Time time) const noexcept {
  if (!is_night(time)) return time;
  const LocalTime local = zone.local(time);
  const Day day = local.since_midnight < night.to ? local.day : local.day + days{1};
  return std::max(time, zone.at(day, night.to));
}

}  // namespace brandwacht
