#include "alerting/matchers.hpp"

#include <algorithm>

namespace brandwacht::alerting {
namespace {

template <class T, class U>
bool accepts(const std::vector<T>& any_of, const U& value) {
  return any_of.empty() || std::find(any_of.begin(), any_of.end(), value) != any_of.end();
}

}  // namespace

std::string_view urgency(const IncidentEvent& event) noexcept {
  if (event.kind == IncidentEventKind::notify) return "notify";
  return event.incident.tier <= Tier::t2 ? "page" : "notify";
}

bool matches(const Matchers& matchers, const IncidentEvent& event) {
  const Incident& incident = event.incident;
  return accepts(matchers.brands, incident.brand) &&
         accepts(matchers.platforms, incident.platform) && accepts(matchers.tiers, incident.tier) &&
         accepts(matchers.urgencies, urgency(event)) && accepts(matchers.incidents, incident.id);
}

}  // namespace brandwacht::alerting
