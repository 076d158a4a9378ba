#include "monitor/daemon/changes.hpp"

#include <fmt/format.h>

#include <iterator>
#include <map>

#include "monitor/probe.hpp"

namespace brandwacht::daemon {
namespace {

using Values = std::map<std::string, std::string, std::less<>>;

Values parse(std::string_view text) {
  Values out;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    if (const auto equals = line.find('='); equals != std::string_view::npos)
      out.emplace(line.substr(0, equals), line.substr(equals + 1));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

}  // namespace

std::string deciding_settings(const Settings& settings) {
  const thread::DecisionSettings& decision = settings.line.decision;
  std::string out;
  const auto add = [&out](std::string_view name, const auto& value) {
    fmt::format_to(std::back_inserter(out), "{}={}\n", name, value);
  };
  add("theta_page", decision.theta_page);
  add("theta_notify", decision.theta_notify);
  add("theta_tier1", decision.theta_tier1);
  add("theta_threat", decision.theta_threat);
  add("min_joiners", decision.min_joiners);
  add("min_share", decision.min_share);
  add("hold", format_span(decision.hold));
  add("model", settings.model_file.empty() ? "shipped" : settings.model_file.filename().string());
  for (const auto& brand : settings.line.brands)
    if (brand.name != kProbeBrand)
      add(fmt::format("terms of {}", brand.name), fmt::format("{}", fmt::join(brand.terms, ", ")));
  for (const auto& receiver : settings.receivers)
    add(fmt::format("receiver {}", receiver.name), receiver.type);
  return out;
}

std::optional<alerting::Change> what_changed(std::string_view before, std::string_view now,
                                             Time at) {
  if (before.empty() || before == now) return {};
  const Values old = parse(before), fresh = parse(now);
  alerting::Change out;
  out.at = at;
  for (const auto& [name, value] : fresh) {
    const auto found = old.find(name);
    if (found == old.end())
      out.details.emplace_back(name, fmt::format("new: {}", value));
    else if (found->second != value)
      out.details.emplace_back(name, fmt::format("{} -> {}", found->second, value));
  }
  for (const auto& [name, value] : old)
    if (!fresh.contains(name)) out.details.emplace_back(name, fmt::format("gone, was: {}", value));
  if (out.details.empty()) return {};
  out.summary = fmt::format(
      "Brandwacht's settings changed: {}{}", out.details.front().first,
      out.details.size() > 1 ? fmt::format(" and {} more", out.details.size() - 1) : std::string());
  return out;
}

}  // namespace brandwacht::daemon
