#include "alerting/rotation.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace brandwacht::alerting {
namespace {

constexpr Day kAMonday = std::chrono::sys_days{std::chrono::year{2024} / 1 / 1};

// "Mon 09:00", "09:00", "Mon".
bool parse_handover(std::string_view text, Rotation& out) {
  const auto digit = text.find_first_of("0123456789");
  if (digit != std::string_view::npos) {
    // The clock's half of the form of hours: an hour that never ends is none there.
    const auto night = parse_night(fmt::format("{}-0", text.substr(digit)));
    if (!night) return false;
    out.handover = night->from;
    text = text.substr(0, digit);
  }
  while (text.ends_with(' '))
    text.remove_suffix(1);
  if (text.empty()) return out.days == 1 || digit != std::string_view::npos;
  const auto window = parse_window(text);
  if (!window || out.days != 7) return false;
  for (int day = 0; day < 7; ++day)
    if (window->days == 1U << static_cast<unsigned>(day)) {
      out.start = kAMonday + std::chrono::days{day};
      return true;
    }
  return false;
}

void read_zone(config::Section& section, Zone& zone) {
  std::string name;
  section.read("time_zone", name);
  if (name.empty()) return;
  if (auto found = Zone::find(name))
    zone = std::move(*found);
  else
    section.problem("time_zone", fmt::format("there is no time zone '{}'", name),
                    config::did_you_mean(name, zone_names()));
}

void check_person(config::Section& section, std::string_view key, const std::string& name,
                  const std::vector<std::string>& people) {
  if (std::find(people.begin(), people.end(), name) == people.end())
    section.problem(key, fmt::format("there is no person '{}'", name),
                    config::did_you_mean(name, people));
}

Time read_time(config::Section& section, std::string_view key, const Zone& zone, DayEnd end) {
  std::string text;
  section.require(key);
  section.read(key, text);
  if (text.empty()) return {};
  if (const auto time = parse_local_time(zone, text, end)) return *time;
  section.problem(key, fmt::format("'{}' is no day and no time", text),
                  "\"2026-12-24\" or \"2026-12-24 09:00\"");
  return {};
}

void read_overrides(config::Section& section, const std::vector<std::string>& people,
                    Rotation& rotation) {
  for (auto& table : section.sections("override")) {
    Rotation::Override out;
    out.from = read_time(table, "from", rotation.calendar.zone, DayEnd::begin);
    out.to = read_time(table, "to", rotation.calendar.zone, DayEnd::end);
    table.require("person");
    table.read("person", out.person);
    if (table.has("person")) check_person(table, "person", out.person, people);
    if (out.from != Time{} && out.to != Time{} && out.to <= out.from)
      table.problem("to", "the override ends before it begins");
    table.close();
    rotation.overrides.push_back(std::move(out));
  }
}

// Turns begin on the day of handover on or before the day that was written.
void read_turns(config::Section& section, Rotation& rotation) {
  if (const auto every = section.choice("every", {"week", "day"}))
    rotation.days = *every == 0 ? 7 : 1;
  rotation.start = kAMonday;
  std::string handover, start;
  section.read("handover", handover);
  if (!handover.empty() && !parse_handover(handover, rotation))
    section.problem("handover", fmt::format("'{}' is no moment to hand over", handover),
                    rotation.days == 7 ? "\"Mon 09:00\"" : "\"09:00\"");
  section.read("start", start);
  if (start.empty()) return;
  const auto day = parse_day(start);
  if (!day) {
    section.problem("start", fmt::format("'{}' is no day", start), "\"2026-01-05\"");
    return;
  }
  const int back = (weekday_of(*day) - weekday_of(rotation.start) + 7) % rotation.days;
  rotation.start = *day - std::chrono::days{back};
}

}  // namespace

std::string on_call(const Rotation& rotation, Time now) {
  for (auto it = rotation.overrides.rbegin(); it != rotation.overrides.rend(); ++it)
    if (it->from <= now && now < it->to) return it->person;
  if (rotation.people.empty() || !rotation.hours.holds(rotation.calendar, now)) return {};
  Day day = rotation.calendar.zone.local(now).day;
  // By the moment and not by the clock on the wall, which shows one hour twice in autumn.
  if (now < rotation.calendar.zone.at(day, rotation.handover)) day -= std::chrono::days{1};
  const auto passed = (day - rotation.start).count();
  auto turn = passed / rotation.days - (passed % rotation.days < 0 ? 1 : 0);
  const auto count = static_cast<decltype(turn)>(rotation.people.size());
  turn = ((turn % count) + count) % count;
  return rotation.people[static_cast<std::size_t>(turn)];
}

std::vector<Rotation> read_rotations(config::Section& root, const Calendar& desk,
                                     const std::vector<std::string>& people) {
  std::vector<Rotation> out;
  for (auto& section : root.sections("rotation")) {
    Rotation rotation;
    rotation.calendar = desk;
    section.require("name");
    section.read("name", rotation.name);
    section.require("people");
    section.read("people", rotation.people);
    for (const auto& person : rotation.people)
      check_person(section, "people", person, people);
    read_zone(section, rotation.calendar.zone);
    read_turns(section, rotation);
    read_hours(section, "hours", rotation.hours);
    read_overrides(section, people, rotation);
    section.close();
    out.push_back(std::move(rotation));
  }
  return out;
}

}  // namespace brandwacht::alerting
