#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>

#include "monitor/daemon/commands.hpp"
#include "monitor/daemon/exit_codes.hpp"
#include "monitor/daemon/problems.hpp"
#include "monitor/daemon/progress.hpp"
#include "monitor/daemon/settings.hpp"
#include "monitor/daemon/terminal.hpp"
#include "monitor/replay/playback.hpp"
#include "monitor/replay/summary.hpp"

namespace brandwacht::daemon {
namespace {

using Wall = std::chrono::steady_clock;

struct Options {
  std::string config = "brandwacht.toml";
  std::vector<std::string> files;
  std::string from, to;
  bool quiet = false, rescore = false;
};

void print_faults(const replay::PlaybackStats& stats) {
  for (std::size_t i = 1; i < stats.read.faults.size(); ++i)
    if (stats.read.faults[i] > 0)
      fmt::print(stderr, "  {} lines refused: {}\n", stats.read.faults[i],
                 to_string(static_cast<LineFault>(i)));
  if (stats.damages > 0)
    fmt::print(stderr, "  {} damaged places in the recording were stepped over\n", stats.damages);
  if (stats.without_brand > 0)
    fmt::print(stderr, "  {} mentions were recorded for a brand that is not configured\n",
               stats.without_brand);
}

void print_summary(const replay::PlaybackStats& stats, const line::Line& line,
                   const replay::Summary& summary, double seconds) {
  const auto& read = stats.read;
  fmt::print(stderr,
             "\n{} mentions from {} to {} in {:.2f} s ({:.0f}/s); {} about a brand, {} negative\n",
             read.mentions, format_rfc3339(read.first), format_rfc3339(read.last), seconds,
             static_cast<double>(read.mentions) / std::max(seconds, 1e-6), line.stats().matched,
             line.stats().negative);
  print_faults(stats);
  if (!summary.brands().empty()) fmt::print(stderr, "\n{}", summary.table());
}

// Thresholds belong to one version of the scorer, so it is said which one spoke.
void print_scorers(const replay::PlaybackStats& stats) {
  for (const std::uint32_t version : stats.other_scorers)
    fmt::print(stderr,
               "brandwacht: warning: recorded with scorer {}, this is {}: its posts were scored "
               "again from their redacted text\n",
               version, text::scorer_version());
}

// One replay of all the files, in their order.
class Run {
 public:
  Run(const Settings& settings, const Options& options)
      : options_(options),
        summary_(settings.brand_level.calendar),
        line_(settings.line, hooks()),
        time_(line_),
        draw_(!options.quiet && is_terminal(STDERR_FILENO)) {
    play_.rescore = options.rescore;
    play_.negative_at = settings.line.threads.negative_at;
  }

  // Both empty, or a time as RFC 3339 or a day. False: another form.
  bool range(const std::string& from, const std::string& to) {
    const auto time = [](std::string text, Time& out) {
      if (text.empty()) return true;
      if (text.size() == 10) text += "T00:00:00Z";
      const auto at = parse_rfc3339(text);
      if (at) out = *at;
      return at.has_value();
    };
    return time(from, play_.range.from) && time(to, play_.range.to);
  }

  int all() {
    const auto start = Wall::now();
    for (const auto& name : options_.files)
      if (const int status = one(name); status != kOk) return status;
    std::fflush(stdout);
    if (!options_.quiet) {
      print_scorers(stats_);
      print_summary(stats_, line_, summary_,
                    std::chrono::duration<double>(Wall::now() - start).count());
    }
    return stats_.read.mentions == 0 && stats_.read.faulty() > 0 ? kDataError : kOk;
  }

 private:
  line::Hooks hooks() {
    line::Hooks out;
    out.event = [this](const IncidentEvent& event) {
      summary_.event(event);
      fmt::print("{}\n", to_json(event));
    };
    out.critic = [this](std::uint64_t thread, const thread::Belief&, Time) {
      if (const auto brand = line_.table().owner(thread))
        summary_.critic(line_.settings().brands[*brand].name, thread);
    };
    return out;
  }

