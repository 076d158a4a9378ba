// The tweet volumes of the Numenta Anomaly Benchmark (Lavin and Ahmad 2015, ICMLA) and its score,
// standard profile. Written from the paper's definition; no code or data of theirs is in this
// repository.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "monitor/time.hpp"

namespace brandwacht::bench {

struct NabSeries {
  std::string brand;
  std::vector<Time> at;       // every five minutes; the zone is not said, UTC is taken
  std::vector<double> value;  // mentions in them
  struct Window {
    std::size_t first, last;  // rows, both in it
  };
  std::vector<Window> windows;  // that hold something unusual, in order
};

// From the folder with data/realTweets and labels/combined_windows.json. Empty: it is not there, or
// not whole.
std::vector<NabSeries> read_nab(const std::filesystem::path& folder);

// Rows from this one on are scored; those before are for learning.
std::size_t nab_first_scored(const NabSeries& series);

// The sum for one series, `alarms` rows in order: each window that has one gives the position
// weight of its earliest (near 1 at its beginning, 0 at its end), each that has none -1, and each
// alarm outside takes up to .11, less just behind a window.
double nab_raw(const NabSeries& series, const std::vector<std::size_t>& alarms);
// 0: no alarm at all; 100: one at the beginning of each window and no other.
double nab_normalised(double raw, std::size_t windows);

}  // namespace brandwacht::bench
