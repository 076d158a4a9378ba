#include "alerting/policy.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "alerting/policy_steps.hpp"
#include "alerting/policy_words.hpp"

namespace brandwacht::alerting {
namespace {

constexpr Duration kAskAgain = std::chrono::minutes{1};  // while something keeps it quiet

// Whose matter it is.
Ruling route(const Policy& policy, const World&, Passage& p) {
  p.routed = policy.routes.of(p.event, policy.roster.calendar, p.now);
  std::string where;
  for (const auto& name : p.routed.receivers)
    where += fmt::format("{}{}", where.empty() ? "" : ", ", name);
  if (!p.routed.policy.empty())
    where += fmt::format("{}policy {}", where.empty() ? "" : ", ", p.routed.policy);
  return go(fmt::format("{} leads to {}", p.routed.why, where.empty() ? "nobody" : where));
}

// An end, or that it cools, goes to whoever heard of it: it always passes.
Ruling over(const Policy&, const World& world, Passage& p) {
  const bool ends = p.event.kind == IncidentEventKind::close;
  if (!ends && p.event.kind != IncidentEventKind::cool) return go("it goes on");
  p.desk.due = p.desk.ack && !ends ? p.desk.ack->until : kNever;
  p.desk.closed = ends;
  if (!p.desk.resolved_by.empty())
    return stop(fmt::format("{} ended it before, and everybody was told", p.desk.resolved_by));
  if (!p.desk.told && p.desk.owed) return stop("nobody heard of it, so nobody hears of its end");
  tell_heard(p);
  // A receiver that was renamed still reaches the same vendor, where the incident is open under the
  // same key.
  if (p.lost || p.heard.empty()) tell_routed(p);
  if (!ends)
    std::erase_if(p.tell, [&](const Telling& to) { return !traits(world, to.receiver).updates; });
  return stop(ends ? "it is over: whoever heard of it is told" : "it cools");
}

Ruling quiet(Passage& p, Time until, std::string why) {
  if (p.cause == Passage::Cause::news) p.desk.owed = true;
  p.desk.due = std::min(until, p.now + kAskAgain);
  return stop(std::move(why));
}

// A larger incident says it already.
Ruling inhibit(const Policy& policy, const World& world, Passage& p) {
  for (const auto& rule : policy.inhibitions)
    if (const Incident* source =
            inhibitor(rule, p.event, world.open, policy.roster.calendar, p.now))
      return quiet(p, kNever,
                   fmt::format("{} ({}) speaks for it", source->id, to_string(source->tier)));
  return go("nothing speaks for it");
}

// Planned quiet.
Ruling maintenance(const Policy& policy, const World&, Passage& p) {
  for (const auto& window : policy.maintenance)
    if (window.holds(p.event, policy.roster.calendar, p.now))
      return quiet(p, window.to, fmt::format("maintenance '{}'", window.name));
  return go("no maintenance");
}

// Quiet that a person asked for.
Ruling silence(const Policy& policy, const World& world, Passage& p) {
  for (const auto& silence : world.silences)
    if (silence.holds(p.now) && matches(silence.match, p.event, policy.roster.calendar, p.now))
      return quiet(p, silence.until,
                   fmt::format("{} silences it until {}: {} ({})", silence.author,
                               format_rfc3339(silence.until), silence.comment, silence.id));
  return go("no silence");
}

struct Stage {
  std::string_view name;
  Ruling (*rule)(const Policy&, const World&, Passage&);
};

// The whole policy. What comes through goes to the outbox with the case, and is delivered from
// there.
constexpr std::array kStages{
    Stage{"route", route},              // whose matter it is: receivers, a policy
    Stage{"over", over},                // an end always passes, to whoever heard of it
    Stage{"inhibit", inhibit},          // a larger incident says it already
    Stage{"maintenance", maintenance},  // planned quiet
    Stage{"silence", silence},          // quiet that a person asked for
    Stage{"taken", taken},              // somebody has it; a higher tier breaks through
    Stage{"step", step},                // who is told now, and when to look again
};

// Who heard of it before: people by their name, other receivers by theirs.
std::vector<std::string> told_by_name(const Policy& policy, const Passage& passage) {
  std::vector<std::string> out;
  for (const std::string& receiver : passage.heard) {
    const Person* const person = reached_by(policy.roster.people, receiver);
    const std::string& name = person != nullptr ? person->name : receiver;
    if (std::find(out.begin(), out.end(), name) == out.end()) out.push_back(name);
  }
  return out;
}

}  // namespace

Policy::Policy(Routes its_routes) : routes(std::move(its_routes)) {
  roster.receivers = routes.receivers();
}

const Escalation* Policy::escalation(const std::string& name) const {
  const auto found = std::find_if(escalations.begin(), escalations.end(),
                                  [&](const Escalation& policy) { return policy.name == name; });
  return found == escalations.end() ? nullptr : &*found;
}

Passage pass(const Policy& policy, const World& world, Passage passage) {
  for (const Stage& stage : kStages) {
    Ruling ruling = stage.rule(policy, world, passage);
    passage.verdicts.push_back({stage.name, std::move(ruling.text)});
    if (!ruling.go_on) break;
  }
  if (passage.tell.empty()) return passage;
  if (passage.event.kind != IncidentEventKind::close &&
      passage.event.kind != IncidentEventKind::cool) {
    if (const auto whom = told_by_name(policy, passage); !whom.empty())
      passage.note += (passage.note.empty() ? "" : ". ") + told_before(policy.dutch, whom);
    passage.desk.told = true;
    passage.desk.owed = false;
    passage.desk.tier = passage.event.incident.tier;
  }
  return passage;
}

std::string in_words(const std::vector<StageVerdict>& verdicts) {
  std::string out;
  for (const auto& verdict : verdicts)
    out += fmt::format("{}{}: {}", out.empty() ? "" : "; ", verdict.stage, verdict.text);
  return out;
}

std::vector<Foreseen> foresee(const Policy& policy, const World& world, IncidentEvent event) {
  constexpr std::size_t kMost = 1'000;
  std::vector<Foreseen> out;
  Passage passage;
  passage.now = event.at;
  passage.event = std::move(event);
  passage.desk.incident = passage.event.incident.id;
  while (out.size() < kMost) {
    passage = pass(policy, world, std::move(passage));
    const bool quiet = passage.desk.owed;
    out.push_back({passage.now, passage.step_name, passage.tell, passage.verdicts});
    for (const auto& to : passage.tell)
      if (std::find(passage.heard.begin(), passage.heard.end(), to.receiver) == passage.heard.end())
        passage.heard.push_back(to.receiver);
    if (passage.desk.due == kNever || quiet) break;
    Passage next;
    next.cause = Passage::Cause::clock;
    next.event = std::move(passage.event);
    next.now = passage.desk.due;
    next.desk = std::move(passage.desk);
    next.heard = std::move(passage.heard);
    passage = std::move(next);
  }
  return out;
}

}  // namespace brandwacht::alerting
