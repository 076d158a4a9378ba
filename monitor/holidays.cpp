#include "monitor/holidays.hpp"

#include <algorithm>

namespace brandwacht {
namespace {

using std::chrono::days;
using std::chrono::year_month_day;
using Name = std::optional<std::string_view>;
constexpr int kSaturday = 5, kSunday = 6;

struct Date {
  int year;
  unsigned month, day;
  int weekday;      // 0: Monday
  int from_easter;  // days

  bool is(unsigned m, unsigned d) const noexcept { return month == m && day == d; }
  // The n-th (1..) or the last Monday of a month.
  bool first_monday(unsigned m) const noexcept { return month == m && weekday == 0 && day <= 7; }
  bool last_monday(unsigned m) const noexcept {  // of a month with 31 days
    return month == m && weekday == 0 && day > 24;
  }
};

Name christian(const Date& date) noexcept {
  switch (date.from_easter) {
    case 0:
      return "Easter";
    case 1:
      return "Easter Monday";
    case 39:
      return "Ascension Day";
    case 49:
      return "Whit Sunday";
    case 50:
      return "Whit Monday";
    default:
      return std::nullopt;
  }
}

// King's Day is 27 April since 2014, Queen's Day was the 30th; on a Sunday the day before.
bool kings_day(const Date& date) noexcept {
  const unsigned day = date.year >= 2014 ? 27 : 30;
  if (date.is(4, day)) return date.weekday != kSunday;
  return date.is(4, day - 1) && date.weekday == kSaturday;
}

Name dutch(const Date& date, LiberationDay liberation) noexcept {
  if (date.is(1, 1)) return "New Year's Day";
  if (kings_day(date)) return date.year >= 2014 ? "King's Day" : "Queen's Day";
  if (date.is(5, 5) && liberation != LiberationDay::never &&
      (liberation == LiberationDay::yearly || date.year % 5 == 0))
    return "Liberation Day";
  if (date.is(12, 25)) return "Christmas Day";
  if (date.is(12, 26)) return "Second Christmas Day";
  return christian(date);
}

Name belgian(const Date& date) noexcept {
  if (date.is(1, 1)) return "New Year's Day";
  if (date.is(5, 1)) return "Labour Day";
  if (date.is(7, 21)) return "National Day";
  if (date.is(8, 15)) return "Assumption";
  if (date.is(11, 1)) return "All Saints";
  if (date.is(11, 11)) return "Armistice Day";
  if (date.is(12, 25)) return "Christmas Day";
  return christian(date);
}

// Days that a proclamation moved or added, once.
Name british_once(const Date& date) noexcept {
  struct Once {
    int year;
    unsigned month, day;
    std::string_view name;
  };
  static constexpr Once kOnce[] = {
      {2002, 6, 3, "Golden Jubilee"},        {2002, 6, 4, "Spring bank holiday"},
      {2011, 4, 29, "Royal wedding"},        {2012, 6, 4, "Spring bank holiday"},
      {2012, 6, 5, "Diamond Jubilee"},       {2020, 5, 8, "Early May bank holiday"},
      {2022, 6, 2, "Spring bank holiday"},   {2022, 6, 3, "Platinum Jubilee"},
      {2022, 9, 19, "Funeral of the Queen"}, {2023, 5, 8, "Coronation"}};
  for (const Once& once : kOnce)
    if (once.year == date.year && date.is(once.month, once.day)) return once.name;
  return std::nullopt;
}

// Christmas and Boxing Day on a weekend move to the next days that are free of both: the 27th is a
// substitute on Monday and Tuesday, the 28th on Monday (for Boxing Day) and Tuesday.
Name british_christmas(const Date& date) noexcept {
  if (date.is(12, 25)) return "Christmas Day";
  if (date.is(12, 26)) return "Boxing Day";
  if (date.is(12, 27) && date.weekday <= 1) return "Christmas Day (substitute day)";
  if (date.is(12, 28) && date.weekday <= 1) return "Boxing Day (substitute day)";
  return std::nullopt;
}

Name british(const Date& date) noexcept {
  if (const Name once = british_once(date)) return once;
  if (const Name christmas = british_christmas(date)) return christmas;
  if (date.is(1, 1)) return "New Year's Day";
  if (date.weekday == 0 && (date.is(1, 2) || date.is(1, 3)))
    return "New Year's Day (substitute day)";
  if (date.from_easter == -2) return "Good Friday";
  if (date.from_easter == 0) return "Easter";
  if (date.from_easter == 1) return "Easter Monday";
  if (date.first_monday(5) && date.year != 2020) return "Early May bank holiday";
  const bool moved = date.year == 2002 || date.year == 2012 || date.year == 2022;
  if (date.last_monday(5) && !moved) return "Spring bank holiday";
  if (date.last_monday(8)) return "Summer bank holiday";
  return std::nullopt;
}

}  // namespace

Day easter(int year) noexcept {
  const int a = year % 19, b = year / 100, c = year % 100;
  const int d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
  const int h = (19 * a + b - d - g + 15) % 30;
  const int i = c / 4, k = c % 4;
  const int l = (32 + 2 * e + 2 * i - h - k) % 7;
  const int m = (a + 11 * h + 22 * l) / 451;
  const int month = (h + l - 7 * m + 114) / 31, day = (h + l - 7 * m + 114) % 31 + 1;
  return std::chrono::sys_days{std::chrono::year{year} / month / day};
}

std::optional<std::string_view> Holidays::name(Day day) const noexcept {
  if (std::ranges::find(extra, day) != extra.end()) return "Closed";
  if (country == Country::none || day != in_calendar(day)) return std::nullopt;
  const year_month_day ymd{day};
  const int year = static_cast<int>(ymd.year());

  const Date date{year, static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day()),
                  weekday_of(day), static_cast<int>((day - easter(year)).count())};
  switch (country) {
    case Country::nl:
      return dutch(date, liberation_day);
    case Country::be:
      return belgian(date);
    case Country::uk:
      return british(date);
    case Country::none:
      break;
  }
  return std::nullopt;
}

DayType Holidays::type(Day day) const noexcept {
  const int weekday = weekday_of(day);
  if (weekday == kSunday || name(day)) return DayType::sunday;
  return weekday == kSaturday ? DayType::saturday : DayType::workday;
}

std::optional<Country> parse_country(std::string_view word) noexcept {
  if (word == "nl") return Country::nl;
  if (word == "be") return Country::be;
  if (word == "uk") return Country::uk;
  if (word == "none") return Country::none;
  return std::nullopt;
}

std::optional<Day> parse_day(std::string_view text) noexcept {
  if (text.size() != 10) return std::nullopt;
  const auto time = parse_rfc3339(std::string(text) + "T00:00:00Z");
  if (!time) return std::nullopt;
  return std::chrono::floor<days>(*time);
}

}  // namespace brandwacht
