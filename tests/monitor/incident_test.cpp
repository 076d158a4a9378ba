#include "monitor/incident.hpp"

#include <simdjson.h>

#include <limits>

#include "tests/monitor/support.hpp"

namespace brandwacht::test {
namespace {

namespace dom = simdjson::dom;

IncidentEvent sample() {
  IncidentEvent event;
  event.kind = IncidentEventKind::upgrade;
  event.at = Time{1'767'225'600s + 250ms};
  auto& i = event.incident;
  i.id = incident_id(0xABC, 2);
  i.brand = "Spoor \"Zuid\"";
  i.platform = "bluesky";
  i.thread = "at://did:1/post/\n2";
  i.tier = Tier::t1;
  i.state = IncidentState::acknowledged;
  i.risk = 0.4567;
  i.joiners = 12;
  i.joiners_window = 9;
  i.participants = 20;
  i.title = "Invented: trein \xFF valt uit";
  i.reasons = {{"veel nieuwe critici", 1.234}, {"boos", -0.5}};
  i.evidence.resize(2);
  i.evidence[0].root = true;
  i.evidence[0].text = "Alweer \\ niets";
  i.evidence[1].negative = 0.876;
  return event;
}

TEST_CASE("an incident's id names its thread and its episode") {
  CHECK(incident_id(0, 1) == "bw-0000000000000000-1");
  CHECK(incident_id(0xFEDCBA9876543210, 12) == "bw-fedcba9876543210-12");
}

TEST_CASE("an incident event is one line of JSON with the documented keys") {
  const auto json = to_json(sample());
  CHECK(json.find('\n') == std::string::npos);
  dom::parser parser;
  dom::element doc;
  REQUIRE_FALSE(parser.parse(json).get(doc));
  const auto text = [&doc](const char* key) { return std::string(doc[key].get_string().value()); };
  CHECK(text("event") == "upgrade");
  CHECK(text("at") == "2026-01-01T00:00:00.250Z");
  CHECK(text("incident") == "bw-0000000000000abc-2");
  CHECK(text("tier") == "T1");
  CHECK(text("state") == "acknowledged");
  CHECK(text("brand") == "Spoor \"Zuid\"");
  CHECK(text("title") == "Invented: trein \uFFFD valt uit");
  CHECK(doc["threads"].get_array().size() == 1);
  CHECK(std::string_view(doc["threads"].at(0)) == "at://did:1/post/\n2");
  CHECK(doc["risk"].get_double().value() == Approx(0.457));
  CHECK_FALSE(doc["calibrated"].get_bool().value());
  CHECK(doc["joiners"].get_int64().value() == 12);
  CHECK(doc["joiners_window"].get_int64().value() == 9);
  CHECK(doc["participants"].get_int64().value() == 20);
  CHECK(doc["reasons"].get_array().size() == 2);
  CHECK(std::string_view(doc["reasons"].at(0)["text"]) == "veel nieuwe critici");
  CHECK(doc["reasons"].at(1)["weight"].get_double().value() == Approx(-0.5));
  CHECK(doc["evidence"].get_array().size() == 2);
  CHECK(doc["evidence"].at(0)["root"].get_bool().value());
  CHECK(std::string_view(doc["evidence"].at(0)["text"]) == "Alweer \\ niets");
  CHECK(doc["evidence"].at(1)["negative"].get_double().value() == Approx(0.88));
}

TEST_CASE(
    "an incident without reasons and evidence, or with numbers that are none, is valid JSON") {
  dom::parser parser;
  dom::element doc;
  REQUIRE_FALSE(parser.parse(to_json(IncidentEvent{})).get(doc));
  CHECK(doc["reasons"].get_array().size() == 0);
  auto event = sample();
  event.incident.risk = std::numeric_limits<double>::quiet_NaN();
  event.incident.reasons[0].weight = -std::numeric_limits<double>::infinity();
  event.incident.evidence[0].negative = std::numeric_limits<double>::infinity();
  REQUIRE_FALSE(parser.parse(to_json(event)).get(doc));
  CHECK(doc["risk"].is_null());
  CHECK(doc["reasons"].at(0)["weight"].is_null());
}

TEST_CASE("what the desk is advised stands in the JSON where there is any, and nowhere else") {
  CHECK(to_json(sample()).find("advice") == std::string::npos);
  auto event = sample();
  event.incident.advice = {
      "answer", {"Reageer \"nu\"", "Vraag naar het ordernummer"}, "delivery", "Bezorging"};
  dom::parser parser;
  dom::element doc;
  REQUIRE_FALSE(parser.parse(to_json(event)).get(doc));
  CHECK(std::string_view(doc["advice"]["kind"]) == "answer");
  CHECK(doc["advice"]["lines"].get_array().size() == 2);
  CHECK(std::string_view(doc["advice"]["lines"].at(0)) == "Reageer \"nu\"");
  CHECK(std::string_view(doc["advice"]["playbook"]) == "delivery");
  CHECK(std::string_view(doc["advice"]["playbook_title"]) == "Bezorging");
}

TEST_CASE("tiers, states and kinds of events have names") {
  CHECK(to_string(Tier::t1) == "T1");
  CHECK(to_string(Tier::t4) == "T4");
  CHECK(to_string(IncidentState::cooling) == "cooling");
  CHECK(to_string(IncidentState::closed) == "closed");
  CHECK(to_string(IncidentEventKind::page) == "page");
  CHECK(to_string(IncidentEventKind::notify) == "notify");
  CHECK(to_string(IncidentEventKind::cool) == "cool");
  CHECK(to_string(IncidentEventKind::close) == "close");
}

}  // namespace
}  // namespace brandwacht::test
