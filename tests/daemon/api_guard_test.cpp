// Who may speak to the API, and the small things that the commands are made of.
#include "monitor/daemon/api_guard.hpp"

#include "monitor/daemon/api_json.hpp"
#include "monitor/daemon/exercises.hpp"
#include "monitor/daemon/text_table.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::daemon {
namespace {

net::ServerRequest request(std::string method, HttpHeaders headers) {
  net::ServerRequest out;
  out.method = std::move(method);
  out.target = "/api/incidents";
  out.headers = std::move(headers);
  return out;
}

TEST_CASE(
    "the API is called by its address, by localhost or by a name that was given, and no other") {
  const std::vector<std::string> names = {"brandwacht.example.com"};
  for (const char* host : {"127.0.0.1:8428", "localhost", "LocalHost:8428", "[::1]:8428",
                           "10.0.0.7", "brandwacht.example.com", "Brandwacht.Example.com:443"}) {
    INFO(host);
    CHECK_FALSE(refused(request("GET", {{"Host", host}}), names));
    CHECK_FALSE(refused(request("POST", {{"Host", host}}), names));
  }
  for (const char* host : {"evil.example", "localhost.evil.example", "127.0.0.1.evil.example:8428",
                           "evil.example:127", "[evil]"}) {
    INFO(host);
    CHECK(refused(request("GET", {{"Host", host}}), names));
    CHECK(refused(request("POST", {{"Host", host}}), names));
  }
}

TEST_CASE("another site's page cannot act, whatever its browser sends") {
  const HttpHeaders host = {{"Host", "127.0.0.1:8428"}};
  const auto with = [&](const char* name, const char* value) {
    HttpHeaders headers = host;
    headers.emplace_back(name, value);
    return refused(request("POST", headers), {}).has_value();
  };
  CHECK(with("Origin", "https://evil.example"));
  CHECK(with("Origin", "null"));
  CHECK(with("Origin", "http://127.0.0.1.evil.example:8428"));
  CHECK(with("Sec-Fetch-Site", "cross-site"));
  CHECK(with("Sec-Fetch-Site", "same-site"));
  CHECK_FALSE(with("Origin", "http://127.0.0.1:8428"));
  CHECK_FALSE(with("Sec-Fetch-Site", "same-origin"));
  CHECK_FALSE(with("Sec-Fetch-Site", "none"));
  CHECK_FALSE(with("User-Agent", "curl"));
}

TEST_CASE("a body is read by its keys, and the first thing that is wrong is said") {
  ApiFields good(R"({"who":"Jan","for":"45 min","tier":["T1","T2"],"brand":"a","all":true})");
  CHECK(good.text("who") == "Jan");
  CHECK(good.span("for") == std::chrono::minutes{45});
  CHECK(good.list("tier") == std::vector<std::string>{"T1", "T2"});
  CHECK(good.list("brand") == std::vector<std::string>{"a"});
  CHECK(good.flag("all"));
  CHECK(good.problem().empty());
  ApiFields typo(R"({"whho":"Jan"})");
  CHECK(typo.text("who", "API") == "API");
  CHECK(typo.problem().find("did you mean 'who'") != std::string::npos);
  ApiFields wrong(R"({"who":5})");
  (void)wrong.text("who");
  CHECK(wrong.problem() == "\"who\" must be a string");
  CHECK_FALSE(ApiFields("[1]").problem().empty());
  CHECK_FALSE(ApiFields("{\"a\":").problem().empty());
  CHECK(ApiFields(" \n").problem().empty());
}

TEST_CASE("a query is read by whole names") {
  CHECK(query_value("/x?limit=5&state=dead", "state") == "dead");
  CHECK(query_value("/x?mystate=1&state=", "state").empty());
  CHECK(query_value("/x", "state").empty());
  CHECK(query_number("/x?limit=5", "limit", 50, 100) == 5);
  CHECK(query_number("/x?limit=500", "limit", 50, 100) == 100);
  CHECK(query_number("/x?limit=-1", "limit", 50, 100) == 50);
}

TEST_CASE("a table keeps its columns whole and cuts the last one to the terminal") {
  TextTable table({"ID", "TITLE"});
  table.add({"bw-1", "Polderbank: dertig critici in een half uur, en het worden er meer"});
  table.add({"bw-22", "é"});
  CHECK(table.text(0, false).find("en het worden er meer\n") != std::string::npos);
  const std::string narrow = table.text(40, false);
  CHECK(narrow.find("ID     TITLE\n") == 0);
  CHECK(narrow.find("…\n") != std::string::npos);
  CHECK(narrow.find("bw-22  é\n") != std::string::npos);
}

TEST_CASE("a drill and a test say what they are in all that they say, in both languages") {
  const Time now{std::chrono::seconds{1'767'268'800}};
  for (const auto& [language, mark] : {std::pair{"nl", "OEFENING"}, std::pair{"en", "DRILL"}}) {
    DrillWish wish;
    wish.brand = "Polderbank";
    const Incident incident = drill_incident(wish, language, now);
    CHECK(is_drill(incident));
    CHECK_FALSE(is_test(incident));
    CHECK(incident.title.find(mark) == 0);
    for (const auto& post : incident.evidence)
      CHECK(post.text.find(mark) != std::string::npos);
    CHECK(incident.id == incident_id(incident.thread_key, 1));
  }
  const Incident test = test_incident("phone", "en", now);
  CHECK(is_test(test));
  CHECK(test.title.find("TEST") == 0);
  CHECK(end_of(test, now).incident.state == IncidentState::closed);
}

}  // namespace
}  // namespace brandwacht::daemon
