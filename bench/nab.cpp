#include "bench/nab.hpp"

#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>

namespace brandwacht::bench {
namespace {

constexpr double kFalseAlarm = 0.11;

// "2015-02-26 21:42:53", perhaps with a fraction.
Time time_of(std::string_view text) {
  const auto time = parse_rfc3339(std::string(text.substr(0, 19)) + "Z");
  return time.value_or(Time{});
}

// 2 / (1 + exp(5 position)) - 1, from the first row of a window (-1) to its last (0) and beyond.
double position_weight(double position) {
  return position >= 3 ? -1 : 2 / (1 + std::exp(5 * position)) - 1;
}

bool read_counts(const std::filesystem::path& file, NabSeries& series) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);  // the head
  while (std::getline(in, line)) {
    const auto comma = line.find(',');
    double value = 0;
    const char* end = line.data() + line.size();
    if (comma == std::string::npos ||
        std::from_chars(line.data() + comma + 1, end, value).ec != std::errc{})
      return false;
    series.at.push_back(time_of(line));
    series.value.push_back(value);
  }
  return series.value.size() > 1'000;
}

bool read_windows(simdjson::dom::element windows, NabSeries& series) {
  simdjson::dom::array list;
  if (windows.get(list) != simdjson::SUCCESS) return false;
  for (simdjson::dom::element window : list) {
    std::string_view from, to;
    if (window.at(0).get(from) != simdjson::SUCCESS || window.at(1).get(to) != simdjson::SUCCESS)
      return false;
    const auto row = [&](std::string_view text) {
      const auto found = std::ranges::lower_bound(series.at, time_of(text));
      return static_cast<std::size_t>(found - series.at.begin());
    };
    series.windows.push_back({row(from), std::min(row(to), series.at.size() - 1)});
  }
  return true;
}

}  // namespace

std::vector<NabSeries> read_nab(const std::filesystem::path& folder) {
  simdjson::dom::parser parser;
  simdjson::dom::element labels;
  if (parser.load((folder / "labels/combined_windows.json").string()).get(labels) !=
      simdjson::SUCCESS)
    return {};
  std::vector<NabSeries> out;
  for (const char* brand :
       {"AAPL", "AMZN", "CRM", "CVS", "FB", "GOOG", "IBM", "KO", "PFE", "UPS"}) {
    const std::string name = std::string("realTweets/Twitter_volume_") + brand + ".csv";
    NabSeries series;
    series.brand = brand;
    simdjson::dom::element windows;
    if (!read_counts(folder / "data" / name, series) ||
        labels[name].get(windows) != simdjson::SUCCESS || !read_windows(windows, series))
      return {};
    out.push_back(std::move(series));
  }
  return out;
}

std::size_t nab_first_scored(const NabSeries& series) {
  return static_cast<std::size_t>(0.15 * std::min(5'000.0, static_cast<double>(series.at.size())));
}

double nab_raw(const NabSeries& series, const std::vector<std::size_t>& alarms) {
  const std::size_t first = nab_first_scored(series);
  double sum = 0;
  auto alarm = std::ranges::lower_bound(alarms, first);
  const NabSeries::Window* before = nullptr;
  const auto outside = [&](std::size_t until) {  // alarms before row `until`
    for (; alarm != alarms.end() && *alarm < until; ++alarm) {
      const double position = before == nullptr
                                  ? 3
                                  : static_cast<double>(*alarm - before->last) /
                                        static_cast<double>(before->last - before->first);
      sum += kFalseAlarm * position_weight(position);
    }
  };
  for (const auto& window : series.windows) {
    outside(window.first);
    const double width = static_cast<double>(window.last - window.first + 1);
    if (alarm != alarms.end() && *alarm <= window.last) {
      const double position = -static_cast<double>(window.last - *alarm + 1) / width;
      sum += position_weight(position) / position_weight(-1);
    } else if (window.last >= first) {
      sum -= 1;
    }
    while (alarm != alarms.end() && *alarm <= window.last)
      ++alarm;
    before = &window;
  }
  outside(series.at.size());
  return sum;
}

double nab_normalised(double raw, std::size_t windows) {
  const auto perfect = static_cast<double>(windows);
  return 100 * (raw + perfect) / (2 * perfect);
}

}  // namespace brandwacht::bench