  int one(const std::string& name) {
    if (name == "-") {
      replay::replay(std::cin, time_, stats_.read, {}, play_.range);
      return kOk;
    }
    try {
      if (replay::is_recording(name)) return recording(name);
    } catch (const std::exception& error) {
      fmt::print(stderr, "brandwacht: {}\n", error.what());
      return kNoInput;
    }
    std::ifstream in(name, std::ios::binary);
    if (!in) {
      fmt::print(stderr, "brandwacht: {} cannot be read\n", name);
      return kNoInput;
    }
    std::error_code unknown;
    const auto size = std::filesystem::file_size(name, unknown);
    Progress progress(unknown ? 0 : size, draw_);
    const auto before = stats_.read;
    const auto draw = [&](std::uint64_t bytes) {
      progress(bytes - before.bytes, stats_.read.mentions - before.mentions);
    };
    replay::replay(in, time_, stats_.read, draw, play_.range);
    return kOk;
  }

  int recording(const std::string& name) {
    const auto files = replay::recording_files(name);
    if (files.empty()) {
      fmt::print(stderr, "brandwacht: {} holds no recording (seg-*.ndjson.zst)\n", name);
      return kNoInput;
    }
    std::uint64_t size = 0;
    for (const auto& file : files)
      size += file.bytes;
    Progress progress(size, draw_);
    const std::uint64_t before = stats_.read.mentions;
    const auto draw = [&](std::uint64_t bytes) { progress(bytes, stats_.read.mentions - before); };
    replay::play(files, time_, play_, stats_, draw);
    return kOk;
  }

  const Options& options_;
  replay::Summary summary_;
  line::Line line_;
  replay::VirtualTime time_;
  replay::PlaybackSettings play_;
  replay::PlaybackStats stats_;
  bool draw_;
};

int run_replay(const Options& options) {
  config::Problems problems;
  const Settings settings = read_settings(options.config, problems);
  print_problems(problems, STDERR_FILENO);
  if (problems.fatal()) return kConfig;
  Run run(settings, options);
  if (!run.range(options.from, options.to)) {
    fmt::print(stderr, "brandwacht: --from and --to take 2026-05-25 or 2026-05-25T14:00:00Z\n");
    return kUsage;
  }
  return run.all();
}

}  // namespace

void add_replay(CLI::App& app, int& status) {
  auto* command =
      app.add_subcommand("replay", "Play a recording through the line: what would have paged?");
  command->footer(
      "Reads mentions with the time that stands in them, as fast as it can, and prints each "
      "incident\n"
      "event as one JSON object on stdout. Nobody is paged. A table for each brand goes to "
      "stderr.\n"
      "A recording of the daemon (its directory, or single segments) keeps the scores that were "
      "given\n"
      "then; the common NDJSON is matched and scored.\n\n"
      "  brandwacht replay -c brandwacht.toml week.ndjson | jq 'select(.event==\"page\")'\n"
      "  brandwacht replay -c brandwacht.toml --from 2026-05-01 brandwacht-data/recording");
  auto options = std::make_shared<Options>();
  command->add_option("-c,--config", options->config, "the configuration")->capture_default_str();
  command
      ->add_option("file", options->files,
                   "NDJSON files, or recordings, in the order of time; - is standard input")
      ->required();
  command->add_option("--from", options->from,
                      "leave out what arrived before; threads begin without their past");
  command->add_option("--to", options->to, "leave out what arrived at this time or later");
  command->add_flag("--rescore", options->rescore,
                    "score a recording again from its redacted text, whoever scored it");
  command->add_flag("-q,--quiet", options->quiet, "no progress, no warnings and no summary");
  command->callback([options, &status] { status = run_replay(*options); });
}

}  // namespace brandwacht::daemon
