#include "alerting/policy_steps.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "alerting/policy_words.hpp"

namespace brandwacht::alerting {
namespace {

using Cause = Passage::Cause;

std::string_view tier_of(const Passage& p) {
  return to_string(p.event.incident.tier);
}

// Somebody took it. Empty: that holds no longer, and it pages anew.
std::optional<Ruling> held(const Policy& policy, const World& world, Passage& p) {
  Case& desk = p.desk;
  const Acknowledgement ack = *desk.ack;
  if (p.event.incident.tier < ack.tier) {
    desk.ack.reset();
    p.anew = true;
    p.note = broke_through(policy.dutch, ack, p.event.incident.tier);
    return {};
  }
  desk.due = ack.until;
  if (p.now < ack.until) {
    desk.owed = false;
    for (const auto& name : p.heard)
      if (p.cause == Cause::news && traits(world, name).updates) tell(p, {name, {}});
    if (p.cause == Cause::news) p.note = has_it(policy.dutch, ack, policy.roster.calendar.zone);
    return stop(fmt::format("{} has it until {}", ack.who, format_rfc3339(ack.until)));
  }
  desk.ack.reset();
  p.anew = true;
  p.note = given_back(policy.dutch, ack);
  return {};
}

// Everybody who is left: nobody took it, or no step reaches anybody now.
Ruling last_resort(const Policy& policy, const Escalation& escalation, Passage& p) {
  p.desk.exhausted = true;
  p.desk.due = kNever;
  // All steps were left out in one go.
  p.note = p.anew ? nobody_on_call(policy.dutch) : nobody_took_it(policy.dutch);
  p.step_name = p.anew ? "nobody on call" : "nobody took it";
  p.stamp = fmt::format("L{}last", p.desk.level);
  const auto& names = escalation.last.empty() ? policy.roster.receivers : escalation.last;
  for (const auto& to : policy.roster.find(names, p.event, p.now))
    tell(p, to);
  // A last resort that is on call for nobody now is none.
  if (p.tell.empty())
    for (const auto& name : policy.roster.receivers)
      tell(p, {name, {}});
  return go(fmt::format("policy {}: {}, the last resort is told", escalation.name, p.step_name));
}

// The next step that reaches anybody. What reaches nobody is left out without waiting.
Ruling take_step(const Policy& policy, const Escalation& escalation, Passage& p) {
  Case& desk = p.desk;
  std::string left_out;
  for (;; ++desk.step) {
    if (desk.step >= static_cast<int>(escalation.steps.size())) {
      desk.step = 0;
      ++desk.round;
    }
    if (desk.round > escalation.repeat) return last_resort(policy, escalation, p);
    const auto& now = escalation.steps[static_cast<std::size_t>(desk.step)];
    const auto who = now.hours.holds(policy.roster.calendar, p.now)
                         ? policy.roster.find(now.notify, p.event, p.now)
                         : std::vector<Telling>{};
    if (who.empty()) {
      left_out += fmt::format("step {} reaches nobody now, ", desk.step + 1);
      continue;
    }
    for (const auto& to : who) {
      tell(p, to);
      p.woken.push_back(to.receiver);
    }
    break;
  }
  if (p.note.empty() && (desk.step > 0 || desk.round > 0))
    p.note = step_words(policy.dutch, escalation.name, desk.step + 1, desk.round);
  p.step_name = desk.round == 0 ? fmt::format("step {}", desk.step + 1)
                                : fmt::format("round {}, step {}", desk.round + 1, desk.step + 1);
  if (p.cause == Cause::clock)
    p.stamp = fmt::format("L{}r{}s{}", desk.level, desk.round, desk.step);
  ++desk.step;
  const bool more = desk.step < static_cast<int>(escalation.steps.size());
  desk.due = p.now +
             (more ? escalation.steps[static_cast<std::size_t>(desk.step)].after : escalation.wait);
  return go(fmt::format("policy {}: {}{}", escalation.name, left_out, p.step_name));
}

}  // namespace

NotifierTraits traits(const World& world, const std::string& receiver) {
  return world.traits ? world.traits(receiver) : NotifierTraits{};
}

void tell(Passage& p, const Telling& to) {
  for (auto& there : p.tell)
    if (there.receiver == to.receiver) {
      if (there.person.empty()) there.person = to.person;
      return;
    }
  p.tell.push_back(to);
}

void tell_heard(Passage& p) {
  for (const auto& name : p.heard)
    tell(p, {name, {}});
}

void tell_routed(Passage& p) {
  for (const auto& name : p.routed.receivers)
    tell(p, {name, {}});
}

Ruling taken(const Policy& policy, const World& world, Passage& p) {
  Case& desk = p.desk;
  const bool waits = p.cause == Cause::clock && !desk.owed;
  if (waits && (p.cooling || !desk.resolved_by.empty())) {
    desk.due = kNever;
    return stop(p.cooling ? "it cools: nobody more is told"
                          : fmt::format("{} ended it", desk.resolved_by));
  }
  if (!desk.resolved_by.empty()) {
    p.note = grew_again(policy.dutch, desk.resolved_by);
    p.anew = true;
    desk.resolved_by.clear();
    desk.ack.reset();
  } else if (desk.ack) {
    if (auto ruling = held(policy, world, p)) return *ruling;
  }
  const bool rises = desk.told && p.event.incident.tier < desk.tier;
  p.anew = p.anew || !desk.told || rises;
  if (!p.anew) return go("nobody has taken it");
  // What was acknowledged at a vendor would swallow it: see NotifierTraits::keeps_incidents.
  if (desk.told) ++desk.level;
  desk.policy = p.routed.policy;
  desk.round = desk.step = 0;
  desk.exhausted = false;
  return go(desk.level == 0 ? "it is new" : fmt::format("it pages anew, as {}", tier_of(p)));
}

Ruling step(const Policy& policy, const World&, Passage& p) {
  Case& desk = p.desk;
  const bool news = p.cause == Cause::news || desk.owed;
  if (p.cause == Cause::clock) p.stamp = fmt::format("L{}r0s0", desk.level);
  if (news) tell_heard(p);  // who heard of an incident hears the rest of it
  if (news || p.anew) tell_routed(p);
  if (desk.owed && p.cause == Cause::clock && p.note.empty()) p.note = was_quiet(policy.dutch);
  if (!desk.policy.empty() && !policy.escalation(desk.policy)) {  // it left the configuration
    desk.policy = p.routed.policy;
    desk.round = desk.step = 0;
  }
  const Escalation* escalation = policy.escalation(desk.policy);
  if (p.step_name.empty()) p.step_name = "at once";
  if (!escalation) {
    desk.due = kNever;
    return go(p.tell.empty() ? "no policy: nobody is told" : "no policy: told at once");
  }
  const Duration first = escalation->steps.front().after;
  if (p.anew && first > Duration{0}) {
    desk.due = p.now + first;
    desk.told = true;  // it is in the policy's hands, even if nobody was told at once
    desk.tier = p.event.incident.tier;
    return go(
        fmt::format("policy {}: its first step is in {}", escalation->name, format_span(first)));
  }
  if (p.anew || (p.cause == Cause::clock && !desk.exhausted))
    return take_step(policy, *escalation, p);
  if (desk.due == kNever && !desk.exhausted) desk.due = p.now + escalation->wait;
  return go(fmt::format("policy {}: its steps go on", escalation->name));
}

}  // namespace brandwacht::alerting
