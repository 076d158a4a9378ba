// An invented stream as NDJSON, and back through the parser.
#include "bench/stream/writer.hpp"

#include "bench/stream/stream.hpp"
#include "tests/support/catch.hpp"

using namespace brandwacht;
using namespace brandwacht::bench;

TEST_CASE("every event survives the way through the common NDJSON") {
  StreamSettings settings;
  settings.weeks = 2;
  for (const bool text : {true, false}) {
    Stream stream(21, settings);
    Writer writer({.text = text, .dutch = text});
    MentionParser parser;
    int events = 0;
    while (const Event* const event = stream.next()) {
      const MentionView wrote = writer.view(*event);
      std::string line = to_json(wrote);
      const std::size_t size = line.size();
      line.append(simdjson::SIMDJSON_PADDING, ' ');
      MentionView read;
      REQUIRE(parser.parse({line.data(), size}, event->received_at, read) == LineFault::none);
      REQUIRE(read.kind == event->kind);
      REQUIRE(read.id == wrote.id);
      REQUIRE(read.thread == wrote.thread);
      REQUIRE(read.parent == wrote.parent);
      REQUIRE(read.quoted == wrote.quoted);
      REQUIRE(read.author == wrote.author);
      REQUIRE(read.text == wrote.text);
      REQUIRE(read.official == event->official);
      // Milliseconds travel.
      REQUIRE(event->created_at - read.created_at < std::chrono::milliseconds{1});
      REQUIRE(event->received_at - read.received_at < std::chrono::milliseconds{1});
      REQUIRE(read.author_name.starts_with("invented"));
      ++events;
    }
    CHECK(events > 3000);
  }
}

TEST_CASE("a root names the brand, and the bots of a raid write one text") {
  StreamSettings settings;
  settings.weeks = 30;
  settings.raids = 1;
  Stream stream(22, settings);
  Writer writer;
  std::uint64_t print = 0;
  std::string said;
  int bots = 0;
  while (const Event* const event = stream.next()) {
    if (event->kind != MentionKind::create) continue;
    const std::string text(writer.view(*event).text);
    if (event->id == event->thread) CHECK(text.starts_with("Polderbank"));
    if (!event->bot || event->negative < 0.5F) continue;
    ++bots;
    if (event->print == print) CHECK(text == said);
    print = event->print;
    said = text;
  }
  CHECK(bots > 100);
}
