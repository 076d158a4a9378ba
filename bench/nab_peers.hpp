// The detectors that the surge bench puts beside the product's.
#pragma once
#include <vector>

#include "bench/nab.hpp"

namespace brandwacht::bench {

using Alarms = std::vector<std::size_t>;  // rows, in order

// NAB's windowed Gaussian: how many standard deviations a value lies from the mean of the last
// thousand, either way, or above it only. An alarm at the first row that is over `limit`, and none
// until no row was over for `pause` rows; 0: each row is an alarm, as NAB counts them.
Alarms gaussian(const NabSeries& series, double limit, bool high_only, std::size_t pause);

// What listening suites do: this hour against the mean of the day before.
Alarms against_day(const NabSeries& series, double times, std::size_t pause);

// What the hour of the week is worth: the product's CUSUM against the mean of the last 24 hours,
// with the dispersion of the last thousand rows.
Alarms day_cusum(const NabSeries& series, double factor, double threshold, std::size_t pause);

}  // namespace brandwacht::bench
