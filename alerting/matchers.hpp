// What routes, silences, maintenance windows and inhibitions ask of an incident.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "monitor/incident.hpp"

namespace brandwacht::alerting {

// "page" for T1 and T2, "notify" below. A cool or close event has the urgency of its incident, so
// that one route holds for an incident's whole life.
std::string_view urgency(const IncidentEvent& event) noexcept;

struct Matchers {
  // Each list: any of these; empty: all.
  std::vector<std::string> brands, platforms;
  std::vector<Tier> tiers;
  std::vector<std::string> urgencies;  // "page", "notify"
  std::vector<std::string> incidents;  // ids; for silences

  bool all() const noexcept {
    return brands.empty() && platforms.empty() && tiers.empty() && urgencies.empty() &&
           incidents.empty();
  }
};

bool matches(const Matchers& matchers, const IncidentEvent& event);

}  // namespace brandwacht::alerting
