#include "monitor/mention_json.hpp"

#include "tests/monitor/json_support.hpp"

namespace brandwacht::test {
namespace {

using F = LineFault;
using Strings = std::vector<std::string_view>;

template <class List>
Strings items(const List& list) {
  return Strings(list.begin(), list.end());
}

// With nested values that are ignored, so that a cut behind their brackets looks like an end.
const std::string kSample =
    R"({"platform":"bluesky","id":"p1","kind":"edit","extra":{"a":[1,{"b":"}"}],"c":{}},"thread":"p0",)"
    R"("parent":"p0","quoted":"q","author":"did:1","author_name":"Jannie V\u00f6lker","lang":["nl","en"],)"
    R"("created_at":"2026-05-25T14:23:28.757Z","received_at":"2026-05-25T14:23:29Z","n":-1.5e3,)"
    R"("text":"Wéér geen trein \ud83d\ude21\n\"toch\"","url":"https://example.org/p1","t":true,)"
    R"("accounts":["@spoor"],"tags":["trein","ns"],"official":true,"last":[[]]})";

TEST_CASE("every field of a line is read") {
  const Parsed p(kSample);
  REQUIRE(p.fault == F::none);
  CHECK(p.view.platform == "bluesky");
  CHECK(p.view.id == "p1");
  CHECK(p.view.kind == MentionKind::edit);
  CHECK(p.view.thread == "p0");
  CHECK(p.view.parent == "p0");
  CHECK(p.view.quoted == "q");
  CHECK(p.view.author == "did:1");
  CHECK(p.view.author_name == "Jannie Völker");
  CHECK(items(p.view.langs) == Strings{"nl", "en"});
  CHECK(p.view.created_at == *parse_rfc3339("2026-05-25T14:23:28.757Z"));
  CHECK(p.view.received_at == *parse_rfc3339("2026-05-25T14:23:29Z"));
  CHECK(p.view.text == "Wéér geen trein \U0001F621\n\"toch\"");
  CHECK(p.view.url == "https://example.org/p1");
  CHECK(items(p.view.accounts) == Strings{"@spoor"});
  CHECK(items(p.view.tags) == Strings{"trein", "ns"});
  CHECK(p.view.official);
}

TEST_CASE("what is absent or null has its default") {
  for (const char* more :
       {"", R"(,"kind":null,"thread":null,"parent":null,"text":null,"lang":null,"tags":[null],)"
            R"("created_at":null,"received_at":null,"official":null,"accounts":null)"}) {
    const Parsed p(line_with(more));
    REQUIRE(p.fault == F::none);
    CHECK(p.view.kind == MentionKind::create);
    CHECK(p.view.thread == "1");
    CHECK(p.view.received_at == kNow);
    CHECK(p.view.created_at == kNow);
    CHECK(p.view.text.empty());
    CHECK(p.view.langs.empty());
    CHECK(p.view.tags.empty());
    CHECK_FALSE(p.view.official);
  }
  const Parsed p(line_with(R"(,"received_at":"2026-05-25T14:23:28Z")"));
  CHECK(p.view.created_at == *parse_rfc3339("2026-05-25T14:23:28Z"));
}

TEST_CASE("a line cut at any byte is truncated, whatever stands behind it") {
  for (char behind : {' ', '\n', '}', ']', ',', '"', '{', '\0', '1'}) {
    for (std::size_t length = 0; length < kSample.size(); ++length) {
      CAPTURE(behind, kSample.substr(0, length));
      REQUIRE(Parsed(kSample.substr(0, length), behind).fault == F::truncated);
    }
    REQUIRE(Parsed(kSample, behind).fault == F::none);
  }
}

