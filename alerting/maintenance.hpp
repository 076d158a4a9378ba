// Planned quiet, in the configuration: what Silence is for people.
//
//   [[maintenance]]
//   name = "migration of the web shop"
//   from = "2026-12-01 22:00"      # by the desk's clock; or hours of every week:
//   to = "2026-12-02 06:00"
//   hours = ["Sun 02:00-04:00"]
//   brand = ["acme"]               # matchers, see alerting/matchers.hpp
#pragma once
#include <string>
#include <vector>

#include "alerting/matchers.hpp"

namespace brandwacht::alerting {

struct Maintenance {
  std::string name;
  Matchers match;
  Time from = Time::min(), to = Time::max();  // [from, to)

  bool holds(const IncidentEvent& event, const Calendar& calendar, Time now) const {
    return from <= now && now < to && matches(match, event, calendar, now);
  }
};

std::vector<Maintenance> read_maintenance(config::Section& root, const Calendar& desk);

}  // namespace brandwacht::alerting
