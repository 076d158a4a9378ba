#include "monitor/replay/playback.hpp"

#include "monitor/replay/recording.hpp"
#include "monitor/replay/summary.hpp"
#include "tests/replay/stream.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

namespace brandwacht::replay {
namespace {
using namespace scene;
using namespace std::chrono_literals;

std::vector<std::string> as_json(const std::vector<IncidentEvent>& events) {
  std::vector<std::string> out;
  for (const auto& event : events)
    out.push_back(to_json(event));
  return out;
}

// Plays the stream through a line and records what it judged, in batches as a daemon would.
std::vector<std::string> record(const std::vector<Mention>& stream,
                                const std::filesystem::path& directory,
                                std::uint32_t scorer = text::scorer_version()) {
  std::vector<IncidentEvent> events;
  std::vector<Kept> batch;
  line::Hooks hooks;
  hooks.event = [&](const IncidentEvent& event) { events.push_back(event); };
  hooks.judged = [&](const line::Judged& judged) { batch.emplace_back(judged); };
  line::Line line(settings(), std::move(hooks));
  VirtualTime time(line);
  RecordingSettings small;
  small.segment_bytes = 30'000;
  small.erase_within = 10'000h;  // else pages would lose words that they had live
  Recording recording(directory, small, stream.front().received_at);
  for (const Mention& mention : stream) {
    time.process(mention.view());
    if (batch.size() < 40) continue;
    recording.append(batch, scorer, time.now());
    batch.clear();
    if (mention.id.back() == '7') (void)recording.maintain(time.now());
  }
  recording.append(batch, scorer, time.now());
  return as_json(events);
}

struct Played {
  std::vector<std::string> events;
  PlaybackStats stats;
};

Played play_back(const std::filesystem::path& path, PlaybackSettings how = {},
                 const line::Settings& line_settings = settings()) {
  Watched watched(line_settings);
  VirtualTime time(watched.line);
  Played out;
  const auto files = recording_files(path);
  play(files, time, how, out.stats);
  out.events = as_json(watched.events);
  return out;
}

TEST_CASE("a recording replayed gives the events that were given live, byte for byte") {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const test::TempDir dir;
    const auto live = record(stream(seed, 2500), dir.path());
    INFO(seed);
    CHECK(live.size() > 5);
    const Played played = play_back(dir.path());
    REQUIRE(played.events.size() == live.size());
    for (std::size_t i = 0; i < live.size(); ++i)
      REQUIRE(played.events[i] == live[i]);
    CHECK(played.stats.scored_again == 0);
    CHECK(played.stats.read.faulty() == 0);
    CHECK(segments(dir.path()).size() > 3);
  }
}

TEST_CASE("another version of the scorer is scored again and named, and --rescore does so anyway") {
  const test::TempDir dir;
  const auto live = record(stream(3, 1000), dir.path(), 12'345);
  const Played other = play_back(dir.path());
  CHECK(other.stats.other_scorers == std::set<std::uint32_t>{12'345});
  CHECK(other.stats.stored_scores == 0);
  CHECK(other.stats.scored_again > 900);
  CHECK(other.events.size() >= live.size() / 2);
  const test::TempDir own;
  record(stream(3, 1000), own.path());
  PlaybackSettings rescore;
  rescore.rescore = true;
  CHECK(play_back(own.path(), rescore).stats.scored_again > 900);
}

TEST_CASE("a replay can be limited to a span of time") {
  const test::TempDir dir;
  const auto all = stream(4, 2000);
  record(all, dir.path());
  PlaybackSettings part;
  part.range = {all[500].received_at, all[1500].received_at};
  const Played played = play_back(dir.path(), part);
  CHECK(played.stats.read.first >= part.range.from);
  CHECK(played.stats.read.last < part.range.to);
  CHECK(played.stats.read.mentions > 900);
  CHECK(played.stats.read.mentions <= 1000);
}

TEST_CASE("after an erasure the counts are the same and the words are gone") {
  const test::TempDir dir;
  record(stream(5, 2000), dir.path());
  // Which threads are of one matter is told by words: without them every thread is its own.
  auto apart = settings();
  apart.brand_level.topics.window = 1us;
  const auto before = play_back(dir.path(), {}, apart);
  Recording recording(dir.path(), {}, kStart + 100h);
  std::vector<std::uint64_t> authors;
  for (int i = 0; i < 300; ++i)
    authors.push_back(platform_key("bluesky", "author" + std::to_string(i)));
  recording.erase_later({}, authors, kStart + 100h);
  CHECK(recording.maintain(kStart + 100h, true).erased > 1000);
  const auto after = play_back(dir.path(), {}, apart);
  REQUIRE(after.events.size() == before.events.size());
  for (const auto& event : after.events)
    CHECK(event.find("Schandalig") == std::string::npos);
  CHECK(after.stats.erased > 1000);
}

TEST_CASE("a brand that is no longer configured is matched anew, and counted") {
  const test::TempDir dir;
  record(stream(6, 500), dir.path());
  auto renamed = settings();
  renamed.brands[0].name = "Polderbank NV";
  Watched watched(renamed);
  VirtualTime time(watched.line);
  PlaybackStats stats;
  const auto files = recording_files(dir.path());
  play(files, time, {}, stats);
  CHECK(stats.without_brand > 100);
  CHECK(watched.line.stats().matched > 100);
}

TEST_CASE("the summary counts by brand, by the desk's week and by its night") {
  Calendar calendar;
  calendar.night = *parse_night("22:00-07:00");
  Summary summary(calendar);
  const auto at = [&](const char* time, IncidentEventKind kind, const char* brand) {
    IncidentEvent event;
    event.kind = kind;
    event.at = *parse_rfc3339(time);
    event.incident.brand = brand;
    summary.event(event);
  };
  at("2026-03-08T23:30:00Z", IncidentEventKind::page, "Polderbank");  // a Sunday night
  at("2026-03-09T12:00:00Z", IncidentEventKind::page, "Polderbank");
  at("2026-03-15T12:00:00Z", IncidentEventKind::upgrade, "Polderbank");
  at("2026-03-16T12:00:00Z", IncidentEventKind::notify, "Lumolo");
  summary.critic("Polderbank", 1);
  summary.critic("Polderbank", 1);
  const auto& bank = summary.brands().at("Polderbank");
  CHECK(bank.of(IncidentEventKind::page) == 2);
  CHECK(bank.night == 1);
  CHECK(bank.worst_week() == 2);
  CHECK(bank.critics == 2);
  CHECK(bank.threads.size() == 1);
  CHECK(summary.table().find("all ") != std::string::npos);
}

}  // namespace
}  // namespace brandwacht::replay
