#include "monitor/replay/recording.hpp"

#include <signal.h>
#include <sys/resource.h>

#include "tests/replay/stream.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

namespace brandwacht::replay {
namespace {
using namespace scene;
using namespace std::chrono_literals;

Kept kept(int number, std::string_view text = "Schandalig, werkt niet") {
  const std::string id = "post" + std::to_string(number),
                    author = "author" + std::to_string(number);
  line::Judged out;
  out.platform = "bluesky";
  out.id = out.thread = id;
  out.author = out.author_name = author;
  out.text = text;
  out.brand = "Polderbank";
  out.seen.mention = out.seen.thread = platform_key("bluesky", id);
  out.seen.author = platform_key("bluesky", author);
  out.seen.created_at = out.seen.received_at = kStart + number * 1s;
  return Kept(out);
}

Kept gone(MentionKind kind, std::string_view what) {
  line::Judged out;
  out.kind = kind;
  const std::uint64_t key = platform_key("bluesky", what);
  (kind == MentionKind::remove ? out.seen.mention : out.seen.author) = key;
  out.seen.created_at = out.seen.received_at = kStart;
  return Kept(out);
}

void put(Recording& recording, Kept what, Time now = kStart) {
  recording.append(std::span(&what, 1), 1, now);
}

struct Read {
  std::vector<std::string> texts;
  std::uint64_t erased = 0, damages = 0, faulty = 0;
};

Read read(const std::filesystem::path& directory) {
  Read out;
  for (const auto& segment : segments(directory)) {
    const auto stats = read_segment(
        segment.file, [&](std::string_view, const RecordedLine& line, LineFault fault) {
          if (fault == LineFault::none) out.texts.emplace_back(line.judged.text);
        });
    out.erased += stats.erased;
    out.damages += stats.damages;
    out.faulty += stats.faulty;
  }
  return out;
}

std::string bytes_of(const std::filesystem::path& directory) {
  std::string out;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    std::ifstream in(entry.path(), std::ios::binary);
    out.append(std::istreambuf_iterator<char>(in), {});
  }
  for (const auto& segment : segments(directory))
    read_segment(segment.file,
                 [&](std::string_view text, const RecordedLine&, LineFault) { out.append(text); });
  return out;
}

std::size_t files_with(const std::filesystem::path& directory, std::string_view part) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(directory))
    count += entry.path().filename().string().find(part) != std::string::npos;
  return count;
}

TEST_CASE("what was appended is read in its order, over restarts and sealing") {
  const test::TempDir dir;
  for (int run = 0; run < 3; ++run) {
    Recording recording(dir.path(), {}, kStart + run * 1h);
    put(recording, kept(run, "een " + std::to_string(run)), kStart + run * 1h);
    put(recording, kept(run + 10, "twee " + std::to_string(run)), kStart + run * 1h);
    (void)recording.maintain(kStart + run * 1h);
  }
  const std::vector<std::string> expected{"een 0", "twee 0", "een 1", "twee 1", "een 2", "twee 2"};
  CHECK(read(dir.path()).texts == expected);
  CHECK(segments(dir.path()).size() == 3);
  Recording recording(dir.path(), {}, kStart + 4h);
  CHECK(recording.maintain(kStart + 4h).sealed == 1);  // the others were by the runs after them
  CHECK(read(dir.path()).texts == expected);
}

TEST_CASE("lines are numbered on over restarts, and can be read from any number on") {
  const test::TempDir dir;
  RecordingSettings small;
  small.segment_bytes = 1;
  for (int i = 0; i < 6; ++i) {
    Recording recording(dir.path(), small, kStart + i * 1s);
    CHECK(recording.position() == static_cast<std::uint64_t>(i));
    put(recording, kept(i, "post " + std::to_string(i)), kStart + i * 1s);
    CHECK(recording.position() == static_cast<std::uint64_t>(i) + 1);
    (void)recording.maintain(kStart + i * 1s);
  }
  for (std::uint64_t seq = 0; seq <= 7; ++seq) {
    std::vector<std::uint64_t> found;
    read_behind(dir.path(), seq, [&](std::string_view, const RecordedLine& line, LineFault) {
      found.push_back(line.seq);
    });
    CHECK(found.size() == 6 - std::min<std::uint64_t>(seq, 6));
    if (!found.empty()) CHECK(found.front() == seq + 1);
  }
}

