// How fast people react to what they read, and how active the brand's public is over the week
// (escalation-model section 2). Plain numbers; what `fit` learns is written into these structs.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

#include "monitor/thread/seconds.hpp"

namespace brandwacht::thread {

inline constexpr std::size_t kModes = 4;

// phi(s) = sum_k weight_k beta_k exp(-beta_k s), a density over s >= 0 in hours. The default is the
// reaction time that Zhao et al. 2015 (SEISMIC) measured, as four exponentials (largest error of
// the distribution 0.018).
struct Kernel {
  std::array<double, kModes> weight{};  // sum 1
  std::array<double, kModes> beta{};    // per hour
  double delta = 1.0 / 8;               // per hour: how fast evidence about n is forgotten

  // From weights (made to sum to 1) and half-lives in hours. Where a beta equals delta it is moved
  // by a thousandth, because the formulas divide by their difference.
  static Kernel of(std::array<double, kModes> weight, std::array<double, kModes> half_life,
                   double delta = 1.0 / 8);
  static Kernel seismic();

  bool operator==(const Kernel&) const = default;
  double density(double hours) const;  // phi
  double until(double hours) const;    // the integral of phi from 0
};

// Activity over the week, mean 1; bin 0 is Monday 00:00 to 01:00 UTC. In UTC on purpose: local time
// has an hour twice a year that is there twice or not at all, and the state of a thread has to be
// exact. Baselines and nights, which people read, are in local time (see baseline.hpp).
class Profile {
 public:
  static constexpr std::size_t kBins = 168;

  Profile() : Profile(flat()) {}
  // Any non-negative numbers, scaled to mean 1; bins under a twentieth of the mean are raised to
  // it, so that the night does not stop time. All zero, or one that is not finite: flat.
  explicit Profile(const std::array<double, kBins>& activity);
  // What activity() gave, kept to the bit: made anew, the last ones would differ, and with them
  // every risk. The same as the above where it cannot have come from there.
  static Profile restored(const std::array<double, kBins>& activity);

  // Operational time: the integral of activity, in hours of average activity since 2000.
  double tau(Second second) const noexcept {
    const std::uint64_t at = std::uint64_t{second} + kToMonday;
    const std::uint64_t hour = at / 3600;
    const std::size_t bin = hour % kBins;
    const std::uint64_t weeks = hour / kBins;
    return static_cast<double>(weeks * kBins) + before_[bin] +
           activity_[bin] * static_cast<double>(at % 3600) / 3600.0;
  }
  const std::array<double, kBins>& activity() const noexcept { return activity_; }
  // The bin that holds `second`.
  static std::size_t bin(Second second) noexcept {
    return (std::uint64_t{second} + kToMonday) / 3600 % kBins;
  }

 private:
  // Second 1 is 2000-01-01T00:00:00Z, a Saturday.
  static constexpr std::uint64_t kToMonday = 5 * 86'400 - 1;
  static std::array<double, kBins> flat() {
    std::array<double, kBins> out;
    out.fill(1);
    return out;
  }

  std::array<double, kBins> activity_;
  std::array<double, kBins> before_;  // sum of the bins before
};

}  // namespace brandwacht::thread
