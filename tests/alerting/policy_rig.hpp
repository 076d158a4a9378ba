// A policy read from TOML, and what the tests of policies say over and over.
#pragma once
#include <boost/asio/co_spawn.hpp>
#include <string>
#include <vector>

#include "alerting/policy.hpp"
#include "tests/alerting/fakes.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::alerting {

// kNoon is a Thursday: 2026-01-01, 13:00 in Amsterdam.
inline Calendar amsterdam() {
  Calendar out;
  out.zone = Zone::find("Europe/Amsterdam").value_or(Zone{});
  return out;
}

inline Policy read_test_policy(std::string_view toml, const std::vector<std::string>& receivers,
                               config::Problems& problems) {
  auto document = config::Document::from_string(toml, "test.toml", problems);
  auto root = document.root();
  Policy out = read_policy(root, receivers, amsterdam(), kNoon);
  root.close();
  return out;
}

inline Policy good_policy(std::string_view toml, const std::vector<std::string>& receivers) {
  config::Problems problems;
  Policy out = read_test_policy(toml, receivers, problems);
  for (const auto& problem : problems.sorted())
    if (!problem.warning) FAIL(config::to_string(problem));
  return out;
}

inline CommandResult carry_out(Rig& rig, Command command) {
  CommandResult out;
  boost::asio::co_spawn(rig.io, rig.pager->command(std::move(command)),
                        [&](std::exception_ptr error, CommandResult result) {
                          if (error) std::abort();
                          out = std::move(result);
                        });
  rig.drain();
  return out;
}

inline CommandResult carry_out(Rig& rig, Command::Kind kind, std::string who = "Anna",
                               std::optional<Duration> expires = {}, std::uint64_t thread = 1) {
  Command command;
  command.kind = kind;
  command.incident = incident_id(thread, 1);
  command.who = std::move(who);
  command.via = "test";
  command.at = rig.clock.now();
  command.expires = expires;
  return carry_out(rig, std::move(command));
}

inline IncidentEvent news(const Rig& rig, IncidentEventKind kind, Tier tier = Tier::t2,
                          int joiners = 12, std::uint64_t thread = 1) {
  return invented_event(kind, invented_incident(thread, tier, joiners), rig.clock.now());
}

// Minutes after noon at which each page came.
inline std::vector<long> minutes(const Rig::Logs& log) {
  std::vector<long> out;
  for (const auto& entry : *log)
    out.push_back(std::chrono::round<std::chrono::minutes>(entry.at - kNoon).count());
  return out;
}

}  // namespace brandwacht::alerting
