// What one incident says, others need not say again.
//
//   [[inhibit]]
//   source = { surge = true }      # while such an incident is open, matchers of
//   alerting/matchers.hpp target = { tier = ["T3"] }     #   such ones are not told equal =
//   ["brand"]              # if they have these in common: "brand", "platform"
#pragma once
#include <string>
#include <vector>

#include "alerting/matchers.hpp"

namespace brandwacht::alerting {

struct Inhibition {
  Matchers source, target;
  bool same_brand = true, same_platform = false;
};

// The open incident that speaks for `event`; nullptr: none.
const Incident* inhibitor(const Inhibition& rule, const IncidentEvent& event,
                          const std::vector<const IncidentEvent*>& open, const Calendar& calendar,
                          Time now);

std::vector<Inhibition> read_inhibitions(config::Section& root);

}  // namespace brandwacht::alerting
