// Whose matter an incident is: [[route]] tables, first match wins unless it says `continue`.
//
//   [[route]]
//   ...                         # matchers, see alerting/matchers.hpp
//   receivers = ["chat"]        # told at once, of every news
//   policy = "desk"             # and its steps are gone through until somebody acknowledges
//   continue = false            # true: the routes below are tried as well
#pragma once
#include <string>
#include <vector>

#include "alerting/matchers.hpp"

namespace brandwacht::alerting {

struct Route : Matchers {
  std::vector<std::string> receivers;
  std::string policy;  // empty: none
  bool go_on = false;
};

// Where an event goes. `receivers` each once, in the order of the routes; nothing at all: nobody
// hears of it.
struct Routed {
  std::vector<std::string> receivers;
  std::string policy;  // of the first route that matched and names one
  std::string why;     // "route 2"; "no route"
};

class Routes {
 public:
  // No routes: every receiver gets everything.
  Routes(std::vector<Route> routes, std::vector<std::string> receivers)
      : routes_(std::move(routes)), receivers_(std::move(receivers)) {}

  Routed of(const IncidentEvent& event, const Calendar& calendar, Time now) const;
  const std::vector<std::string>& receivers() const noexcept { return receivers_; }

 private:
  std::vector<Route> routes_;
  std::vector<std::string> receivers_;
};

// Reads every [[route]]. What is in neither `receivers` nor `policies` is a problem; routes that
// leave some events to nobody are a warning.
Routes read_routes(config::Section& root, std::vector<std::string> receivers,
                   const std::vector<std::string>& policies = {});

}  // namespace brandwacht::alerting
