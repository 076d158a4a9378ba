// `brandwacht incidents`, `ack`, `unack`, `resolve` and `escalate`.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "alerting/json.hpp"
#include "monitor/clock.hpp"
#include "monitor/daemon/api_client.hpp"
#include "monitor/daemon/commands.hpp"
#include "monitor/daemon/exit_codes.hpp"
#include "monitor/daemon/text_table.hpp"

namespace brandwacht::daemon {
namespace {

void add_rows(const simdjson::dom::element& answer, TextTable& table) {
  simdjson::dom::array list;
  if (answer["incidents"].get_array().get(list)) return;
  const Time now = SystemClock().now();
  for (const auto incident : list) {
    const auto by = ApiAnswer::text(incident, "/acknowledged/by");
    const auto until = ApiAnswer::text(incident, "/acknowledged/until");
    table.add({ApiAnswer::text(incident, "/id"), ApiAnswer::text(incident, "/tier"),
               ApiAnswer::text(incident, "/state"),
               by.empty() ? "-" : fmt::format("{} until {}", by, shown_time(until)),
               shown_age(ApiAnswer::text(incident, "/opened_at"), now),
               fmt::format("{:.0f}", ApiAnswer::number(incident, "/critics")),
               ApiAnswer::text(incident, "/title")});
  }
}

// Page after page, because an answer is read up to a bound.
int list(const ApiPlace& place) {
  TextTable table({"ID", "TIER", "STATE", "HELD BY", "OPEN", "CRITICS", "TITLE"});
  std::string after;
  do {
    const auto answer = ask_api(place, "GET", "/api/incidents?after=" + query_escaped(after));
    if (answer.status() != kOk) return answer.status();
    if (place.json) fmt::print("{}", answer.body());
    add_rows(answer.json(), table);
    after = ApiAnswer::text(answer.json(), "/next");
  } while (!after.empty());
  if (place.json) return kOk;
  if (table.empty())
    fmt::print("no incident is open\n");
  else
    table.print();
  return kOk;
}

struct Options {
  ApiPlace place;
  std::string incident, as, span;
};

int act(const Options& options, const std::string& verb) {
  if (!options.span.empty() && !check_span("--for", options.span)) return kUsage;
  alerting::JsonWriter json;
  json.begin_object().field("who", operator_name(options.as)).field("via", "cli");
  if (!options.span.empty()) json.field("for", options.span);
  json.end_object();
  const auto answer =
      ask_api(options.place, "POST",
              fmt::format("/api/incidents/{}/{}", query_escaped(options.incident), verb),
              std::move(json).text());
  if (answer.status() != kOk) return answer.status();
  if (options.place.json)
    fmt::print("{}", answer.body());
  else
    fmt::print("{}{}\n", ApiAnswer::flag(answer.json(), "/done") ? "" : "nothing to do: ",
               ApiAnswer::text(answer.json(), "/text"));
  return kOk;
}

void add_act(CLI::App& app, int& status, const char* verb,
             const std::pair<const char*, const char*>& words) {
  auto* command = app.add_subcommand(verb, words.first);
  command->footer(words.second);
  auto options = std::make_shared<Options>();
  add_api_options(*command, options->place);
  command->add_option("ID", options->incident, "of the incident, see `brandwacht incidents`")
      ->required();
  command->add_option("--as", options->as, "your name, as others see it; else $USER");
  if (std::string_view(verb) == "ack")
    command->add_option("--for", options->span, "how long you hold it, such as 30min");
  command->callback([options, &status, verb] { status = act(*options, verb); });
}

}  // namespace

void add_incidents(CLI::App& app, int& status) {
  auto* command = app.add_subcommand("incidents", "What is open now, and who holds it");
  command->footer(
      "Asks the daemon that runs.\n\n"
      "  brandwacht incidents\n"
      "  brandwacht incidents --json | jq -r '.incidents[].id'");
  auto place = std::make_shared<ApiPlace>();
  add_api_options(*command, *place);
  command->callback([place, &status] { status = list(*place); });
  add_act(app, status, "ack",
          {"Take an incident: nobody else is paged for it for a while",
           "When the time is over, or the tier rises, paging begins anew.\n\n"
           "  brandwacht ack bw-1122334455667788-1 --for 45min --as Fatima"});
  add_act(app, status, "unack",
          {"Let go of an incident: whoever is on call is paged anew",
           "  brandwacht unack bw-1122334455667788-1"});
  add_act(app, status, "resolve",
          {"End an incident by hand, at every receiver",
           "Should its thread grow again, it pages anew.\n\n"
           "  brandwacht resolve bw-1122334455667788-1 --as Fatima"});
  add_act(app, status, "escalate",
          {"Page the next step of an incident's policy now",
           "  brandwacht escalate bw-1122334455667788-1"});
}

}  // namespace brandwacht::daemon
