#include "monitor/text/promise_parts.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include "monitor/text/fold.hpp"

namespace brandwacht::text {
namespace {

// A number of one to `most` digits; -1: it is none.
int digits(const Words& words, std::size_t at, std::size_t most) {
  if (at >= words.list.size()) return -1;
  const std::string& text = words.list[at].text;
  if (!is_ascii_digit(text[0]) || text.size() > most) return -1;
  return std::atoi(text.c_str());
}

bool is(const Words& words, std::size_t at, std::initializer_list<std::string_view> any) {
  return at < words.list.size() && std::ranges::find(any, words.list[at].text) != any.end();
}

// "pm", "p.m."; the word behind it, `at` if it is none.
std::size_t half_of_day(const Words& words, std::size_t at, bool& afternoon) {
  for (const bool pm : {false, true}) {
    afternoon = pm;
    if (is(words, at, {pm ? "pm" : "am"})) return at + 1;
    if (is(words, at, {pm ? "p" : "a"}) && is(words, at + 1, {"m"}) &&
        words.list[at + 1].glue == '.')
      return at + 2;
  }
  return at;
}

}  // namespace

ClockTime clock_at(const Words& words, std::size_t at) {
  const ClockTime none{at, 0, 0, true};
  const int hour = digits(words, at, 2);
  if (hour < 0 || hour > 24) return none;
  ClockTime out{at + 1, hour, 0, true};
  bool marked = false, colon = false;
  const auto minutes = [&](char glue) {
    const int minute = digits(words, out.end, 2);
    if (minute < 0 || minute > 59 || words.list[out.end].text.size() != 2 ||
        words.list[out.end].glue != glue)
      return false;
    out.minute = minute;
    ++out.end;
    return true;
  };
  if (minutes(':')) {
    marked = colon = true;
  } else if (minutes('.')) {
    // A price may look like this: only quarters of an hour, unless "uur" stands behind it.
    colon = true;
    marked = out.minute % 15 == 0 && !is(words, out.end, {"euro", "eur", "pounds"});
  }
  if (is(words, out.end, {"u", "h", "uur", "uhr"})) {
    const bool joined = words.list[out.end].glue == '\0';
    ++out.end;
    marked = true;
    if (joined) minutes('\0');
  }
  bool afternoon = false;
  if (const std::size_t end = half_of_day(words, out.end, afternoon); end != out.end) {
    if (hour < 1 || hour > 12) return none;
    out.end = end;
    out.hour = hour % 12 + (afternoon ? 12 : 0);
    return out;
  }
  if (is(words, out.end, {"o'clock", "oclock"})) {
    ++out.end;
    marked = true;
  }
  if (!marked || (hour == 24 && out.minute > 0)) return none;
  out.sure = hour == 0 || hour > 12 || words.list[at].text[0] == '0' || (colon && hour >= 10);
  return out;
}

DayMonth date_at(const Words& words, std::size_t at) {
  const DayMonth none{at, 0, 0, 0, false};
  const auto joined = [&](std::size_t i, char glue) {
    return i < words.list.size() && words.list[i].glue == glue;
  };
  if (const int year = digits(words, at, 4); year >= 2000 && year <= 2199) {
    const int month = digits(words, at + 1, 2), day = digits(words, at + 2, 2);
    if (!joined(at + 1, '-') || !joined(at + 2, '-') || month < 1 || month > 12 || day < 1 ||
        day > 31)
      return none;
    return {at + 3, year, day, month, true};
  }
  const int first = digits(words, at, 2), second = digits(words, at + 1, 2);
  if (first < 1 || second < 1 || first > 31 || second > 31 || (first == 24 && second == 7))
    return none;
  const char glue = words.list[at + 1].glue;
  if ((glue != '/' && glue != '-') || (first > 12 && second > 12)) return none;
  DayMonth out{at + 2, 0, first, second, false};
  if (joined(at + 2, glue))
    if (const int year = digits(words, at + 2, 4); year >= 0) {
      out.year = year < 100 ? 2000 + year : year;
      ++out.end;
    }
  return out;
}

namespace {

constexpr std::array<std::pair<std::string_view, Vague>, 4> kVague = {{
    {"soon", Vague::soon},
    {"amount", Vague::amount},
    {"window", Vague::window},
    {"weekday", Vague::weekday},
}};

template <class Value, std::size_t N>
Value one_of(const std::array<std::pair<std::string_view, Value>, N>& table,
             std::string_view name) {
  for (const auto& [known, value] : table)
    if (known == name) return value;
  throw std::runtime_error("'" + std::string(name) + "' says no time");
}

// Reads a value word by word.
struct Value {
  std::string_view rest;
  std::string_view next() {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    const std::string_view word = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return word;
  }
  bool number_follows() const {
    return !rest.empty() && (is_ascii_digit(rest[0]) || rest[0] == '.');
  }
  double number() { return std::strtod(std::string(next()).c_str(), nullptr); }
};

// What the phrase caught last, as a number.
double caught(const Phrases& list, const Phrases::Match& match, const Words& words) {
  if (match.captured.empty()) throw std::runtime_error("a value that needs <n>");
  return list.number(words.list[match.captured.back()]);
}

void put_clock(Reading& out, int hour, int minute, bool sure) {
  while (minute < 0) {
    minute += 60;
    --hour;
  }
  out.clock = ClockTime{0, hour <= 0 ? hour + 12 : hour, minute, sure};
}

void put_date(Reading& out, const DayMonth& date, Language language) {
  const bool either = !date.iso && date.first <= 12 && date.second <= 12 &&
                      date.first != date.second && language != Language::nl;
  if (either) out.vague = Vague::date;
  const bool swapped = !date.iso && date.second > 12;
  out.month_day = swapped ? date.second : date.first;
  out.month = swapped ? date.first : date.second;
  out.year = date.year;
}

using Op = void (*)(Reading&, Value&, double caught);
constexpr auto kOps = std::to_array<std::pair<std::string_view, Op>>({
    {"at", [](Reading& r, Value&, double) { r.preposition = Reading::Preposition::at; }},
    {"by",
     [](Reading& r, Value&, double) {
       r.preposition = Reading::Preposition::by;
       r.strong = true;
     }},
    {"before",
     [](Reading& r, Value&, double) {
       r.preposition = Reading::Preposition::before;
       r.strong = true;
     }},
    {"from", [](Reading& r, Value&, double) { r.preposition = Reading::Preposition::from; }},
    {"strong", [](Reading& r, Value&, double) { r.strong = true; }},
    {"none", [](Reading& r, Value&, double) { r.ignored = true; }},
    {"vague",
     [](Reading& r, Value& v, double) { r.vague = one_of(kVague, v.next()); }},
    {"minutes",
     [](Reading& r, Value& v, double n) {
       r.unit = Reading::Unit::minutes;
       r.amount = v.number_follows() ? v.number() : n;
     }},
    {"hours",
     [](Reading& r, Value& v, double n) {
       r.unit = Reading::Unit::hours;
       r.amount = v.number_follows() ? v.number() : n;
     }},
    {"days",
     [](Reading& r, Value& v, double n) {
       r.unit = Reading::Unit::days;
       r.amount = v.number_follows() ? v.number() : n;
     }},
    {"weeks",
     [](Reading& r, Value& v, double n) {
       r.unit = Reading::Unit::weeks;
       r.amount = v.number_follows() ? v.number() : n;
     }},
    {"months",
     [](Reading& r, Value& v, double n) {
       r.unit = Reading::Unit::months;
       r.amount = v.number_follows() ? v.number() : n;
     }},
    {"workdays",
     [](Reading& r, Value& v, double n) {
       r.unit = Reading::Unit::workdays;
       r.amount = v.number_follows() ? v.number() : n;
     }},
    {"next_workday", [](Reading& r, Value&, double) { r.next_workday = true; }},
    {"day", [](Reading& r, Value& v, double) { r.day = static_cast<int>(v.number()); }},
    {"weekday", [](Reading& r, Value& v, double) { r.weekday = static_cast<int>(v.number()); }},
    {"next_week", [](Reading& r, Value&, double) { r.weeks = 1; }},
    {"week", [](Reading& r, Value&, double) { r.week = Reading::Week::week; }},
    {"weekend", [](Reading& r, Value&, double) { r.week = Reading::Week::weekend; }},
    {"this_month", [](Reading& r, Value&, double) { r.week = Reading::Week::month; }},
    {"month", [](Reading& r, Value& v, double n) {
       r.month = static_cast<int>(v.number());
       r.month_day = static_cast<int>(n);
     }},
    {"day_of_month", [](Reading& r, Value&, double n) { r.month_day = static_cast<int>(n); }},
    {"morning", [](Reading& r, Value&, double) { r.part = Reading::Part::morning; }},
    {"afternoon", [](Reading& r, Value&, double) { r.part = Reading::Part::afternoon; }},
    {"evening", [](Reading& r, Value&, double) { r.part = Reading::Part::evening; }},
    {"night", [](Reading& r, Value&, double) { r.part = Reading::Part::night; }},
    {"begin", [](Reading& r, Value&, double) { r.where = Reading::Where::begin; }},
    {"middle", [](Reading& r, Value&, double) { r.where = Reading::Where::middle; }},
    {"end", [](Reading& r, Value&, double) { r.where = Reading::Where::end; }},
    {"close", [](Reading& r, Value&, double) { r.close = true; }},
    {"noon", [](Reading& r, Value&, double) { put_clock(r, 12, 0, true); }},
    {"hour", [](Reading& r, Value& v, double) {
       put_clock(r, static_cast<int>(v.number()), 0, true);
     }},
    {"midnight", [](Reading& r, Value&, double) { put_clock(r, 24, 0, true); }},
    {"oclock", [](Reading& r, Value&, double n) {
       put_clock(r, static_cast<int>(n), 0, n > 12);
     }},
    // "half vijf" is half an hour before five, "half past four" behind it: minutes from the hour.
    {"from_hour", [](Reading& r, Value& v, double n) {
       const bool before = v.next() == "minus";
       const int minutes = static_cast<int>(v.number());
       put_clock(r, static_cast<int>(n), before ? -minutes : minutes, false);
     }},
    {"year", [](Reading& r, Value&, double n) { r.year = static_cast<int>(n); }},
});

bool contradict(const Reading& a, const Reading& b) {
  if (a.ignored != b.ignored) return true;
  if (a.vague != Vague::none || b.vague != Vague::none) return true;
  if (a.unit != Reading::Unit::none || b.unit != Reading::Unit::none)
    return a.unit != Reading::Unit::none && (b.unit != Reading::Unit::none || b.has_day() ||
                                             b.has_time() || b.week != Reading::Week::none);
  // "next week Friday" and "next week" beside "Friday" go together.
  const bool weeks = a.week == Reading::Week::week && b.weekday;
  return (a.has_day() && b.has_day()) || (a.clock && b.clock) || (a.close && b.close) ||
         (a.part != Reading::Part::none && b.part != Reading::Part::none) ||
         (a.week != Reading::Week::none && b.week != Reading::Week::none) ||
         (a.week != Reading::Week::none && b.has_day() && !weeks);
}

void take(Reading& a, const Reading& b) {
  a.end = b.end;
  if (b.preposition != Reading::Preposition::none) a.preposition = b.preposition;
  a.strong |= b.strong;
  a.ignored |= b.ignored;
  if (b.vague != Vague::none) a.vague = b.vague;
  if (b.unit != Reading::Unit::none) {
    a.unit = b.unit;
    a.amount = b.amount;
  }
  if (b.day) a.day = b.day;
  if (b.weekday) a.weekday = b.weekday;
  a.weeks = std::max(a.weeks, b.weeks);
  if (b.week != Reading::Week::none) a.week = b.week;
  if (b.month_day > 0) {
    a.month = b.month;
    a.month_day = b.month_day;
  }
  if (b.year > 0) a.year = b.year;
  if (b.part != Reading::Part::none) a.part = b.part;
  if (b.where != Reading::Where::whole) a.where = b.where;
  a.close |= b.close;
  if (b.clock) a.clock = b.clock;
  a.next_workday |= b.next_workday;
}

}  // namespace

Reading read_phrase(const Phrases& list, const Phrases::Match& match, const Words& words,
                    std::string_view value, Language language) {
  Reading one;
  one.begin = match.begin;
  one.end = match.end;
  Value rest{value};
  const double number = match.captured.empty() ? 0 : caught(list, match, words);
  while (!rest.rest.empty()) {
    const std::string_view op = rest.next();
    if (op == "clock")
      one.clock = clock_at(words, match.captured.back());
    else if (op == "date")
      put_date(one, date_at(words, match.captured.back()), language);
    else
      one_of(kOps, op)(one, rest, number);
  }
  return one;
}

bool join(Reading& reading, const Reading& next) {
  if (contradict(reading, next)) return false;
  take(reading, next);
  return true;
}

}  // namespace brandwacht::text
