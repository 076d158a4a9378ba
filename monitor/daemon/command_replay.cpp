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
#include "monitor/daemon/settings.hpp"
#include "monitor/daemon/terminal.hpp"
#include "monitor/replay/replay.hpp"

namespace brandwacht::daemon {
namespace {

using Wall = std::chrono::steady_clock;

class Progress {
 public:
  Progress(std::uint64_t total, bool on)
      : total_(total), on_(on && total > 0), start_(Wall::now()) {}
  ~Progress() {
    if (drawn_) fmt::print(stderr, "\r\x1b[K");
  }
  void operator()(std::uint64_t done) {
    const auto now = Wall::now();
    if (!on_ || now - shown_ < std::chrono::milliseconds{100}) return;
    shown_ = now;
    drawn_ = true;
    const double part = std::min(1.0, static_cast<double>(done) / static_cast<double>(total_));
    const double seconds = std::chrono::duration<double>(now - start_).count();
    const auto filled = static_cast<std::size_t>(part * 30);
    fmt::print(stderr, "\r\x1b[K[{:#<{}}{:.<{}}] {:3.0f} %  {:.0f} MB/s  {:.0f} s left", "", filled,
               "", 30 - filled, part * 100,
               static_cast<double>(done) / 1e6 / std::max(seconds, 1e-3),
               part > 0 ? seconds * (1 - part) / part : 0.0);
    std::fflush(stderr);
  }

 private:
  std::uint64_t total_;
  bool on_, drawn_ = false;
  Wall::time_point start_, shown_{};
};

void print_summary(const replay::Stats& read, const line::Line& line, double seconds) {
  const auto& stats = line.stats();
  fmt::print(
      stderr, "\n{} mentions from {} to {} in {:.2f} s ({:.0f}/s); {} about a brand, {} negative\n",
      read.mentions, format_rfc3339(read.first), format_rfc3339(read.last), seconds,
      static_cast<double>(read.mentions) / std::max(seconds, 1e-6), stats.matched, stats.negative);
  for (std::size_t i = 1; i < read.faults.size(); ++i)
    if (read.faults[i] > 0)
      fmt::print(stderr, "  {} lines refused: {}\n", read.faults[i],
                 to_string(static_cast<LineFault>(i)));
  for (std::size_t i = 0; i < stats.events.size(); ++i)
    fmt::print(stderr, "  {:>6}  {}\n", stats.events[i],
               to_string(static_cast<IncidentEventKind>(i)));
}

struct Options {
  std::string config = "brandwacht.toml";
  std::vector<std::string> files;
  bool quiet = false;
};

int run_replay(const Options& options) {
  config::Problems problems;
  const Settings settings = read_settings(options.config, problems);
  print_problems(problems, STDERR_FILENO);
  if (problems.fatal()) return kConfig;

  line::Hooks hooks;
  hooks.event = [](const IncidentEvent& event) { fmt::print("{}\n", to_json(event)); };
  line::Line line(settings.line, std::move(hooks));
  replay::VirtualTime time(line);
  replay::Stats stats;
  const auto start = Wall::now();
  for (const auto& name : options.files) {
    if (name == "-") {
      replay::replay(std::cin, time, stats);
      continue;
    }
    std::ifstream in(name, std::ios::binary);
    if (!in || std::filesystem::is_directory(name)) {
      fmt::print(stderr, "brandwacht: {} cannot be read\n", name);
      return kNoInput;
    }
    std::error_code unknown;
    const auto size = std::filesystem::file_size(name, unknown);
    Progress progress(unknown ? 0 : size, !options.quiet && is_terminal(STDERR_FILENO));
    const std::uint64_t before = stats.bytes;
    replay::replay(in, time, stats, [&](std::uint64_t bytes) { progress(bytes - before); });
  }
  std::fflush(stdout);
  if (!options.quiet)
    print_summary(stats, line, std::chrono::duration<double>(Wall::now() - start).count());
  return stats.mentions == 0 && stats.faulty() > 0 ? kDataError : kOk;
}

}  // namespace

void add_replay(CLI::App& app, int& status) {
  auto* command =
      app.add_subcommand("replay", "Play a recording through the line: what would have paged?");
  command->footer(
      "Reads the common NDJSON of mentions with the time that stands in them, as fast as it can, "
      "and prints\n"
      "each incident event as one JSON object on stdout. Nobody is paged. A summary goes to "
      "stderr.\n\n"
      "  brandwacht replay -c brandwacht.toml week.ndjson | jq 'select(.event==\"page\")'");
  auto options = std::make_shared<Options>();
  command->add_option("-c,--config", options->config, "the configuration")->capture_default_str();
  command
      ->add_option("file", options->files, "NDJSON files in the order of time; - is standard input")
      ->required();
  command->add_flag("-q,--quiet", options->quiet, "no progress and no summary");
  command->callback([options, &status] { status = run_replay(*options); });
}

}  // namespace brandwacht::daemon
