#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>

#include "monitor/daemon/commands.hpp"
#include "monitor/daemon/desk_log.hpp"
#include "monitor/daemon/exit_codes.hpp"
#include "monitor/daemon/problems.hpp"
#include "monitor/daemon/settings.hpp"
#include "monitor/desk/report.hpp"
#include "monitor/line/contribution_words.hpp"
#include "monitor/replay/playback.hpp"

namespace brandwacht::daemon {
namespace {

// What was asked at the end of the week may be answered and judged in the next two.
constexpr Duration kAfterwards = std::chrono::hours{24 * 14};

struct Options {
  std::string config = "brandwacht.toml";
  std::string week, html;
  std::vector<std::string> files;
};

// The log that a daemon would have kept, from a recording or from mentions.
class Rows {
 public:
  explicit Rows(const Settings& settings)
      : settings_(settings), line_(settings.line, hooks()), time_(line_) {
    play_.negative_at = settings.line.threads.negative_at;
  }

  int read(const std::string& name) {
    if (name == "-") {
      replay::replay(std::cin, time_, stats_.read);
      return kOk;
    }
    try {
      if (replay::is_recording(name)) {
        const auto files = replay::recording_files(name);
        replay::play(files, time_, play_, stats_);
        return kOk;
      }
    } catch (const std::exception& error) {
      fmt::print(stderr, "brandwacht: {}\n", error.what());
      return kNoInput;
    }
    std::ifstream in(name, std::ios::binary);
    if (!in) {
      fmt::print(stderr, "brandwacht: {} cannot be read\n", name);
      return kNoInput;
    }
    replay::replay(in, time_, stats_.read);
    return kOk;
  }

  // Clocks that run on after the last mention.
  std::vector<desk::LogRow> finish() {
    if (time_.now() != Time{}) time_.advance(time_.now() + std::chrono::hours{24});
    return std::move(rows_);
  }
  Time last() const { return stats_.read.last; }

 private:
  line::Hooks hooks() {
    line::Hooks out;
    out.event = [this](const IncidentEvent& event) { rows_.push_back(desk::row_of(event)); };
    out.desk = [this](const desk::Event& event) {
      rows_.push_back(desk::row_of(event, settings_.line.brands[event.brand].name));
    };
    return out;
  }

  const Settings& settings_;
  std::vector<desk::LogRow> rows_;
  line::Line line_;
  replay::VirtualTime time_;
  replay::PlaybackSettings play_;
  replay::PlaybackStats stats_;
};

Time now() {
  return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

bool write_html(const std::string& file, const std::string& html) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out << html;
  out.close();
  if (out) return true;
  fmt::print(stderr, "brandwacht: {} cannot be written\n", file);
  return false;
}

int run_report(const Options& options) {
  config::Problems problems;
  const Settings settings = read_settings(options.config, problems);
  print_problems(problems, STDERR_FILENO);
  if (problems.fatal()) return kConfig;
  const Zone& zone = settings.brand_level.calendar.zone;
  const bool latest = options.week.empty() || options.week == "last";
  const auto asked = latest ? std::nullopt : desk::parse_week(options.week, zone);
  if (!latest && !asked) {
    fmt::print(stderr, "brandwacht: '{}' is no week; write 2026-W48, or \"last\"\n", options.week);
    return kUsage;
  }
  std::vector<desk::LogRow> rows;
  desk::Week week = asked ? *asked : desk::week_before(now(), zone);
  if (!options.files.empty()) {
    Rows played(settings);
    for (const auto& file : options.files)
      if (const int status = played.read(file); status != kOk) return status;
    if (latest && played.last() != Time{}) week = desk::week_of(played.last(), zone);
    rows = played.finish();
  } else {
    const auto file = settings.daemon.data_dir / "desk.db";
    if (!std::filesystem::exists(file)) {
      fmt::print(stderr,
                 "brandwacht: {} is not there: the daemon has kept no log yet. Name a recording to "
                 "report on that\n",
                 file.string());
      return kNoInput;
    }
    rows = DeskStore(file).rows(week.from, week.to + kAfterwards);
  }
  const desk::Report report = desk::make_report(rows, week);
  const bool dutch = line::dutch(settings.line.language);
  fmt::print("{}", desk::to_text(report, dutch, zone));
  if (!options.html.empty() && !write_html(options.html, desk::to_html(report, dutch, zone)))
    return kIoError;
  return kOk;
}

}  // namespace

void add_report(CLI::App& app, int& status) {
  auto* command = app.add_subcommand("report", "The desk's week: answers, promises, pages");
  command->footer(
      "From the log that the daemon keeps in data_dir (desk.db), or from a recording or mentions "
      "that are\nnamed: then it is played, and reported as if a daemon had watched.\n\n"
      "  brandwacht report --week -c brandwacht.toml\n"
      "  brandwacht report --week 2026-W48 --html week.html\n"
      "  brandwacht report --week 2026-W22 brandwacht-data/recording");
  auto options = std::make_shared<Options>();
  command->add_option("-c,--config", options->config, "the configuration")->capture_default_str();
  command
      ->add_option("--week", options->week,
                   "an ISO week such as 2026-W48; without one the last that is over, or that in "
                   "which a recording ends")
      ->expected(0, 1);
  command->add_option("--html", options->html, "also as a page of its own, into this file");
  command->add_option("file", options->files, "recordings, or NDJSON; - is standard input");
  command->callback([options, &status] { status = run_report(*options); });
}

}  // namespace brandwacht::daemon