TEST_CASE("zstdcat reads a recording") {
  const test::TempDir dir;
  {
    Recording recording(dir.path(), {}, kStart);
    put(recording, kept(1, "leesbaar"));
    put(recording, kept(2, "ook dit"));
  }
  const auto out = (dir.path() / "out").string();
  const int status = std::system(
      ("zstd -dcq '" + segments(dir.path()).front().file.string() + "' > '" + out + "' 2>&1")
          .c_str());
  if (status == 127 * 256) return;  // not installed
  std::ifstream in(out);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  CHECK(text.find("leesbaar") < text.find("ook dit"));
  CHECK(text.find("ook dit") != std::string::npos);
}

TEST_CASE("a segment cut at any byte gives its whole frames, and the rest is set aside loudly") {
  const test::TempDir whole;
  std::vector<std::uint64_t> ends;
  {
    Recording recording(whole.path(), {}, kStart);
    for (int i = 0; i < 4; ++i) {
      put(recording, kept(i, "post " + std::to_string(i)));
      ends.push_back(segments(whole.path()).front().bytes);
    }
  }
  const auto source = segments(whole.path()).front().file;
  for (std::uint64_t size = 0; size < ends.back(); ++size) {
    const test::TempDir dir;
    const auto file = dir.path() / source.filename();
    std::filesystem::copy_file(source, file);
    std::filesystem::resize_file(file, size);
    const auto frames = static_cast<std::size_t>(
        std::ranges::count_if(ends, [size](auto end) { return end <= size; }));
    Recording recording(dir.path(), {}, kStart + 1h);
    INFO(size);
    constexpr std::uint64_t kNote = 35;
    const bool whole_end = size == 0 || size == kNote || std::ranges::count(ends, size) > 0;
    REQUIRE(recording.repaired().files == (whole_end ? 0 : 1));
    const bool goes_on = size % 16 == 0;  // each costs two waits for the disk
    if (goes_on) put(recording, kept(9, "daarna"), kStart + 1h);
    const Read after = read(dir.path());
    REQUIRE(after.texts.size() == frames + (goes_on ? 1 : 0));
    if (goes_on) REQUIRE(after.texts.back() == "daarna");
    REQUIRE(after.damages == 0);
  }
}

TEST_CASE("a flipped bit costs the frame that it is in and no other") {
  const test::TempDir whole;
  {
    Recording recording(whole.path(), {}, kStart);
    for (int i = 0; i < 3; ++i)
      put(recording, kept(i, "post " + std::to_string(i)));
  }
  const auto source = segments(whole.path()).front().file;
  const auto size = std::filesystem::file_size(source);
  for (std::uint64_t at = 0; at < size; ++at) {
    const test::TempDir dir;
    const auto file = dir.path() / source.filename();
    std::filesystem::copy_file(source, file);
    {
      std::fstream io(file, std::ios::binary | std::ios::in | std::ios::out);
      io.seekg(static_cast<std::streamoff>(at));
      const char c = static_cast<char>(io.get() ^ (1 << at % 8));
      io.seekp(static_cast<std::streamoff>(at));
      io.put(c);
    }
    INFO(at);
    try {
      const Read after = read(dir.path());
      REQUIRE(after.texts.size() >= 2);
      for (const auto& text : after.texts)
        REQUIRE(text.starts_with("post "));
    } catch (const RecordingError&) {
      REQUIRE(at < 48);  // the flip made the note name a later format
    }
  }
}

TEST_CASE("foreign files are left alone, and a recording of a later version is refused by name") {
  const test::TempDir dir;
  dir.write("notes.txt", "van iemand anders");
  dir.write("seg-nonsense.ndjson.zst", "x");
  std::filesystem::create_directory(dir.path() / segment_name(kStart - 1h));
  {
    Recording recording(dir.path(), {}, kStart);
    put(recording, kept(1));
    (void)recording.maintain(kStart + 1h, true);
  }
  CHECK(read(dir.path()).texts.size() == 1);
  CHECK(files_with(dir.path(), "notes.txt") == 1);
  std::string later;
  append_note("brandwacht recording 2 open", later);
  dir.write(segment_name(kStart + 1h), later);
  CHECK_THROWS_WITH(read(dir.path()), Catch::Contains("newer brandwacht"));
  CHECK_THROWS_AS(Recording(dir.path(), {}, kStart + 2h), RecordingError);
}

