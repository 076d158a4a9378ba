#include "alerting/retry_after.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace brandwacht::alerting {
namespace {

using namespace std::chrono;

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Reads a date from the left, piece by piece; one failure spoils the rest.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  int number(std::size_t min_digits, std::size_t max_digits) {
    int value = 0;
    std::size_t digits = 0;
    while (digits < max_digits && digits < rest_.size() && rest_[digits] >= '0' &&
           rest_[digits] <= '9')
      value = value * 10 + (rest_[digits++] - '0');
    if (digits < min_digits) ok_ = false;
    rest_.remove_prefix(digits);
    return value;
  }
  void literal(std::string_view text) {
    if (!rest_.starts_with(text))
      ok_ = false;
    else
      rest_.remove_prefix(text.size());
  }
  unsigned month() {
    static constexpr std::array<std::string_view, 12> kNames{
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto* name = std::find(kNames.begin(), kNames.end(), rest_.substr(0, 3));
    if (name == kNames.end()) {
      ok_ = false;
      return 0;
    }
    rest_.remove_prefix(3);
    return static_cast<unsigned>(name - kNames.begin()) + 1;
  }
  seconds clock() {
    const int h = number(2, 2);
    literal(":");
    const int m = number(2, 2);
    literal(":");
    const int s = number(2, 2);
    if (h > 23 || m > 59 || s > 60) ok_ = false;
    return hours{h} + minutes{m} + seconds{s};
  }
  void word() {  // the name of a day
    std::size_t letters = 0;
    while (letters < rest_.size() &&
           ((rest_[letters] | 0x20) >= 'a' && (rest_[letters] | 0x20) <= 'z'))
      ++letters;
    if (letters < 3) ok_ = false;
    rest_.remove_prefix(letters);
  }
  bool skip_space() {
    const bool had = rest_.starts_with(' ');
    while (rest_.starts_with(' '))
      rest_.remove_prefix(1);
    return had;
  }
  bool starts_with(char c) const { return rest_.starts_with(c); }
  bool done() const { return ok_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

std::optional<Time> make_time(int y, unsigned m, int d, seconds clock) {
  const year_month_day date{year{y}, month{m}, day{static_cast<unsigned>(d)}};
  if (!date.ok()) return std::nullopt;
  return Time{sys_days{date}} + clock;
}

// A two-digit year that seems more than 50 years ahead is in the past (RFC 9110 section 5.6.7).
int full_year(int two_digits, Time now) {
  const int current = static_cast<int>(year_month_day{floor<days>(now)}.year());
  const int candidate = current / 100 * 100 + two_digits;
  return candidate > current + 50 ? candidate - 100 : candidate;
}

// "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT" or "Sun Nov  6 08:49:37 1994".
std::optional<Time> parse_http_date(std::string_view text, Time now) {
  Scanner in(text);
  in.word();
  int y = 0, d = 0;
  unsigned m = 0;
  seconds clock{};
  if (in.starts_with(',')) {
    in.literal(", ");
    d = in.number(2, 2);
    const bool old_form = in.starts_with('-');
    in.literal(old_form ? "-" : " ");
    m = in.month();
    in.literal(old_form ? "-" : " ");
    y = old_form ? full_year(in.number(2, 2), now) : in.number(4, 4);
    in.literal(" ");
    clock = in.clock();
    in.literal(" GMT");
  } else {
    in.literal(" ");
    m = in.month();
    in.skip_space();
    d = in.number(1, 2);
    in.literal(" ");
    clock = in.clock();
    in.literal(" ");
    y = in.number(4, 4);
  }
  if (!in.done()) return std::nullopt;
  return make_time(y, m, d, clock);
}

}  // namespace

std::optional<Duration> parse_retry_after(std::string_view value, Time now) noexcept {
  const std::string_view text = trim(value);
  if (text.empty()) return std::nullopt;
  if (std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    std::uint64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    // A number past 64 bits is still a wish to wait long.
    const auto longest =
        static_cast<std::uint64_t>(duration_cast<seconds>(kLongestRetryAfter).count());
    if (error != std::errc{} || count > longest) return kLongestRetryAfter;
    return seconds{count};
  }
  const auto at = parse_http_date(text, now);
  if (!at) return std::nullopt;
  return std::clamp(*at - now, Duration{0}, kLongestRetryAfter);
}

}  // namespace brandwacht::alerting
