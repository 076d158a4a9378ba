#include "alerting/route.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace brandwacht::alerting {
namespace {

bool same_letters(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    const auto lower = [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    };
    return lower(x) == lower(y);
  });
}

void read_tiers(config::Section& section, std::vector<Tier>& out) {
  std::vector<std::string> words;
  section.read("tier", words);
  for (const auto& word : words) {
    const auto before = out.size();
    for (const auto tier : {Tier::t1, Tier::t2, Tier::t3, Tier::t4})
      if (same_letters(word, to_string(tier))) out.push_back(tier);
    if (out.size() == before)
      section.problem("tier", fmt::format("there is no tier '{}'", word), "use T1, T2 or T3");
  }
}

void read_urgencies(config::Section& section, std::vector<std::string>& out) {
  section.read("event", out);
  for (const auto& word : out)
    if (word != "page" && word != "notify")
      section.problem("event", fmt::format("there is no event '{}'", word),
                      config::did_you_mean(word, {"page", "notify"}));
}

void read_targets(config::Section& section, const std::vector<std::string>& known, Route& route) {
  section.require("receivers");
  section.read("receivers", route.receivers);
  if (section.has("receivers") && route.receivers.empty())
    section.problem("receivers", "a route without receivers drops what it matches");
  for (const auto& name : route.receivers)
    if (std::find(known.begin(), known.end(), name) == known.end())
      section.problem("receivers", fmt::format("there is no receiver '{}'", name),
                      config::did_you_mean(name, known));
}

}  // namespace

std::vector<std::string> Routes::targets(const IncidentEvent& event) const {
  if (routes_.empty()) return receivers_;
  std::vector<std::string> out;
  for (const auto& route : routes_) {
    if (!matches(route, event)) continue;
    for (const auto& name : route.receivers)
      if (std::find(out.begin(), out.end(), name) == out.end()) out.push_back(name);
    if (!route.go_on) break;
  }
  return out;
}

Routes read_routes(config::Section& root, std::vector<std::string> receivers) {
  std::vector<Route> routes;
  for (auto& section : root.sections("route")) {
    Route route;
    section.read("brand", route.brands);
    section.read("platform", route.platforms);
    read_tiers(section, route.tiers);
    read_urgencies(section, route.urgencies);
    read_targets(section, receivers, route);
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
