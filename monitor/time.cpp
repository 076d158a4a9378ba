#include "monitor/time.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace brandwacht {
namespace {

// Two digits; anything else sets `bad`. Errors are collected and looked at once: this runs twice
// for every mention.
unsigned two(const char* at, bool& bad) noexcept {
  const unsigned tens = static_cast<unsigned char>(at[0]) - unsigned{'0'};
  const unsigned ones = static_cast<unsigned char>(at[1]) - unsigned{'0'};
  bad |= tens > 9 || ones > 9;
  return tens * 10 + ones;
}

// The fraction at `at` if there is one; moves `at` behind it.
unsigned micros(std::string_view text, std::size_t& at, bool& bad) noexcept {
  if (at >= text.size() || text[at] != '.') return 0;
  const std::size_t first = ++at;
  unsigned value = 0, unit = 100'000;
  for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, unit /= 10)
    value += static_cast<unsigned>(text[at] - '0') * unit;  // `unit` is 0 past the microsecond
  bad |= at == first;
  return value;
}

// "Z" or "+hh:mm", up to the end of the text.
std::chrono::minutes offset(std::string_view text, std::size_t at, bool& bad) noexcept {
  if (at + 1 == text.size() && (text[at] == 'Z' || text[at] == 'z')) return std::chrono::minutes{0};
  if (at + 6 != text.size() || (text[at] != '+' && text[at] != '-') || text[at + 3] != ':') {
    bad = true;
    return {};
  }
  const unsigned hours = two(&text[at + 1], bad), minutes = two(&text[at + 4], bad);
  bad |= hours > 23 || minutes > 59;
  const std::chrono::minutes span{hours * 60 + minutes};
  return text[at] == '-' ? -span : span;
}

constexpr Time kFirst = std::chrono::sys_days{std::chrono::year{1} / 1 / 1};
constexpr Time kEnd = std::chrono::sys_days{std::chrono::year{10000} / 1 / 1};

// "2026-05-25T14:23:28.757Z", the form of nearly every mention, without a branch for each digit.
// nullopt: another form, or not valid; the caller looks again with care.
std::optional<Time> parse_common(std::string_view text) noexcept {
  if (text.size() != 24 || text[23] != 'Z' || text[10] != 'T' || text[19] != '.')
    return std::nullopt;
  unsigned wrong = static_cast<unsigned>(text[4] ^ '-') | static_cast<unsigned>(text[7] ^ '-') |
                   static_cast<unsigned>(text[13] ^ ':') | static_cast<unsigned>(text[16] ^ ':');
  const auto digit = [&](std::size_t at) {
    const unsigned value = static_cast<unsigned char>(text[at]) - unsigned{'0'};
    wrong |= value > 9 ? 1U : 0U;
    return value;
  };
  const auto two = [&](std::size_t at) { return digit(at) * 10 + digit(at + 1); };
  const unsigned year = two(0) * 100 + two(2), month = two(5), day = two(8);
  const unsigned hour = two(11), minute = two(14), second = two(17),
                 millis = two(20) * 10 + digit(22);
  // Days over 28 are left to the careful way, which knows the months.
  if (wrong != 0 || year == 0 || month - 1 > 11 || day - 1 > 27 || hour > 23 || minute > 59 ||
      second > 59)
    return std::nullopt;
  const std::chrono::sys_days date =
      std::chrono::year{static_cast<int>(year)} / static_cast<int>(month) / static_cast<int>(day);
  return Time{date} + std::chrono::seconds{hour * 3600 + minute * 60 + second} +
         std::chrono::milliseconds{millis};
}

}  // namespace

std::optional<Time> parse_rfc3339(std::string_view text) noexcept {
  if (const auto time = parse_common(text)) return time;
  if (text.size() < 20) return std::nullopt;
  const char* at = text.data();
  bool bad = at[4] != '-' || at[7] != '-' || at[13] != ':' || at[16] != ':' ||
             (at[10] != 'T' && at[10] != 't' && at[10] != ' ');
  const unsigned year = two(at, bad) * 100 + two(at + 2, bad);
  const unsigned month = two(at + 5, bad), day = two(at + 8, bad);
  const unsigned hour = two(at + 11, bad), minute = two(at + 14, bad), second = two(at + 17, bad);
  std::size_t rest = 19;
  const unsigned fraction = micros(text, rest, bad);
  const auto shift = offset(text, rest, bad);
  if (bad || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  const auto date =
      std::chrono::year{static_cast<int>(year)} / static_cast<int>(month) / static_cast<int>(day);
  if (!date.ok()) return std::nullopt;
  // A leap second reads as the second before it.
  const Time time = Time{std::chrono::sys_days{date}} + std::chrono::hours{hour} +
                    std::chrono::minutes{minute} + std::chrono::seconds{std::min(second, 59U)} +
                    std::chrono::microseconds{fraction} - shift;
  // Outside these years UTC has no text form of four digits.
  if (time < kFirst || time >= kEnd) return std::nullopt;
  return time;
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
