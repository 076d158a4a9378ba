// How many negative joiners a brand has in an ordinary hour (escalation-model section 5): 168 bins
// of the week, each shrunk towards its kind of day at that hour, and these towards the brand's
// level and people's day. It forgets slowly, does not believe outliers, and learns nothing while
// the brand has an incident (pitfall 15), unless the same hour of the week had one three times
// running: then that is how it is.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "monitor/calendar.hpp"
#include "monitor/time.hpp"

namespace brandwacht::thread {

// A planned campaign: more is expected in [from, to), and a crowd counts only when it is angry
// (pitfall 6). What happens in it is not learnt.
struct Campaign {
  std::string name;
  Time from{}, to{};
  double factor = 3;  // of the ordinary expectation; at least 1
};

struct BaselineSettings {
  // Negative joiners an hour, on average over the week, before there is data; 0: not known. Then
  // nothing is called a surge in the first `learn_first`.
  double level = 0;
  Duration learn_first = std::chrono::hours{24};
  // Until so much is learnt no hour is expected to be quieter than the mean of the week: a night
  // that nobody knows yet must not be a surge.
  Duration young = std::chrono::hours{168};
  double half_life = 4;  // weeks after which an observation counts half
  double winsor = 3;     // standard deviations over the expectation that an hour may teach
  // After so long an incident no longer stops the learning: this is the new normal.
  Duration longest_freeze = std::chrono::hours{72};
  std::vector<Campaign> campaigns;  // of this brand
};

struct Expectation {
  double rate = 1;        // negative joiners an hour; at least kLeastRate
  double dispersion = 1;  // variance of an hour's count over its mean; at least 1
  bool campaign = false;  // one runs: ask for the negative share as well
  bool known = false;     // there is a configured level, or data
  Time until{};           // the same until then
};

// Kept by the store over a restart as it is.
struct BaselineState {
  struct Mean {
    double sum = 0, weight = 0;  // counts, hours; both forgotten alike
  };
  std::array<Mean, 168> bins{};
  std::array<std::array<Mean, 24>, 3> days{};  // by DayType and hour
  Mean level{};                                // weight in hours of average activity
  double squares = 0, means = 0;  // of (count - expected)^2 and of expected: the dispersion
  double observed = 0;            // hours learnt from, in all
  Time hour_begin{}, hour_end{};  // the hour that runs; Time{}: none yet
  double count = 0;               // in it
  bool spoiled = false;           // it is not seen as a whole: nothing is learnt from it
  bool chilled = false;           // an incident was open in it
  bool frozen = false;
  Time frozen_since{};
  std::array<std::uint8_t, 168> skipped{};  // how often in a row a bin was not learnt for incidents
};

// One brand. `now` may repeat and step back (then nothing moves); after a step of more than a week
// nothing is known of what lay between, after a shorter one there was nothing. Costs nothing but an
// addition within an hour. The calendar must outlive it.
class Baseline {
 public:
  static constexpr double kLeastRate = 0.01;

  Baseline(const Calendar& calendar, BaselineSettings settings);

  void add(Time now, double joiners = 1);  // not finite or below 0: ignored
  void advance(Time now);                  // closes hours; call on clock ticks also
  void gap(Time now);  // what happened since the last call was not seen: a source was away
  void freeze(bool incident_open, Time now);

  Expectation expect(Time time) const;
  double expected(Time from, Time to) const;  // joiners; of spans over four weeks: the last four
  // The brand's hours of the week as a profile of mean 1: the C of operational time.
  double activity(Time time) const;

  const BaselineState& state() const noexcept { return state_; }
  void restore(const BaselineState& state) noexcept;

 private:
  void open_hour(Time now);
  void learn();
  double level() const noexcept;
  double day_rate(DayType type, int hour) const noexcept;
  double bin_rate(const Calendar::Hour& hour) const noexcept;
  double dispersion() const noexcept;
  Expectation compute(Time time) const;

  const Calendar* calendar_;
  BaselineSettings settings_;
  double weekly_, daily_[3], hourly_;  // what is left of a bin, day or level at its next hour
  BaselineState state_;
  mutable Expectation current_;  // of [current_from_, current_.until)
  mutable Time current_from_{};
};

}  // namespace brandwacht::thread
