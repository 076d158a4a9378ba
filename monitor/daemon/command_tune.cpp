#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <memory>
#include <stdexcept>

#include "config/text_file.hpp"
#include "monitor/clock.hpp"
#include "monitor/daemon/commands.hpp"
#include "monitor/daemon/exit_codes.hpp"
#include "monitor/daemon/problems.hpp"
#include "monitor/daemon/rehearsal.hpp"
#include "monitor/daemon/terminal.hpp"
#include "monitor/daemon/toml_edit.hpp"
#include "monitor/daemon/tune_text.hpp"
#include "monitor/replay/feedback.hpp"
#include "monitor/replay/report.hpp"

namespace brandwacht::daemon {
namespace {

constexpr std::size_t kMostConfig = 4U << 20U, kMostFeedback = 256U << 20U;
constexpr const char* kModelName = "escalation.toml";

struct Options : RehearsalOptions {
  std::string budget, night, notices, feedback, report;
  int critics = 30;
  double hours = 24;
  bool write = false;
};

// What stops the command: a sentence and an exit status.
struct Stop : std::runtime_error {
  Stop(int code, const std::string& what) : std::runtime_error(what), status(code) {}
  int status;
};

Rate rate_of(const std::string& text, std::string_view option, const Rate& otherwise) {
  if (text.empty()) return otherwise;
  const ParsedRate parsed = parse_rate(text);
  if (!parsed.value)
    throw Stop(kUsage,
               fmt::format("{} '{}' {}; {}", option, text, parsed.fault, parsed.suggestion));
  return *parsed.value;
}

std::string read_text(const std::string& file, std::size_t most) {
  auto read = config::read_text_file(file, most);
  if (!read.fault.empty()) throw Stop(kNoInput, fmt::format("{}: {}", file, read.fault));
  return std::move(read.text);
}

// Read before the recording, which takes longest.
replay::TuneSettings ask(const Options& options, const Settings& settings) {
  replay::TuneSettings tune;
  tune.line = settings.line;
  tune.calendar = settings.brand_level.calendar;
  tune.budget = rate_of(options.budget, "--budget", settings.brand_level.budget.pages);
  if (!tune.budget.limited() || tune.budget.count == 0)
    throw Stop(kUsage, "say how often the phone may ring: --budget 2/week");
  tune.night = rate_of(options.night, "--night", settings.brand_level.budget.night);
  // A notice wakes nobody: five for each page, unless said otherwise.
  const Rate five{std::min(5 * tune.budget.count, Rate::kMost), tune.budget.window};
  tune.notices = rate_of(options.notices, "--notices", five);
  tune.outcome.critics = options.critics;
  tune.outcome.within = std::chrono::duration_cast<Duration>(
      std::chrono::duration<double, std::ratio<3600>>(options.hours));
  if (!options.feedback.empty()) {
    auto parsed = replay::parse_feedback(read_text(options.feedback, kMostFeedback));
    for (const std::string& fault : parsed.faults)
      fmt::print(stderr, "{}:{}\n", options.feedback, fault);
    tune.feedback = std::move(parsed.feedback);
  }
  return tune;
}

// Which model, and which parts of the recording are left to choose and to judge on. A model that
// was fitted here and now is given back, to be written with the rest.
std::optional<ModelFile> choose_model(const Rehearsal& rehearsal, const Settings& settings,
                                      replay::TuneSettings& tune, ProgressLine& progress) {
  tune.end = rehearsal.to;
  if (settings.model) {
    if (settings.model->to >= rehearsal.to)
      throw Stop(
          kDataError,
          fmt::format(
              "the model was fitted to everything until {}, so this recording has nothing left to "
              "choose a threshold on; fit to an earlier part, or record longer",
              format_rfc3339(settings.model->to)));
    tune.blocks = replay::split_after(settings.model->to, rehearsal.from, rehearsal.to);
    return std::nullopt;
  }
  tune.blocks = replay::split(rehearsal.from, rehearsal.to);
  const auto fit = fit_model(rehearsal, settings, tune.blocks.a.from, tune.blocks.b.to, progress);
  if (!fit.model.calibrated) return std::nullopt;  // the weights that ship; tuning says so
  tune.line.threads.model = std::make_shared<const thread::Model>(fit.model);
  return model_file_of(fit, tune.blocks.a.from, tune.blocks.b.to, SystemClock{}.now());
}

std::vector<TomlChange> changes_of(const replay::TuneSettings& tune,
                                   const replay::TuneResult& result, bool fitted) {
  std::vector<TomlChange> out;
  if (result.verdict != replay::Verdict::good || !result.page.within) return out;
  const auto theta = [&](const char* key, double value) {
    out.push_back({"decision", key, fmt::format("{:g}", value)});
  };
  if (fitted) out.push_back({"decision", "model", fmt::format("\"{}\"", kModelName)});
  theta("theta_page", result.page.theta);
  if (result.repage_factor > 0) theta("repage_factor", result.repage_factor);
  if (!result.notify.tried.empty()) theta("theta_notify", result.notify.theta);
  if (!result.tier1.tried.empty()) theta("theta_tier1", result.tier1.theta);
  out.push_back({"budget", "pages", fmt::format("\"{}\"", to_string(tune.budget))});
  if (tune.night.limited())
    out.push_back({"budget", "night", fmt::format("\"{}\"", to_string(tune.night))});
  return out;
}

// The configuration as it will be must be good, and say what was chosen: read it before it counts.
void write_all(const Options& options, const std::string& text,
               const std::optional<ModelFile>& model, const replay::TuneResult& result) {
  const std::filesystem::path config = options.config;
  auto trial = config;
  trial += ".trial";
  if (model) replace_file(config.parent_path() / kModelName, to_toml(*model));
  replace_file(trial, text);
  config::Problems problems;
  const Settings now = read_settings(trial, problems);
  std::error_code ignored;
  std::filesystem::remove(trial, ignored);
  if (problems.fatal() || std::abs(now.line.decision.theta_page - result.page.theta) > 1e-9) {
    print_problems(problems, STDERR_FILENO);
    throw Stop(
        kConfig,
        fmt::format("{} is written in a way that this cannot change; apply the difference by hand",
                    options.config));
  }
  replace_file(config, text);
}

int tune_and_tell(const Options& options, const Settings& settings) {
  replay::TuneSettings tune = ask(options, settings);
  ProgressLine progress(!options.quiet && is_terminal(STDERR_FILENO));
  int status = kOk;
  const auto rehearsal = rehearse(options, settings, progress, status);
  if (!rehearsal) return status;
  const auto model = choose_model(*rehearsal, settings, tune, progress);
  const auto result = replay::tune(
      [&](line::Settings with, line::Hooks hooks, Time until) {
        rehearsal->player->play(std::move(with), std::move(hooks), until);
      },
      tune, [&](double part, std::string_view what) { progress(part, what); });
  progress.clear();

  const std::string before = read_text(options.config, kMostConfig);
  const std::string after = edit_toml(before, changes_of(tune, result, model.has_value()));
  const replay::ReportInput report{
      tune, result, settings.line.language,
      unified_diff(before, after, std::filesystem::path(options.config).filename().string())};
  fmt::print("{}", tune_text(report));
  if (!options.report.empty()) {
    replace_file(options.report, replay::report_html(report));
    fmt::print("\nReport: {}\n", options.report);
  }
  if (result.verdict != replay::Verdict::good || !result.page.within) return kDataError;
  if (!options.write) {
    if (!report.diff.empty())
      fmt::print("\nNothing was changed; --write applies the difference.\n");
    return kOk;
  }
  write_all(options, after, model, result);
  fmt::print("\nWritten: {} (before: {}.bak){}\n", options.config, options.config,
             model ? fmt::format(" and {}", kModelName) : std::string{});
  return kOk;
}

int run_tune(const Options& options) {
  config::Problems problems;
  const Settings settings = read_settings(options.config, problems);
  print_problems(problems, STDERR_FILENO);
  if (problems.fatal()) return kConfig;
  try {
    return tune_and_tell(options, settings);
  } catch (const Stop& stop) {
    fmt::print(stderr, "brandwacht: {}\n", stop.what());
    return stop.status;
  } catch (const std::runtime_error& error) {
    fmt::print(stderr, "brandwacht: {}\n", error.what());
    return kCannotCreate;
  }
}

}  // namespace

void add_tune(CLI::App& app, int& status) {
  auto* command = app.add_subcommand(
      "tune", "Choose the thresholds from a budget of pages and a recording of your own");
  command->footer(
      "Says from which risk on to page so that the phone rings no more often than the budget, what "
      "that would have\n"
      "found, how early, and at what price; chosen on one part of the recording and judged on a "
      "later one. Without a\n"
      "model in the configuration it fits one to the first half. Ends with 65, in words and "
      "without numbers, when\n"
      "the recording is too short or has too few incidents.\n\n"
      "  brandwacht tune -c brandwacht.toml --budget 2/week --night 0.5/week --report tune.html "
      "brandwacht-data/recording\n"
      "  brandwacht tune -c brandwacht.toml --budget 2/week --write weeks*.ndjson");
  auto options = std::make_shared<Options>();
  command->add_option("-c,--config", options->config, "the configuration")->capture_default_str();
  command
      ->add_option("file", options->files,
                   "recordings (directories or segments) and NDJSON files, in the order of time")
      ->required();
  command->add_option("--budget", options->budget, "pages: \"2/week\"; default: [budget] pages");
  command->add_option("--night", options->night, "of these at night; default: [budget] night");
  command->add_option("--notices", options->notices, "notices; default: five for each page");
  command->add_option("--from", options->from, "use nothing before this day or time");
  command->add_option("--to", options->to, "use nothing after this day or time");
  command->add_option("--critics", options->critics, "an incident is so many distinct critics")
      ->check(CLI::Range(5, 10'000))
      ->capture_default_str();
  command->add_option("--hours", options->hours, "within so many hours")
      ->check(CLI::Range(1.0, 168.0))
      ->capture_default_str();
  command->add_option("--feedback", options->feedback,
                      "what the desk said of pages: NDJSON of {\"incident\",\"feedback\"}");
  command->add_option("--report", options->report, "write an HTML report");
  command->add_flag("--write", options->write, "apply the difference to the configuration");
  command->add_flag("-q,--quiet", options->quiet, "no progress");
  command->callback([options, &status] { status = run_tune(*options); });
}

}  // namespace brandwacht::daemon
