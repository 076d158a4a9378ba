// Whether an incident is told, to whom and when: pure, `now` comes in, a verdict of each stage and
// the next state come out. The list of stages is in policy.cpp; what they let through goes to the
// outbox with the case, in one transaction, and is delivered from there.
#pragma once
#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "alerting/case.hpp"
#include "alerting/escalation.hpp"
#include "alerting/inhibit.hpp"
#include "alerting/maintenance.hpp"
#include "alerting/notifier.hpp"
#include "alerting/route.hpp"
#include "alerting/silence.hpp"

namespace brandwacht::alerting {

// The configuration of all that. Without any [[policy]] routes name receivers directly.
struct Policy {
  Policy(Routes its_routes);  // NOLINT(google-explicit-constructor): routes alone are a policy

  Routes routes;
  Roster roster;
  std::vector<Escalation> escalations;
  std::vector<Inhibition> inhibitions;
  std::vector<Maintenance> maintenance;
  bool dutch = false;  // the words of a note

  const Escalation* escalation(const std::string& name) const;
};

// What else is going on.
struct World {
  std::vector<const IncidentEvent*> open;  // the last news of every open incident
  std::vector<Silence> silences;
  std::function<NotifierTraits(const std::string& receiver)> traits;  // empty: the defaults
};

struct StageVerdict {
  std::string_view stage;
  std::string text;  // one sentence, English, for the log and for `brandwacht route`
};

// One look at one incident on its way through the stages.
struct Passage {
  enum class Cause : std::uint8_t {
    news,   // the line said something: `event`
    clock,  // the case was due, or somebody said something; `event` is the last news
  };
  Cause cause = Cause::news;
  IncidentEvent event;
  Time now{};
  Case desk;                       // as it is, and then as it becomes
  std::vector<std::string> heard;  // receivers that were told of it
  bool lost = false;               // one of those that were is no longer configured
  bool cooling = false;

  Routed routed;
  bool anew = false;               // somebody must be woken as if it were new
  std::vector<Telling> tell;       // what goes out
  std::vector<std::string> woken;  // receivers in `tell` that a step names: it is their turn
  std::string stamp;               // makes the delivery ids of a later step their own
  std::string note;                // Page::note
  std::string step_name;           // "at once", "step 2", "round 2, step 1", "nobody took it"
  std::vector<StageVerdict> verdicts;
};

// Through all stages. Gives the passage back with `desk`, `tell` and `verdicts` filled in.
Passage pass(const Policy& policy, const World& world, Passage passage);

// "route: route 2; silence: Anna silences it until ..."
std::string in_words(const std::vector<StageVerdict>& verdicts);

// What would happen to `event` if nobody took it: every step, until the last resort.
struct Foreseen {
  Time at{};
  std::string step;  // Passage::step_name
  std::vector<Telling> tell;
  std::vector<StageVerdict> verdicts;
};
std::vector<Foreseen> foresee(const Policy& policy, const World& world, IncidentEvent event);

// Reads [[route]], [[person]], [[rotation]], [[policy]], [[inhibit]] and [[maintenance]].
Policy read_policy(config::Section& root, const std::vector<std::string>& receivers,
                   const Calendar& desk, Time now);

}  // namespace brandwacht::alerting
