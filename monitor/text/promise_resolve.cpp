#include <algorithm>
#include <cmath>

#include "monitor/text/promise_parts.hpp"

namespace brandwacht::text {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using Part = Reading::Part;
using Where = Reading::Where;

constexpr Duration kLastMinute = hours{23} + minutes{59};
// Until when a desk would say "at nine" of the evening without saying so.
constexpr int kFirstHour = 8, kLastHour = 20;

struct Resolver {
  const Reading& reading;
  Time now;
  const DeskDay& desk;
  LocalTime local = desk.calendar.zone.local(now);

  Promise vague(Vague why) const { return {std::nullopt, why, 0, 0}; }
  Promise at(Day day, Duration wall) const {
    return {desk.calendar.zone.at(day, wall), Vague::none, 0, 0};
  }

  bool works(Day day) const { return desk.calendar.holidays.type(day) == DayType::workday; }
  Day workday(int count) const {  // the count-th from tomorrow on
    Day day = local.day;
    for (int looked = 0; count > 0 && looked < 1000; ++looked) {
      day += days{1};
      if (works(day)) --count;
    }
    return day;
  }

  Promise span() const {
    const double n = reading.amount;
    switch (reading.unit) {
      case Reading::Unit::minutes:
        return {now + std::chrono::round<Duration>(std::chrono::duration<double>(n * 60)),
                Vague::none, 0, 0};
      case Reading::Unit::hours:
        return {now + std::chrono::round<Duration>(std::chrono::duration<double>(n * 3600)),
                Vague::none, 0, 0};
      case Reading::Unit::workdays:
        return at(workday(static_cast<int>(std::ceil(n))), desk.closes);
      case Reading::Unit::months: {
        const std::chrono::year_month_day today{local.day};
        auto then = today + std::chrono::months{static_cast<int>(n)};
        if (!then.ok()) then = then.year() / then.month() / std::chrono::last;
        return at(std::chrono::sys_days{then}, local.since_midnight);
      }
      default:
        break;
    }
    const double count = reading.unit == Reading::Unit::weeks ? 7 * n : n;
    return at(local.day + days{static_cast<int>(std::ceil(count))}, local.since_midnight);
  }

  // The day that is named; nullopt: none is, or it cannot be told (`why` says so).
  std::optional<Day> day(Vague& why) const {
    if (reading.day) return local.day + days{*reading.day};
    if (reading.next_workday) return workday(1);
    const Day monday = local.day - days{local.weekday};
    if (reading.weekday) {
      if (reading.weeks > 0) return monday + days{7 * reading.weeks + *reading.weekday};
      const int ahead = (*reading.weekday - local.weekday + 7) % 7;
      if (ahead == 0) why = Vague::weekday;  // today, or in a week?
      return local.day + days{ahead};
    }
    if (reading.month_day > 0) return date(why);
    return std::nullopt;
  }

  std::optional<Day> date(Vague& why) const {
    const std::chrono::year_month_day today{local.day};
    const unsigned wanted = static_cast<unsigned>(reading.month_day);
    auto month = reading.month > 0
                     ? (reading.year > 0 ? std::chrono::year{reading.year} : today.year()) /
                           std::chrono::month{static_cast<unsigned>(reading.month)}
                     : today.year() / today.month();
    if (wanted > 31 || !month.ok()) {
      why = Vague::date;
      return local.day;
    }
    for (int tries = 0; tries < 13; ++tries) {
      const std::chrono::year_month_day day = month / std::chrono::day{wanted};
      if (day.ok() && (std::chrono::sys_days{day} >= local.day || reading.year > 0))
        return std::chrono::sys_days{day};
      if (reading.year > 0) break;
      if (reading.month > 0)
        month += std::chrono::years{1};
      else
        month += std::chrono::months{1};
    }
    why = Vague::date;
    return local.day;
  }

  Duration part_end() const {
    switch (reading.part) {
      case Part::morning:
        return reading.where == Where::begin    ? Duration{hours{10}}
               : reading.where == Where::middle ? Duration{hours{11}}
                                                : Duration{hours{12}};
      case Part::afternoon:
        return reading.where == Where::begin    ? Duration{hours{14}}
               : reading.where == Where::middle ? Duration{hours{15}}
                                                : Duration{hours{18}};
      case Part::evening:
        return reading.where == Where::begin    ? Duration{hours{20}}
               : reading.where == Where::middle ? Duration{hours{21}}
                                                : kLastMinute;
      default:
        return hours{6};
    }
  }

