// The brands of a desk, each with its baseline and its surge: what the line tells of every joiner,
// and what it hears of the brand as a whole.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "monitor/thread/brand_level.hpp"

namespace brandwacht::thread {

// Kept by the store over a restart as it is.
struct BrandState {
  static constexpr std::size_t kIncidents = 32;

  BaselineState baseline;
  SurgeState surge;
  // Open incidents of which somebody was told, the latest last. One more than these pushes the
  // oldest out.
  std::array<std::uint64_t, kIncidents> incident{};
  std::uint32_t incidents = 0;
};

struct BrandSaid {
  std::uint32_t brand = 0;
  SurgeDecision decision;
};

// `brand` is the brand's number in `names`; calls for another do nothing. Pure but for its state.
class BrandWatch {
 public:
  BrandWatch(BrandLevelSettings settings, const std::vector<std::string>& names);
  BrandWatch(const BrandWatch&) = delete;  // its baselines look at its calendar
  BrandWatch& operator=(const BrandWatch&) = delete;

  // A distinct negative joiner of any of the brand's threads: teaches the baseline and may open,
  // attach to or end a surge. The latest open incident is what a surge attaches to.
  std::optional<SurgeDecision> critic(std::uint32_t brand, const SurgeJoiner& joiner, Time now);
  // Another participant; only for the share in a campaign.
  void bystander(std::uint32_t brand, Time now);
  // At least once a minute, so that hours close and surges end in quiet times.
  std::vector<BrandSaid> tick(Time now);

  // An incident of one of its threads was told: nothing is learnt until it is over. Call over()
  // when it cools, or else a day's tail of each incident is a day that is not learnt.
  void told(std::uint32_t brand, std::uint64_t incident, Time now);
  void over(std::uint32_t brand, std::uint64_t incident, Time now);
  // What happened since the last call was not seen, of any brand: the daemon or a source was away.
  void gap(Time now);

  bool surging(std::uint32_t brand) const;
  SurgeReport report(std::uint32_t brand) const;
  Expectation expect(std::uint32_t brand, Time time) const;
  double activity(std::uint32_t brand, Time time) const;  // C of operational time; mean 1

  const Calendar& calendar() const noexcept { return settings_.calendar; }
  std::size_t size() const noexcept { return brands_.size(); }
  BrandState state(std::uint32_t brand) const;
  void restore(std::uint32_t brand, const BrandState& state);

 private:
  struct Brand {
    Baseline baseline;
    Surge surge;
    std::vector<std::uint64_t> incidents;  // at most BrandState::kIncidents
  };
  std::optional<SurgeDecision> note(Brand& brand, std::optional<SurgeDecision> decision, Time now);
  static void freeze(Brand& brand, Time now);

  BrandLevelSettings settings_;
  std::vector<Brand> brands_;
};

}  // namespace brandwacht::thread
