#include "alerting/inhibit.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace brandwacht::alerting {
namespace {

void read_side(config::Section& section, std::string_view key, Matchers& out) {
  section.require(key);
  auto table = section.section(key);
  if (!table) return;
  read_matchers(*table, out);
  table->close();
}

}  // namespace

const Incident* inhibitor(const Inhibition& rule, const IncidentEvent& event,
                          const std::vector<const IncidentEvent*>& open, const Calendar& calendar,
                          Time now) {
  if (!matches(rule.target, event, calendar, now)) return nullptr;
  const Incident& target = event.incident;
  for (const IncidentEvent* other : open) {
    const Incident& source = other->incident;
    if (source.id == target.id) continue;
    if (rule.same_brand && source.brand != target.brand) continue;
    if (rule.same_platform && source.platform != target.platform) continue;
    if (matches(rule.source, *other, calendar, now)) return &source;
  }
  return nullptr;
}

std::vector<Inhibition> read_inhibitions(config::Section& root) {
  std::vector<Inhibition> out;
  for (auto& section : root.sections("inhibit")) {
    Inhibition rule;
    read_side(section, "source", rule.source);
    read_side(section, "target", rule.target);
    if (section.has("equal")) {
      std::vector<std::string> equal;
      section.read("equal", equal);
      rule.same_brand = std::find(equal.begin(), equal.end(), "brand") != equal.end();
      rule.same_platform = std::find(equal.begin(), equal.end(), "platform") != equal.end();
      for (const auto& word : equal)
        if (word != "brand" && word != "platform")
          section.problem("equal", fmt::format("incidents cannot have '{}' in common", word),
                          config::did_you_mean(word, {"brand", "platform"}));
    }
    section.close();
    out.push_back(std::move(rule));
  }
  return out;
}

}  // namespace brandwacht::alerting