TEST_CASE("strings are the same with escapes in their line and without, cut anywhere") {
  const std::string plain =
      "{ \"platform\" : \"bluesky\" ,\"id\":\"\"\t, \"id\":\"p1\" , \"author\":\"did:1\"  ,"
      "\"lang\":[ \"nl\" , \"en\"\t],\"tags\": \"a, b]}\" ,\"text\":\"Wéér: geen {trein}, 'toch'\","
      "\"created_at\" : \"2026-05-25T14:23:28.757Z\" }";
  const std::string escaped = plain.substr(0, plain.size() - 1) + R"(,"x":"\\"})";
  const Parsed without(plain), with(escaped);
  REQUIRE(without.fault == F::none);
  REQUIRE(with.fault == F::none);
  CHECK(without.view.text == "Wéér: geen {trein}, 'toch'");
  CHECK(items(without.view.tags) == Strings{"a, b]}"});
  CHECK(all_strings(without.view) == all_strings(with.view));
  CHECK(without.view.created_at == with.view.created_at);
  for (std::size_t size = 0; size < plain.size(); ++size)
    REQUIRE(fault_of(plain.substr(0, size)) == F::truncated);
}

TEST_CASE("bytes behind the document are bad JSON") {
  for (const char* behind :
       {"x", "}", "]", ",", "\"", "{}", " {\"a\":1}", "null", ":", "\"a\"", "1"})
    CHECK(fault_of(kSample + behind) == F::bad_json);
  CHECK(fault_of(kSample + " \t\r ") == F::none);
}

TEST_CASE("syntax errors are bad JSON") {
  for (const char* more : {",", ",,", R"(,"x")", R"(,"x":)", R"(,"x" 1)", R"(,x:1)", R"( "x":1)",
                           R"(,1:1)", R"(,"x":nope 1)", R"(,"x":1 2)", R"(,"lang":["nl" "en"])",
                           ",\"x\":\"a\tb\"", R"(,"x":?)", R"(,"x":[1)", R"(,"x":{"y":1)"}) {
    CAPTURE(more);
    CHECK(fault_of(line_with(more)) != F::none);
  }
  CHECK(fault_of(line_with(",")) == F::bad_json);
  CHECK(fault_of(line_with(R"(,"x":)")) == F::bad_json);
  CHECK(fault_of(line_with(",\"text\":\"a\tb\"")) == F::bad_json);
  CHECK(fault_of("{]") != F::none);
}

TEST_CASE("a value that begins like a literal is refused") {
  for (const char* bad : {"nul", "nope", "n", "nulls", "tru", "truest", "falsehood"}) {
    for (const char* field : {"id", "text", "kind", "created_at", "official", "lang", "tags"}) {
      CAPTURE(field, bad);
      CHECK(fault_of(line_with(std::string(",\"") + field + "\":" + bad)) != F::none);
    }
    CHECK(fault_of(line_with(std::string(",\"lang\":[") + bad + "]")) != F::none);
  }
}

