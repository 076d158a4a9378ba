#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <stdexcept>

#include "monitor/clock.hpp"
#include "monitor/daemon/commands.hpp"
#include "monitor/daemon/exit_codes.hpp"
#include "monitor/daemon/problems.hpp"
#include "monitor/daemon/rehearsal.hpp"
#include "monitor/daemon/terminal.hpp"
#include "monitor/daemon/toml_edit.hpp"
#include "monitor/replay/tune.hpp"

namespace brandwacht::daemon {
namespace {

struct Options : RehearsalOptions {
  std::string out = "escalation.toml";
  bool all = false;
};

int run_fit(const Options& options) {
  config::Problems problems;
  const Settings settings = read_settings(options.config, problems, WithModel::no);
  print_problems(problems, STDERR_FILENO);
  if (problems.fatal()) return kConfig;
  ProgressLine progress(!options.quiet && is_terminal(STDERR_FILENO));
  int status = kOk;
  const auto rehearsal = rehearse(options, settings, progress, status);
  if (!rehearsal) return status;
  const Time to = options.all || !options.to.empty()
                      ? rehearsal->to
                      : replay::split(rehearsal->from, rehearsal->to).c.from;
  const auto fit = fit_model(*rehearsal, settings, rehearsal->from, to, progress);
  fmt::print("Fitted to {} - {}\n{}", format_rfc3339(rehearsal->from), format_rfc3339(to),
             fit_table(fit));
  if (!fit.model.calibrated) {
    fmt::print(stderr,
               "brandwacht: uncalibrated: too few threads grew in this recording to learn from, so "
               "nothing was "
               "written and the weights that ship stay in force. Record longer.\n");
    return kDataError;
  }
  try {
    replace_file(options.out,
                 to_toml(model_file_of(fit, rehearsal->from, to, SystemClock{}.now())));
  } catch (const std::runtime_error& error) {
    fmt::print(stderr, "brandwacht: {}\n", error.what());
    return kCannotCreate;
  }
  fmt::print(
      "\nWritten to {0}. Name it in the configuration, [decision] model = \"{0}\", and choose the "
      "thresholds with\n`brandwacht tune`.\n",
      options.out);
  return kOk;
}

}  // namespace

void add_fit(CLI::App& app, int& status) {
  auto* command = app.add_subcommand(
      "fit", "Learn from a recording how your public escalates: a calibrated model");
  command->footer(
      "Learns when the public is awake, how fast people answer, how one critic draws others, and "
      "what the numbers\n"
      "of a thread then mean; from the first half of the recording, so that `tune` has the other "
      "half to choose\n"
      "and to judge on (--all: from the whole). Needs 20 threads that got 30 more critics within 6 "
      "h; with fewer\n"
      "it writes nothing, says \"uncalibrated\" and ends with 65.\n\n"
      "  brandwacht fit -c brandwacht.toml brandwacht-data/recording --out escalation.toml\n"
      "  brandwacht fit -c brandwacht.toml week*.ndjson");
  auto options = std::make_shared<Options>();
  command->add_option("-c,--config", options->config, "the configuration")->capture_default_str();
  command
      ->add_option("file", options->files,
                   "recordings (directories or segments) and NDJSON files, in the order of time")
      ->required();
  command->add_option("--out", options->out, "the model file")->capture_default_str();
  command->add_option("--from", options->from, "use nothing before this day or time");
  command->add_option("--to", options->to, "use nothing after this day or time");
  command->add_flag("--all", options->all, "use all of it, and leave nothing for tune");
  command->add_flag("-q,--quiet", options->quiet, "no progress");
  command->callback([options, &status] { status = run_fit(*options); });
}

}  // namespace brandwacht::daemon
