// `brandwacht reload` and `brandwacht rotate-key`.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <stdexcept>

#include "alerting/ack_link.hpp"
#include "monitor/clock.hpp"
#include "monitor/daemon/api_client.hpp"
#include "monitor/daemon/commands.hpp"
#include "monitor/daemon/exit_codes.hpp"
#include "monitor/daemon/problems.hpp"
#include "monitor/daemon/settings.hpp"

namespace brandwacht::daemon {
namespace {

// The daemon that runs has the last word; but a bad file is shown here with its positions.
int reload(const ApiPlace& place) {
  if (place.url.empty()) {
    config::Problems problems;
    read_settings(place.config, problems);
    print_problems(problems, STDERR_FILENO);
    if (problems.fatal()) return kConfig;
  }
  const auto answer = ask_api(place, "POST", "/api/reload");
  if (answer.status() != kOk) return answer.status() == kDataError ? kConfig : answer.status();
  if (place.json) {
    fmt::print("{}", answer.body());
    return kOk;
  }
  fmt::print("the configuration is in force\n");
  simdjson::dom::array list;
  if (answer.json()["needs_restart"].get_array().get(list)) return kOk;
  for (const auto what : list) {
    std::string_view text;
    if (!what.get_string().get(text)) fmt::print("  {} needs a restart\n", text);
  }
  return kOk;
}

int rotate(const ApiPlace& place) {
  config::Problems problems;
  const Settings settings = read_settings(place.config, problems);
  if (problems.fatal()) {
    print_problems(problems, STDERR_FILENO);
    return kConfig;
  }
  const auto file = settings.daemon.data_dir / "ack.key";
  try {
    alerting::rotate_ack_key(file, SystemClock().now(), settings.inbound.link_expiry);
  } catch (const std::exception& error) {
    fmt::print(stderr, "brandwacht: {}\n", error.what());
    return kCannotCreate;
  }
  fmt::print("{} has a new key; links that went out before are good for {} more\n", file.string(),
             format_span(settings.inbound.link_expiry));
  const auto answer = ask_api(place, "POST", "/api/reload");
  if (answer.status() == kOk)
    fmt::print("the daemon has read it\n");
  else
    fmt::print("reload the daemon within five minutes, or start it\n");
  return kOk;
}

}  // namespace

void add_reload(CLI::App& app, int& status) {
  auto* command = app.add_subcommand("reload", "Have the daemon read its configuration again");
  command->footer(
      "Receivers, routes, people, rotations, policies, hooks, thresholds and budgets change at "
      "once; what\n"
      "needs a restart is named. A bad file is refused, and the one before stays in force. SIGHUP "
      "does the\nsame.\n\n"
      "  brandwacht reload -c brandwacht.toml");
  auto place = std::make_shared<ApiPlace>();
  add_api_options(*command, *place);
  command->callback([place, &status] { status = reload(*place); });
  auto* rotating = app.add_subcommand("rotate-key", "A new key for the links in pages");
  rotating->footer(
      "New links are signed by it from now on; those that went out before stay good until they "
      "expire, and\n"
      "not a moment longer. Do it when somebody leaves who could read ack.key.\n\n"
      "  brandwacht rotate-key -c brandwacht.toml");
  auto where = std::make_shared<ApiPlace>();
  add_api_options(*rotating, *where);
  rotating->callback([where, &status] { status = rotate(*where); });
}

}  // namespace brandwacht::daemon
