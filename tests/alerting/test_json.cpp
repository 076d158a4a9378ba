#include <cmath>
#include <limits>

#include "alerting/incident_json.hpp"
#include "alerting/json.hpp"
#include "tests/alerting/builders.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::alerting {

TEST_CASE("the writer puts commas between values and nowhere else") {
  JsonWriter json;
  json.begin_object().field("a", 1).key("b").begin_array().integer(1).begin_object().end_object();
  json.string("x").end_array().field("c", true).key("d").begin_object().end_object().end_object();
  CHECK(json.text() == R"({"a":1,"b":[1,{},"x"],"c":true,"d":{}})");
}

TEST_CASE("a literal is written as text, not as a truth value") {
  JsonWriter json;
  json.begin_object().field("a", "x").end_object();
  CHECK(json.text() == R"({"a":"x"})");
}

TEST_CASE("numbers that JSON does not know become zero") {
  JsonWriter json;
  json.begin_array()
      .number(std::nan(""))
      .number(std::numeric_limits<double>::infinity())
      .number(0.5);
  json.end_array();
  CHECK(json.text() == "[0,0,0.5]");
}

TEST_CASE("a text is cut between code points, whatever the limit and unit") {
  const std::string text = "a\u00e9\u20ac\U0001F600z";  // 1, 2, 3, 4 and 1 bytes
  CHECK(cut_code_points(text, 5) == text);
  CHECK(cut_code_points(text, 4) == "a\u00e9\u20ac\u2026");
  CHECK(cut_code_points(text, 1) == "\u2026");
  CHECK(cut_code_points(text, 0).empty());
  CHECK(cut_bytes(text, 11) == text);
  CHECK(cut_bytes(text, 10) == "a\u00e9\u20ac\u2026");
  CHECK(cut_bytes(text, 8) == "a\u00e9\u2026");
  CHECK(cut_bytes(text, 5) == "a\u2026");
  CHECK(cut_bytes(text, 2).empty());
  for (std::size_t limit = 0; limit < 12; ++limit)
    CHECK(cut_bytes(text, limit).size() <= limit);
}

TEST_CASE("cutting bytes that are no UTF-8 ends") {
  const std::string bad = "\xFF\x80\x80\xF0\x9F";
  CHECK(cut_code_points(bad, 2) == "\xFF\u2026");
  CHECK(cut_code_points(bad, 100) == bad);
  CHECK(cut_bytes(std::string(100, '\x80'), 10).size() == 10);
}

TEST_CASE("one line holds no control characters") {
  CHECK(one_line("a\nb\x1b[31m\tc") == "a b [31m c");
}

TEST_CASE("an incident reads back from its snapshot as it was") {
  Incident before = invented_incident();
  before.thread_key = 0xFFFFFFFFFFFFFFFF;
  before.state = IncidentState::acknowledged;
  before.calibrated = true;
  before.episode = 3;
  before.advice = {"move_to_private", {"eerst dit", "dan \"dat\""}, "billing", "Facturen"};
  const auto after = decode_incident(encode(before));
  REQUIRE(after);
  CHECK(encode(*after) == encode(before));
  CHECK(after->thread_key == before.thread_key);
  CHECK(after->evidence.at(0).mention == before.evidence.at(0).mention);
  CHECK(after->evidence.at(0).text == before.evidence.at(0).text);
  CHECK(after->evidence.at(0).root);
  CHECK(after->reasons.at(1).weight == 0.25);
  CHECK(after->tier == before.tier);
  CHECK(after->state == before.state);
  CHECK(after->first_at == before.first_at);
  CHECK(after->risk == before.risk);
  CHECK(after->advice.lines.at(1) == before.advice.lines[1]);
  CHECK(after->advice.playbook_title == "Facturen");
}

TEST_CASE("a damaged snapshot is refused, wherever it was cut") {
  const std::string whole = encode(invented_incident());
  for (std::size_t size = 0; size + 1 < whole.size(); ++size)
    CHECK_FALSE(decode_incident(whole.substr(0, size)));
  CHECK_FALSE(decode_incident(R"({"id":5})"));
  CHECK_FALSE(decode_incident(R"({"id":"x","tier":9})"));
  CHECK_FALSE(decode_incident("[]"));
  CHECK_FALSE(decode_incident(R"({"id":"x","advice":{"lines":[1]}})"));
}

TEST_CASE("a snapshot of an older or newer version reads") {
  const auto incident = decode_incident(R"({"id":"bw-1-1","later":{"x":[1]},"joiners":4})");
  REQUIRE(incident);
  CHECK(incident->joiners == 4);
}

}  // namespace brandwacht::alerting
