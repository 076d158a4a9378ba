#include "monitor/desk/hours.hpp"

#include <algorithm>
#include <optional>

namespace brandwacht::desk {
namespace {

using namespace std::chrono_literals;

constexpr int kMostDays = 731;

std::optional<int> day_of(std::string_view word) {
  constexpr std::array<std::string_view, 7> kEnglish{"mon", "tue", "wed", "thu",
                                                     "fri", "sat", "sun"};
  constexpr std::array<std::string_view, 7> kDutch{"ma", "di", "wo", "do", "vr", "za", "zo"};
  for (int i = 0; i < 7; ++i)
    if (word == kEnglish[static_cast<std::size_t>(i)] ||
        word == kDutch[static_cast<std::size_t>(i)])
      return i;
  return std::nullopt;
}

// "8", "08:00", "24:00".
std::optional<Duration> clock_of(std::string_view text) {
  int hour = 0, minute = 0;
  std::size_t at = 0;
  const auto number = [&](int& out) {
    const std::size_t begin = at;
    while (at < text.size() && at - begin < 2 && text[at] >= '0' && text[at] <= '9')
      out = out * 10 + (text[at++] - '0');
    return at > begin;
  };
  if (!number(hour)) return std::nullopt;
  if (at < text.size()) {
    if (text[at++] != ':' || !number(minute)) return std::nullopt;
  }
  if (at != text.size() || hour > 24 || minute > 59 || (hour == 24 && minute > 0))
    return std::nullopt;
  return Duration{std::chrono::hours{hour} + std::chrono::minutes{minute}};
}

std::string_view cut(std::string_view& text, char at) {
  const std::size_t end = std::min(text.find(at), text.size());
  const std::string_view first = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return first;
}

bool add_span(std::vector<Hours::Span>& spans, const Hours::Span& span) {
  const bool overlaps = std::ranges::any_of(spans, [&](const Hours::Span& other) {
    return span.from < other.to && other.from < span.to;
  });
  if (overlaps) return false;
  spans.push_back(span);
  std::ranges::sort(spans, {}, &Hours::Span::from);
  return true;
}

// Calls each(begin, end) for what is open after `from`, in order, until it returns false.
template <class Each>
void each_open(const Hours& hours, const Calendar& calendar, Time from, Each each) {
  Day day = calendar.zone.local(from).day - std::chrono::days{1};
  Time behind = from;  // spans over midnight may touch the next day's
  for (int i = 0; i < kMostDays; ++i, day += std::chrono::days{1}) {
    const bool closed = calendar.holidays.type(day) == DayType::sunday;
    const auto weekday = static_cast<std::size_t>(closed ? 6 : weekday_of(day));
    for (const Hours::Span& span : hours.week[weekday]) {
      const Time begin = std::max(behind, calendar.zone.at(day, span.from));
      const Time end = calendar.zone.at(day, span.to);
      if (end <= begin) continue;
      behind = end;
      if (!each(begin, end)) return;
    }
  }
}

}  // namespace

bool Hours::always() const noexcept {
  return std::ranges::all_of(week, [](const auto& day) { return day.empty(); });
}

bool add_hours(Hours& hours, std::string_view text, std::string& fault) {
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  std::string_view rest = lower;
  std::string_view days = cut(rest, ' ');
  const auto first = day_of(cut(days, '-'));
  const auto last = days.empty() ? first : day_of(days);
  if (!first || !last) {
    fault = "does not begin with days";
    return false;
  }
  const auto from = clock_of(cut(rest, '-'));
  auto to = clock_of(rest);
  if (!from || !to || *from >= 24h || *from == *to) {
    fault = "has no two times of the day";
    return false;
  }
  if (*to < *from) *to += 24h;
  const Hours before = hours;
  for (int day = *first;; day = (day + 1) % 7) {
    if (!add_span(hours.week[static_cast<std::size_t>(day)], {*from, *to})) {
      hours = before;
      fault = "overlaps with hours that are given already";
      return false;
    }
    if (day == *last) return true;
  }
}

Time open_until(const Hours& hours, const Calendar& calendar, Time from, Duration span) noexcept {
  from = in_calendar(from);
  if (hours.always()) return from + span;
  Time out = Time::max();
  each_open(hours, calendar, from, [&](Time begin, Time end) {
    if (end - begin >= span) {
      out = begin + span;
      return false;
    }
    span -= end - begin;
    return true;
  });
  return out;
}

Duration open_between(const Hours& hours, const Calendar& calendar, Time from, Time to) noexcept {
  from = in_calendar(from);
  to = in_calendar(to);
  if (to <= from) return Duration{};
  if (hours.always()) return to - from;
  Duration out{};
  each_open(hours, calendar, from, [&](Time begin, Time end) {
    if (begin >= to) return false;
    out += std::min(end, to) - begin;
    return true;
  });
  return out;
}

}  // namespace brandwacht::desk
