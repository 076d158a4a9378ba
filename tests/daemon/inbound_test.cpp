// Answers to pages, end to end: links, hooks and the listener for the outside.
#include "alerting/signature.hpp"
#include "tests/daemon/inbound_rig.hpp"

namespace brandwacht::daemon {
namespace {
using Rig = InboundRig;

// --- Links

asio::awaitable<void> press_a_link(Rig& rig) {
  co_await rig.page_somebody();
  rig.link = rig.here(rig.daemon->face().link(rig.incident, "telefoon"));
  for (int i = 0; i < 3; ++i) {  // a mail scanner
    auto seen = co_await rig.ask("GET", rig.link);
    CHECK(seen.status == 200);
    CHECK(has(seen.body, "Ik neem dit op me"));
    CHECK(has(seen.body, "Polderbank"));
    CHECK(seen.header("cache-control") == "no-store");
    CHECK(seen.header("referrer-policy") == "no-referrer");
    CHECK(has(std::string(seen.header("content-security-policy")), "default-src 'none'"));
  }
  CHECK_FALSE(rig.held());
  auto pressed = co_await rig.ask("POST", rig.link, "name=Fatima", browser());
  CHECK(pressed.status == 200);
  CHECK(has(pressed.body, "Fatima neemt dit op zich"));
  REQUIRE(rig.held());
  CHECK(rig.held()->who == "Fatima");
  CHECK(rig.held()->via == "link");
  auto forged = co_await rig.ask("POST", rig.link + "A", "", browser());
  CHECK(forged.status == 403);
  auto metrics = co_await rig.ask("GET", "/metrics");
  CHECK(has(metrics.body, "brandwacht_inbound_total{via=\"link\",result=\"forged\"} 1"));
  CHECK(has(metrics.body, "brandwacht_inbound_total{via=\"link\",result=\"acted\"} 1"));
}

asio::awaitable<void> press_it_again(Rig& rig) {
  auto again = co_await rig.ask("POST", rig.link, "name=Jan", browser());
  CHECK(again.status == 200);
  CHECK(has(again.body, "Al gedaan door Fatima om"));
  auto seen = co_await rig.ask("GET", rig.link);
  CHECK(has(seen.body, "Al gedaan door Fatima om"));
  CHECK_FALSE(has(seen.body, "<button"));
  CHECK(rig.held()->who == "Fatima");
  // ntfy's button: no form, no HTML.
  const std::string fresh = rig.here(rig.daemon->face().link(rig.incident, "ntfy"));
  auto held = co_await rig.ask("GET", fresh);
  CHECK(has(held.body, "Fatima heeft dit al, tot "));
  CHECK(has(held.body, "<button"));  // it can be taken over
  auto by_program = co_await rig.ask("POST", fresh);
  CHECK(by_program.status == 200);
  CHECK(by_program.header("content-type").starts_with("text/plain"));
  auto gone = co_await rig.ask(
      "POST", rig.here(rig.daemon->face().link("bw-0000000000000001-1", "telefoon")), "",
      browser());
  CHECK(gone.status == 404);
  CHECK(has(gone.body, "staat niet meer open"));
}

TEST_CASE(
    "a link asks on GET, acts on the first POST, and says on the second who did, also after a "
    "restart") {
  Rig rig;
  rig.run(press_a_link(rig));
  CHECK(rig.status == 0);
  rig.run(press_it_again(rig));
  CHECK(rig.status == 0);
}

asio::awaitable<void> press_twice_at_once(Rig& rig) {
  co_await rig.page_somebody();
  const std::string link = rig.here(rig.daemon->face().link(rig.incident, "telefoon"));
  std::vector<std::string> answers;
  struct Script {
    static asio::awaitable<void> press(Rig& r, std::string to, std::vector<std::string>& out) {
      auto answer = co_await r.ask("POST", to, "name=x", browser());
      out.push_back(answer.body);
    }
  };
  TaskGroup presses(co_await asio::this_coro::executor);
  for (int i = 0; i < 4; ++i)
    presses.spawn("press", Script::press(rig, link, answers));
  co_await presses.join();
  CHECK(std::ranges::count_if(
            answers, [](const auto& body) { return has(body, "neemt dit op zich"); }) == 1);
  CHECK(std::ranges::count_if(answers,
                              [](const auto& body) { return has(body, "Al gedaan door x"); }) == 3);
}

TEST_CASE("of four presses at the same moment one acts") {
  Rig rig;
  rig.run(press_twice_at_once(rig));
}

// --- The listener for the outside

asio::awaitable<void> outside(Rig& rig) {
  const std::string door = "http://127.0.0.1:" + std::to_string(rig.daemon->inbound_port());
  for (const char* path : {"/", "/v1/incidents", "/v1/mentions", "/metrics", "/api/incidents",
                           "/api/silences", "/healthz", "/ack", "/hooks/slack", "/hooks/../api"}) {
    auto hidden = co_await rig.ask("GET", door + path);
    INFO(path);
    CHECK(hidden.status == 404);
  }
  auto forged = co_await rig.ask("GET", door + "/ack/nonsense");
  CHECK(forged.status == 403);
  auto elsewhere = co_await rig.ask("GET", "/ack/nonsense");
  CHECK(elsewhere.status == 404);
  CHECK(has(rig.daemon->face().link("bw-0000000000000001-1", "x"), "https://page.example/ack/"));
}

TEST_CASE("the listener for the outside serves links and hooks, and nothing of the API") {
  Rig rig;
  rig.more = "[inbound]\nlisten = \"127.0.0.1:0\"\nexternal_url = \"https://page.example/\"\n";
  rig.run(outside(rig));
  CHECK(rig.status == 0);
}

// --- Hooks

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text)
    out += "%" + alerting::to_hex(std::string(1, c));
  return out;
}

