// Public holidays, computed. On such a day people write, and desks are staffed, as on a Sunday.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "monitor/zone.hpp"

namespace brandwacht {

enum class Country : std::uint8_t {
  none,
  nl,  // with Easter and Whit Sunday; Good Friday is no public holiday there
  be,  // the ten of the law of 4 January 1974, and Easter and Whit Sunday. A holiday on a Sunday is
       // replaced by each employer: such days are `extra`
  uk,  // bank holidays of England and Wales with their substitute days. Scotland (2 January, no
       // Easter Monday, early August, St Andrew) and Northern Ireland (17 March, 12 July) differ:
       // add or leave them by `extra`
};

// 5 May in the Netherlands: the day off in most labour agreements every fifth year only.
enum class LiberationDay : std::uint8_t { never, lustrum, yearly };

enum class DayType : std::uint8_t { workday, saturday, sunday };  // sunday: holidays too

// Settings and their use in one: a value. Exact for the years 2000 to 2100 by the law as it stands,
// with the moved and extra days of the past; days outside of them follow the same rules.
struct Holidays {
  Country country = Country::none;
  LiberationDay liberation_day = LiberationDay::lustrum;
  std::vector<Day> extra{};  // days on which this desk is closed as well

  std::optional<std::string_view> name(Day day) const noexcept;  // "King's Day"; English
  DayType type(Day day) const noexcept;
};

// Western Easter Sunday (the anonymous Gregorian algorithm; Meeus, Astronomical Algorithms, 1991).
Day easter(int year) noexcept;

// "nl", "be", "uk", "none"; nullopt: another word.
std::optional<Country> parse_country(std::string_view word) noexcept;
// "2026-12-24"; nullopt: not that form, or no such day.
std::optional<Day> parse_day(std::string_view text) noexcept;

}  // namespace brandwacht
