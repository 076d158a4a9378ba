#include "alerting/route.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace brandwacht::alerting {
namespace {

void read_targets(config::Section& section, const std::vector<std::string>& receivers,
                  const std::vector<std::string>& policies, Route& route) {
  section.read("receivers", route.receivers);
  section.read("policy", route.policy);
  if (!section.has("receivers") && !section.has("policy"))
    section.require("receivers");
  else if (route.receivers.empty() && route.policy.empty())
    section.problem("receivers", "a route without receivers drops what it matches");
  for (const auto& name : route.receivers)
    if (std::find(receivers.begin(), receivers.end(), name) == receivers.end())
      section.problem("receivers", fmt::format("there is no receiver '{}'", name),
                      config::did_you_mean(name, receivers));
  if (!route.policy.empty() &&
      std::find(policies.begin(), policies.end(), route.policy) == policies.end())
    section.problem("policy", fmt::format("there is no policy '{}'", route.policy),
                    config::did_you_mean(route.policy, policies));
}

}  // namespace

Routed Routes::of(const IncidentEvent& event, const Calendar& calendar, Time now) const {
  if (routes_.empty()) return {receivers_, {}, "there are no routes: every receiver"};
  Routed out;
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    const Route& route = routes_[i];
    if (!matches(route, event, calendar, now)) continue;
    for (const auto& name : route.receivers)
      if (std::find(out.receivers.begin(), out.receivers.end(), name) == out.receivers.end())
        out.receivers.push_back(name);
    if (out.policy.empty()) out.policy = route.policy;
    out.why += fmt::format("{}route {}", out.why.empty() ? "" : ", ", i + 1);
    if (!route.go_on) break;
  }
  if (out.why.empty()) out.why = "no route matches";
  return out;
}

Routes read_routes(config::Section& root, std::vector<std::string> receivers,
                   const std::vector<std::string>& policies) {
  std::vector<Route> routes;
  for (auto& section : root.sections("route")) {
    Route route;
    read_matchers(section, route);
    read_targets(section, receivers, policies, route);
    section.read("continue", route.go_on);
    section.close();
    routes.push_back(std::move(route));
  }
  if (!routes.empty() &&
      std::none_of(routes.begin(), routes.end(), [](const Route& route) { return route.all(); }))
    root.warn("route", "what no route matches reaches nobody",
              "end with a [[route]] that has only 'receivers'");
  return Routes(std::move(routes), std::move(receivers));
}

}  // namespace brandwacht::alerting
