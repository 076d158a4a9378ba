#include "connectors/jetstream_event.hpp"

#include "tests/connectors/support.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::connectors {
namespace {

using Kind = JetstreamEvent::Kind;

const Time kNow{std::chrono::seconds{1'790'000'100}};
const std::string kCritic = "did:plc:invented2critic3aaaaaaaaaa";
const std::string kOther = "did:plc:invented2other3aaaaaaaaaaa";
const std::string kRoot = "at://" + kCritic + "/app.bsky.feed.post/3inv000000001";

// What is left of an event when the parser reads the next one.
struct Kept {
  Kind kind;
  LineFault fault;
  std::int64_t time_us;
  Mention mention;
};

Kept parse(JetstreamParser& parser, const std::string& json) {
  const Padded padded(json);
  const auto& event = parser.parse(padded.view(), kNow);
  return {event.kind, event.fault, event.time_us, Mention(event.mention)};
}

Kept parse(const std::string& json) {
  JetstreamParser parser;
  return parse(parser, json);
}

std::vector<Kept> parse_file(const std::string& name) {
  JetstreamParser parser;
  std::vector<Kept> out;
  for (const auto& line : lines_of(std::string(TEST_DATA) + "/" + name))
    out.push_back(parse(parser, line));
  return out;
}

// An invented post whose record is `record`.
std::string post(const std::string& record, const std::string& operation = "create") {
  return R"({"did":"did:plc:invented","time_us":1790000000000000,"kind":"commit","commit":{"operation":")" +
         operation + R"(","collection":"app.bsky.feed.post","rkey":"3inv","record":)" + record +
         "}}";
}

std::string nested(int levels) {
  return std::string(static_cast<std::size_t>(levels), '[') +
         std::string(static_cast<std::size_t>(levels), ']');
}

TEST_CASE("every shape of post becomes its mention") {
  const auto events = parse_file("jetstream-production-order.jsonl");
  REQUIRE(events.size() == 20);

  const auto& root = events[0].mention;
  CHECK(events[0].kind == Kind::mention);
  CHECK(root.platform == "bluesky");
  CHECK(root.id == kRoot);
  CHECK(root.thread == kRoot);
  CHECK(root.parent.empty());
  CHECK(root.author == kCritic);
  CHECK(root.kind == MentionKind::create);
  CHECK(root.url == "https://bsky.app/profile/" + kCritic + "/post/3inv000000001");
  CHECK(root.langs == std::vector<std::string>{"nl"});
  CHECK(root.accounts == std::vector<std::string>{"did:plc:invented2brand3aaaaaaaaaaa"});
  CHECK(root.tags == std::vector<std::string>{"polderspoor"});
  CHECK(root.text.ends_with("iets zegt. \xF0\x9F\x98\xA1 #polderspoor"));

  const auto& reply = events[1].mention;
  CHECK(reply.id == "at://" + kOther + "/app.bsky.feed.post/3inv000000002");
  CHECK(reply.thread == kRoot);
  CHECK(reply.parent == kRoot);
  CHECK(reply.langs == std::vector<std::string>{"nl", "en"});

  CHECK(events[2].mention.quoted == kRoot);
  CHECK(events[2].mention.thread == events[2].mention.id);
  CHECK(events[3].mention.quoted == reply.id);
  CHECK(events[4].mention.quoted.empty());
  CHECK(events[4].mention.langs.empty());
  CHECK(events[5].mention.text == "Zei \"sorry\"\n\ten \\ meer niet \xF0\x9F\x98\xA1 \xC3\xA9");
  CHECK(events[5].mention.tags == std::vector<std::string>{"polderspoor", "vertraging"});

  CHECK(events[6].mention.kind == MentionKind::edit);
  CHECK(events[6].mention.id == kRoot);
  CHECK(events[6].mention.text == "Alweer TWEE uur vertraging.");
  CHECK(events[7].mention.kind == MentionKind::remove);
  CHECK(events[7].mention.id == reply.id);
  CHECK(events[7].mention.author == kOther);
  CHECK(events[7].mention.text.empty());
}

TEST_CASE("the time of a mention is the server's, not the one its author's program wrote") {
  const auto event = parse(post(R"({"text":"x","createdAt":"1999-01-01T00:00:00Z"})"));
  CHECK(event.mention.created_at == Time{Duration{1'790'000'000'000'000}});
  CHECK(event.mention.received_at == kNow);
  CHECK(event.time_us == 1'790'000'000'000'000);
}

TEST_CASE("the order of the keys does not matter") {
  const auto events = parse_file("jetstream-production-order.jsonl");
  for (const auto* name : {"jetstream-dag-cbor-order.jsonl", "jetstream-reversed-order.jsonl"}) {
    const auto others = parse_file(name);
    REQUIRE(others.size() == events.size());
    for (std::size_t i = 0; i < events.size(); ++i) {
      INFO(name << " line " << i + 1);
      CHECK(others[i].kind == events[i].kind);
      CHECK(others[i].time_us == events[i].time_us);
      CHECK(to_json(others[i].mention.view()) == to_json(events[i].mention.view()));
    }
  }
}

TEST_CASE("an account that is gone takes its author along, one that is only slow does not") {
  const auto events = parse_file("jetstream-production-order.jsonl");
  for (std::size_t i = 10; i < 14; ++i) {
    INFO("line " << i + 1);
    CHECK(events[i].kind == Kind::mention);
    CHECK(events[i].mention.kind == MentionKind::author_gone);
    CHECK(events[i].mention.author ==
          "did:plc:invented2gone" + std::to_string(i - 10) + "aaaaaaaaaaaa");
    CHECK(events[i].mention.id.empty());
  }
  CHECK(events[9].kind == Kind::ignored);   // active
  CHECK(events[14].kind == Kind::ignored);  // desynchronized
  CHECK(events[15].kind == Kind::ignored);  // throttled
}

TEST_CASE("what is no post is ignored, whatever its record looks like, and moves the cursor") {
  const auto events = parse_file("jetstream-production-order.jsonl");
  for (const std::size_t i : {8, 16, 17, 18, 19}) {
    INFO("line " << i + 1);
    CHECK(events[i].kind == Kind::ignored);
    CHECK(events[i].time_us == 1'790'000'000'000'000 + static_cast<std::int64_t>(i) * 250'000);
  }
  // The same when the record comes before the name of its collection.
  CHECK(
      parse(
          R"({"commit":{"record":{"text":5,"reply":[1]},"rkey":"a","operation":"create",)"
          R"("collection":"test.note"},"kind":"commit","time_us":1790000000000000,"did":"did:x:y"})")
          .kind == Kind::ignored);
}

TEST_CASE("what only helps may be malformed") {
  const auto forgiven = GENERATE(
      R"({"langs":"nl","text":"boos","tags":7})", R"({"langs":[1,"nl",null],"text":"boos"})",
      R"({"facets":{"a":1},"text":"boos"})", R"({"facets":[1,[2],{"features":"x"}],"text":"boos"})",
      R"({"facets":[{"features":[{"did":5},{"tag":null},7,"x"]}],"text":"boos"})",
      R"({"embed":"x","text":"boos"})",
      R"({"embed":{"$type":4,"record":[1,{"a":[]}]},"text":"boos"})",
      R"({"embed":{"$type":"app.bsky.embed.record","record":{"uri":{"a":{}}}},"text":"boos"})",
      R"({"tags":["a\u0000b","\ud800"],"createdAt":[[]],"text":"boos","x":null})",
      R"({"facets":[],"langs":[],"tags":[],"embed":{},"text":"boos"})");
  const auto event = parse(post(forgiven));
  INFO(forgiven);
  CHECK(event.kind == Kind::mention);
  CHECK(event.mention.text == "boos");
  CHECK(event.mention.tags.empty());
}

TEST_CASE("good neighbours of a malformed facet or language are kept") {
  const auto event = parse(post(
      R"({"facets":[{"features":[{"did":5},{"did":"did:plc:a"}]},9,{"features":[{"tag":"b"}]}],)"
      R"("langs":[null,"nl"],"text":"boos"})"));
  CHECK(event.mention.accounts == std::vector<std::string>{"did:plc:a"});
  CHECK(event.mention.tags == std::vector<std::string>{"b"});
  CHECK(event.mention.langs == std::vector<std::string>{"nl"});
}

TEST_CASE("a thousand facets and tags are cut to what a mention holds") {
  std::string facets, tags;
  for (int i = 0; i < 1'000; ++i) {
    facets += R"({"features":[{"did":"did:plc:)" + std::to_string(i) + R"("}]},)";
    tags += "\"t" + std::to_string(i) + "\",";
  }
  facets.pop_back();
  tags.pop_back();
  const auto event =
      parse(post(R"({"facets":[)" + facets + R"(],"tags":[)" + tags + R"(],"text":"veel"})"));
  CHECK(event.mention.text == "veel");
  REQUIRE(event.mention.accounts.size() == MentionView::kMaxAccounts);
  CHECK(event.mention.accounts.back() == "did:plc:15");
  CHECK(event.mention.tags.size() == MentionView::kMaxTags);
}

struct BadEvent {
  std::string json;
  LineFault fault;
};

std::vector<BadEvent> bad_events() {
  const std::string good = post(R"({"text":"boos"})");
  return {
      {"", LineFault::truncated},
      {"   ", LineFault::truncated},
      {good.substr(0, 40), LineFault::truncated},
      {good.substr(0, good.size() - 1), LineFault::bad_json},  // looks closed from its end
      {good.substr(0, good.size() - 3), LineFault::truncated},
      {good + "}", LineFault::bad_json},
      {good + good, LineFault::bad_json},
      {"[" + good + "]", LineFault::not_an_object},
      {"\"x\"", LineFault::not_an_object},
      {"nonsense", LineFault::not_an_object},
      {"{\"did\":\"a\" \"kind\":1}", LineFault::bad_json},
      {post("{\"text\":\"\xFF\xFE\"}"), LineFault::bad_utf8},
      {post(std::string("{\"text\":\"a\0b\"}", 14)), LineFault::embedded_nul},
      {post(R"({"text":"a\u0000b"})"), LineFault::embedded_nul},
      {post(R"({"text":"\ud83d boos"})"), LineFault::wrong_type},
      {post(R"({"text":"\q"})"), LineFault::wrong_type},
      {post(R"({"text":5})"), LineFault::wrong_type},
      {post(R"({"text":null})"), LineFault::wrong_type},
      {post(R"({"text":"x","reply":"y"})"), LineFault::wrong_type},
      {post(R"({"text":"x","reply":{"root":{"uri":5},"parent":{"uri":"at://a"}}})"),
       LineFault::wrong_type},
      {post(R"({"text":"x","reply":{"root":{"uri":"at://a"}}})"), LineFault::missing_field},
      {post(R"({"text":"x","reply":{}})"), LineFault::missing_field},
      {post(R"({"langs":["nl"]})"), LineFault::missing_field},
      {post("7"), LineFault::wrong_type},
      {post(R"({"text":"x"})", "replace"), LineFault::bad_kind},
      {post(R"({"text":"x","deep":)" + nested(70) + "}"), LineFault::too_deep},
      {nested(10'000), LineFault::too_deep},
      {std::string(10'000, '['), LineFault::too_deep},
      {post("{\"text\":\"" + std::string(kMaxLineBytes, 'a') + "\"}"), LineFault::too_long},
      {R"({"time_us":1790000000000000,"kind":"commit","commit":{}})", LineFault::missing_field},
      {R"({"did":"a","kind":"commit","commit":{}})", LineFault::missing_field},
      {R"({"did":"a","time_us":1790000000000000})", LineFault::missing_field},
      {R"({"did":"a","time_us":1790000000000000,"kind":"commit"})", LineFault::missing_field},
      {R"({"did":"a","time_us":1790000000000000,"kind":"account"})", LineFault::missing_field},
      {R"({"did":"a","time_us":1790000000000000,"kind":"account","account":{"active":"no"}})",
       LineFault::wrong_type},
      {R"({"did":"a","time_us":12345,"kind":"identity"})", LineFault::bad_time},
      {R"({"did":"a","time_us":-1790000000000000,"kind":"identity"})", LineFault::bad_time},
      {R"({"did":"a","time_us":99999999999999999999,"kind":"identity"})", LineFault::bad_time},
      {R"({"did":"a","time_us":true,"kind":"identity"})", LineFault::wrong_type},
      {R"({"did":["a"],"time_us":1790000000000000,"kind":"identity"})", LineFault::wrong_type},
      {R"({"did":"a","time_us":1790000000000000,"kind":"commit","commit":{"operation":"delete",)"
       R"("collection":"app.bsky.feed.post"}})",
       LineFault::missing_field},
  };
}

TEST_CASE("each kind of bad event is told apart and harms none that follows") {
  JetstreamParser parser;
  const std::string good = post(R"({"text":"boos"})");
  for (const auto& [json, fault] : bad_events()) {
    INFO(json.substr(0, 200));
    const auto bad = parse(parser, json);
    CHECK(bad.kind == Kind::fault);
    CHECK(to_string(bad.fault) == to_string(fault));
    const auto next = parse(parser, good);
    CHECK(next.kind == Kind::mention);
    CHECK(next.mention.text == "boos");
  }
}

TEST_CASE("no lone surrogate gets through") {
  JetstreamParser parser;
  for (const int unit : {0xD800, 0xD801, 0xDABC, 0xDBFF, 0xDC00, 0xDC01, 0xDE21, 0xDFFF}) {
    char escape[8];
    std::snprintf(escape, sizeof escape, "\\u%04x", unit);
    for (const std::string after : {"", " ", "\\u0041", "\\ud801"}) {
      INFO(escape << after);
      CHECK(parse(parser, post(R"({"text":")" + (escape + after) + R"("})")).fault ==
            LineFault::wrong_type);
    }
  }
}

TEST_CASE("every prefix of an event is refused without harm") {
  JetstreamParser parser;
  for (const auto& line : lines_of(std::string(TEST_DATA) + "/jetstream-production-order.jsonl"))
    for (std::size_t size = 0; size < line.size(); ++size) {
      // Padded by spaces, so a parser that reads past the end would see the difference.
      const auto event = parse(parser, line.substr(0, size));
      if (event.kind != Kind::fault) FAIL("accepted " << line.substr(0, size));
    }
}

TEST_CASE("every single damaged byte leaves the next event whole") {
  JetstreamParser parser;
  const auto lines = lines_of(std::string(TEST_DATA) + "/jetstream-production-order.jsonl");
  const auto expected = to_json(parse(parser, lines[1]).mention.view());
  for (std::size_t at = 0; at < lines[0].size(); ++at)
    for (const char damage : {'"', '{', '\xFF'}) {
      auto damaged = lines[0];
      damaged[at] = damage;
      (void)parse(parser, damaged);
      if (to_json(parse(parser, lines[1]).mention.view()) != expected) FAIL("byte " << at);
    }
}

}  // namespace
}  // namespace brandwacht::connectors
