// NDJSON from FIFOs and standard input.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/connectors/ndjson_source.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::connectors {
namespace {

using namespace std::chrono_literals;
using Source = NdjsonSource;
using Texts = std::vector<std::string>;

TEST_CASE("a FIFO is read until its last writer leaves, and no longer") {
  TempFolder folder;
  const auto fifo = folder / "fifo";
  REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  Source source({fifo, false});
  source.clock.advance(1s);
  CHECK_FALSE(source.ended());  // nobody has opened it yet
  const int writer = ::open(fifo.c_str(), O_WRONLY | O_NONBLOCK);
  REQUIRE(writer >= 0);
  const auto lines = mention_line("1", "een") + mention_line("2", "twee");
  REQUIRE(::write(writer, lines.data(), lines.size()) == static_cast<ssize_t>(lines.size()));
  ::close(writer);
  source.run_until_ended();
  CHECK(source.ended());
  CHECK(source.sink.texts() == Texts{"een", "twee"});
}

TEST_CASE("a followed FIFO outlives its writers") {
  TempFolder folder;
  const auto fifo = folder / "fifo";
  REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  Source source({fifo, true});
  for (const std::string text : {"een", "twee"}) {
    const int writer = ::open(fifo.c_str(), O_WRONLY | O_NONBLOCK);
    REQUIRE(writer >= 0);
    const auto line = mention_line(text, text);
    REQUIRE(::write(writer, line.data(), line.size()) == static_cast<ssize_t>(line.size()));
    ::close(writer);
    for (int i = 0;
         i < 500 && (source.sink.mentions.empty() || source.sink.mentions.back().text != text);
         ++i) {
      source.io.restart();
      source.io.run_for(10ms);
    }
  }
  CHECK(source.sink.texts() == Texts{"een", "twee"});
  CHECK_FALSE(source.ended());
}

// Standard input replaced by another descriptor for the length of a test.
class StandardInput {
 public:
  explicit StandardInput(int fd) : saved_(::dup(STDIN_FILENO)) { ::dup2(fd, STDIN_FILENO); }
  ~StandardInput() {
    ::dup2(saved_, STDIN_FILENO);
    ::close(saved_);
  }

 private:
  int saved_;
};

TEST_CASE("standard input is read from a pipe, which stays blocking for everybody else") {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  StandardInput input(ends[0]);
  Source source({"-", false});
  CHECK_FALSE(source.ended());
  CHECK((::fcntl(ends[0], F_GETFL) & O_NONBLOCK) == 0);
  const auto lines = mention_line("1", "een") + "kapot\n" + mention_line("2", "twee");
  REQUIRE(::write(ends[1], lines.data(), lines.size()) == static_cast<ssize_t>(lines.size()));
  ::close(ends[1]);
  source.run_until_ended();
  CHECK(source.ended());
  CHECK(source.sink.texts() == Texts{"een", "twee"});
  CHECK(source.sink.rejects.size() == 1);
  CHECK(source.sink.positions.empty());  // a pipe cannot be resumed
  ::close(ends[0]);
}

TEST_CASE("standard input is read from a file, from where the shell left it") {
  TempFolder folder;
  const auto file = folder / "in";
  append_to(file, mention_line("1", "een") + mention_line("2", "twee"));
  const int fd = ::open(file.c_str(), O_RDONLY);
  REQUIRE(fd >= 0);
  ::lseek(fd, static_cast<off_t>(mention_line("1", "een").size()), SEEK_SET);
  StandardInput input(fd);
  Source source({"-", false});
  source.run_until_ended();
  CHECK(source.ended());
  CHECK(source.sink.texts() == Texts{"twee"});
  ::close(fd);
}

TEST_CASE("a reader of standard input that waits can be cancelled") {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  {
    StandardInput input(ends[0]);
    Source source({"-", false});
    source.stop();
    CHECK(source.ended());
  }
  ::close(ends[0]);
  ::close(ends[1]);
}

}  // namespace
}  // namespace brandwacht::connectors
