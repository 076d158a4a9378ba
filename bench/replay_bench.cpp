// Recorded mentions a second on one core, from compressed bytes to decisions, against bare
// decompression and simdjson over the same bytes.
//
//   replay_bench [MENTIONS]
#include <fmt/format.h>
#include <simdjson.h>

#include <time.h>

#include <chrono>
#include <filesystem>
#include <random>

#include "bench/figure.hpp"
#include "monitor/replay/playback.hpp"
#include "monitor/replay/recording.hpp"

namespace {

using namespace brandwacht;
using namespace brandwacht::bench;
using Wall = std::chrono::steady_clock;
namespace od = simdjson::ondemand;

constexpr int kPasses = 5;

line::Settings settings() {
  line::Settings out;
  out.brands.push_back(
      {.name = "Polderbank", .terms = {"polderbank"}, .exclude = {}, .accounts = {}});
  return out;
}

// Of this process on its one thread: what else the machine does is not measured.
double cpu_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}
double seconds_since(double start) {
  return cpu_seconds() - start;
}

// Invented posts, as of a large desk: four a second in many small threads, one in twelve negative,
// and every half hour a thread that catches fire for sixty posts.
void make_recording(const std::filesystem::path& directory, std::size_t mentions) {
  static constexpr const char* kTexts[] = {
      "Schandalig, de app van Polderbank werkt weer niet en niemand reageert",
      "Polderbank ligt er alweer uit, derde keer deze week. Belachelijk!",
      "Polderbank heeft nieuwe openingstijden, handig voor wie overdag werkt",
      "Vraagje aan Polderbank: hoe vraag ik een nieuwe pas aan in de app?",
      "Wat geweldig geholpen bij Polderbank vandaag, dank jullie wel! 👏",
      "Iemand ervaring met de hypotheek van Polderbank? Ik twijfel nog"};
  std::mt19937_64 random(5);
  std::vector<replay::Kept> batch;
  line::Hooks hooks;
  hooks.judged = [&batch](const line::Judged& judged) { batch.emplace_back(judged); };
  line::Line line(settings(), std::move(hooks));
  Time now = *parse_rfc3339("2026-03-02T08:00:00Z");
  replay::Recording recording(directory, {}, now);
  std::vector<std::string> roots;
  for (std::size_t i = 0; i < mentions; ++i) {
    now += std::chrono::milliseconds{random() % 500};
    const std::string id =
        fmt::format("at://did:plc:{:024x}/app.bsky.feed.post/{:013x}", random() % 50'000, i);
    const std::string author = fmt::format("did:plc:{:024x}", random() % 50'000);
    const std::string name = "reader" + std::to_string(random() % 50'000) + ".example";
    const std::string url =
        "https://social.example/profile/" + author + "/post/" + std::to_string(i);
    MentionView mention;
    mention.platform = "bluesky";
    mention.id = mention.thread = id;
    const bool fire = i % 8'000 > 7'940;
    std::string root;
    if (fire) {
      root = roots.back();
    } else if (!roots.empty() && random() % 3 != 0) {
      root = roots[roots.size() - 1 - std::min<std::size_t>(roots.size() - 1, random() % 4'000)];
    }
    if (!root.empty())
      mention.thread = mention.parent = root;
    else
      roots.push_back(id);
    mention.author = author;
    mention.author_name = name;
    mention.created_at = mention.received_at = now;
    mention.langs.push_back("nl");
    mention.text = kTexts[fire || random() % 12 == 0 ? random() % 2 : 2 + random() % 4];
    mention.url = url;
    line.process(mention, now);
    if (batch.size() < 2000) continue;
    recording.append(batch, text::scorer_version(), now);
    batch.clear();
  }
  recording.append(batch, text::scorer_version(), now);
}

// Every field of every line, and nothing made of it.
std::uint64_t bare(const std::vector<replay::Segment>& files, std::uint64_t& bytes) {
  od::parser parser;
  require(!parser.allocate(kMaxLineBytes), "no memory");
  std::uint64_t lines = 0, sum = 0;
  for (const auto& file : files) {
    replay::FrameReader frames(file.file);
    while (const auto content = frames.next()) {
      bytes += content->size();
      for (std::string_view rest = *content; !rest.empty();) {
        const auto end = rest.find('\n');
        const simdjson::padded_string_view padded(rest.data(), end, end + 64);
        rest.remove_prefix(end + 1);
        od::document document;
        od::object object;
        if (parser.iterate(padded).get(document) || document.get_object().get(object)) continue;
        for (auto item : object) {
          od::field field;
          if (std::move(item).get(field)) break;
          sum += field.value().raw_json_token().size();
        }
        ++lines;
      }
    }
  }
  require(sum > lines, "no field was read");
  return lines;
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t mentions = argc > 1 ? std::stoul(argv[1]) : 500'000;
  const auto directory =
      std::filesystem::temp_directory_path() /
      ("brandwacht-replay-bench-" + std::to_string(Wall::now().time_since_epoch().count()));
  make_recording(directory, mentions);
  // Sealed, as all but the last day of a recording is.
  replay::Recording(directory, {}, Time{}).maintain(*parse_rfc3339("2026-03-03T00:00:00Z"));
  const auto files = replay::segments(directory);
  std::uint64_t on_disk = 0;
  for (const auto& file : files)
    on_disk += file.bytes;
  std::vector<double> bare_s, parse_s, line_s, play_s, ratios;
  std::uint64_t bytes = 0, events = 0, critics = 0;
  for (int pass = 0; pass < kPasses; ++pass) {
    bytes = 0;
    double start = cpu_seconds();
    require(bare(files, bytes) == mentions, "bare simdjson did not read every line");
    bare_s.push_back(seconds_since(start));
    start = cpu_seconds();
    std::uint64_t good = 0;
    for (const auto& file : files) {
      replay::LineReader lines(file.file);
      while (lines.next() != nullptr)
        good += lines.fault() == LineFault::none;
    }
    parse_s.push_back(seconds_since(start));
    require(good == mentions, "not every line was read");
    {
      line::Line untimed(settings(), {});
      start = cpu_seconds();
      for (const auto& file : files) {
        replay::LineReader lines(file.file);
        while (auto* const recorded = lines.next())
          untimed.replay(recorded->judged, recorded->judged.seen.received_at);
      }
      line_s.push_back(seconds_since(start));
    }
    events = 0;
    line::Hooks hooks;
    hooks.event = [&events](const IncidentEvent&) { ++events; };
    line::Line line(settings(), std::move(hooks));
    replay::VirtualTime time(line);
    replay::PlaybackStats stats;
    start = cpu_seconds();
    replay::play(files, time, {}, stats);
    play_s.push_back(seconds_since(start));
    ratios.push_back(play_s.back() / bare_s.back());
    critics = line.stats().critics;
    require(stats.read.mentions == mentions && stats.stored_scores == mentions,
            "not every mention was replayed with its score");
    require(line.stats().matched == mentions && critics > 0, "the line counted other mentions");
  }
  std::filesystem::remove_all(directory);
  const auto n = static_cast<double>(mentions);
  const double best = *std::ranges::min_element(play_s);
  fmt::print("{} recorded mentions, {:.0f} MB as text, {:.0f} MB on disk, {} critics, {} events\n",
             mentions, static_cast<double>(bytes) / 1e6, static_cast<double>(on_disk) / 1e6,
             critics, events);
  fmt::print("  replay {:.0f} ns a mention (best {:.0f}), bare zstd and simdjson {:.0f} ns\n",
             median(play_s) * 1e9 / n, best * 1e9 / n, median(bare_s) * 1e9 / n);
  fmt::print(
      "  of which read and parsed {:.0f} ns, counted and decided {:.0f} ns; the rest is the "
      "clock on open threads\n",
      median(parse_s) * 1e9 / n, (median(line_s) - median(parse_s)) * 1e9 / n);
  figure("replay_mentions_per_second", n / median(play_s), "1/s");
  figure("replay_over_zstd_simdjson", median(ratios), "ratio");
}
