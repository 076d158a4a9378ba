#include "connectors/ingest.hpp"

#include "tests/connectors/support.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::connectors {
namespace {

using Texts = std::vector<std::string>;
const Time kNow{std::chrono::seconds{1'790'000'000}};

const std::string kPretty = R"({
  "platform": "reviews",
  "id": "17",
  "author": "invented",
  "created_at": "2026-01-05T10:00:00Z",
  "text": "Nooit meer.",
  "x": {
    "y": [1, 2]
  }
}
)";

TEST_CASE("a batch of lines is taken, its bad lines are named and hold up nobody") {
  CollectingSink sink;
  const std::string body = mention_line("1", "een") + "\n" + "{\"kapot\n" +
                           mention_line("2", "twee") + "[]\r\n" + mention_line("3", "drie");
  const auto result = ingest_body(body, "application/x-ndjson", kNow, sink);
  CHECK(result.accepted == 3);
  CHECK(result.rejected() == 2);
  CHECK(sink.texts() == Texts{"een", "twee", "drie"});
  CHECK(to_json(result) ==
        R"({"accepted":3,"rejected":2,"by_fault":{"truncated":1,"not_an_object":1},)"
        R"("faults":[{"line":3,"fault":"truncated"},{"line":5,"fault":"not_an_object"}]})");
  CHECK(sink.sources == Texts{"http", "http"});
  CHECK(sink.mentions.front().received_at == kNow);
}

TEST_CASE("one mention may be written over several lines") {
  for (const auto* type :
       {"application/json", "application/json; charset=utf-8", "", "Text/Plain"}) {
    CollectingSink sink;
    INFO(type);
    const auto result = ingest_body(kPretty, type, kNow, sink);
    CHECK(result.accepted == 1);
    CHECK(sink.texts() == Texts{"Nooit meer."});
    CHECK(to_json(result) == R"({"accepted":1,"rejected":0,"by_fault":{},"faults":[]})");
  }
}

TEST_CASE("one mention on one line and a batch are told apart without a content type") {
  CollectingSink sink;
  CHECK(ingest_body(mention_line("1", "een"), "application/json", kNow, sink).accepted == 1);
  CHECK(ingest_body("\n " + mention_line("1", "een") + mention_line("2", "twee"),
                    "application/json", kNow, sink)
            .accepted == 2);
  CHECK(ingest_body("\xEF\xBB\xBF" + mention_line("1", "een"), "", kNow, sink).accepted == 1);
}

TEST_CASE("a body of another type is not looked into") {
  CollectingSink sink;
  const auto result =
      ingest_body(mention_line("1", "een"), "application/x-www-form-urlencoded", kNow, sink);
  CHECK_FALSE(result.supported);
  CHECK(result.accepted == 0);
  CHECK(sink.mentions.empty());
}

TEST_CASE("an empty body is no mention and no fault") {
  CollectingSink sink;
  for (const auto* body : {"", "\n", " \r\n \n"}) {
    const auto result = ingest_body(body, "application/json", kNow, sink);
    CHECK(result.accepted + result.rejected() == 0);
  }
}

TEST_CASE("only the first ten faults are named, all are counted") {
  CollectingSink sink;
  std::string body;
  for (int i = 0; i < 50; ++i)
    body += "kapot\n";
  const auto result = ingest_body(body, "application/x-ndjson", kNow, sink);
  CHECK(result.rejected() == 50);
  REQUIRE(result.faults.size() == 10);
  CHECK(result.faults.back().line == 10);
  CHECK(sink.mentions.empty());
}

TEST_CASE("a truncated, a too long and a damaged body are faults with a line") {
  CollectingSink sink;
  CHECK(ingest_body(kPretty.substr(0, 60), "application/json", kNow, sink).faults.at(0).fault ==
        LineFault::truncated);
  CHECK(ingest_body(std::string(3 << 20, 'a'), "application/json", kNow, sink).faults.at(0).fault ==
        LineFault::too_long);
  CHECK(ingest_body("{\"platform\":\"\xFF\"}", "application/json", kNow, sink).faults.at(0).fault ==
        LineFault::bad_utf8);
  CHECK(ingest_body(kPretty + kPretty, "application/json", kNow, sink).rejected() == 1);
  CHECK(sink.mentions.empty());
}

}  // namespace
}  // namespace brandwacht::connectors
