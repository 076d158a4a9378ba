// How good probabilities are, once it is known what happened.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace brandwacht::replay {

struct Judged {
  double p;
  bool yes;
};

// The chance that one that happened was ranked over one that did not; ties count half. 0.5 where
// there are not both.
double area_under_curve(std::span<const Judged> all);
double brier_score(std::span<const Judged> all);  // mean of (p - happened)^2

// A tenth of all, by rank of p: what was said, and how often it happened.
struct Decile {
  double said = 0, happened = 0;
  std::size_t count = 0;
  double gap() const { return happened > said ? happened - said : said - happened; }
  // The gap that chance alone makes, as a standard deviation, were `said` true.
  double chance() const;
};
std::vector<Decile> deciles(std::span<const Judged> all);
double worst_gap(std::span<const Judged> all);

// Standard error of area_under_curve(a) - area_under_curve(b), by drawing the cases anew (200
// times, always the same ones). Both are of the same cases in the same order.
double paired_error(std::span<const Judged> a, std::span<const Judged> b);

// The fold, 0 to `folds` - 1, of a thread: the same on every machine. Each `shuffle` is another
// split.
std::size_t fold_of(std::uint64_t thread, std::size_t folds, std::uint64_t shuffle = 0);

}  // namespace brandwacht::replay
