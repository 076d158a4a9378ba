// What people did about one open incident, and what was told to whom: the part of an incident's
// life that is alerting's own. Stored with its pages in one transaction, so that a crash loses no
// step.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "monitor/incident.hpp"

namespace brandwacht::alerting {

inline constexpr Time kNever = Time::max();

struct Acknowledgement {
  std::string who, via;
  Time at{}, until{};
  Tier tier = Tier::t2;  // of the incident then: a higher one breaks through
};

struct Case {
  std::string incident;  // Incident::id
  int level = 0;         // of the dedup key, see alerting/command.hpp
  bool told = false;     // somebody was told of it
  bool owed = false;     // there is news that a silence, or the like, keeps back
  Tier tier = Tier::t4;  // of what was told last
  std::optional<Acknowledgement> ack;
  std::string resolved_by;  // by hand; empty: not
  bool closed = false;      // by the line

  // Where its policy stands.
  std::string policy;       // empty: none
  int round = 0, step = 0;  // the next ones
  bool exhausted = false;   // nobody took it, and the last resort was told so
  Time due = kNever;        // when to look at it again, for whatever reason
  // Delivery ids of the last step's pages that may still reach somebody: when all of them are dead
  // the next step does not wait.
  std::vector<std::string> waits_for;

  // What was decided already, e.g. "upgrade-T1-20", newest last: after a crash the line derives
  // its last events again.
  std::vector<std::string> known;

  bool held(Time now) const noexcept { return ack && now < ack->until; }
};

// Notes an event; false: it was known. Bounded to the newest.
bool learn(Case& one, const IncidentEvent& event);

// The wall clock was set: every appointment moves with it.
void shift(Case& one, Duration by);

std::string encode(const Case& one);  // JSON
std::optional<Case> decode_case(std::string_view json);

}  // namespace brandwacht::alerting
