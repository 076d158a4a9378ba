// How a bench reports: a readable table, and `figure <name> <value> <unit>` for machines.
#pragma once
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <vector>

namespace brandwacht::bench {

inline void figure(std::string_view name, double value, std::string_view unit) {
  fmt::print("figure {} {:.3f} {}\n", name, value, unit);
}

// A bench that measured the wrong thing must not print a figure.
inline void require(bool ok, std::string_view what) {
  if (ok) return;
  fmt::print(stderr, "bench: wrong result, nothing is measured: {}\n", what);
  std::exit(1);
}

inline double quantile(std::vector<double> values, double q) {
  std::ranges::sort(values);
  return values[static_cast<std::size_t>(q * static_cast<double>(values.size() - 1) + 0.5)];
}
inline double median(std::vector<double> values) {
  return quantile(std::move(values), 0.5);
}

}  // namespace brandwacht::bench
