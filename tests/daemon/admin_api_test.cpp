// The acting half of the API, and tests and drills, against a whole daemon.
#include "tests/daemon/inbound_rig.hpp"

namespace brandwacht::daemon {
namespace {
using Rig = InboundRig;

// --- Tests and drills

asio::awaitable<void> try_a_receiver(Rig& rig) {
  auto tested = co_await rig.ask("POST", "/api/page", R"({"target":"sink"})");
  CHECK(tested.status == 200);
  CHECK(has(tested.body, "\"accepted\":true"));
  REQUIRE(rig.sent("TEST: zo komt een oproep aan bij 'sink'") == 1);
  const auto begin = rig.bodies.front().find("bw-");
  const std::string id = rig.bodies.front().substr(begin, 21);
  // The way back, and then the vendor is told that it is over.
  auto pressed = co_await rig.ask("POST", rig.here(rig.daemon->face().link(id, "sink")),
                                  "name=Fatima", browser());
  CHECK(pressed.status == 200);
  auto came = co_await rig.ask("GET", "/api/page/" + id);
  CHECK(has(came.body, "\"taken\":true,\"by\":\"Fatima\",\"via\":\"link\""));
  co_await rig.wait_for("incident.close");
  CHECK(rig.sent("incident.close") == 1);
  CHECK(rig.daemon->pager().live().empty());
  auto nobody = co_await rig.ask("POST", "/api/page", R"({"target":"nobody"})");
  CHECK(nobody.status == 404);
  rig.sink_status = 401;
  auto refused = co_await rig.ask("POST", "/api/page", R"({"target":"sink"})");
  CHECK(has(refused.body, "\"accepted\":false"));
  CHECK(has(refused.body, "\"outcome\":\"permanent\""));
}

asio::awaitable<void> drill(Rig& rig) {
  auto begun = co_await rig.ask("POST", "/api/page", R"({"drill":true,"tier":"T1","for":"1 h"})");
  CHECK(begun.status == 202);
  co_await rig.wait_for("OEFENING: Polderbank");
  REQUIRE(rig.sent("OEFENING: Polderbank") == 1);
  CHECK(rig.sent("Dit is een oefening") == 1);
  rig.incident = rig.daemon->pager().live().front().id;
  auto list = co_await rig.ask("GET", "/api/incidents");
  CHECK(has(list.body, "\"drill\":true"));
  auto taken = co_await rig.ask("POST", "/api/incidents/" + rig.incident + "/ack",
                                R"({"who":"Jan","for":"10 min"})");
  CHECK(has(taken.body, "\"done\":true"));
  auto came = co_await rig.ask("GET", "/api/page/" + rig.incident);
  CHECK(has(came.body, "\"by\":\"Jan\""));
  auto log = co_await rig.ask("GET", "/api/outbox?incident=" + rig.incident);
  CHECK(has(log.body, "\"target\":\"sink\""));
}

asio::awaitable<void> drill_is_over(Rig& rig) {
  co_await rig.wait_for("incident.close");
  CHECK(rig.sent("incident.close") == 1);
  CHECK(rig.daemon->pager().live().empty());
}

TEST_CASE("complaint 08: receivers can be tested and drilled, and the way back as well") {
  Rig tested;
  tested.run(try_a_receiver(tested));
  CHECK(tested.status == 0);
  Rig drilled;
  drilled.run(drill(drilled));
  CHECK(drilled.status == 0);
  drilled.run(drill_is_over(drilled));  // a restart ends it, instead of watching an invented thread
  CHECK(drilled.status == 0);
}

// --- The API

asio::awaitable<void> use_the_api(Rig& rig) {
  co_await rig.page_somebody();
  const std::string base = "/api/incidents/" + rig.incident;
  auto list = co_await rig.ask("GET", "/api/incidents");
  CHECK(has(list.body, "\"id\":\"" + rig.incident + "\""));
  auto taken = co_await rig.ask("POST", base + "/ack", R"({"who":"Fatima","for":"45 min"})");
  CHECK(taken.status == 200);
  list = co_await rig.ask("GET", "/api/incidents");
  CHECK(has(list.body, "\"state\":\"acknowledged\""));
  CHECK(has(list.body, "\"by\":\"Fatima\""));
  auto let_go = co_await rig.ask("POST", base + "/unack");
  CHECK(has(let_go.body, "\"done\":true"));
  auto nothing = co_await rig.ask("POST", base + "/unack");
  CHECK(has(nothing.body, "\"result\":\"nothing\""));
  auto unknown = co_await rig.ask("POST", "/api/incidents/bw-0000000000000001-1/ack");
  CHECK(unknown.status == 404);
  for (const char* wrong : {"[]", "{", R"({"who":5})", R"({"for":"soon"})", R"({"whom":"x"})"}) {
    auto refused = co_await rig.ask("POST", base + "/ack", wrong);
    INFO(wrong);
    CHECK(refused.status == 400);
    CHECK(has(refused.body, "\"error\":\""));
  }
  auto sing = co_await rig.ask("POST", base + "/sing");
  CHECK(sing.status == 404);
  auto got = co_await rig.ask("GET", base + "/ack");
  CHECK(got.status == 405);
  auto ended = co_await rig.ask("POST", base + "/resolve", R"({"who":"Fatima"})");
  CHECK(has(ended.body, "\"done\":true"));
  co_await rig.wait_for("incident.close");
  CHECK(rig.sent("incident.close") == 1);
}

asio::awaitable<void> silence_something(Rig& rig) {
  for (const char* wrong :
       {"{}", R"({"for":"2 h"})", R"({"brand":"Polderbank"})",
        R"({"brand":"Polderbnk","for":"2 h"})", R"({"tier":"T9","for":"2 h"})",
        R"({"all":true,"until":"2020-01-01T00:00:00Z"})", R"({"all":true,"for":"20000 d"})",
        R"({"hours":"noon","for":"2 h"})", R"({"surge":"yes","for":"2 h"})"}) {
    auto refused = co_await rig.ask("POST", "/api/silences", wrong);
    INFO(wrong);
    CHECK(refused.status == 400);
  }
  auto added = co_await rig.ask(
      "POST", "/api/silences",
      R"({"brand":["Polderbank"],"tier":"T3","language":"nl","hours":["Mon-Fri 18:00-22:00","night"],)"
      R"("surge":false,"for":"2 h","author":"Jan","comment":"onderhoud"})");
  CHECK(added.status == 201);
  CHECK(has(added.body, R"("language":["nl"])"));
  CHECK(has(added.body, R"("hours":["mon,tue,wed,thu,fri 18:00-22:00","night"])"));
  CHECK(has(added.body, R"("surge":false)"));
  const auto id = added.body.substr(added.body.find("\"id\":\"") + 6, 18);
  auto list = co_await rig.ask("GET", "/api/silences");
  CHECK(has(list.body, id));
  CHECK(has(list.body, "onderhoud"));
  auto over = co_await rig.ask("DELETE", "/api/silences/" + id);
  CHECK(over.status == 200);
  auto again = co_await rig.ask("DELETE", "/api/silences/" + id);
  CHECK(again.status == 404);
  list = co_await rig.ask("GET", "/api/silences");
  CHECK_FALSE(has(list.body, id));
}

asio::awaitable<void> retry_a_dead_page(Rig& rig) {
  rig.sink_status = 400;
  co_await rig.page_somebody();
  std::string log;
  for (int i = 0; i < 100 && !has(log, "\"state\":\"dead\""); ++i) {
    co_await rig.clock.sleep_for(50ms);
    auto answer = co_await rig.ask("GET", "/api/outbox?state=dead");
    log = answer.body;
  }
  REQUIRE(has(log, "\"state\":\"dead\""));
  rig.sink_status = 200;
  const auto sent = rig.bodies.size();
  auto retried = co_await rig.ask("POST", "/api/outbox/1/retry");
  CHECK(retried.status == 200);
  for (int i = 0; i < 100 && rig.bodies.size() == sent; ++i)
    co_await rig.clock.sleep_for(50ms);
  CHECK(rig.bodies.size() > sent);
  co_await rig.clock.sleep_for(200ms);
  auto twice = co_await rig.ask("POST", "/api/outbox/1/retry");
  CHECK(twice.status == 409);
  auto nowhere = co_await rig.ask("POST", "/api/outbox/999/retry");
  CHECK(nowhere.status == 404);
  auto nonsense = co_await rig.ask("POST", "/api/outbox/x/retry");
  CHECK(nonsense.status == 404);
}

TEST_CASE("the API takes, lets go of and ends incidents, and says what is wrong with a request") {
  Rig rig;
  rig.run(use_the_api(rig));
  CHECK(rig.status == 0);
}

TEST_CASE(
    "the API silences with an author, an end and a reason, and never everything by accident") {
  Rig rig;
  rig.run(silence_something(rig));
}

TEST_CASE("a dead page can be owed anew, once") {
  Rig rig;
  rig.run(retry_a_dead_page(rig));
}

}  // namespace
}  // namespace brandwacht::daemon
