#include "monitor/replay/snapshot.hpp"

#include <sys/resource.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <random>

#include "monitor/replay/recording.hpp"
#include "monitor/replay/replay.hpp"
#include "tests/replay/stream.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

namespace brandwacht::replay {
namespace {
using namespace scene;
using namespace std::chrono_literals;
using test::TempDir;

// A line that says aloud, once it is told to, and that is recorded.
struct Stage {
  std::unique_ptr<line::Line> line;
  std::vector<std::string> said;
  std::vector<Kept> judged;
  bool aloud = true;
  line::Settings settings = scene::settings();

  std::unique_ptr<line::Line> make() {
    line::Hooks hooks;
    hooks.event = [this](const IncidentEvent& event) {
      if (aloud) said.push_back(to_json(event));
    };
    hooks.judged = [this](const line::Judged& what) {
      if (aloud) judged.emplace_back(what);
    };
    return std::make_unique<line::Line>(settings, std::move(hooks));
  }
};

// The settings of the smallest limits, so that what is old gives way within a short stream.
line::Settings narrow() {
  line::Settings out = scene::settings();
  out.threads.max_threads = 12;
  out.threads.max_joiners = 300;
  out.threads.max_thread_authors = 40;
  out.threads.max_seen = 400;
  out.max_stories = 8;
  out.story_bytes = 64 << 10;
  return out;
}

// What is said of mentions [from, to), each with its place in the stream.
void play(line::Line& line, const std::vector<Mention>& stream, std::size_t from, std::size_t to) {
  VirtualTime time(line);
  for (std::size_t i = from; i < to; ++i)
    time.process(stream[i].view());
}

std::size_t cut_and_compare(std::uint64_t seed, const line::Settings& settings, int mentions,
                            int cuts) {
  const auto all = stream(seed, mentions);
  std::mt19937_64 random(seed);
  std::vector<std::size_t> places;
  for (int i = 0; i < cuts; ++i)
    places.push_back(random() % (all.size() + 1));
  std::ranges::sort(places);
  // A goes on without a stop; its state is taken on the way.
  Stage a;
  a.settings = settings;
  a.line = a.make();
  std::vector<std::string> states;
  std::vector<std::size_t> said;
  std::size_t at = 0;
  for (const std::size_t place : places) {
    play(*a.line, all, at, place);
    at = place;
    states.push_back(a.line->save());
    said.push_back(a.said.size());
  }
  play(*a.line, all, at, all.size());
  for (std::size_t i = 0; i < places.size(); ++i) {
    Stage b;
    b.settings = settings;
    b.line = b.make();
    b.line->load(states[i]);
    play(*b.line, all, places[i], all.size());
    const std::vector<std::string> rest(a.said.begin() + static_cast<std::ptrdiff_t>(said[i]),
                                        a.said.end());
    INFO("seed " << seed << ", cut at " << places[i]);
    CHECK(b.said == rest);
    CHECK(b.line->table().stats().evicted == a.line->table().stats().evicted);
    CHECK(b.line->stats().critics == a.line->stats().critics);
  }
  return a.said.size();
}

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write(const std::filesystem::path& file, std::string_view bytes) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

TEST_CASE("a line that was stopped anywhere goes on to the byte as one that was not") {
  std::size_t said = 0;
  for (std::uint64_t seed = 1; seed <= 4; ++seed)
    said += cut_and_compare(seed, scene::settings(), 500, 5);
  CHECK(said > 20);
}

TEST_CASE("the same where every limit is reached: threads, authors, memories, stories, posts") {
  for (std::uint64_t seed = 21; seed <= 24; ++seed)
    (void)cut_and_compare(seed, narrow(), 500, 5);
}

TEST_CASE("a state that was taken twice is the same, and that of a loaded line as well") {
  const auto all = stream(3, 300);
  Stage a;
  a.line = a.make();
  play(*a.line, all, 0, all.size());
  const auto state = a.line->save();
  CHECK(a.line->save() == state);
  Stage b;
  b.line = b.make();
  b.line->load(state);
  CHECK(b.line->save().size() == state.size());
}

TEST_CASE("no text of a state is raw, and a deleted post is not in it") {
  Stage a;
  a.line = a.make();
  a.line->process(
      post("root", "anouk", "Polderbank ligt eruit, bel mij: 06-12345678", kStart).view(), kStart);
  auto angry = reply("r1", "root", "bert", std::string(kAngry) + " eenmalig", kStart + 1s);
  a.line->process(angry.view(), kStart + 1s);
  CHECK(a.line->save().find("12345678") == std::string::npos);
  CHECK(a.line->save().find("eenmalig") != std::string::npos);
  angry.kind = MentionKind::remove;
  a.line->process(angry.view(), kStart + 2s);
  CHECK(a.line->save().find("eenmalig") == std::string::npos);
}

TEST_CASE("a state of other settings of threads is refused, and one of fewer brands is taken") {
  Stage a;
  a.line = a.make();
  const auto all = stream(4, 200);
  play(*a.line, all, 0, all.size());
  const Time last = all.back().received_at;
  a.line->process(post("other", "anouk", "Lumolo werkt niet, schandalig", last).view(), last);
  a.line->process(reply("other1", "other", "bert", kAngry, last).view(), last);
  const auto state = a.line->save();
  Stage b;
  b.settings.threads.negative_at = 0.6;
  CHECK_THROWS_AS(b.make()->load(state), ArchiveError);
  Stage c;
  std::swap(c.settings.brands[0], c.settings.brands[1]);
  c.settings.brands.pop_back();
  c.line = c.make();
  c.line->load(state);
  CHECK(c.line->threads() > 0);
  CHECK(c.line->threads() < a.line->threads());
  for (const auto& hot : c.line->hottest(1000, last))
    CHECK(hot.brand == "Lumolo");
}

TEST_CASE("a state that was cut anywhere is refused and never read beyond its end") {
  Stage a;
  a.line = a.make();
  const auto all = stream(5, 120);
  play(*a.line, all, 0, all.size());
  const auto state = a.line->save();
  std::mt19937_64 random(5);
  for (int i = 0; i < 300; ++i) {
    const std::string part(state, 0, random() % state.size());
    Stage b;
    CHECK_THROWS_AS(b.make()->load(part), ArchiveError);
  }
}

// A recording of the first `cut` mentions with a snapshot after the first `shot`.
struct Stored {
  TempDir dir;
  Stage a;
  std::vector<Mention> all;
  std::size_t said = 0;

