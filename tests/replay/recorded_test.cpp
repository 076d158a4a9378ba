#include "monitor/replay/recorded.hpp"
#include "monitor/replay/recorded_own.hpp"

#include "tests/replay/stream.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::replay {
namespace {
using namespace scene;
using namespace std::chrono_literals;

line::Judged judged() {
  line::Judged out;
  out.platform = "bluesky";
  out.id = "reply";
  out.thread = out.parent = "root";
  out.quoted = "other";
  out.author = "did:plc:bas";
  out.author_name = "bas.example";
  out.lang = "nl";
  out.text = "Schandalig \"werkt\" niet\\ 👏 bel 06-12345678";
  out.url = "https://social.example/1";
  out.brand = "Polderbank";
  out.seen.mention = platform_key("bluesky", "reply");
  out.seen.thread = out.seen.parent = platform_key("bluesky", "root");
  out.seen.quoted = platform_key("bluesky", "other");
  out.seen.author = platform_key("bluesky", "did:plc:bas");
  out.seen.created_at = kStart + 123'456us;
  out.seen.received_at = kStart + 9'999'999us;
  out.seen.official = true;
  out.score = line::to_decimals(text::score(out.text, "nl"));
  out.seen.negative = out.score.negative;
  out.seen.voice = line::voice_of(out.score);
  out.seen.voice.addressed = true;
  line::add_text(out, 0);
  return out;
}

bool same(const thread::Observation& a, const thread::Observation& b) {
  return a.mention == b.mention && a.thread == b.thread && a.parent == b.parent &&
         a.quoted == b.quoted && a.author == b.author && a.created_at == b.created_at &&
         a.received_at == b.received_at && a.negative == b.negative && a.official == b.official &&
         a.edit == b.edit && a.voice.print == b.voice.print &&
         a.voice.addressed == b.voice.addressed && a.voice.link == b.voice.link &&
         a.voice.anger == b.voice.anger && a.voice.they == b.voice.they;
}

RecordedLine parsed(RecordedParser& parser, std::string& text) {
  text.reserve(text.size() + 64);
  RecordedLine out;
  const auto fault = parser.parse(std::string_view(text).substr(0, text.find('\n')), out);
  INFO(text);
  REQUIRE(fault == LineFault::none);
  return out;
}

TEST_CASE("what is recorded comes back as it was, to the microsecond and the last decimal") {
  RecordedParser parser;
  std::string text;
  const auto before = judged();
  append_recorded({before, 7, 42}, text);
  const auto after = parsed(parser, text);
  CHECK(same(after.judged.seen, before.seen));
  CHECK(after.scorer == 7);
  CHECK(after.seq == 42);
  CHECK(after.judged.brand == "Polderbank");
  CHECK(after.judged.id == "reply");
  CHECK(after.judged.thread == "root");
  CHECK(after.judged.author_name == "bas.example");
  CHECK(after.judged.lang == "nl");
  CHECK(after.judged.score.language == before.score.language);
  CHECK(after.judged.score.cues == before.score.cues);
  CHECK(text::probabilities(after.judged.score) == text::probabilities(before.score));
}

TEST_CASE("a line of our own is read from left to right, and says what the parser says of it") {
  auto before = judged();
  before.text = "Schandalig, werkt weer niet 👏";
  std::string text;
  append_recorded({before, 7, 42}, text);
  text.reserve(text.size() + 64);
  const auto line = std::string_view(text).substr(0, text.find('\n'));
  RecordedLine own;
  REQUIRE(read_own_line(line, own));
  std::string spaced = "{ " + text.substr(1);
  RecordedLine none;
  CHECK_FALSE(read_own_line(std::string_view(spaced).substr(0, spaced.size() - 1), none));
  RecordedParser parser, other;
  const auto fast = parsed(parser, text), slow = parsed(other, spaced);
  CHECK(same(fast.judged.seen, slow.judged.seen));
  CHECK(fast.seq == slow.seq);
  CHECK(fast.scorer == slow.scorer);
  CHECK(fast.judged.text == before.text);
  CHECK(slow.judged.text == before.text);
  CHECK(fast.judged.url == slow.judged.url);
  CHECK(fast.judged.brand == slow.judged.brand);
  CHECK(text::probabilities(fast.judged.score) == text::probabilities(slow.judged.score));
  // Cut anywhere, or with one bit of it wrong, it is refused or read: nothing else.
  for (std::size_t i = 0; i < line.size(); ++i) {
    RecordedLine cut;
    CHECK_FALSE(read_own_line(line.substr(0, i), cut));
    std::string wrong(line);
    wrong[i] = static_cast<char>(wrong[i] ^ 1 << i % 8);
    wrong.reserve(wrong.size() + 64);
    RecordedLine out;
    (void)parser.parse(wrong, out);
  }
}

TEST_CASE("every probability of four decimals survives its text form") {
  RecordedParser parser;
  auto out = judged();
  for (int i = 0; i <= 10'000; i += 7) {
    text::Score score;
    score.negative = score.joins = static_cast<float>(i) / 10'000.0F;
    out.score = line::to_decimals(score);
    std::string text;
    append_recorded({out, 1, 42}, text);
    const auto back = parsed(parser, text);
    REQUIRE(back.judged.score.negative == out.score.negative);
    REQUIRE(back.judged.score.joins == out.score.joins);
  }
}

TEST_CASE("private data never reaches a recording") {
  std::string text;
  auto out = judged();
  out.author_name = "Bas, bel 06-12345678";
  append_recorded({out, 1, 42}, text);
  CHECK(text.find("12345678") == std::string::npos);
  CHECK(text.find("[phone]") != std::string::npos);
}

TEST_CASE("a recorded line is a mention in the common form") {
  std::string text;
  append_recorded({judged(), 1, 42}, text);
  text.reserve(text.size() + 64);
  MentionParser parser;
  MentionView mention;
  REQUIRE(parser.parse(std::string_view(text).substr(0, text.size() - 1), Time{}, mention) ==
          LineFault::none);
  CHECK(mention.key() == judged().seen.mention);
  CHECK(mention.received_at == judged().seen.received_at);
  CHECK(mention.langs.size() == 1);
}

TEST_CASE("an erased line keeps keys, times and scores, and none of the words, names or ids") {
  RecordedParser parser;
  std::string text, erased;
  append_recorded({judged(), 7, 42}, text);
  append_erased(parsed(parser, text), erased);
  for (const char* gone : {"bas", "reply", "root", "other", "werkt", "social.example"})
    CHECK(erased.find(gone) == std::string::npos);
  const auto after = parsed(parser, erased);
  CHECK(same(after.judged.seen, judged().seen));
  CHECK(after.judged.erased);
  CHECK(text::probabilities(after.judged.score) == text::probabilities(judged().score));
  std::string again;
  append_recorded({after.judged, after.scorer, 42}, again);
  CHECK(again == erased);
}

TEST_CASE("no cut and no flipped bit of a line makes the parser do more than refuse it") {
  RecordedParser parser;
  std::string text;
  append_recorded({judged(), 7, 42}, text);
  text.pop_back();
  RecordedLine out;
  for (std::size_t size = 0; size < text.size(); ++size) {
    std::string part = text.substr(0, size);
    part.reserve(size + 64);
    CHECK(parser.parse(part, out) != LineFault::none);
  }
  for (std::size_t bit = 0; bit < text.size() * 8; ++bit) {
    std::string flipped = text;
    flipped.reserve(text.size() + 64);
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    (void)parser.parse(flipped, out);  // a changed letter is a good line
  }
  for (const char* bad : {"", "[]", "{}", "null", "{\"kind\":\"create\"}", "{\"keys\":[1]}"}) {
    std::string line = bad;
    line.reserve(line.size() + 64);
    CHECK(parser.parse(line, out) != LineFault::none);
  }
}

}  // namespace
}  // namespace brandwacht::replay