TEST_CASE("a clock that steps back does not change the order of the segments") {
  const test::TempDir dir;
  RecordingSettings small;
  small.segment_bytes = 1;
  Recording recording(dir.path(), small, kStart);
  put(recording, kept(1, "een"), kStart);
  put(recording, kept(2, "twee"), kStart - 5h);
  put(recording, kept(3, "drie"), kStart - 5h);
  CHECK(read(dir.path()).texts == std::vector<std::string>{"een", "twee", "drie"});
}

TEST_CASE("a delete takes the words off the disk within the time that was promised") {
  const test::TempDir dir;
  Recording recording(dir.path(), {}, kStart);
  put(recording, kept(1, "geheim een"));
  put(recording, kept(2, "blijft"));
  put(recording, gone(MentionKind::remove, "post1"));
  CHECK(recording.erasures_waiting() == 1);
  CHECK(recording.maintain(kStart + 11h).erased == 0);
  SECTION("in time") {
    CHECK(recording.maintain(kStart + 12h).erased == 1);
  }
  SECTION("at once when asked") {
    CHECK(recording.maintain(kStart + 1s, true).erased == 1);
  }
  SECTION("after a restart") {
    Recording second(dir.path(), {}, kStart + 12h);
    CHECK(second.erasures_waiting() == 1);
    CHECK(second.maintain(kStart + 12h).erased == 1);
    CHECK(second.erasures_waiting() == 0);
  }
  const std::string all = bytes_of(dir.path());
  CHECK(all.find("geheim") == std::string::npos);
  CHECK(all.find("author1\"") == std::string::npos);
  CHECK(all.find("post1\"") == std::string::npos);
  CHECK(all.find("blijft") != std::string::npos);
  CHECK(read(dir.path()).erased == 1);
}

TEST_CASE("an author who is gone is erased everywhere, and out of what was set aside") {
  const test::TempDir dir;
  {
    Recording first(dir.path(), {}, kStart);
    put(first, kept(1, "geheim een"));
    put(first, kept(2, "geheim twee"));
  }
  const auto file = segments(dir.path()).front().file;
  std::filesystem::resize_file(file, std::filesystem::file_size(file) - 1);
  Recording recording(dir.path(), {}, kStart + 1h);
  CHECK(files_with(dir.path(), ".torn-") == 1);
  put(recording, kept(3, "blijft"), kStart + 1h);
  put(recording, gone(MentionKind::author_gone, "author1"), kStart + 1h);
  CHECK(recording.maintain(kStart + 1h, true).erased == 1);
  CHECK(files_with(dir.path(), ".torn-") == 0);
  CHECK(bytes_of(dir.path()).find("geheim") == std::string::npos);
  CHECK(bytes_of(dir.path()).find("blijft") != std::string::npos);
}

TEST_CASE("old segments go by age and by size, the oldest first, never the one being written") {
  const test::TempDir dir;
  RecordingSettings settings;
  settings.segment_bytes = 1;
  settings.keep = 10h;
  for (int i = 0; i < 5; ++i) {
    Recording recording(dir.path(), settings, kStart + i * 5h);
    put(recording, kept(i, "post " + std::to_string(i)), kStart + i * 5h);
  }
  Recording recording(dir.path(), settings, kStart + 20h);
  CHECK(recording.maintain(kStart + 20h).removed == 2);
  CHECK(read(dir.path()).texts.front() == "post 2");
  settings.max_bytes = 1;
  Recording full(dir.path(), settings, kStart + 20h);
  put(full, kept(9, "laatste"), kStart + 20h);
  (void)full.maintain(kStart + 20h);
  CHECK(read(dir.path()).texts == std::vector<std::string>{"laatste"});
}

TEST_CASE("a full disk throws, tears nothing, and is written to again when there is room") {
  const test::TempDir dir;
  Recording recording(dir.path(), {}, kStart);
  put(recording, kept(1, "een"));
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  ::signal(SIGXFSZ, SIG_IGN);
  const auto size = segments(dir.path()).front().bytes;
  rlimit tight = before;
  tight.rlim_cur = size + 20;
  ::setrlimit(RLIMIT_FSIZE, &tight);
  CHECK_THROWS_AS(put(recording, kept(2, "twee")), std::system_error);
  ::setrlimit(RLIMIT_FSIZE, &before);
  CHECK(segments(dir.path()).front().bytes == size);
  put(recording, kept(3, "drie"));
  const Read after = read(dir.path());
  CHECK(after.texts == std::vector<std::string>{"een", "drie"});
  CHECK(after.damages == 0);
}

}  // namespace
}  // namespace brandwacht::replay
