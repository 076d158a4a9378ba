// What is asked of an incident, said in the configuration, in the API and in the store: one reader.
#include "tests/alerting/policy_rig.hpp"

namespace brandwacht::alerting {
namespace {

using namespace std::chrono_literals;
using enum IncidentEventKind;

Matchers parsed(const MatcherWords& words) {
  std::string wrong;
  auto out = parse_matchers(words, wrong);
  INFO(wrong);
  REQUIRE(out);
  return *out;
}

std::string refused(const MatcherWords& words) {
  std::string wrong;
  CHECK_FALSE(parse_matchers(words, wrong));
  return wrong;
}

bool holds(const Matchers& matchers, const Incident& incident, Time at) {
  return matches(matchers, invented_event(page, incident, at), amsterdam(), at);
}

}  // namespace

TEST_CASE("hours of the week are written as they are read") {
  for (const char* words : {"Mon-Fri 08:00-18:00", "Sat,Sun 10:00-16:00", "22:00-07:00", "night",
                            "not night", "day", "not Mon-Fri 09:00-17:00", "Wed", "not Fri-Mon",
                            "00:00-24:00", "sun 22:00-24:00", "Mon-Sun"}) {
    const auto first = parse_window(words);
    REQUIRE(first);
    const std::string written = to_string(*first);
    const auto again = parse_window(written);
    INFO(words << " -> " << written);
    REQUIRE(again);
    CHECK(again->kind == first->kind);
    CHECK(again->negated == first->negated);
    CHECK(again->days == first->days);
    CHECK(again->from == first->from);
    CHECK(again->to == first->to);
  }
}

TEST_CASE("what the API asks is read by the configuration's own reader") {
  const auto nl =
      parsed({{"language", {"nl"}}, {"hours", {"Thu 12:00-14:00"}}, {"surge", {"false"}}});
  auto incident = invented_incident();
  incident.language = "nl";
  CHECK(holds(nl, incident, kNoon));  // 13:00 on a Thursday in Amsterdam
  CHECK_FALSE(holds(nl, incident, kNoon + 2h));
  incident.surge = true;
  CHECK_FALSE(holds(nl, incident, kNoon));
  incident.surge = false;
  incident.language = "en";
  CHECK_FALSE(holds(nl, incident, kNoon));
  CHECK(parsed({{"brand", {}}}).all());
  CHECK_FALSE(parsed({{"surge", {"true"}}}).all());
}

TEST_CASE("a word that means nothing is refused, with what was meant") {
  CHECK_THAT(refused({{"tier", {"T9"}}}), Catch::Contains("there is no tier 'T9'"));
  CHECK_THAT(refused({{"event", {"pages"}}}), Catch::Contains("did you mean 'page'"));
  CHECK_THAT(refused({{"hours", {"Mon-Fri 25:00-26:00"}}}),
             Catch::Contains("no hours of the week"));
  CHECK_THAT(refused({{"brandd", {"acme"}}}), Catch::Contains("brandd"));
  // What a person types is text and nothing else.
  CHECK(parsed({{"brand", {"a\"]\nincident = [\"x\\"}}}).brands.front() ==
        "a\"]\nincident = [\"x\\");
}

TEST_CASE("a silence remembers all that it asks, and one of the version before is still read") {
  Silence silence;
  silence.id = "s-1";
  silence.match = parsed({{"brand", {"acme"}},
                          {"tier", {"T3", "T1"}},
                          {"language", {"nl", "other"}},
                          {"hours", {"not night", "Sat 09:00-12:00"}},
                          {"incident", {"bw-1-1"}},
                          {"surge", {"true"}}});
  silence.until = kNoon + 1h;
  const auto read = decode_silence(encode(silence));
  REQUIRE(read);
  CHECK(words_of(read->match) == words_of(silence.match));
  CHECK(read->match.surge == true);
  CHECK(read->match.hours.windows.size() == 2);
  const auto old = decode_silence(
      R"({"id":"s-2","brands":["acme"],"platforms":[],"tiers":["T3"],"urgencies":["notify"],)"
      R"("languages":[],"incidents":[],"from":0,"until":9,"author":"A","comment":"","created":0})");
  REQUIRE(old);
  CHECK(old->match.brands == std::vector<std::string>{"acme"});
  CHECK(old->match.tiers == std::vector<Tier>{Tier::t3});
  CHECK_FALSE(decode_silence(R"({"id":"s-3","match":{"tier":["T9"]}})"));
}

TEST_CASE("a route and a window of maintenance may ask for surges") {
  const auto policy = good_policy(R"(
[[route]]
surge = true
receivers = ["lead"]
[[route]]
receivers = ["desk"]
[[maintenance]]
name = "threads only"
surge = false
hours = ["Thu 12:00-14:00"]
)",
                                  {"lead", "desk"});
  auto event = invented_event(page, invented_incident(), kNoon);
  CHECK(policy.maintenance.at(0).holds(event, amsterdam(), kNoon));
  CHECK(policy.routes.of(event, amsterdam(), kNoon).receivers == std::vector<std::string>{"desk"});
  event.incident.surge = true;
  CHECK_FALSE(policy.maintenance.at(0).holds(event, amsterdam(), kNoon));
  CHECK(policy.routes.of(event, amsterdam(), kNoon).receivers == std::vector<std::string>{"lead"});
}

}  // namespace brandwacht::alerting
