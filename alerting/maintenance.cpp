#include "alerting/maintenance.hpp"

#include <fmt/format.h>

namespace brandwacht::alerting {
namespace {

void read_time(config::Section& section, std::string_view key, const Zone& zone, DayEnd end,
               Time& out) {
  std::string text;
  section.read(key, text);
  if (text.empty()) return;
  if (const auto time = parse_local_time(zone, text, end))
    out = *time;
  else
    section.problem(key, fmt::format("'{}' is no day and no time", text),
                    "\"2026-12-24\" or \"2026-12-24 09:00\"");
}

}  // namespace

std::vector<Maintenance> read_maintenance(config::Section& root, const Calendar& desk) {
  std::vector<Maintenance> out;
  for (auto& section : root.sections("maintenance")) {
    Maintenance window;
    section.require("name");
    section.read("name", window.name);
    read_matchers(section, window.match);
    read_time(section, "from", desk.zone, DayEnd::begin, window.from);
    read_time(section, "to", desk.zone, DayEnd::end, window.to);
    if (section.has("from") != section.has("to"))
      section.problem("", "'from' and 'to' belong together", "or give 'hours' of every week");
    else if (!section.has("from") && !section.has("hours"))
      section.problem("", "this would be quiet for ever", "give 'from' and 'to', or 'hours'");
    if (window.to <= window.from) section.problem("to", "the window ends before it begins");
    section.close();
    out.push_back(std::move(window));
  }
  return out;
}

}  // namespace brandwacht::alerting
