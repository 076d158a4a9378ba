// Which receivers an incident reaches: [[route]] tables, first match wins unless it says
// `continue`.
//
//   [[route]]
//   brand = ["acme"]            # any of these; absent: every brand
//   platform = ["bluesky"]
//   tier = ["T1", "T2"]
//   event = ["page"]            # "page": T1 and T2, wakes somebody; "notify": T3
//   receivers = ["phone"]
//   continue = false            # true: the routes below are tried as well
#pragma once
#include <string>
#include <vector>

#include "alerting/matchers.hpp"
#include "config/reader.hpp"
#include "monitor/incident.hpp"

namespace brandwacht::alerting {

struct Route : Matchers {
  std::vector<std::string> receivers;
  bool go_on = false;
};

class Routes {
 public:
  // No routes: every receiver gets everything.
  Routes(std::vector<Route> routes, std::vector<std::string> receivers)
      : routes_(std::move(routes)), receivers_(std::move(receivers)) {}

  // Names of receivers, each once, in the order of the routes. Empty: nobody hears of this event.
  std::vector<std::string> targets(const IncidentEvent& event) const;

 private:
  std::vector<Route> routes_;
  std::vector<std::string> receivers_;
};

// Reads every [[route]]. A receiver that is not in `receivers` is a problem; routes that leave some
// events to nobody are a warning.
Routes read_routes(config::Section& root, std::vector<std::string> receivers);

}  // namespace brandwacht::alerting
