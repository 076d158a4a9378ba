// By when does a reply promise an answer or a solution? Time expressions of config/phrases, Dutch
// and English, to a deadline by the desk's calendar. Never a guess: what can be read in two ways is
// given back as vague, for the desk to fill in.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "monitor/calendar.hpp"
#include "monitor/text/scorer.hpp"

namespace brandwacht::text {

// What words such as "working day" and "end of the day" mean to a desk.
struct DeskDay {
  Calendar calendar;                         // zone and holidays
  Duration opens = std::chrono::hours{9};    // by the clock on the wall, since midnight
  Duration closes = std::chrono::hours{17};  // "by EOD", "within two working days"
};

// Why a time that was named gives no deadline.
enum class Vague : std::uint8_t {
  none,
  soon,     // "z.s.m.", "shortly": no time at all
  amount,   // "a few hours", "enkele dagen"
  hour,     // "9 o'clock", said at two in the afternoon: tonight or tomorrow morning?
  weekday,  // "next Friday": of this week or of the next?
  date,     // "3/12" in English: which is the month?
  window,   // "after the weekend": it begins, but does not end
  past,     // "today before 9:00", said at noon
};
std::string_view to_string(Vague vague) noexcept;  // "soon", "amount", ...

struct Promise {
  std::optional<Time> by;          // the last moment that still keeps the promise
  Vague vague = Vague::none;       // not none: a time was named, and `by` is empty: ask the desk
  std::size_t begin = 0, end = 0;  // bytes of the text that say so; equal: nothing was promised
  bool operator==(const Promise&) const = default;
};

// Conventions: a part of the day ends at 12:00 (morning), 18:00 (afternoon) and 23:59 (evening); a
// day, a week and a month at 23:59 of their last day; "before Friday" on Thursday at 23:59; the
// working day and "EOD" at `closes`. Working days are counted from the next one on and leave out
// weekends and holidays. Hours and minutes are counted in real time, also in the night of the clock
// change; days by the clock on the wall. Times that the reader is to act by ("bel ons voor 17:00"),
// opening hours and what is past ("gisteren voor 17:00") are no promise. Of several promises the
// first that gives a deadline counts. Any bytes; what lies beyond kMaxReply bytes is not read.
inline constexpr std::size_t kMaxReply = 16 << 10;
Promise find_promise(std::string_view text, Time now, const DeskDay& desk,
                     Language language = Language::other);  // other: both lists are tried

}  // namespace brandwacht::text
