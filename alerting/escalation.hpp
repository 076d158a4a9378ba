// Who is told one after the other while nobody takes an incident.
//
//   [[policy]]
//   name = "desk"
//   ack_for = "30 min"     # an acknowledgement holds so long; then it pages anew
//   repeat = 1             # after the last step the list is gone through so many times more,
//   wait = "10 min"        #   so long after the last step
//   last = ["lead"]        # told at the very end, when nobody took it; absent: every receiver
//     [[policy.step]]
//     notify = ["webcare"] # people, rotations, receivers
//     after = "0 s"        # after the step before; absent: at once, of a later step 10 min
//     hours = ["night"]    # at other times the step is left out, without waiting
#pragma once
#include <string>
#include <vector>

#include "alerting/people.hpp"
#include "alerting/rotation.hpp"

namespace brandwacht::alerting {

struct EscalationStep {
  std::vector<std::string> notify;
  Duration after{0};
  Hours hours;
};

struct Escalation {
  std::string name;
  std::vector<EscalationStep> steps;
  int repeat = 1;
  Duration ack_for = std::chrono::minutes{30};
  Duration wait = std::chrono::minutes{10};
  std::vector<std::string> last;
};

// One receiver that is told, and for whom.
struct Telling {
  std::string receiver;
  std::string person;  // empty: nobody in particular
};

// Everybody whom a name can mean.
struct Roster {
  Calendar calendar;  // of the desk
  std::vector<Person> people;
  std::vector<Rotation> rotations;
  std::vector<std::string> receivers;

  // Adds who is meant by `name` now, each receiver once. A rotation that nobody covers: nobody.
  void find(const std::string& name, const IncidentEvent& event, Time now,
            std::vector<Telling>& out) const;
  std::vector<Telling> find(const std::vector<std::string>& names, const IncidentEvent& event,
                            Time now) const;
  // Every name that find() knows.
  std::vector<std::string> names() const;
};

// The first moment in a year from `from` at which no step of the policy reaches anybody (to the
// half hour); nullopt: it covers every hour.
std::optional<Time> first_gap(const Escalation& policy, const Roster& roster, Time from);

std::vector<Escalation> read_escalations(config::Section& root, const Roster& roster, Time now);

}  // namespace brandwacht::alerting
