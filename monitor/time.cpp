#include "monitor/time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

#if defined(__SSSE3__)
#include <tmmintrin.h>
#endif

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
// False: another form, or not valid; the caller looks again with care. Days over 28 are left to it,
// which knows the months. No optional: to pass one on, written in two parts and read as one,
// stalls.
#if defined(__SSSE3__)
bool parse_common(std::string_view text, Time& out) noexcept {
  if (text.size() != 24) return false;
  const __m128i head = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data()));
  const __m128i tail = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + 8));
  const auto equal = [](__m128i a, __m128i b) { return _mm_movemask_epi8(_mm_cmpeq_epi8(a, b)); };
  constexpr int kHeadMarks = 1 << 4 | 1 << 7 | 1 << 10 | 1 << 13;
  constexpr int kTailMarks = 1 << 8 | 1 << 11 | 1 << 15;
  const __m128i head_form = _mm_setr_epi8(0, 0, 0, 0, '-', 0, 0, '-', 0, 0, 'T', 0, 0, ':', 0, 0);
  const __m128i tail_form = _mm_setr_epi8(0, 0, 0, 0, 0, 0, 0, 0, ':', 0, 0, '.', 0, 0, 0, 'Z');
  // The digits of year, month, day, hour, minute, second, hundredths.
  const __m128i head_digits = _mm_setr_epi8(0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, -1, -1, -1, -1);
  const __m128i tail_digits =
      _mm_setr_epi8(-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 9, 10, 12, 13);
  const __m128i digits = _mm_sub_epi8(
      _mm_or_si128(_mm_shuffle_epi8(head, head_digits), _mm_shuffle_epi8(tail, tail_digits)),
      _mm_set1_epi8('0'));
  const unsigned thousandths = static_cast<unsigned char>(text[22]) - unsigned{'0'};
  // Each two of them as a number: tens and ones of the year apart.
  const __m128i pairs = _mm_maddubs_epi16(
      digits, _mm_setr_epi8(10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1));
  const __m128i least = _mm_setr_epi16(0, 0, 1, 1, 0, 0, 0, 0);
  const __m128i most = _mm_setr_epi16(99, 99, 12, 28, 23, 59, 59, 99);
  const __m128i outside = _mm_or_si128(_mm_cmpgt_epi16(pairs, most), _mm_cmpgt_epi16(least, pairs));
  const bool valid = (equal(head, head_form) & kHeadMarks) == kHeadMarks &&
                     (equal(tail, tail_form) & kTailMarks) == kTailMarks &&
                     equal(_mm_min_epu8(digits, _mm_set1_epi8(9)), digits) == 0xFFFF &&
                     _mm_movemask_epi8(outside) == 0 && thousandths <= 9;
  std::array<std::int16_t, 8> of{};
  _mm_storeu_si128(reinterpret_cast<__m128i*>(of.data()), pairs);
  const int year = of[0] * 100 + of[1];
  if (!valid || year == 0) return false;
  const std::chrono::sys_days date = std::chrono::year{year} / int{of[2]} / int{of[3]};
  out = Time{date} + std::chrono::seconds{of[4] * 3600 + of[5] * 60 + of[6]} +
        std::chrono::milliseconds{of[7] * 10 + static_cast<int>(thousandths)};
  return true;
}
#else
bool parse_common(std::string_view text, Time& out) noexcept {
  if (text.size() != 24 || text[23] != 'Z' || text[10] != 'T' || text[19] != '.') return false;
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
  if (wrong != 0 || year == 0 || month - 1 > 11 || day - 1 > 27 || hour > 23 || minute > 59 ||
      second > 59)
    return false;
  const std::chrono::sys_days date =
      std::chrono::year{static_cast<int>(year)} / static_cast<int>(month) / static_cast<int>(day);
  out = Time{date} + std::chrono::seconds{hour * 3600 + minute * 60 + second} +
        std::chrono::milliseconds{millis};
  return true;
}
#endif

// Any form.
[[gnu::noinline]] std::optional<Time> parse_any(std::string_view text) noexcept {
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

}  // namespace

std::optional<Time> parse_rfc3339(std::string_view text) noexcept {
  Time time;
  if (parse_common(text, time)) return time;
  return parse_any(text);
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