  Stored(std::uint64_t seed, std::size_t shot, std::size_t cut) : all(stream(seed, 400)) {
    a.line = a.make();
    Recording recording(dir.path() / "recording", {}, kStart);
    write_behind(recording, 0, shot);
    if (shot > 0)
      (void)write_snapshot(dir.path(), {a.line->now(), recording.position(), a.line->save()});
    write_behind(recording, shot, cut);
    said = a.said.size();
    play(*a.line, all, cut, all.size());
  }
  std::vector<std::string> rest() const {
    return {a.said.begin() + static_cast<std::ptrdiff_t>(said), a.said.end()};
  }

 private:
  void write_behind(Recording& recording, std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; i += 50) {
      play(*a.line, all, i, std::min(i + 50, to));
      if (!a.judged.empty()) recording.append(a.judged, text::scorer_version(), a.line->now());
      a.judged.clear();
    }
  }
};

std::vector<std::string> go_on(const Stored& stored, std::size_t cut, Recovered& out) {
  Stage b;
  b.aloud = false;
  out = recover(
      stored.dir.path(), stored.dir.path() / "recording", [&b] { return b.make(); }, Time{},
      kStart);
  VirtualTime(*out.line).advance(cut == 0 ? Time{} : stored.all[cut - 1].received_at);
  b.aloud = true;
  play(*out.line, stored.all, cut, stored.all.size());
  return b.said;
}

TEST_CASE("snapshot and recorded tail give what the line would have said") {
  std::mt19937_64 random(7);
  for (std::uint64_t seed = 31; seed <= 38; ++seed) {
    const std::size_t cut = random() % 400, shot = random() % (cut + 1);
    const Stored stored(seed, shot, cut);
    Recovered recovered;
    const auto said = go_on(stored, cut, recovered);
    INFO("seed " << seed << ", snapshot at " << shot << ", cut at " << cut);
    CHECK(said == stored.rest());
    CHECK(recovered.snapshot.has_value() == (shot > 0));
    CHECK(recovered.unknown == 0);
  }
}

TEST_CASE("a damaged snapshot is set aside, and the one before it does") {
  const Stored stored(8, 180, 300);
  const auto file = snapshots(stored.dir.path()).front();
  const std::string good = bytes_of(file);
  const Snapshot whole = read_snapshot(file);
  std::mt19937_64 random(8);
  int refused = 0;
  for (int i = 0; i < 60; ++i) {
    std::string bad = good;
    std::size_t at = 0;
    if (i % 2 == 0)
      bad.resize(random() % bad.size());
    else
      bad[at = random() % bad.size()] ^= static_cast<char>(1U << random() % 8);
    write(file, bad);
    INFO("byte " << at << " of " << good.size());
    try {  // Zstandard has bits that mean nothing: one of those may be flipped unseen
      const Snapshot read = read_snapshot(file);
      CHECK(i % 2 == 1);
      CHECK(read.at == whole.at);
      CHECK(read.position == whole.position);
      CHECK(read.state == whole.state);
    } catch (const SnapshotError&) {
      ++refused;
    }
  }
  CHECK(refused >= 58);
  write(file, good.substr(0, good.size() / 2));
  Recovered recovered;
  CHECK(go_on(stored, 300, recovered) == stored.rest());  // all from the recording
  CHECK(recovered.refused == 1);
  CHECK(!recovered.snapshot);
  CHECK(snapshots(stored.dir.path()).empty());
}

TEST_CASE("what is no snapshot is not taken for one, and of the snapshots two stay") {
  TempDir dir;
  write(dir.path() / "snapshot-of-the-dike.txt", "invented");
  write(dir.path() / "snapshot-20260101T000000.000Z.zst", "invented");
  CHECK_THROWS_AS(read_snapshot(dir.path() / "snapshot-20260101T000000.000Z.zst"), SnapshotError);
  for (int i = 0; i < 4; ++i)
    (void)write_snapshot(dir.path(), {kStart + i * 1h, static_cast<std::uint64_t>(i), "state"});
  const auto all = snapshots(dir.path());
  REQUIRE(all.size() == 2);
  CHECK(read_snapshot(all[0]).position == 3);
  CHECK(read_snapshot(all[1]).position == 2);
  CHECK(std::filesystem::exists(dir.path() / "snapshot-of-the-dike.txt"));
}

TEST_CASE("a full disk throws, and the snapshot of before is still the newest") {
  TempDir dir;
  (void)write_snapshot(dir.path(), {kStart, 1, "state"});
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  ::signal(SIGXFSZ, SIG_IGN);
  rlimit tight = before;
  tight.rlim_cur = 60;
  ::setrlimit(RLIMIT_FSIZE, &tight);
  CHECK_THROWS_AS(write_snapshot(dir.path(), {kStart + 1h, 2, "state"}), std::system_error);
  ::setrlimit(RLIMIT_FSIZE, &before);
  const auto all = snapshots(dir.path());
  REQUIRE(all.size() == 1);
  CHECK(read_snapshot(all[0]).position == 1);
  CHECK(std::distance(std::filesystem::directory_iterator(dir.path()), {}) == 1);
}

TEST_CASE("a clock that steps back leaves the snapshots in the order of writing") {
  TempDir dir;
  for (int i = 0; i < 4; ++i)
    (void)write_snapshot(dir.path(), {kStart - i * 24h, static_cast<std::uint64_t>(i), "state"});
  CHECK(read_snapshot(snapshots(dir.path()).front()).position == 3);
}

}  // namespace
}  // namespace brandwacht::replay
