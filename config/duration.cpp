#include "config/duration.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

#include "config/words.hpp"

namespace brandwacht::config {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t microseconds;
};
constexpr std::array<Unit, 7> kUnits{{{"us", 1},
                                      {"ms", 1'000},
                                      {"s", 1'000'000},
                                      {"min", 60'000'000},
                                      {"h", 3'600'000'000},
                                      {"d", 86'400'000'000},
                                      {"w", 604'800'000'000}}};

// What people write instead. "m" is here and not a unit of its own: half of the world reads it as
// month.
struct Alias {
  std::string_view written, meant;
};
constexpr std::array<Alias, 26> kAliases{
    {{"m", "min"},       {"mins", "min"}, {"minute", "min"}, {"minutes", "min"}, {"minuut", "min"},
     {"minuten", "min"}, {"sec", "s"},    {"secs", "s"},     {"second", "s"},    {"seconds", "s"},
     {"seconden", "s"},  {"hr", "h"},     {"hrs", "h"},      {"hour", "h"},      {"hours", "h"},
     {"uur", "h"},       {"u", "h"},      {"day", "d"},      {"days", "d"},      {"dag", "d"},
     {"dagen", "d"},     {"week", "w"},   {"weeks", "w"},    {"weken", "w"},     {"msec", "ms"},
     {"usec", "us"}}};

bool digit(char c) {
  return c >= '0' && c <= '9';
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ')
    text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ')
    text.remove_suffix(1);
  return text;
}

ParsedDuration fault(std::string message, std::string suggestion = {}) {
  return {std::nullopt, std::move(message), std::move(suggestion)};
}

std::string meant(std::string_view number, std::string_view unit) {
  return fmt::format("did you mean '{} {}'?", number, unit);
}

ParsedDuration unknown_unit(std::string_view number, std::string_view unit) {
  auto message = fmt::format("has the unknown unit {}", in_quotes(unit));
  std::string lower(unit);
  for (char& c : lower)
    c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  for (const Unit& known : kUnits) {
    if (lower == known.name) return fault(std::move(message), meant(number, known.name));
  }
  for (const Alias& alias : kAliases) {
    if (lower == alias.written) return fault(std::move(message), meant(number, alias.meant));
  }
  return fault(std::move(message), "the units are us, ms, s, min, h, d and w");
}

}  // namespace

ParsedDuration parse_duration(std::string_view text) {
  text = trim(text);
  if (text.empty()) return fault("is empty");
  const std::size_t sign = text.front() == '-' ? 1 : 0;
  // from_chars would also take "inf" and "nan".
  if (text.size() == sign || !digit(text[sign])) return fault("does not begin with a number");
  double number = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  if (error != std::errc{}) return fault("is too large");
  const std::string_view digits = text.substr(0, static_cast<std::size_t>(end - text.data()));
  const std::string_view rest = text.substr(digits.size());
  if (rest.size() > 1 && rest[0] == ',' && digit(rest[1])) {
    return fault(
        "has a decimal comma",
        fmt::format("did you mean {}?", in_quotes(fmt::format("{}.{}", digits, rest.substr(1)))));
  }
  const std::string_view unit = trim(rest);
  if (unit.empty()) return fault("has no unit", meant(digits, "s"));
  for (const Unit& known : kUnits) {
    if (unit != known.name) continue;
    const double exact = number * static_cast<double>(known.microseconds);
    if (std::abs(exact) > 9e18) return fault("is too large");
    return {std::chrono::microseconds{std::llround(exact)}, {}, {}};
  }
  return unknown_unit(digits, unit);
}

std::string to_string(std::chrono::microseconds duration) {
  const std::int64_t count = duration.count();
  if (count == 0) return "0 s";
  // Weeks are left out: "336 h" says less than "14 d", but "2 w" no more.
  for (std::size_t i = kUnits.size() - 1; i-- > 0;) {
    if (count % kUnits[i].microseconds == 0) {
      return fmt::format("{} {}", count / kUnits[i].microseconds, kUnits[i].name);
    }
  }
  return fmt::format("{} us", count);
}

}  // namespace brandwacht::config