asio::awaitable<void> press_in_slack(Rig& rig) {
  co_await rig.page_somebody();
  const std::string button =
      rig.daemon->face().button(rig.incident, alerting::Command::Kind::acknowledge);
  const std::string body =
      "payload=" +
      escaped(R"({"type":"block_actions","user":{"name":"fatima"},"actions":[{"value":")" + button +
              "\"}]}");
  const auto stamp = std::to_string(
      std::chrono::floor<std::chrono::seconds>(rig.clock.now()).time_since_epoch().count());
  const std::string signature =
      "v0=" + alerting::to_hex(alerting::hmac_sha256("geheim", "v0:" + stamp + ":" + body));
  const HttpHeaders good = {{"X-Slack-Request-Timestamp", stamp}, {"X-Slack-Signature", signature}};
  const HttpHeaders bad = {{"X-Slack-Request-Timestamp", stamp}, {"X-Slack-Signature", "v0=00"}};
  auto forged = co_await rig.ask("POST", "/hooks/slack", body, bad);
  CHECK(forged.status == 403);
  auto unsigned_ = co_await rig.ask("POST", "/hooks/slack", body);
  CHECK(unsigned_.status == 401);
  CHECK_FALSE(rig.held());
  auto acted = co_await rig.ask("POST", "/hooks/slack", body, good);
  CHECK(acted.status == 200);
  REQUIRE(rig.held());
  CHECK(rig.held()->who == "fatima");
  alerting::Command let_go;
  let_go.kind = alerting::Command::Kind::unacknowledge;
  let_go.incident = rig.incident;
  (void)co_await rig.daemon->command(let_go);
  auto replayed = co_await rig.ask("POST", "/hooks/slack", body, good);
  CHECK(replayed.status == 200);
  CHECK_FALSE(rig.held());
  auto metrics = co_await rig.ask("GET", "/metrics");
  for (const char* result : {"forged", "absent", "acted", "replayed"})
    CHECK(
        has(metrics.body, "inbound_total{via=\"slack\",result=\"" + std::string(result) + "\"} 1"));
}

TEST_CASE("a signed press in Slack acts once; forged, unsigned and replayed ones do not") {
  Rig rig;
  rig.more = "[[hook]]\ntype = \"slack\"\nsigning_secret = \"geheim\"\n";
  rig.run(press_in_slack(rig));
  CHECK(rig.status == 0);
}

asio::awaitable<void> acknowledge_at_pagerduty(Rig& rig) {
  co_await rig.page_somebody();
  const auto send = [&rig](const char* type, const char* id) {
    const std::string body = std::string(R"({"event":{"id":")") + id + R"(","event_type":")" +
                             type +
                             R"(","agent":{"summary":"Tenex","type":"user_reference"},)"
                             R"("data":{"incident_key":")" +
                             rig.incident + R"("}}})";
    HttpHeaders headers = {
        {"X-PagerDuty-Signature", "v1=" + alerting::to_hex(alerting::hmac_sha256("s", body))}};
    return rig.ask("POST", "/hooks/pagerduty", body, std::move(headers));
  };
  auto taken = co_await send("incident.acknowledged", "E1");
  CHECK(taken.status == 200);
  REQUIRE(rig.held());
  CHECK(rig.held()->who == "Tenex");
  auto lost = co_await send("incident.unacknowledged", "E2");
  CHECK(lost.status == 200);
  CHECK_FALSE(rig.held());
  auto twice = co_await send("incident.acknowledged", "E1");  // delivered again
  CHECK(twice.status == 200);
  CHECK_FALSE(rig.held());
  auto ended = co_await send("incident.resolved", "E3");
  CHECK(ended.status == 200);
  co_await rig.wait_for("incident.close");
  CHECK(rig.daemon->pager().live().empty());
}

TEST_CASE("what a person does in PagerDuty is done here, each event once") {
  Rig rig;
  rig.more = "[[hook]]\ntype = \"pagerduty\"\nsecret = \"s\"\n";
  rig.run(acknowledge_at_pagerduty(rig));
  CHECK(rig.status == 0);
}

}  // namespace
}  // namespace brandwacht::daemon
