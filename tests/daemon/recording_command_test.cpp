#include <fstream>

#include "monitor/hash.hpp"
#include "monitor/replay/recording.hpp"
#include "tests/daemon/program.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

namespace brandwacht::daemon {
namespace {
using test::has;
using test::shell;

constexpr Time kNow{std::chrono::seconds{1'767'260'000}};

// A configuration with a recording of three invented posts beside it. Gives the options.
std::string prepare(const test::TempDir& dir) {
  const auto file = dir.write("bw.toml",
                              "[daemon]\nlisten = \"127.0.0.1:0\"\ndata_dir = \"data\"\n"
                              "[[brand]]\nname = \"Polderbank\"\nterms = [\"polderbank\"]\n"
                              "[[receiver]]\ntype = \"log\"\n");
  std::vector<replay::Kept> batch;
  for (const char* id : {"a", "b", "c"}) {
    line::Judged judged;
    judged.platform = "bluesky";
    judged.id = judged.thread = id;
    judged.author = judged.author_name = std::string_view(id) == "c" ? "piet" : "anouk";
    judged.brand = "Polderbank";
    judged.text = "Polderbank ligt eruit, bel 06-12345678";
    judged.seen.mention = judged.seen.thread = platform_key("bluesky", id);
    judged.seen.author = platform_key("bluesky", judged.author);
    judged.seen.created_at = judged.seen.received_at = kNow;
    batch.emplace_back(judged);
  }
  replay::Recording recording(dir.path() / "data" / "recording", {}, kNow);
  recording.append(batch, 1, kNow);
  return " -c " + file.string();
}

TEST_CASE("recording list, verify and cat show what is there, with private data taken out") {
  const test::TempDir dir;
  const auto options = prepare(dir);
  const auto list = shell("$BW recording list" + options);
  INFO(list.out);
  CHECK(list.status == 0);
  CHECK(has(list.out, "seg-2026"));
  CHECK(shell("$BW recording verify" + options).status == 0);
  const auto cat = shell("$BW recording cat" + options);
  CHECK(cat.status == 0);
  CHECK(std::ranges::count(cat.out, '\n') == 3);
  CHECK(has(cat.out, "[phone]"));
  CHECK_FALSE(has(cat.out, "12345678"));
}

TEST_CASE("recording erase takes an author's words off the disk and leaves the others") {
  const test::TempDir dir;
  const auto options = prepare(dir);
  CHECK(shell("$BW recording erase" + options).status == 64);
  const auto erased = shell("$BW recording erase --author anouk" + options);
  INFO(erased.out);
  CHECK(erased.status == 0);
  CHECK(has(erased.out, "2 posts erased"));
  const auto cat = shell("$BW recording cat" + options);
  CHECK(std::ranges::count(cat.out, '\n') == 3);
  CHECK_FALSE(has(cat.out, "anouk"));
  CHECK(has(cat.out, "piet"));
  CHECK(shell("$BW recording verify" + options).status == 0);
}

TEST_CASE("recording verify ends with 65 and names the segment that is damaged") {
  const test::TempDir dir;
  const auto options = prepare(dir);
  const auto file = replay::segments(dir.path() / "data" / "recording").front().file;
  {
    std::fstream segment(file, std::ios::binary | std::ios::in | std::ios::out);
    segment.seekp(static_cast<std::streamoff>(std::filesystem::file_size(file)) - 20);
    segment.put('!');
  }
  const auto verify = shell("$BW recording verify" + options);
  CHECK(verify.status == 65);
  CHECK(has(verify.out, file.filename().string() + ": damaged"));
}

}  // namespace
}  // namespace brandwacht::daemon
