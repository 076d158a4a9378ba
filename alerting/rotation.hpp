// Who is on call when: people take turns by the day or the week.
//
//   [[rotation]]
//   name = "webcare"
//   people = ["anna", "bram"]
//   every = "week"             # or "day"
//   handover = "Mon 09:00"     # by the clock on the wall; of a day: "09:00"
//   start = "2026-01-05"       # the first person's first turn begins at the handover on or before
//   it time_zone = "Europe/Amsterdam"  # absent: the desk's hours = ["Mon-Fri 08:00-22:00"] #
//   covered; absent: always. A holiday is a Sunday
//     [[rotation.override]]
//     from = "2026-12-24 09:00"
//     to = "2026-12-27 09:00"
//     person = "chris"         # covers also outside of `hours`
#pragma once
#include <string>
#include <vector>

#include "alerting/hours.hpp"
#include "config/reader.hpp"

namespace brandwacht::alerting {

struct Rotation {
  struct Override {
    Time from{}, to{};  // [from, to)
    std::string person;
  };

  std::string name;
  std::vector<std::string> people;
  int days = 7;          // of a turn: 7 or 1
  Duration handover{0};  // since midnight
  Day start{};           // a day of handover
  Calendar calendar;     // its zone; the desk's holidays and night
  Hours hours;
  std::vector<Override> overrides;  // the last that holds wins
};

// A person's name; empty: nobody is on call.
std::string on_call(const Rotation& rotation, Time now);

// Reads every [[rotation]]. `desk`: its zone where a rotation names none.
std::vector<Rotation> read_rotations(config::Section& root, const Calendar& desk,
                                     const std::vector<std::string>& people);

}  // namespace brandwacht::alerting
