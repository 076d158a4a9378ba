#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "alerting/policy.hpp"

namespace brandwacht::alerting {
namespace {

// One name, one meaning: a step says just "anna".
void check_names(config::Section& root, const Roster& roster) {
  std::set<std::string> seen;
  for (const auto& name : roster.names())
    if (!seen.insert(name).second)
      root.problem("person", fmt::format("'{}' is the name of two things", name),
                   "give every person, rotation and receiver a name of its own");
}

}  // namespace

Policy read_policy(config::Section& root, const std::vector<std::string>& receivers,
                   const Calendar& desk, Time now) {
  Roster roster;
  roster.calendar = desk;
  roster.receivers = receivers;
  roster.people = read_people(root, receivers);
  std::vector<std::string> people;
  for (const auto& person : roster.people)
    people.push_back(person.name);
  roster.rotations = read_rotations(root, desk, people);
  check_names(root, roster);
  auto escalations = read_escalations(root, roster, now);
  std::vector<std::string> names;
  for (const auto& escalation : escalations)
    names.push_back(escalation.name);
  Policy out(read_routes(root, receivers, names));
  out.roster = std::move(roster);
  out.escalations = std::move(escalations);
  out.inhibitions = read_inhibitions(root);
  out.maintenance = read_maintenance(root, desk);
  return out;
}

}  // namespace brandwacht::alerting
