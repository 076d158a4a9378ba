// The parts of a time expression: what a clock or a date in digits says, and how parts that stand
// together become one deadline. Internal to the text folder.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "monitor/text/phrases.hpp"
#include "monitor/text/promise.hpp"

namespace brandwacht::text {

struct ClockTime {
  std::size_t end = 0;       // the word behind it; where it began: there is none
  int hour = 0, minute = 0;  // [0, 24]
  bool sure = true;          // false: "9 uur" is in the morning or in the evening
};
// "17:00", "17.00 uur", "17u30", "5 pm", "9 uur", "9 o'clock".
ClockTime clock_at(const Words& words, std::size_t at);

struct DayMonth {
  std::size_t end = 0;
  int year = 0, first = 0, second = 0;  // as they stand; year 0: none. 2026-12-03 has first 3
  bool iso = false;
};
// "3/12", "3-12-2026", "2026-12-03".
DayMonth date_at(const Words& words, std::size_t at);

// What the expressions of one group say together.
struct Reading {
  enum class Preposition : std::uint8_t { none, at, by, before, from };
  enum class Unit : std::uint8_t { none, minutes, hours, days, weeks, months, workdays };
  enum class Part : std::uint8_t { none, morning, afternoon, evening, night };
  enum class Where : std::uint8_t { whole, begin, middle, end };
  enum class Week : std::uint8_t { none, week, weekend, month };

  std::size_t begin = 0, end = 0;  // words
  Preposition preposition = Preposition::none;
  bool strong = false;  // a deadline by its form; the others need somebody who promises
  bool ignored = false;
  Vague vague = Vague::none;
  Unit unit = Unit::none;
  double amount = 0;
  std::optional<int> day;      // days from today
  std::optional<int> weekday;  // 0: Monday
  int weeks = 0;               // of `weekday` or `week`: 0 the one that comes, 1 next week's
  Week week = Week::none;
  int month = 0, month_day = 0, year = 0;
  Part part = Part::none;
  Where where = Where::whole;
  bool close = false;  // the end of the working day
  std::optional<ClockTime> clock;
  bool next_workday = false;

  bool has_day() const { return day || weekday || month_day > 0 || next_workday; }
  bool has_time() const { return clock || part != Part::none || close; }
  // Nothing but "before", "first thing": belongs to what follows.
  bool only_leads() const {
    return !has_day() && !has_time() && unit == Unit::none && week == Week::none &&
           vague == Vague::none && !ignored;
  }
};

// What one phrase says, `value` being what stands behind its " = ". Throws std::runtime_error on a
// value that is none.
Reading read_phrase(const Phrases& list, const Phrases::Match& match, const Words& words,
                    std::string_view value, Language language);
// Adds what stands behind it. False: it contradicts what is there, and nothing was added.
bool join(Reading& reading, const Reading& next);

// find_promise() with lists of one's own.
Promise find_promise(const PhraseLists& lists, const Words& words, Time now, const DeskDay& desk,
                     Language language);

// The deadline, or why there is none. `by` may lie in the past.
Promise resolve(const Reading& reading, Time now, const DeskDay& desk);

}  // namespace brandwacht::text
