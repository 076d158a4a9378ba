#include "monitor/time.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace brandwacht {
namespace {

// Reads exactly `count` digits at `at`.
std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) noexcept {
  if (at + count > text.size()) return std::nullopt;
  int value = 0;
  for (char c : text.substr(at, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

struct Clockface {
  int hour, minute, second;
};

std::optional<Clockface> clockface(std::string_view text) noexcept {  // "hh:mm:ss" at 11
  auto hour = digits(text, 11, 2), minute = digits(text, 14, 2), second = digits(text, 17, 2);
  if (!hour || !minute || !second || text[13] != ':' || text[16] != ':') return std::nullopt;
  // A leap second reads as the second before it.
  if (*hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  return Clockface{*hour, *minute, std::min(*second, 59)};
}

// The fraction at `at` if there is one; moves `at` behind it.
std::optional<int> micros(std::string_view text, std::size_t& at) noexcept {
  if (at >= text.size() || text[at] != '.') return 0;
  const std::size_t first = ++at;
  int value = 0;
  for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at)
    if (at - first < 6) value = value * 10 + (text[at] - '0');
  if (at == first) return std::nullopt;
  for (std::size_t n = at - first; n < 6; ++n)
    value *= 10;
  return value;
}

std::optional<std::chrono::minutes> offset(std::string_view text, std::size_t at) noexcept {
  if (at + 1 == text.size() && (text[at] == 'Z' || text[at] == 'z')) return std::chrono::minutes{0};
  if (at + 6 != text.size() || (text[at] != '+' && text[at] != '-') || text[at + 3] != ':')
    return std::nullopt;
  auto hours = digits(text, at + 1, 2), minutes = digits(text, at + 4, 2);
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  const std::chrono::minutes span{*hours * 60 + *minutes};
  return text[at] == '-' ? -span : span;
}

}  // namespace

std::optional<Time> parse_rfc3339(std::string_view text) noexcept {
  if (text.size() < 20 || text[4] != '-' || text[7] != '-') return std::nullopt;
  if (text[10] != 'T' && text[10] != 't' && text[10] != ' ') return std::nullopt;
  auto year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
  if (!year || !month || !day || *year == 0) return std::nullopt;
  const auto date = std::chrono::year{*year} / *month / *day;
  if (!date.ok()) return std::nullopt;
  const auto face = clockface(text);
  if (!face) return std::nullopt;
  std::size_t at = 19;
  const auto fraction = micros(text, at);
  if (!fraction || at >= text.size()) return std::nullopt;
  const auto shift = offset(text, at);
  if (!shift) return std::nullopt;
  return Time{std::chrono::sys_days{date}} + std::chrono::hours{face->hour} +
         std::chrono::minutes{face->minute} + std::chrono::seconds{face->second} +
         std::chrono::microseconds{*fraction} - *shift;
}

std::string format_rfc3339(Time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::milliseconds>(time - day)};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

std::string format_span(Duration span) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(span).count();
  if (seconds <= 0) return "0 s";
  if (seconds < 60) return fmt::format("{} s", seconds);
  const auto minutes = seconds / 60;
  if (minutes < 60) return fmt::format("{} min", minutes);
  const auto hours = minutes / 60;
  if (hours >= 48) return fmt::format("{} d {} h", hours / 24, hours % 24);
  return minutes % 60 ? fmt::format("{} h {} min", hours, minutes % 60)
                      : fmt::format("{} h", hours);
}

}  // namespace brandwacht
