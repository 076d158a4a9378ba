#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <thread>

#include "monitor/clock.hpp"
#include "monitor/daemon/commands.hpp"
#include "monitor/daemon/exit_codes.hpp"
#include "monitor/daemon/lock_file.hpp"
#include "monitor/daemon/problems.hpp"
#include "monitor/daemon/settings.hpp"
#include "monitor/hash.hpp"
#include "monitor/replay/erase_request.hpp"
#include "monitor/replay/recording.hpp"
#include "monitor/replay/segment.hpp"

namespace brandwacht::daemon {
namespace {

using namespace std::chrono_literals;

struct Options {
  std::string config = "brandwacht.toml";
  std::filesystem::path directory;
  std::string platform = "bluesky";
  std::vector<std::string> authors, mentions;
};

struct Place {
  std::filesystem::path data_dir, recording;
  replay::RecordingSettings settings;
};

// Where the recording is, by the configuration or as given. Status 0, or why not.
int find_place(const Options& options, Place& place) {
  if (!options.directory.empty()) {
    place.recording = options.directory;
    return kOk;
  }
  config::Problems problems;
  const Settings settings = read_settings(options.config, problems);
  print_problems(problems, STDERR_FILENO);
  if (problems.fatal()) return kConfig;
  place.data_dir = settings.daemon.data_dir;
  place.recording = settings.recording.directory(place.data_dir);
  place.settings = settings.recording.settings;
  return kOk;
}

int list(const Place& place) {
  std::uint64_t bytes = 0, lines = 0;
  fmt::print("{:<44} {:>12} {:>10} {:>8}  {}\n", "segment", "bytes", "mentions", "erased",
             "from, to");
  for (const auto& segment : replay::segments(place.recording)) {
    const auto stats = replay::read_segment(segment.file, {});
    fmt::print("{:<44} {:>12} {:>10} {:>8}  {}, {}\n", segment.file.filename().string(),
               segment.bytes, stats.lines, stats.erased, format_rfc3339(stats.first),
               format_rfc3339(stats.last));
    bytes += segment.bytes;
    lines += stats.lines;
  }
  fmt::print("{:<44} {:>12} {:>10}\n", "all", bytes, lines);
  return kOk;
}

int verify(const Place& place) {
  int status = kOk;
  std::uint64_t last = 0;
  for (const auto& segment : replay::segments(place.recording)) {
    const auto stats = replay::read_segment(segment.file, {});
    const std::string name = segment.file.filename().string();
    const auto fault = [&](const std::string& what) {
      fmt::print("{}: {}\n", name, what);
      status = kDataError;
    };
    if (stats.damages > 0)
      fault(fmt::format("damaged in {} places, {} bytes", stats.damages, stats.damaged_bytes));
    if (stats.faulty > 0) fault(fmt::format("{} lines are no recorded mention", stats.faulty));
    if (stats.lines > stats.faulty && last > 0 && stats.first_seq != last + 1)
      fault(fmt::format("begins with line {}, and {} was expected", stats.first_seq, last + 1));
    if (stats.last_seq > 0) last = stats.last_seq;
  }
  if (status == kOk) fmt::print("good: every frame, line and number\n");
  return status;
}

int cat(const Place& place) {
  for (const auto& segment : replay::segments(place.recording))
    (void)replay::read_segment(segment.file,
                               [](std::string_view text, const replay::RecordedLine&, LineFault) {
                                 std::fwrite(text.data(), 1, text.size(), stdout);
                                 std::fputc('\n', stdout);
                               });
  return kOk;
}

// The daemon looks every second and takes the file away when it is done.
int wait_for_daemon(const std::filesystem::path& file) {
  constexpr auto kPatience = 10min;
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (std::filesystem::exists(file)) {
    if (std::chrono::steady_clock::now() > until) {
      fmt::print(stderr, "brandwacht: the daemon has not erased yet; it goes on with it\n");
      return kTempFail;
    }
    std::this_thread::sleep_for(200ms);
  }
  fmt::print("erased by the daemon that runs\n");
  return kOk;
}

int erase(const Options& options, const Place& place) {
  replay::EraseRequest request;
  for (const auto& id : options.mentions)
    request.mentions.push_back(platform_key(options.platform, id));
  for (const auto& id : options.authors)
    request.authors.push_back(platform_key(options.platform, id));
  if (request.mentions.empty() && request.authors.empty()) {
    fmt::print(stderr, "brandwacht: say whom: --author ID or --mention ID\n");
    return kUsage;
  }
  std::unique_ptr<LockFile> lock;
  try {
    if (!place.data_dir.empty()) lock = std::make_unique<LockFile>(place.data_dir);
  } catch (const std::runtime_error&) {
    return wait_for_daemon(replay::ask_to_erase(place.recording, request));
  }
  const Time now = SystemClock().now();
  // Who asks for one author's posts does not ask for the removal of what is old: that is the
  // daemon's.
  replay::RecordingSettings settings = place.settings;
  settings.keep = std::chrono::hours{24 * 366 * 1000};
  settings.max_bytes = UINT64_MAX;
  replay::Recording recording(place.recording, settings, now);
  recording.erase_later(request.mentions, request.authors, now);
  fmt::print("{} posts erased\n", recording.maintain(now, true).erased);
  return kOk;
}

void add_action(CLI::App& command, const std::shared_ptr<Options>& options, int& status,
                const std::pair<const char*, const char*>& words,
                const std::function<int(const Options&, const Place&)>& act) {
  auto* action = command.add_subcommand(words.first, words.second);
  action->add_option("-c,--config", options->config, "the configuration")->capture_default_str();
  action->add_option("--dir", options->directory,
                     "a recording that no daemon writes to, instead of the configuration's");
  if (std::string_view(words.first) == "erase") {
    action->add_option("--platform", options->platform, "of the ids")->capture_default_str();
    action->add_option("--author", options->authors, "id of an account: all of its posts");
    action->add_option("--mention", options->mentions, "id of a post");
  }
  action->callback([options, &status, act] {
    Place place;
    status = find_place(*options, place);
    if (status != kOk) return;
    try {
      status = act(*options, place);
    } catch (const std::exception& error) {
      fmt::print(stderr, "brandwacht: {}\n", error.what());
      status = kIoError;
    }
  });
}

}  // namespace

void add_recording(CLI::App& app, int& status) {
  auto* command = app.add_subcommand("recording", "Look at the recording, or erase from it");
  command->require_subcommand(1);
  command->footer(
      "The recording is plain: `zstdcat seg-* | jq` reads it as well.\n\n"
      "  brandwacht recording list -c brandwacht.toml\n"
      "  brandwacht recording erase --author did:plc:example -c brandwacht.toml\n\n"
      "erase takes text, name, ids and url of the posts off the disk at once, also while the "
      "daemon\n"
      "runs; scores and counts stay.");
  auto options = std::make_shared<Options>();
  const auto plain = [](int (*act)(const Place&)) {
    return [act](const Options&, const Place& place) { return act(place); };
  };
  add_action(*command, options, status, {"list", "The segments, with their times and sizes"},
             plain(list));
  add_action(*command, options, status, {"verify", "Read everything; 65 if anything is damaged"},
             plain(verify));
  add_action(*command, options, status, {"cat", "Every line, in order"}, plain(cat));
  add_action(*command, options, status, {"erase", "Erase posts at once"}, erase);
}

}  // namespace brandwacht::daemon
