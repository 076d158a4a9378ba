#include "monitor/daemon/webcare_settings.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "config/duration.hpp"

namespace brandwacht::daemon {
namespace {

using namespace std::chrono_literals;

// "facebook 3 h", "x 30 min".
void read_clocks(config::Section& section, desk::Settings& settings) {
  std::vector<std::string> lines;
  section.read("first_response_on", lines);
  for (const std::string& line : lines) {
    const std::size_t space = line.find(' ');
    const auto span = space == std::string::npos
                          ? std::nullopt
                          : config::parse_duration(std::string_view(line).substr(space + 1)).value;
    if (!span || *span < 1min || *span > 30 * 24h) {
      section.problem("first_response_on",
                      fmt::format("'{}' is no platform with a span of 1 min to 30 d", line),
                      "\"facebook 3 h\"");
      continue;
    }
    const std::string platform = line.substr(0, space);
    std::erase_if(settings.platforms,
                  [&](const desk::PlatformClock& clock) { return clock.platform == platform; });
    settings.platforms.push_back({platform, *span});
  }
}

void read_hours(config::Section& section, desk::Settings& settings) {
  std::vector<std::string> lines;
  section.read("hours", lines);
  for (const std::string& line : lines) {
    std::string fault;
    if (!desk::add_hours(settings.hours, line, fault))
      section.problem("hours", fmt::format("'{}' {}", line, fault), "\"mon-fri 08:00-22:00\"");
  }
}

void read_tell(config::Section& section, std::string_view key, desk::Tell& target) {
  if (const auto choice = section.choice(key, {"board", "notify", "page"}))
    target = static_cast<desk::Tell>(*choice);
}

void read_playbooks(config::Section& section, std::shared_ptr<const desk::Playbooks>& playbooks) {
  std::filesystem::path folder;
  section.read_path("playbooks", folder);
  if (folder.empty()) return;
  std::vector<std::string> problems;
  auto read = desk::Playbooks::from_folder(folder, problems);
  for (const std::string& problem : problems)
    section.problem("playbooks", problem);
  playbooks = std::make_shared<const desk::Playbooks>(std::move(read));
}

}  // namespace

void read_webcare(config::Section& section, desk::Settings& settings,
                  std::shared_ptr<const desk::Playbooks>& playbooks) {
  section.read("first_response", settings.first_response, 1min, 30 * 24h);
  read_clocks(section, settings);
  section.read("warn_at", settings.warn_at, 0.1, 1.0);
  read_hours(section, settings);
  read_tell(section, "slow", settings.slow);
  section.read("unanswered", settings.unanswered, 0s, 30 * 24h);
  section.read("unanswered_weight", settings.unanswered_weight, 0.0, 3.0);
  read_tell(section, "promise_broken", settings.promise);
  section.read("promise_soon", settings.promise_soon, 0s, 24h);
  section.read("promise_grace", settings.promise_grace, 0s, 1h);
  if (const auto asks = section.choice("asks", {"addressed", "named"}))
    settings.asks = static_cast<desk::Asks>(*asks);
  if (const auto policy = section.choice("policy", {"public_first", "private_first"}))
    settings.policy = static_cast<desk::Policy>(*policy);
  if (const auto vague = section.choice("vague", {"watch", "answer"}))
    settings.vague = static_cast<desk::Vague>(*vague);
  std::int64_t joiners = settings.vague_joiners;
  section.read("vague_joiners", joiners, 1, 1000);
  settings.vague_joiners = static_cast<int>(joiners);
  section.read("house_rule", settings.house_rule, 0.5, 1.0);
  section.read("removal_reason", settings.removal_reason, 1min, 24h);
  section.read("follow_up", settings.follow_up, 1h, 30 * 24h);
  read_tell(section, "private_data", settings.private_data);
  read_playbooks(section, playbooks);
  if (settings.slow == desk::Tell::page)
    section.warn("slow", "pages for every complaint that waits; the board or a notice is meant");
}

}  // namespace brandwacht::daemon