TEST_CASE("U+0000 is refused, written raw or escaped, wherever it is read") {
  using namespace std::string_literals;
  CHECK(fault_of(line_with(",\"text\":\"a\0b\""s)) == F::embedded_nul);
  CHECK(fault_of(line_with(",\"te\0xt\":\"a\""s)) == F::embedded_nul);
  for (const char* field : {"id", "text", "author", "lang", "tags", "kind", "created_at"})
    CHECK(fault_of(line_with(std::string(",\"") + field + R"(":"a\u0000b")")) != F::none);
  CHECK(fault_of(line_with(R"(,"id":"1\u0000")")) == F::embedded_nul);
  CHECK(fault_of(line_with(R"(,"tags":["\n\u0000"])")) == F::embedded_nul);
  CHECK(fault_of(line_with(R"(,"text":"\\u0000 spelled out")")) == F::none);
  CHECK(fault_of(line_with(R"(,"unknown":"\u0000")")) == F::none);
}

TEST_CASE("lone surrogates are a wrong type, pairs are not") {
  for (const char* bad : {R"(\ud83d)", R"(\uD83D)", R"(\ude21)", R"(\uDE21 x)", R"(\udfff)",
                          R"(\ude21\ud83d)", R"(\ud83d\u0041)", R"(\ud83dx)", R"(\\\ude21)"}) {
    CAPTURE(bad);
    CHECK(fault_of(line_with(std::string(",\"text\":\"") + bad + "\"")) == F::wrong_type);
    CHECK(fault_of(line_with(std::string(",\"lang\":[\"") + bad + "\"]")) == F::wrong_type);
  }
  const Parsed p(line_with(R"(,"text":"\ud83d\ude21 \ud7ff \ue000")"));
  CHECK(p.fault == F::none);
  CHECK(p.view.text == "\U0001F621 \uD7FF \uE000");
}

TEST_CASE("bytes that are no UTF-8 are refused") {
  for (const char* bad : {"\xFF", "\x80", "\xC3", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80"}) {
    CHECK(fault_of(line_with(std::string(",\"text\":\"") + bad + "\"")) == F::bad_utf8);
    CHECK(fault_of(line_with(std::string(",\"unknown\":\"") + bad + "\"")) == F::bad_utf8);
  }
}

std::string nested(std::size_t levels, char open, char close) {
  return std::string(levels, open) + std::string(levels, close);
}

TEST_CASE("an ignored value may have 64 levels, not more") {
  CHECK(fault_of(line_with(",\"x\":" + nested(64, '[', ']'))) == F::none);
  CHECK(fault_of(line_with(",\"x\":" + nested(65, '[', ']'))) == F::too_deep);
  CHECK(fault_of(line_with(",\"x\":" + nested(100'000, '[', ']'))) == F::too_deep);
  CHECK(fault_of(line_with(R"(,"x":["[[[[\"[[[[{{{{"],"y":1)")) == F::none);
  std::string objects = "1";
  for (int i = 0; i < 65; ++i)
    objects = R"({"k":)" + objects + "}";
  CHECK(fault_of(line_with(",\"x\":" + objects)) == F::too_deep);
  std::string wide = "[";
  for (int i = 0; i < 1000; ++i)
    wide += "[],";
  CHECK(fault_of(line_with(",\"x\":" + wide + "[]]")) == F::none);
}

TEST_CASE("nesting in a known field is a wrong type") {
  CHECK(fault_of(line_with(",\"lang\":" + nested(2, '[', ']'))) == F::wrong_type);
  CHECK(fault_of(line_with(",\"tags\":" + nested(50'000, '[', ']'))) == F::wrong_type);
  CHECK(fault_of(line_with(R"(,"text":{"a":1})")) == F::wrong_type);
}

TEST_CASE("fields of a wrong type are refused") {
  for (const char* field : {"platform", "id", "thread", "parent", "quoted", "author", "author_name",
                            "text", "url", "kind", "created_at", "received_at"})
    for (const char* value : {"1", "true", "[]", "{}", "-0.5"}) {
      CAPTURE(field, value);
      CHECK(fault_of(line_with(std::string(",\"") + field + "\":" + value)) == F::wrong_type);
    }
  for (const char* value : {"1", "\"true\"", "[]", "{}"})
    CHECK(fault_of(line_with(std::string(",\"official\":") + value)) == F::wrong_type);
  for (const char* value : {"1", "{}", "[1]", "[\"a\",{}]", "[true]"})
    CHECK(fault_of(line_with(std::string(",\"lang\":") + value)) == F::wrong_type);
}

TEST_CASE("times and kinds that are none are told apart from other faults") {
  CHECK(fault_of(line_with(R"(,"created_at":"yesterday")")) == F::bad_time);
  CHECK(fault_of(line_with(R"(,"received_at":"2026-02-30T00:00:00Z")")) == F::bad_time);
  CHECK(fault_of(line_with(R"(,"kind":"like")")) == F::bad_kind);
  CHECK(fault_of(line_with(R"(,"kind":"Create")")) == F::bad_kind);
}

TEST_CASE("required fields depend on the kind") {
  CHECK(fault_of("{}") == F::missing_field);
  CHECK(fault_of(R"({"id":"1","author":"a"})") == F::missing_field);
  CHECK(fault_of(R"({"platform":"x","id":"1"})") == F::missing_field);
  CHECK(fault_of(R"({"platform":"x","author":"a"})") == F::missing_field);
  CHECK(fault_of(R"({"platform":"x","id":"","author":"a"})") == F::missing_field);
  CHECK(fault_of(R"({"platform":"x","id":"1","kind":"delete"})") == F::none);
  CHECK(fault_of(R"({"platform":"x","kind":"delete"})") == F::missing_field);
  CHECK(fault_of(R"({"platform":"x","author":"a","kind":"author_gone"})") == F::none);
  CHECK(fault_of(R"({"platform":"x","kind":"author_gone"})") == F::missing_field);
}

TEST_CASE("arrays, scalars and empty lines are no mention") {
  for (const char* line : {"[]", "[{}]", "1", "true", "null", "\"text\"", "nonsense", "-", "}"})
    CHECK(fault_of(line) == F::not_an_object);
  CHECK(fault_of("") == F::truncated);
  CHECK(fault_of("  \t ") == F::truncated);
}

TEST_CASE("a line over the cap is refused, one at the cap is read") {
  const auto frame = line_with(R"(,"text":"")").size();
  const auto line = [&](std::size_t size) {
    return line_with(",\"text\":\"" + std::string(size - frame, 'x') + "\"");
  };
  CHECK(fault_of(line(kMaxLineBytes)) == F::none);
  CHECK(fault_of(line(kMaxLineBytes + 1)) == F::too_long);
  CHECK(fault_of(std::string(kMaxLineBytes + 1, '{')) == F::too_long);
}

TEST_CASE("of a key given twice the last counts, and null takes back") {
  const Parsed p(line_with(
      R"(,"text":"one","text":"two","lang":"nl","lang":["en"],"kind":"edit","kind":null,)"
      R"("created_at":"2026-05-25T14:23:28Z","created_at":null,"official":true,"official":null,)"
      R"("thread":"t","thread":null)"));
  REQUIRE(p.fault == F::none);
  CHECK(p.view.text == "two");
  CHECK(items(p.view.langs) == Strings{"en"});
  CHECK(p.view.kind == MentionKind::create);
  CHECK(p.view.created_at == kNow);
  CHECK_FALSE(p.view.official);
  CHECK(p.view.thread == "1");
}

TEST_CASE("keys that only look like ours are ignored") {
  const Parsed p(line_with(
      R"(,"\u0074ext":"a","text\"":"b","text ":"c","tex":"d","texts":"e","":"f","\"":"g","Text":"h",)"
      R"("id\\":"i","t":{"text":"j"},"a":[{"id":"k"}],"\\":"l","author_nam":1,"created_at_":2)"));
  REQUIRE(p.fault == F::none);
  CHECK(p.view.text.empty());
  CHECK(p.view.id == "1");
  CHECK(fault_of(R"({"platform":"x","id":"1","author":"a","z)") == F::truncated);
  CHECK(fault_of(R"({"platform":"x","id":"1","author":"a","z":"y","author_name":"n"})") == F::none);
}

TEST_CASE("lists take one string or many, and no more than fit") {
  CHECK(items(Parsed(line_with(R"(,"lang":"nl")")).view.langs) == Strings{"nl"});
  CHECK(items(Parsed(line_with(R"(,"lang":[])")).view.langs).empty());
  CHECK(items(Parsed(line_with(R"(,"lang":["","nl",null])")).view.langs) == Strings{"nl"});
  std::string many = "[";
  for (int i = 0; i < 1000; ++i)
    many += '"' + std::to_string(i) + "\",";
  many += "\"last\"]";
  const Parsed p(line_with(",\"lang\":" + many + ",\"accounts\":" + many + ",\"tags\":" + many));
  REQUIRE(p.fault == F::none);
  CHECK(items(p.view.langs) == Strings{"0", "1", "2"});
  CHECK(p.view.accounts.size() == MentionView::kMaxAccounts);
  CHECK(p.view.tags.size() == MentionView::kMaxTags);
  CHECK(p.view.tags.back() == "15");
}

TEST_CASE("every fault has a name of its own") {
  std::vector<std::string_view> names;
  for (int i = 0; i < static_cast<int>(F::count_); ++i)
    names.push_back(to_string(F(i)));
  std::sort(names.begin(), names.end());
  CHECK(std::unique(names.begin(), names.end()) == names.end());
  CHECK(to_string(F::count_) == "unknown");
}

}  // namespace
}  // namespace brandwacht::test
