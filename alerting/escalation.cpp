#include "alerting/escalation.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace brandwacht::alerting {
namespace {

using namespace std::chrono_literals;

constexpr Duration kNextStep = 10min;

template <class Named>
const Named* by_name(const std::vector<Named>& list, const std::string& name) {
  const auto found = std::find_if(list.begin(), list.end(),
                                  [&](const Named& candidate) { return candidate.name == name; });
  return found == list.end() ? nullptr : &*found;
}

void add(std::vector<Telling>& out, const std::string& receiver, const std::string& person) {
  const bool there = std::any_of(
      out.begin(), out.end(), [&](const Telling& telling) { return telling.receiver == receiver; });
  if (!there) out.push_back({receiver, person});
}

void read_names(config::Section& section, std::string_view key, const Roster& roster,
                std::vector<std::string>& out) {
  section.read(key, out);
  const auto known = roster.names();
  for (const auto& name : out)
    if (std::find(known.begin(), known.end(), name) == known.end())
      section.problem(key, fmt::format("'{}' is no person, rotation or receiver", name),
                      config::did_you_mean(name, known));
}

void read_steps(config::Section& section, const Roster& roster, Escalation& policy) {
  for (auto& table : section.sections("step")) {
    EscalationStep step;
    if (!policy.steps.empty()) step.after = kNextStep;
    table.require("notify");
    read_names(table, "notify", roster, step.notify);
    table.read("after", step.after, 0s, 24h);
    read_hours(table, "hours", step.hours);
    table.close();
    policy.steps.push_back(std::move(step));
  }
  if (policy.steps.empty()) section.problem("", "a policy without a [[policy.step]] tells nobody");
}

}  // namespace

void Roster::find(const std::string& name, const IncidentEvent& event, Time now,
                  std::vector<Telling>& out) const {
  std::string who = name;
  if (const Rotation* rotation = by_name(rotations, name)) who = on_call(*rotation, now);
  if (const Person* person = by_name(people, who)) {
    for (const auto& way : ways_to(*person, event, calendar, now))
      add(out, way, person->name);
  } else if (std::find(receivers.begin(), receivers.end(), who) != receivers.end()) {
    add(out, who, {});
  }
}

std::vector<Telling> Roster::find(const std::vector<std::string>& names, const IncidentEvent& event,
                                  Time now) const {
  std::vector<Telling> out;
  for (const auto& name : names)
    find(name, event, now, out);
  return out;
}

std::vector<std::string> Roster::names() const {
  std::vector<std::string> out = receivers;
  for (const auto& person : people)
    out.push_back(person.name);
  for (const auto& rotation : rotations)
    out.push_back(rotation.name);
  return out;
}

std::optional<Time> first_gap(const Escalation& policy, const Roster& roster, Time from) {
  constexpr Duration kStep = 30min;
  const auto reaches = [&](const std::string& name, Time at) {
    const Rotation* rotation = by_name(roster.rotations, name);
    return !rotation || !on_call(*rotation, at).empty();
  };
  for (Time at = from; at < from + std::chrono::days{366}; at += kStep) {
    const bool covered =
        std::any_of(policy.steps.begin(), policy.steps.end(), [&](const EscalationStep& step) {
          return step.hours.holds(roster.calendar, at) &&
                 std::any_of(step.notify.begin(), step.notify.end(),
                             [&](const std::string& name) { return reaches(name, at); });
        });
    if (!covered) return at;
  }
  return {};
}

std::vector<Escalation> read_escalations(config::Section& root, const Roster& roster, Time now) {
  std::vector<Escalation> out;
  for (auto& section : root.sections("policy")) {
    Escalation policy;
    section.require("name");
    section.read("name", policy.name);
    if (by_name(out, policy.name))
      section.problem("name", fmt::format("policy '{}' is there twice", policy.name));
    std::int64_t repeat = policy.repeat;
    section.read("repeat", repeat, 0, 20);
    policy.repeat = static_cast<int>(repeat);
    section.read("ack_for", policy.ack_for, 1min, 24h);
    section.read("wait", policy.wait, 1min, 24h);
    read_names(section, "last", roster, policy.last);
    read_steps(section, roster, policy);
    if (const auto gap = policy.steps.empty() ? std::nullopt : first_gap(policy, roster, now))
      section.warn("name",
                   fmt::format("policy '{}' reaches nobody at {}: then its last resort is told "
                               "at once",
                               policy.name, format_rfc3339(*gap)),
                   "add a step, or a rotation, that covers all hours");
    section.close();
    out.push_back(std::move(policy));
  }
  return out;
}

}  // namespace brandwacht::alerting
