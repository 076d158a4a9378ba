#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "alerting/json.hpp"
#include "alerting/policy.hpp"
#include "monitor/daemon/commands.hpp"
#include "monitor/daemon/exit_codes.hpp"
#include "monitor/daemon/problems.hpp"
#include "monitor/daemon/settings.hpp"
#include "monitor/daemon/terminal.hpp"

namespace brandwacht::daemon {
namespace {

using alerting::Foreseen;

struct RouteOptions {
  std::string config = "brandwacht.toml", brand, tier = "T2", at, platform, language;
  bool surge = false, json = false;
};

[[noreturn]] void wrong(const std::string& option, const std::string& text) {
  throw CLI::ValidationError(option, text);
}

IncidentEvent asked_about(const RouteOptions& options, const Settings& settings) {
  IncidentEvent out;
  out.at = SystemClock().now();
  Incident& incident = out.incident;
  incident.brand = options.brand;
  incident.platform = options.platform;
  incident.language = options.language;
  incident.surge = options.surge;
  incident.id = "bw-0000000000000000-1";
  std::vector<std::string> brands;
  for (const auto& brand : settings.line.brands)
    brands.push_back(brand.name);
  if (std::ranges::find(brands, options.brand) == brands.end())
    wrong("--brand", fmt::format("there is no brand '{}' {}", options.brand,
                                 config::did_you_mean(options.brand, brands)));
  bool found = false;
  for (const auto tier : {Tier::t1, Tier::t2, Tier::t3})
    if (CLI::detail::to_lower(options.tier) ==
        CLI::detail::to_lower(std::string(to_string(tier)))) {
      incident.tier = tier;
      found = true;
    }
  if (!found) wrong("--tier", fmt::format("there is no tier '{}': T1, T2 or T3", options.tier));
  out.kind = incident.tier <= Tier::t2 ? IncidentEventKind::page : IncidentEventKind::notify;
  if (options.at.empty()) return out;
  const auto time = parse_local_time(settings.brand_level.calendar.zone, options.at, DayEnd::begin);
  if (!time)
    wrong("--at", fmt::format("'{}' is no time: \"2026-12-24 21:30\", or RFC 3339", options.at));
  out.at = *time;
  return out;
}

// "Thu 2026-12-24 21:30", by the desk's clock.
std::string wall(const Zone& zone, Time time) {
  static constexpr std::array kDays{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  const LocalTime local = zone.local(time);
  const std::chrono::year_month_day day{local.day};
  const auto minutes = std::chrono::floor<std::chrono::minutes>(local.since_midnight).count();
  return fmt::format("{} {}-{:02}-{:02} {:02}:{:02}",
                     kDays[static_cast<std::size_t>(local.weekday)], static_cast<int>(day.year()),
                     static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()),
                     minutes / 60, minutes % 60);
}

void print_json(const IncidentEvent& event, const std::vector<Foreseen>& steps) {
  alerting::JsonWriter json;
  json.begin_object()
      .field("brand", event.incident.brand)
      .field("tier", to_string(event.incident.tier))
      .field("at", format_rfc3339(event.at))
      .key("steps")
      .begin_array();
  for (const auto& step : steps) {
    json.begin_object()
        .field("at", format_rfc3339(step.at))
        .field("step", step.step)
        .key("tell")
        .begin_array();
    for (const auto& to : step.tell)
      json.begin_object().field("receiver", to.receiver).field("person", to.person).end_object();
    json.end_array().key("verdicts").begin_array();
    for (const auto& verdict : step.verdicts)
      json.begin_object().field("stage", verdict.stage).field("text", verdict.text).end_object();
    json.end_array().end_object();
  }
  json.end_array().end_object();
  fmt::print("{}\n", json.text());
}

void print_table(const IncidentEvent& event, const std::vector<Foreseen>& steps,
                 const Calendar& calendar) {
  const Paint paint{colour_on(STDOUT_FILENO)};
  fmt::print("{} of {}{}{}, {}\n\n", to_string(event.incident.tier), event.incident.brand,
             event.incident.platform.empty() ? "" : " on ", event.incident.platform,
             wall(calendar.zone, event.at));
  for (const auto& verdict : steps.front().verdicts)
    fmt::print("  {} {}\n", paint.dim(fit(verdict.stage, 12)), verdict.text);
  fmt::print("\n");
  if (steps.front().tell.empty() && steps.size() == 1) {
    fmt::print("{}\n", paint.red("Nobody would be told."));
    return;
  }
  fmt::print("  {}\n", paint.bold(fit("when", 22) + fit("after", 12) + fit("step", 18) +
                                  fit("receiver", 20) + "person"));
  for (const auto& step : steps) {
    std::string head = fit(wall(calendar.zone, step.at), 22) +
                       fit(step.at == event.at ? "at once" : format_span(step.at - event.at), 12) +
                       fit(step.step, 18);
    for (const auto& to : step.tell) {
      fmt::print("  {}{}{}\n", head, fit(to.receiver, 20), to.person);
      head = std::string(52, ' ');
    }
  }
  fmt::print("\n{}\n", paint.dim("If nobody acknowledges it. What people silenced in a running "
                                 "daemon is not looked at."));
}

int route(const RouteOptions& options) {
  config::Problems problems;
  const Settings settings = read_settings(options.config, problems);
  if (problems.fatal()) {
    print_problems(problems, STDERR_FILENO);
    return kConfig;
  }
  const IncidentEvent event = asked_about(options, settings);
  const auto steps = alerting::foresee(settings.policy, {}, event);
  if (options.json)
    print_json(event, steps);
  else
    print_table(event, steps, settings.brand_level.calendar);
  const bool anybody =
      std::ranges::any_of(steps, [](const Foreseen& step) { return !step.tell.empty(); });
  return anybody ? kOk : 1;
}

}  // namespace

void add_route(CLI::App& app, int& status) {
  auto* command = app.add_subcommand("route", "Who would be paged, and when, over all steps");
  command->footer(
      "Reads the configuration only: nothing is sent, no daemon is asked.\n"
      "Ends with 1 if nobody would be told.\n\n"
      "  brandwacht route --brand acme --tier T1 --at '2026-12-24 23:30'");
  auto options = std::make_shared<RouteOptions>();
  command->add_option("-c,--config", options->config, "the configuration")->capture_default_str();
  command->add_option("--brand", options->brand, "whose incident")->required();
  command->add_option("--tier", options->tier, "T1, T2 or T3")->capture_default_str();
  command->add_option("--at", options->at, "when, by the desk's clock or RFC 3339; absent: now");
  command->add_option("--platform", options->platform, "bluesky, mastodon, ...");
  command->add_option("--language", options->language, "nl, en or other");
  command->add_flag("--surge", options->surge, "of the brand as a whole");
  command->add_flag("--json", options->json, "one object instead of a table");
  command->callback([options, &status] { status = route(*options); });
}

}  // namespace brandwacht::daemon
