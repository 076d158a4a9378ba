#include "monitor/rate.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <limits>
#include <numeric>

namespace brandwacht {
namespace {

using std::chrono::hours;
constexpr Duration kWeek = hours{7 * 24};

struct Unit {
  std::string_view name;
  Duration span;
};
constexpr std::array<Unit, 4> kUnits{
    {{"hour", hours{1}}, {"day", hours{24}}, {"week", kWeek}, {"month", hours{30 * 24}}}};

std::string lower(std::string_view text) {
  std::string out;
  for (const char c : text)
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  return out;
}

void skip_spaces(std::string_view& text) {
  while (text.starts_with(' '))
    text.remove_prefix(1);
}

// Hundredths, from "2", "0.5" or "1.25"; nullopt: not such a number, or over 999,999.
std::optional<int> take_hundredths(std::string_view& text) {
  long value = 0;
  int digits = 0, decimals = -1;
  while (!text.empty()) {
    const char c = text.front();
    if ((c == '.' || c == ',') && decimals < 0 && digits > 0) {
      decimals = 0;
    } else if (c >= '0' && c <= '9' && decimals < 2 && digits < 6) {
      value = value * 10 + (c - '0');
      ++digits;
      if (decimals >= 0) ++decimals;
    } else {
      break;
    }
    text.remove_prefix(1);
  }
  if (digits == 0 || decimals == 0) return std::nullopt;
  for (int i = std::max(decimals, 0); i < 2; ++i)
    value *= 10;
  return static_cast<int>(value);
}

const Unit* unit_of(std::string_view word) {
  if (word.ends_with('s')) word.remove_suffix(1);
  for (const Unit& unit : kUnits)
    if (unit.name == word) return &unit;
  return nullptr;
}

// Whole times in a span of whole units.
ParsedRate in_whole(int hundredths, const Unit& unit) {
  const int divisor = std::gcd(hundredths, 100);
  const int count = hundredths == 0 ? 0 : hundredths / divisor;
  const Duration window = unit.span * (hundredths == 0 ? 1 : 100 / divisor);
  if (count > Rate::kMost)
    return {{},
            fmt::format("is more than {} in {}", Rate::kMost,
                        window == unit.span ? std::string{"a "} + std::string{unit.name}
                                            : "the span that it takes to count in whole times"),
            "\"unlimited\""};
  if (window > hours{366 * 24}) return {{}, "is less often than once a year", "\"1/month\""};
  return {Rate{count, window}, {}, {}};
}

}  // namespace

double Rate::per_week() const noexcept {
  if (!limited()) return std::numeric_limits<double>::infinity();
  return count * (std::chrono::duration<double>(kWeek) / window);
}

ParsedRate parse_rate(std::string_view text) {
  const std::string folded = lower(text);
  std::string_view rest = folded;
  while (rest.ends_with(' '))
    rest.remove_suffix(1);
  skip_spaces(rest);
  if (rest == "unlimited") return {Rate{}, {}, {}};
  if (rest.starts_with('-')) return {{}, "is below 0", "\"0/week\" for never"};
  const auto hundredths = take_hundredths(rest);
  if (!hundredths)
    return {{}, "does not begin with a number of at most two decimals", "\"2/week\""};
  skip_spaces(rest);
  const std::string number = fmt::format("{:g}", *hundredths / 100.0);
  bool has_word = false;
  for (const std::string_view word : {"/", "per ", "an ", "a "})
    if (rest.starts_with(word)) {
      rest.remove_prefix(word.size());
      has_word = true;
      break;
    }
  skip_spaces(rest);
  if (!has_word || rest.empty())
    return {{}, "does not say in what span", fmt::format("\"{}/week\"", number)};
  const Unit* unit = unit_of(rest);
  if (unit == nullptr)
    return {{},
            fmt::format("has the unknown unit '{}'; there are hour, day, week and month", rest),
            fmt::format("\"{}/week\"", number)};
  return in_whole(*hundredths, *unit);
}

std::string to_string(const Rate& rate) {
  if (!rate.limited()) return "unlimited";
  for (std::size_t i = kUnits.size(); i-- > 0;) {
    const Unit& unit = kUnits[i];
    if (rate.window < unit.span || rate.window % unit.span != Duration{}) continue;
    const auto units = rate.window / unit.span;
    if (units == 1) return fmt::format("{}/{}", rate.count, unit.name);
    return fmt::format("{}/{} {}s", rate.count, units, unit.name);
  }
  return fmt::format("{}/{}", rate.count, format_span(rate.window));
}

}  // namespace brandwacht
