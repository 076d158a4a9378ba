#include "monitor/line_splitter.hpp"

#include <cstring>
#include <random>

#include "tests/monitor/support.hpp"

namespace brandwacht::test {
namespace {

struct Cut {
  std::vector<std::string> lines;
  std::uint64_t too_long = 0;
  bool operator==(const Cut&) const = default;
};

// The definition: cut at each \n, drop one \r before it, drop what is empty, count what is too
// long.
Cut naive(const std::string& stream, std::size_t max_line) {
  Cut cut;
  for (std::size_t begin = 0; begin < stream.size();) {
    const auto end = std::min(stream.find('\n', begin), stream.size());
    auto line = stream.substr(begin, end - begin);
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.size() > max_line)
      ++cut.too_long;
    else if (!line.empty())
      cut.lines.push_back(line);
    begin = end + 1;
  }
  return cut;
}

void take(LineSplitter& splitter, std::vector<std::string>& lines) {
  while (const auto line = splitter.next()) {
    unsigned sum =
        0;  // the promised bytes behind the line; a sanitizer objects if they are not ours
    for (std::size_t i = 0; i < LineSplitter::kPadding; ++i)
      sum += static_cast<unsigned char>(line->data()[line->size() + i]);
    lines.emplace_back(*line);
    if (sum == ~0U) lines.emplace_back();  // keeps the loop above
  }
}

template <class Size>  // () -> how many bytes come next
Cut cut_up(LineSplitter& splitter, const std::string& stream, Size size) {
  Cut cut;
  for (std::size_t at = 0; at < stream.size();) {
    const auto room = splitter.writable();
    REQUIRE_FALSE(room.empty());
    const auto count = std::min({room.size(), stream.size() - at, size()});
    std::memcpy(room.data(), stream.data() + at, count);
    splitter.commit(count);
    at += count;
    take(splitter, cut.lines);
  }
  while (const auto line = splitter.finish())
    cut.lines.emplace_back(*line);
  cut.too_long = splitter.too_long();
  return cut;
}

Cut cut_whole(LineSplitter& splitter, const std::string& stream) {
  return cut_up(splitter, stream, [] { return std::size_t(-1); });
}

using Lines = std::vector<std::string>;

TEST_CASE("lines end with a newline, with or without a carriage return") {
  LineSplitter splitter;
  CHECK(cut_whole(splitter, "one\ntwo\r\nthree\n").lines == Lines{"one", "two", "three"});
}

TEST_CASE("blank lines are not given") {
  LineSplitter splitter;
  CHECK(cut_whole(splitter, "\n\r\n\none\n\n\r\n\r\ntwo\n\n").lines == Lines{"one", "two"});
  CHECK(splitter.too_long() == 0);
}

TEST_CASE("a carriage return inside a line belongs to it") {
  LineSplitter splitter;
  CHECK(cut_whole(splitter, "a\rb\nc\r\r\n").lines == Lines{"a\rb", "c\r"});
}

TEST_CASE("finish gives the last line without newline, and the splitter starts anew") {
  LineSplitter splitter;
  CHECK(cut_whole(splitter, "one\ntail\r").lines == Lines{"one", "tail"});
  CHECK_FALSE(splitter.finish());
  CHECK(cut_whole(splitter, "next stream\n").lines == Lines{"next stream"});
  LineSplitter fresh;
  CHECK_FALSE(fresh.finish());
  CHECK_FALSE(fresh.next());
}

TEST_CASE("finish also gives the lines that nobody took") {
  LineSplitter splitter;
  const auto room = splitter.writable();
  std::memcpy(room.data(), "a\nb\nc", 5);
  splitter.commit(5);
  CHECK(splitter.finish() == "a");
  CHECK(splitter.finish() == "b");
  CHECK(splitter.finish() == "c");
  CHECK_FALSE(splitter.finish());
}

TEST_CASE("a line at the cap is given, one over it is skipped and counted once") {
  const std::string at_cap(10, 'a'), over(11, 'b'), far_over(500, 'c');
  for (std::size_t chunk : {1U, 7U, 64U, 4096U}) {
    LineSplitter splitter(10, chunk);
    const auto cut = cut_whole(splitter, at_cap + "\n" + at_cap + "\r\n" + over + "\n" + over +
                                             "\r\n" + far_over + "\nshort\n" + over);
    CHECK(cut.lines == Lines{at_cap, at_cap, "short"});
    CHECK(cut.too_long == 4);
  }
}

TEST_CASE("any cut of a stream into chunks gives the same lines") {
  std::mt19937_64 random(3);
  const auto below = [&random](std::size_t bound) { return std::size_t(random() % bound); };
  for (int round = 0; round < 3000; ++round) {
    std::string stream;
    for (std::size_t n = below(60); n > 0; --n) {
      static constexpr char kBytes[] = {'a', 'b', '\n', '\n', '\r', '\0', ' '};
      stream.append(below(8) == 0 ? below(30) : 1, kBytes[below(sizeof kBytes)]);
    }
    const std::size_t max_line = below(20);
    LineSplitter splitter(max_line, 1 + below(16));
    CAPTURE(stream, max_line);
    REQUIRE(cut_up(splitter, stream, [&] { return 1 + below(9); }) == naive(stream, max_line));
  }
}

TEST_CASE("200 MB without a newline stay in bounded memory") {
  constexpr std::size_t kMax = 1 << 20, kChunk = 64 << 10;
  LineSplitter splitter(kMax, kChunk);
  for (std::size_t sent = 0; sent < (200 << 20); sent += kChunk) {
    const auto room = splitter.writable();
    std::memset(room.data(), 'x', room.size());
    splitter.commit(room.size());
    REQUIRE_FALSE(splitter.next());
    REQUIRE(splitter.memory() <= kMax + 1 + kChunk + LineSplitter::kPadding);
  }
  CHECK(splitter.too_long() == 1);
  CHECK(cut_whole(splitter, "the end of it\nthe next\n").lines == Lines{"the next"});
  CHECK(splitter.too_long() == 1);
}

TEST_CASE("memory grows with the longest line, not with the stream") {
  LineSplitter splitter(1 << 20, 1 << 10);
  const auto fresh = splitter.memory();
  std::string stream;
  for (int i = 0; i < 20000; ++i)
    stream += "a line of ordinary length\n";
  CHECK(cut_whole(splitter, stream).lines.size() == 20000);
  CHECK(splitter.memory() <= 2 * fresh);
}

}  // namespace
}  // namespace brandwacht::test