  // "this month" or a week, its begin or its end.
  Promise period() const {
    const Day monday = local.day - days{local.weekday} + days{7 * reading.weeks};
    if (reading.week == Reading::Week::month) {
      const std::chrono::year_month_day today{local.day};
      auto month = today.year() / today.month();
      if (reading.weeks > 0) month += std::chrono::months{1};
      return at(std::chrono::sys_days{month / std::chrono::last}, kLastMinute);
    }
    if (reading.week == Reading::Week::weekend)
      return reading.preposition == Reading::Preposition::before
                 ? at(monday + days{4}, kLastMinute)
                 : at(monday + days{6}, kLastMinute);
    if (reading.preposition == Reading::Preposition::before && reading.weeks > 0 &&
        reading.where == Where::whole)
      return at(monday - days{1}, kLastMinute);
    switch (reading.where) {
      case Where::begin:
        return at(monday + days{1}, kLastMinute);
      case Where::middle:
        return at(monday + days{2}, kLastMinute);
      case Where::end:
        break;
      case Where::whole:
        return at(monday + days{6}, kLastMinute);
    }
    Day last = monday + days{4};
    while (last > monday && !works(last))
      last -= days{1};
    return at(last, desk.closes);
  }

  // Which of the two hours "9 o'clock" means, in minutes since midnight.
  std::optional<Duration> wall(const ClockTime& clock, bool today, Vague& why) const {
    const Duration minute = minutes{clock.minute};
    if (clock.hour == 24) return kLastMinute;
    if (clock.sure) return hours{clock.hour} + minute;
    const Duration early = hours{clock.hour} + minute;
    const Duration late = early + hours{clock.hour == 12 ? 0 : 12};
    if (reading.part == Part::morning || reading.part == Part::night) return early;
    if (reading.part == Part::afternoon || reading.part == Part::evening) return late;
    if (!today) return clock.hour >= kFirstHour ? early : late;
    for (const Duration candidate : {early, late})
      if (candidate > local.since_midnight && candidate >= hours{kFirstHour} &&
          candidate < hours{kLastHour})
        return candidate;
    if (reading.has_day() && late > local.since_midnight) return late;
    if (late > local.since_midnight && clock.hour >= kFirstHour) why = Vague::hour;
    return std::nullopt;
  }

  Promise clock(std::optional<Day> day) const {
    Vague why = Vague::none;
    const bool today = !day || *day == local.day;
    auto then = wall(*reading.clock, today, why);
    if (why != Vague::none) return vague(why);
    if (day) return then ? at(*day, *then) : vague(Vague::past);
    if (then && desk.calendar.zone.at(local.day, *then) > now) return at(local.day, *then);
    then = wall(*reading.clock, false, why);  // by today's clock it has been: tomorrow
    return at(local.day + days{1}, *then);
  }

  Promise operator()() const {
    if (reading.vague != Vague::none) return vague(reading.vague);
    if (reading.unit != Reading::Unit::none) return span();
    Vague why = Vague::none;
    const std::optional<Day> named = day(why);
    if (why != Vague::none) return vague(why);
    if (reading.clock) return clock(named);
    if (reading.close) {
      const Day then = named.value_or(local.day);
      const bool over = then == local.day && local.since_midnight >= desk.closes;
      return at(then, over ? kLastMinute : desk.closes);
    }
    if (reading.part == Part::night) return at(named.value_or(local.day) + days{1}, part_end());
    if (reading.part != Part::none) {
      const bool over = !named && (local.since_midnight >= part_end() ||
                                   (reading.part == Part::morning && local.hour >= kFirstHour));
      return at(named.value_or(over ? local.day + days{1} : local.day), part_end());
    }
    if (named)
      return reading.preposition == Reading::Preposition::before ? at(*named - days{1}, kLastMinute)
             : reading.next_workday                              ? at(*named, desk.closes)
             : reading.where == Where::begin                     ? at(*named, desk.opens + hours{1})
             : reading.where == Where::end                       ? at(*named, desk.closes)
                                                                 : at(*named, kLastMinute);
    if (reading.week != Reading::Week::none) return period();
    return {};
  }
};

}  // namespace

Promise resolve(const Reading& reading, Time now, const DeskDay& desk) {
  return Resolver{reading, now, desk}();
}

}  // namespace brandwacht::text
