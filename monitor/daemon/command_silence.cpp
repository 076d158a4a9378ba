// `brandwacht silence add|list|expire`.
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

struct Options {
  ApiPlace place;
  std::vector<std::string> brands, platforms, tiers, events, languages, hours, incidents;
  bool surge = false, no_surge = false;
  std::string span, from, until, as, comment, id;
  bool all = false;
};

std::string joined(const simdjson::dom::element& silence) {
  std::string out;
  for (const char* key : {"brand", "platform", "tier", "event", "language", "hours", "incident"}) {
    simdjson::dom::array names;
    if (silence[key].get_array().get(names) || names.size() == 0) continue;
    out += (out.empty() ? "" : " ") + std::string(key) + "=";
    bool first = true;
    for (const auto name : names) {
      std::string_view text;
      if (name.get_string().get(text)) continue;
      out += (first ? "" : ",") + std::string(text);
      first = false;
    }
  }
  bool surge = false;
  if (!silence["surge"].get_bool().get(surge))
    out += (out.empty() ? "" : " ") + std::string(surge ? "surge" : "no surge");
  return out.empty() ? "everything" : out;
}

int list(const Options& options) {
  const auto answer = ask_api(options.place, "GET", "/api/silences");
  if (answer.status() != kOk) return answer.status();
  if (options.place.json) {
    fmt::print("{}", answer.body());
    return kOk;
  }
  TextTable table({"ID", "HOLDS", "UNTIL", "BY", "OF WHAT", "WHY"});
  simdjson::dom::array silences;
  if (!answer.json()["silences"].get_array().get(silences))
    for (const auto silence : silences)
      table.add({ApiAnswer::text(silence, "/id"),
                 ApiAnswer::flag(silence, "/holds")
                     ? "now"
                     : "from " + shown_time(ApiAnswer::text(silence, "/from")),
                 shown_time(ApiAnswer::text(silence, "/until")),
                 ApiAnswer::text(silence, "/author"), joined(silence),
                 ApiAnswer::text(silence, "/comment")});
  if (table.empty())
    fmt::print("nothing is silenced\n");
  else
    table.print();
  return kOk;
}

void write_list(alerting::JsonWriter& json, std::string_view key,
                const std::vector<std::string>& names) {
  if (names.empty()) return;
  json.key(key).begin_array();
  for (const auto& name : names)
    json.string(name);
  json.end_array();
}

int add(const Options& options) {
  if (!options.span.empty() && !check_span("--for", options.span)) return kUsage;
  alerting::JsonWriter json;
  json.begin_object();
  write_list(json, "brand", options.brands);
  write_list(json, "platform", options.platforms);
  write_list(json, "tier", options.tiers);
  write_list(json, "event", options.events);
  write_list(json, "language", options.languages);
  write_list(json, "hours", options.hours);
  write_list(json, "incident", options.incidents);
  if (options.surge || options.no_surge) json.field("surge", options.surge);
  if (options.all) json.field("all", true);
  if (!options.span.empty()) json.field("for", options.span);
  if (!options.from.empty()) json.field("from", options.from);
  if (!options.until.empty()) json.field("until", options.until);
  json.field("author", operator_name(options.as)).field("comment", options.comment).end_object();
  const auto answer = ask_api(options.place, "POST", "/api/silences", std::move(json).text());
  if (answer.status() != kOk) return answer.status();
  if (options.place.json)
    fmt::print("{}", answer.body());
  else
    fmt::print("{}: {} is silent until {}\n", ApiAnswer::text(answer.json(), "/id"),
               joined(answer.json()), shown_time(ApiAnswer::text(answer.json(), "/until")));
  return kOk;
}

int expire(const Options& options) {
  const auto answer =
      ask_api(options.place, "DELETE", "/api/silences/" + query_escaped(options.id));
  if (answer.status() != kOk) return answer.status();
  if (options.place.json)
    fmt::print("{}", answer.body());
  else
    fmt::print("{}\n", ApiAnswer::text(answer.json(), "/text"));
  return kOk;
}

}  // namespace

void add_silence(CLI::App& app, int& status) {
  auto* command = app.add_subcommand("silence", "Do not page about something for a while");
  command->require_subcommand(1);
  command->footer(
      "The end of an incident always passes a silence. What is still open when the silence ends is "
      "told then.\n\n"
      "  brandwacht silence add --brand Polderbank --tier T3 --for 2h --comment 'planned work'\n"
      "  brandwacht silence add --incident bw-1122334455667788-1 --for 30min\n"
      "  brandwacht silence list\n"
      "  brandwacht silence expire s-0011223344556677");
  auto options = std::make_shared<Options>();
  auto* adding = command->add_subcommand("add", "Begin one");
  add_api_options(*adding, options->place);
  adding->add_option("--brand", options->brands, "any of these brands");
  adding->add_option("--platform", options->platforms, "any of these platforms");
  adding->add_option("--tier", options->tiers, "any of T1 to T4");
  adding->add_option("--event", options->events, "page (T1, T2) or notify (the rest)");
  adding->add_option("--language", options->languages, "nl, en or other");
  adding->add_option("--hours", options->hours,
                     "only in these hours of the week, such as 'Mon-Fri 18:00-22:00' or night");
  auto* surge = adding->add_flag("--surge", options->surge, "only surges of a brand as a whole");
  adding->add_flag("--no-surge", options->no_surge, "only single threads")->excludes(surge);
  adding->add_option("--incident", options->incidents, "any of these incidents");
  adding->add_flag("--all", options->all, "everything; must be said, since it is so much");
  adding->add_option("--for", options->span, "how long, such as 2h");
  adding->add_option("--from", options->from, "a time in RFC 3339; else now");
  adding->add_option("--until", options->until, "a time in RFC 3339, instead of --for");
  adding->add_option("--as", options->as, "your name, as others see it; else $USER");
  adding->add_option("--comment", options->comment, "why, for your colleagues");
  adding->callback([options, &status] { status = add(*options); });
  auto* listing = command->add_subcommand("list", "Those that hold, and those to come");
  add_api_options(*listing, options->place);
  listing->callback([options, &status] { status = list(*options); });
  auto* expiring = command->add_subcommand("expire", "End one now");
  add_api_options(*expiring, options->place);
  expiring->add_option("ID", options->id, "of the silence")->required();
  expiring->callback([options, &status] { status = expire(*options); });
}

}  // namespace brandwacht::daemon
