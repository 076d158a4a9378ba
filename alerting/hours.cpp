#include "alerting/hours.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace brandwacht::alerting {
namespace {

constexpr Duration kDay = std::chrono::hours{24};
constexpr int kSunday = 6;
constexpr unsigned kEveryDay = 0x7F;
constexpr std::array<std::string_view, 7> kDays{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' '))
    text.remove_prefix(1);
  while (text.ends_with(' '))
    text.remove_suffix(1);
  return text;
}

std::optional<int> day_of(std::string_view word) {
  for (std::size_t i = 0; i < kDays.size(); ++i) {
    const bool same = word.size() == 3 &&
                      std::equal(word.begin(), word.end(), kDays[i].begin(), [](char a, char b) {
                        return (a >= 'A' && a <= 'Z' ? a + ('a' - 'A') : a) == b;
                      });
    if (same) return static_cast<int>(i);
  }
  return {};
}

// "Mon-Fri", "Sat,Sun", "Wed"; "Fri-Mon" goes over the weekend.
std::optional<unsigned> days_of(std::string_view text) {
  unsigned out = 0;
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    const auto part = trimmed(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
    const auto dash = part.find('-');
    const auto first = day_of(trimmed(part.substr(0, dash)));
    const auto last =
        dash == std::string_view::npos ? first : day_of(trimmed(part.substr(dash + 1)));
    if (!first || !last) return {};
    for (int day = *first;; day = (day + 1) % 7) {
      out |= 1U << static_cast<unsigned>(day);
      if (day == *last) break;
    }
  }
  return out == 0 ? std::nullopt : std::optional(out);
}

bool on(unsigned days, int day) {
  return (days & (1U << static_cast<unsigned>(day))) != 0;
}

int day_type(const Calendar& calendar, Day day) {
  return calendar.holidays.type(day) == DayType::sunday ? kSunday : weekday_of(day);
}

bool within(const Hours::Window& window, const Calendar& calendar, Time now) {
  if (window.kind == Hours::Window::Kind::night) return calendar.is_night(now);
  if (window.kind == Hours::Window::Kind::day) return !calendar.is_night(now);
  const LocalTime local = calendar.zone.local(now);
  const Duration wall = local.since_midnight;
  const bool over_midnight = window.to <= window.from;
  if (on(window.days, day_type(calendar, local.day)) && wall >= window.from &&
      (over_midnight || wall < window.to))
    return true;
  const int yesterday = day_type(calendar, local.day - std::chrono::days{1});
  return over_midnight && on(window.days, yesterday) && wall < window.to &&
         window.to != window.from;
}

}  // namespace

std::optional<Hours::Window> parse_window(std::string_view text) noexcept {
  Hours::Window out;
  text = trimmed(text);
  if (text.starts_with("not ")) {
    out.negated = true;
    text = trimmed(text.substr(4));
  }
  if (text == "night" || text == "day") {
    out.kind = text == "night" ? Hours::Window::Kind::night : Hours::Window::Kind::day;
    return out;
  }
  const auto digit = text.find_first_of("0123456789");
  const auto days = trimmed(text.substr(0, digit));
  if (!days.empty()) {
    const auto parsed = days_of(days);
    if (!parsed) return {};
    out.days = *parsed;
  }
  if (digit == std::string_view::npos) return days.empty() ? std::nullopt : std::optional(out);
  const auto span = parse_night(text.substr(digit));  // the same form: "08:00-18:00"
  if (!span) return {};
  out.from = span->from % kDay;
  out.to = span->to % kDay;
  if (out.from == out.to && out.from != Duration{0}) return {};  // "09:00-09:00" says nothing
  return out;
}

std::string to_string(const Hours::Window& window) {
  std::string out = window.negated ? "not " : "";
  if (window.kind == Hours::Window::Kind::night) return out + "night";
  if (window.kind == Hours::Window::Kind::day) return out + "day";
  std::string days;
  for (std::size_t i = 0; i < kDays.size(); ++i)
    if (window.days != kEveryDay && on(window.days, static_cast<int>(i)))
      days += (days.empty() ? "" : ",") + std::string(kDays[i]);
  if (window.from == window.to && !days.empty()) return out + days;  // the whole day
  const auto clock = [](Duration time) {
    const auto minutes = std::chrono::floor<std::chrono::minutes>(time).count();
    return fmt::format("{:02}:{:02}", minutes / 60, minutes % 60);
  };
  const Duration to = window.to == Duration{0} ? kDay : window.to;
  return fmt::format("{}{}{}{}-{}", out, days, days.empty() ? "" : " ", clock(window.from),
                     clock(to));
}

bool Hours::holds(const Calendar& calendar, Time now) const {
  return windows.empty() || std::any_of(windows.begin(), windows.end(), [&](const Window& window) {
           return within(window, calendar, now) != window.negated;
         });
}

void read_hours(config::Section& section, std::string_view key, Hours& out) {
  std::vector<std::string> words;
  section.read(key, words);
  for (const auto& word : words) {
    if (const auto window = parse_window(word))
      out.windows.push_back(*window);
    else
      section.problem(key, fmt::format("'{}' are no hours of the week", word),
                      "\"Mon-Fri 08:00-18:00\", \"22:00-07:00\", \"night\" or \"not night\"");
  }
}

}  // namespace brandwacht::alerting
