// `brandwacht page`: does a page arrive, and does the answer come back?
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <memory>
#include <thread>

#include "alerting/json.hpp"
#include "config/duration.hpp"
#include "monitor/daemon/api_client.hpp"
#include "monitor/daemon/commands.hpp"
#include "monitor/daemon/exit_codes.hpp"

namespace brandwacht::daemon {
namespace {

using namespace std::chrono_literals;

struct Options {
  ApiPlace place;
  std::string target, brand, platform, tier, lasts, wait;
  bool drill = false;
};

// Asks until somebody has taken it.
int wait_for_answer(const Options& options, const std::string& id) {
  const auto patience = config::parse_duration(options.wait).value.value_or(0s);
  const auto until = std::chrono::steady_clock::now() + patience;
  for (;;) {
    const auto answer = ask_api(options.place, "GET", "/api/page/" + query_escaped(id));
    if (answer.status() != kOk) return answer.status();
    if (ApiAnswer::flag(answer.json(), "/taken")) {
      if (options.place.json)
        fmt::print("{}", answer.body());
      else
        fmt::print("taken by {} by way of {} after {:.1f} s\n",
                   ApiAnswer::text(answer.json(), "/by"), ApiAnswer::text(answer.json(), "/via"),
                   ApiAnswer::number(answer.json(), "/after_seconds"));
      return kOk;
    }
    if (std::chrono::steady_clock::now() >= until || ApiAnswer::flag(answer.json(), "/over")) break;
    std::this_thread::sleep_for(500ms);
  }
  fmt::print(stderr, "brandwacht: nobody took it within {}\n", options.wait);
  return kTempFail;
}

// Whether the drill reached this receiver, and how fast.
int see_it_arrive(const Options& options, const std::string& id) {
  const auto until = std::chrono::steady_clock::now() + 30s;
  std::string state;
  while (std::chrono::steady_clock::now() < until) {
    const auto answer = ask_api(
        options.place, "GET",
        fmt::format("/api/outbox?incident={}&target={}", id, query_escaped(options.target)));
    if (answer.status() != kOk) return answer.status();
    simdjson::dom::element row;
    if (!answer.json().at_pointer("/outbox/0").get(row)) {
      state = ApiAnswer::text(row, "/state");
      if (state == "accepted" || state == "seen" || state == "acknowledged") {
        if (!options.place.json)
          fmt::print("{} took it after {:.2f} s\n", options.target,
                     ApiAnswer::number(row, "/delay_seconds"));
        return kOk;
      }
      if (state == "dead") break;
    }
    std::this_thread::sleep_for(200ms);
  }
  fmt::print(stderr, "brandwacht: the drill did not reach {}: {}\n", options.target,
             state.empty() ? "the route does not lead there" : "the page is " + state);
  return kUnavailable;
}

std::string wish(const Options& options) {
  alerting::JsonWriter json;
  json.begin_object();
  if (options.drill) json.field("drill", true);
  if (!options.target.empty() && !options.drill) json.field("target", options.target);
  for (const auto& [key, value] : {std::pair{"brand", options.brand},
                                   {"platform", options.platform},
                                   {"tier", options.tier},
                                   {"for", options.lasts}})
    if (!value.empty() && options.drill) json.field(key, value);
  return std::move(json.end_object()).text();
}

int page(const Options& options) {
  for (const auto& [name, span] : {std::pair{"--for", options.lasts}, {"--wait", options.wait}})
    if (!span.empty() && !check_span(name, span)) return kUsage;
  if (options.target.empty() && !options.drill) {
    fmt::print(stderr,
               "brandwacht: say --target NAME for one receiver, or --drill for the whole route\n");
    return kUsage;
  }
  const auto answer = ask_api(options.place, "POST", "/api/page", wish(options));
  if (answer.status() != kOk) return answer.status();
  const auto id = ApiAnswer::text(answer.json(), "/id");
  const bool accepted = options.drill || ApiAnswer::flag(answer.json(), "/accepted");
  if (options.place.json)
    fmt::print("{}", answer.body());
  else if (options.drill)
    fmt::print(
        "{}: the drill goes the way of a real page; see `brandwacht outbox list --incident "
        "{}`\n",
        id, id);
  else if (accepted)
    fmt::print("{} took the test page in {:.2f} s\n", options.target,
               ApiAnswer::number(answer.json(), "/seconds"));
  if (!accepted) {
    fmt::print(stderr, "brandwacht: {} did not take the test page ({}): {}\n", options.target,
               ApiAnswer::text(answer.json(), "/outcome"),
               ApiAnswer::text(answer.json(), "/detail"));
    return kUnavailable;
  }
  if (options.drill && !options.target.empty())
    if (const int status = see_it_arrive(options, id); status != kOk) return status;
  return options.wait.empty() ? static_cast<int>(kOk) : wait_for_answer(options, id);
}

}  // namespace

void add_page(CLI::App& app, int& status) {
  auto* command = app.add_subcommand("page", "Try a receiver, or hold a drill");
  command->footer(
      "A test goes straight to one receiver and says what came of it. A drill is an invented "
      "incident that\n"
      "goes through routes, silences and escalation like a real one, and is marked as a drill in "
      "all "
      "it says.\n"
      "Both end by themselves. 69: the receiver did not take it; 75: nobody answered within "
      "--wait.\n\n"
      "  brandwacht page --target phone\n"
      "  brandwacht page --target phone --wait 5min      and is the way back open?\n"
      "  brandwacht page --drill --tier T1 --for 20min --wait 15min\n"
      "  brandwacht page --drill --target phone          and does the route lead there?");
  auto options = std::make_shared<Options>();
  add_api_options(*command, options->place);
  command->add_option("--target", options->target,
                      "a receiver: straight to it; with --drill, whether it arrives there");
  command->add_flag("--drill", options->drill, "an exercise, the whole way");
  command->add_option("--brand", options->brand, "of the drill; else the first");
  command->add_option("--platform", options->platform, "of the drill; else bluesky");
  command->add_option("--tier", options->tier, "of the drill; else T2");
  command->add_option("--for", options->lasts, "how long the drill lasts; else 15min");
  command->add_option("--wait", options->wait, "wait so long for somebody to take it");
  command->callback([options, &status] { status = page(*options); });
}

}  // namespace brandwacht::daemon
