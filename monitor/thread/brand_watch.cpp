#include "monitor/thread/brand_watch.hpp"

#include <algorithm>
#include <type_traits>

namespace brandwacht::thread {

static_assert(std::is_trivially_copyable_v<BrandState>);

BrandWatch::BrandWatch(BrandLevelSettings settings, const std::vector<std::string>& names)
    : settings_(std::move(settings)) {
  for (const std::string& name : names)
    brands_.push_back(
        {Baseline(settings_.calendar, settings_.baseline_of(name)), Surge(settings_.surge), {}});
}

void BrandWatch::freeze(Brand& brand, Time now) {
  brand.baseline.freeze(brand.surge.open() || !brand.incidents.empty(), now);
}

std::optional<SurgeDecision> BrandWatch::note(Brand& brand, std::optional<SurgeDecision> decision,
                                              Time now) {
  if (decision) freeze(brand, now);
  return decision;
}

std::optional<SurgeDecision> BrandWatch::critic(std::uint32_t number, const SurgeJoiner& joiner,
                                                Time now) {
  if (number >= brands_.size()) return std::nullopt;
  Brand& brand = brands_[number];
  // What comes late belongs to an hour that is closed.
  const bool late = in_calendar(joiner.created_at) < in_calendar(now) - settings_.surge.stale;
  brand.baseline.add(now, late ? 0 : joiner.count);
  if (!settings_.surges) return std::nullopt;
  std::optional<std::uint64_t> incident;
  if (!brand.incidents.empty()) incident = brand.incidents.back();
  return note(brand, brand.surge.joined(joiner, brand.baseline, now, incident), now);
}

void BrandWatch::bystander(std::uint32_t number, Time now) {
  if (number >= brands_.size()) return;
  Brand& brand = brands_[number];
  brand.baseline.advance(now);
  brand.surge.bystander(brand.baseline, now);
}

std::vector<BrandSaid> BrandWatch::tick(Time now) {
  std::vector<BrandSaid> out;
  for (std::uint32_t i = 0; i < brands_.size(); ++i) {
    Brand& brand = brands_[i];
    brand.baseline.advance(now);
    if (!settings_.surges) continue;
    if (const auto decision = note(brand, brand.surge.tick(brand.baseline, now), now))
      out.push_back({i, *decision});
  }
  return out;
}

void BrandWatch::told(std::uint32_t number, std::uint64_t incident, Time now) {
  if (number >= brands_.size()) return;
  auto& open = brands_[number].incidents;
  if (std::ranges::find(open, incident) != open.end()) return;
  if (open.size() == BrandState::kIncidents) open.erase(open.begin());
  open.push_back(incident);
  freeze(brands_[number], now);
}

void BrandWatch::over(std::uint32_t number, std::uint64_t incident, Time now) {
  if (number >= brands_.size()) return;
  std::erase(brands_[number].incidents, incident);
  freeze(brands_[number], now);
}

void BrandWatch::gap(Time now) {
  for (Brand& brand : brands_)
    brand.baseline.gap(now);
}

bool BrandWatch::surging(std::uint32_t number) const {
  return number < brands_.size() && brands_[number].surge.open();
}

SurgeReport BrandWatch::report(std::uint32_t number) const {
  return number < brands_.size() ? brands_[number].surge.report() : SurgeReport{};
}

Expectation BrandWatch::expect(std::uint32_t number, Time time) const {
  return number < brands_.size() ? brands_[number].baseline.expect(time) : Expectation{};
}

double BrandWatch::activity(std::uint32_t number, Time time) const {
  return number < brands_.size() ? brands_[number].baseline.activity(time) : 1;
}

BrandState BrandWatch::state(std::uint32_t number) const {
  BrandState out;
  if (number >= brands_.size()) return out;
  const Brand& brand = brands_[number];
  out.baseline = brand.baseline.state();
  out.surge = brand.surge.state();
  out.incidents = static_cast<std::uint32_t>(brand.incidents.size());
  std::ranges::copy(brand.incidents, out.incident.begin());
  return out;
}

void BrandWatch::restore(std::uint32_t number, const BrandState& state) {
  if (number >= brands_.size()) return;
  Brand& brand = brands_[number];
  brand.baseline.restore(state.baseline);
  brand.surge.restore(state.surge);
  const auto size = std::min<std::size_t>(state.incidents, BrandState::kIncidents);
  brand.incidents.assign(state.incident.begin(), state.incident.begin() + size);
}

}  // namespace brandwacht::thread
