// What the person on call is told to do now, in Dutch or English, strongest first. From the five
// source articles; advisory only. Pure.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "monitor/desk/case.hpp"
#include "monitor/desk/playbooks.hpp"
#include "monitor/desk/settings.hpp"
#include "monitor/incident.hpp"

namespace brandwacht::desk {

// A reply that was given in another thread of the same matter.
struct Elsewhere {
  std::string platform;
  Time at{};
};

struct Situation {
  bool dutch = false;
  Tier tier = Tier::t2;
  IncidentState state = IncidentState::paged;
  Time now{};
  std::optional<Case> one;      // of the thread; nullopt: nothing was followed
  Duration age{};               // open time that somebody waits
  bool promise_broken = false;  // why it is said now
  bool unexplained = false;     // likewise: a removal
  bool backfire = false;        // likewise
  std::uint8_t signs = 0;       // bits of Sign
  double concrete = 1;          // of the root
  int joiners = 0;
  bool calm = false;   // it cools
  int precedents = 0;  // public compensations of the last 30 days
  Time paged_at{};     // somebody was told before; Time{}: not
  std::vector<Elsewhere> elsewhere;
  const Playbook* playbook = nullptr;
};

Advice advise(const Settings& settings, const Situation& now);

}  // namespace brandwacht::desk
