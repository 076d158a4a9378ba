// `brandwacht outbox list|retry|fsck`.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <optional>

#include "alerting/json.hpp"
#include "alerting/outbox_list.hpp"
#include "monitor/clock.hpp"
#include "monitor/daemon/api_client.hpp"
#include "monitor/daemon/commands.hpp"
#include "monitor/daemon/exit_codes.hpp"
#include "monitor/daemon/lock_file.hpp"
#include "monitor/daemon/problems.hpp"
#include "monitor/daemon/settings.hpp"
#include "monitor/daemon/text_table.hpp"

namespace brandwacht::daemon {
namespace {

struct Options {
  ApiPlace place;
  std::string state, target, incident, data_dir;
  std::size_t limit = 50;
  std::int64_t seq = 0;
  bool repair = false;
};

void add_rows(const simdjson::dom::element& answer, TextTable& table, std::size_t& left) {
  simdjson::dom::array rows;
  if (answer["outbox"].get_array().get(rows)) return;
  for (const auto row : rows) {
    if (left == 0) return;
    --left;
    const double delay = ApiAnswer::number(row, "/delay_seconds");
    const auto seen_by = ApiAnswer::text(row, "/seen_by");
    const auto detail = ApiAnswer::text(row, "/detail");
    table.add({fmt::format("{:.0f}", ApiAnswer::number(row, "/seq")),
               shown_time(ApiAnswer::text(row, "/decided_at")), ApiAnswer::text(row, "/target"),
               ApiAnswer::text(row, "/event"), ApiAnswer::text(row, "/state"),
               fmt::format("{:.0f}", ApiAnswer::number(row, "/attempts")),
               delay > 0 ? fmt::format("{:.1f} s", delay) : "-", ApiAnswer::text(row, "/incident"),
               seen_by.empty() ? detail : "by " + seen_by});
  }
}

int list(const Options& options) {
  TextTable table(
      {"SEQ", "DECIDED", "TARGET", "EVENT", "STATE", "TRIES", "DELAY", "INCIDENT", "DETAIL"});
  std::size_t left = options.limit;
  std::int64_t before = 0;
  while (left > 0) {
    const auto answer = ask_api(
        options.place, "GET",
        fmt::format("/api/outbox?state={}&target={}&incident={}&before={}&limit={}",
                    query_escaped(options.state), query_escaped(options.target),
                    query_escaped(options.incident), before, std::min<std::size_t>(left, 50)));
    if (answer.status() != kOk) return answer.status();
    if (options.place.json) fmt::print("{}", answer.body());
    add_rows(answer.json(), table, left);
    before = static_cast<std::int64_t>(ApiAnswer::number(answer.json(), "/next"));
    if (before == 0) break;
  }
  if (options.place.json) return kOk;
  if (table.empty())
    fmt::print("nothing was ever owed, or nothing like that\n");
  else
    table.print();
  return kOk;
}

int retry(const Options& options) {
  const auto answer =
      ask_api(options.place, "POST", fmt::format("/api/outbox/{}/retry", options.seq), "{}");
  if (answer.status() != kOk) return answer.status();
  if (options.place.json)
    fmt::print("{}", answer.body());
  else
    fmt::print("{}\n", ApiAnswer::text(answer.json(), "/text"));
  return kOk;
}

// The data directory alone: nobody has to be able to read the secrets for this.
int data_dir_of(const Options& options, std::filesystem::path& out) {
  if (!options.data_dir.empty()) {
    out = options.data_dir;
    return kOk;
  }
  config::Problems problems;
  auto document = config::Document::from_file(options.place.config, problems);
  out = std::filesystem::path(options.place.config).parent_path() / DaemonSettings().data_dir;
  if (auto root = document.root(); document.ok())
    if (auto section = root.section("daemon")) section->read_path("data_dir", out);
  print_problems(problems, STDERR_FILENO);
  return problems.fatal() ? kConfig : kOk;
}

void print_report(const alerting::OutboxReport& report, const std::filesystem::path& file) {
  for (const auto& fault : report.faults)
    fmt::print("{}: damaged: {}\n", file.string(), fault);
  for (const auto& [state, count] : report.rows)
    fmt::print("{:>8}  {}\n", count, state);
  fmt::print("{:>8}  open incidents\n{:>8}  silences\n", report.open_incidents, report.silences);
  if (report.damaged_pages > 0)
    fmt::print(
        "{:>8}  pages whose details cannot be read; they go out with the number of their "
        "incident alone\n",
        report.damaged_pages);
  if (!report.quarantined.empty())
    fmt::print("the damaged file is kept as {}\n", report.quarantined);
  fmt::print("{}: {}\n", file.string(),
             report.good() ? "good"
             : report.quarantined.empty()
                 ? "damaged; --repair sets it aside and takes over what can "
                   "be read"
                 : "repaired as far as that goes");
}

void print_json(const alerting::OutboxReport& report) {
  alerting::JsonWriter json;
  json.begin_object().field("good", report.good()).key("faults").begin_array();
  for (const auto& fault : report.faults)
    json.string(fault);
  json.end_array().key("rows").begin_object();
  for (const auto& [state, count] : report.rows)
    json.field(state, count);
  json.end_object()
      .field("open_incidents", report.open_incidents)
      .field("silences", report.silences)
      .field("damaged_pages", report.damaged_pages)
      .field("quarantined", report.quarantined)
      .end_object();
  fmt::print("{}\n", json.text());
}

int fsck(const Options& options) {
  std::filesystem::path data;
  if (const int status = data_dir_of(options, data); status != kOk) return status;
  const auto file = data / "pages.db";
  if (!std::filesystem::exists(file)) {
    fmt::print(stderr, "brandwacht: there is no {}\n", file.string());
    return kNoInput;
  }
  std::optional<LockFile> lock;
  try {
    lock.emplace(data);
  } catch (const std::runtime_error& error) {
    fmt::print(stderr, "brandwacht: {}\nbrandwacht: stop the daemon first\n", error.what());
    return kUnavailable;
  }
  try {
    const auto report = alerting::check_outbox(file, options.repair, SystemClock().now());
    options.place.json ? print_json(report) : print_report(report, file);
    return report.good() ? kOk : kDataError;
  } catch (const std::exception& error) {
    fmt::print(stderr, "brandwacht: {}\n", error.what());
    return kIoError;
  }
}

}  // namespace

void add_outbox(CLI::App& app, int& status) {
  auto* command =
      app.add_subcommand("outbox", "Every page to every receiver, and what became of it");
  command->require_subcommand(1);
  command->footer(
      "DELAY is from the decision to the receiver's acceptance.\n\n"
      "  brandwacht outbox list --state dead\n"
      "  brandwacht outbox retry 512\n"
      "  brandwacht outbox fsck --repair          with the daemon stopped");
  auto options = std::make_shared<Options>();
  auto* listing = command->add_subcommand("list", "The delivery log, newest first");
  add_api_options(*listing, options->place);
  listing->add_option("--state", options->state,
                      "queued, sending, unsure, accepted, seen, acknowledged or dead");
  listing->add_option("--target", options->target, "of this receiver");
  listing->add_option("--incident", options->incident, "of this incident");
  listing->add_option("--limit", options->limit, "how many")->capture_default_str();
  listing->callback([options, &status] { status = list(*options); });
  auto* retrying = command->add_subcommand("retry", "Owe a dead page anew");
  add_api_options(*retrying, options->place);
  retrying->add_option("SEQ", options->seq, "its number in the list")->required();
  retrying->callback([options, &status] { status = retry(*options); });
  auto* checking = command->add_subcommand("fsck", "Check the file; 65 if it is damaged");
  add_api_options(*checking, options->place);
  checking->add_option("--data-dir", options->data_dir, "instead of the configuration's");
  checking->add_flag("--repair", options->repair,
                     "set a damaged file aside and take over what can be read");
  checking->callback([options, &status] { status = fsck(*options); });
}

}  // namespace brandwacht::daemon
