#include "connectors/ndjson.hpp"

#include <sys/resource.h>
#include <sys/stat.h>

#include "tests/connectors/ndjson_source.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::connectors {
namespace {

namespace asio = boost::asio;
using Catch::Matchers::Contains;
using Source = NdjsonSource;
using Texts = std::vector<std::string>;

TEST_CASE("a file is read to its end, its last line without a newline too") {
  TempFolder folder;
  const auto file = folder / "mentions.ndjson";
  append_to(file, mention_line("1", "een") + "\r\n\n   \n" + mention_line("2", "twee"));
  append_to(
      file,
      R"({"platform":"forum","id":"3","author":"invented","created_at":"2026-01-05T10:00:00Z","text":"drie"})");
  Source source({file, false});
  CHECK(source.ended());
  CHECK(source.finite());
  CHECK(source.sink.texts() == Texts{"een", "twee", "drie"});
  CHECK(source.sink.rejects.empty());
  CHECK(source.stats().events == 3);
  CHECK(source.stats().bytes == std::filesystem::file_size(file));
  REQUIRE_FALSE(source.sink.positions.empty());
  CHECK(source.sink.positions.back().ends_with(":" +
                                               std::to_string(std::filesystem::file_size(file))));
  CHECK(source.sink.sources.front() == "invented");
}

TEST_CASE("a byte-order mark and carriage returns are no part of a line") {
  TempFolder folder;
  const auto file = folder / "windows.ndjson";
  auto line = mention_line("1", "een");
  line.insert(line.size() - 1, "\r");
  append_to(file, "\xEF\xBB\xBF" + line);
  Source source({file, false});
  CHECK(source.sink.texts() == Texts{"een"});
}

TEST_CASE("a missing file ends a source that does not follow, with its reason") {
  TempFolder folder;
  Source source({folder / "nowhere", false});
  CHECK(source.ended());
  CHECK(source.stats().failures == 1);
  CHECK_THAT(source.stats().last_failure, Contains("nowhere") && Contains("No such file"));
}

TEST_CASE("a folder in the place of a file is a failure and no endless loop") {
  TempFolder folder;
  Source once({folder / ".", false});
  CHECK(once.ended());
  CHECK_THAT(once.stats().last_failure, Contains("directory"));
  Source following({folder / ".", true});
  for (int i = 0; i < 8; ++i)
    following.poll();
  CHECK_FALSE(following.ended());
  CHECK(following.stats().failures == 1);  // said once, not at each poll
}

TEST_CASE("a followed file is waited for, then read as it grows") {
  TempFolder folder;
  const auto file = folder / "later.ndjson";
  Source source({file, true});
  CHECK_FALSE(source.finite());
  source.poll();
  CHECK_FALSE(source.ended());
  CHECK_FALSE(source.stats().connected);
  append_to(file, mention_line("1", "een"));
  source.poll();
  CHECK(source.sink.texts() == Texts{"een"});
  CHECK(source.stats().connected);
  CHECK(source.stats().last_failure.empty());
  // Half a line waits for its other half, and the position before it.
  const auto line = mention_line("2", "twee");
  const auto before = source.sink.positions.back();
  append_to(file, line.substr(0, 30));
  source.poll();
  source.poll();
  CHECK(source.sink.texts() == Texts{"een"});
  CHECK(source.sink.positions.back() == before);
  append_to(file, line.substr(30));
  source.poll();
  CHECK(source.sink.texts() == Texts{"een", "twee"});
  CHECK(source.sink.rejects.empty());
}

TEST_CASE("a rotated file is read to its end before the new one") {
  TempFolder folder;
  const auto file = folder / "log", old = folder / "log.1";
  append_to(file, mention_line("1", "een"));
  Source source({file, true});
  std::filesystem::rename(file, old);
  source.poll();
  append_to(old, mention_line("2", "twee"));  // the writer has not noticed yet
  source.poll();
  append_to(file, mention_line("3", "drie"));
  append_to(old, mention_line("4", "vier"));
  source.poll();
  source.poll();
  source.poll();
  CHECK(source.sink.texts() == Texts{"een", "twee", "vier", "drie"});
  append_to(file, mention_line("5", "vijf"));
  source.poll();
  CHECK(source.sink.texts().back() == "vijf");
  CHECK(source.sink.rejects.empty());
}

TEST_CASE("the unfinished last line of a rotated file does not run into the new one") {
  TempFolder folder;
  const auto file = folder / "log", old = folder / "log.1";
  append_to(file, mention_line("1", "een") + "{\"platform\":\"forum\",\"id\":\"half");
  Source source({file, true});
  std::filesystem::rename(file, old);
  append_to(file, mention_line("2", "twee"));
  for (int i = 0; i < 4; ++i)
    source.poll();
  CHECK(source.sink.texts() == Texts{"een", "twee"});
  CHECK(source.sink.rejects[LineFault::truncated] == 1);
}

TEST_CASE("a truncated file is read from its beginning") {
  TempFolder folder;
  const auto file = folder / "log";
  append_to(file, mention_line("1", "een, dat een lange regel is") + mention_line("2", "twee"));
  Source source({file, true});
  std::filesystem::resize_file(file, 0);
  append_to(file, mention_line("3", "drie"));
  source.poll();
  source.poll();
  CHECK(source.sink.texts().back() == "drie");
  CHECK(source.sink.mentions.size() == 3);
  CHECK(source.sink.positions.back().ends_with(":" +
                                               std::to_string(std::filesystem::file_size(file))));
}

TEST_CASE("a restart goes on behind the last complete line") {
  TempFolder folder;
  const auto file = folder / "log";
  std::string cursor;
  {
    append_to(file, mention_line("1", "een") + mention_line("2", "twee").substr(0, 40));
    Source source({file, true});
    CHECK(source.sink.texts() == Texts{"een"});
    cursor = source.sink.positions.back();
  }
  append_to(file, mention_line("2", "twee").substr(40) + mention_line("3", "drie"));
  Source source({file, true}, cursor);
  CHECK(source.sink.texts() == Texts{"twee", "drie"});
}

TEST_CASE("a restart finds the file that was rotated away meanwhile") {
  TempFolder folder;
  const auto file = folder / "log";
  std::string cursor;
  {
    append_to(file, mention_line("1", "een"));
    Source source({file, true});
    cursor = source.sink.positions.back();
  }
  append_to(file, mention_line("2", "twee"));
  std::filesystem::rename(file, folder / "log.1");
  append_to(file, mention_line("3", "drie"));
  Source source({file, true}, cursor);
  for (int i = 0; i < 4; ++i)
    source.poll();
  CHECK(source.sink.texts() == Texts{"twee", "drie"});
}

TEST_CASE("a cursor that fits no file any more means the beginning") {
  TempFolder folder;
  const auto file = folder / "log";
  append_to(file, mention_line("1", "een"));
  struct stat info {};
  REQUIRE(::stat(file.c_str(), &info) == 0);
  const auto same = std::to_string(info.st_dev) + ":" + std::to_string(info.st_ino) + ":";
  for (const std::string& cursor :
       {std::string("1:2:3"), std::string("nonsense"), std::string("::"), same, same + "99999",
        same + "-1", same + "1:1"}) {
    INFO(cursor);
    Source source({file, true}, cursor);
    CHECK(source.sink.texts() == Texts{"een"});
  }
  Source source({file, true}, same + std::to_string(info.st_size));
  CHECK(source.sink.texts().empty());
}

TEST_CASE("each kind of bad line is counted and the lines around it are read") {
  const std::string good = mention_line("1", "goed");
  const std::string base = R"({"platform":"forum","id":"9","author":"invented",)";
  const std::string at = R"("created_at":"2026-01-05T10:00:00Z",)";
  const std::vector<std::pair<std::string, LineFault>> bad = {
      {good.substr(0, 30), LineFault::truncated},
      {"{\"platform\" \"forum\"}", LineFault::bad_json},
      {"[1,2]", LineFault::not_an_object},
      {base + at + "\"text\":\"\xC3(\"}", LineFault::bad_utf8},
      {base + at + R"("text":5})", LineFault::wrong_type},
      {base + at + R"("text":"\ud800"})", LineFault::wrong_type},
      {base + at + R"("text":"a\u0000b"})", LineFault::embedded_nul},
      {base + at + std::string("\"text\":\"a\0b\"}", 13), LineFault::embedded_nul},
      {base + R"("created_at":"gisteren","text":"x"})", LineFault::bad_time},
      {base + at + R"("kind":"shout","text":"x"})", LineFault::bad_kind},
      {R"({"platform":"forum","text":"x"})", LineFault::missing_field},
      {base + at + "\"x\":" + std::string(5'000, '[') + std::string(5'000, ']') + "}",
       LineFault::too_deep},
      {base + at + "\"text\":\"" + std::string(2 << 20, 'a') + "\"}", LineFault::too_long},
  };
  TempFolder folder;
  for (const auto& [line, fault] : bad) {
    INFO(line.substr(0, 120));
    const auto file = folder / "log";
    std::filesystem::remove(file);
    append_to(file, good + line + "\n" + good);
    Source source({file, false});
    CHECK(source.sink.texts() == Texts{"goed", "goed"});
    CHECK(source.sink.rejects == std::map<LineFault, int>{{fault, 1}});
  }
}

long peak_memory_kb() {
  struct rusage usage {};
  ::getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

TEST_CASE("a gigabyte without a newline takes no memory and leaves the rest readable") {
  TempFolder folder;
  const auto file = folder / "sparse";
  append_to(file, mention_line("1", "een"));
  std::filesystem::resize_file(file, 1 << 30);
  append_to(file, "\n" + mention_line("2", "twee"));
  const long before = peak_memory_kb();
  Source source({file, false});
  CHECK(source.ended());
  CHECK(source.sink.texts() == Texts{"een", "twee"});
  CHECK(source.sink.rejects == std::map<LineFault, int>{{LineFault::too_long, 1}});
  CHECK(peak_memory_kb() - before < 16 << 10);
}

asio::awaitable<void> count_turns(int& turns) {
  for (;;) {
    ++turns;
    co_await asio::post(asio::use_awaitable);
  }
}

TEST_CASE("other tasks run between the chunks of a long file") {
  TempFolder folder;
  const auto file = folder / "long";
  std::string line = mention_line("1", std::string(1'000, 'a'));
  for (int i = 0; i < 1'000; ++i)
    append_to(file, line);
  asio::io_context io;
  ManualClock clock(io);
  asio::thread_pool pool(1);
  CollectingSink sink;
  Ndjson ndjson("invented", {file, false}, {io.get_executor(), pool, clock, "test"});
  TaskGroup reading(io.get_executor()), others(io.get_executor());
  int turns = 0;
  others.spawn("turns", count_turns(turns));
  reading.spawn("reader", ndjson.run(sink, ""));
  while (reading.size() > 0)
    io.run_one();
  CHECK(sink.mentions.size() == 1'000);
  CHECK(turns > 15);  // a megabyte is 17 chunks
  CHECK(sink.ready_calls > 15);
  others.cancel();
  clock.settle();
}

TEST_CASE("a followed source ends when it is cancelled") {
  TempFolder folder;
  Source source({folder / "nowhere", true});
  CHECK_FALSE(source.ended());
  source.stop();
  CHECK(source.ended());
}

}  // namespace
}  // namespace brandwacht::connectors
