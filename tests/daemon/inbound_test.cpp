// Answers to pages, end to end: a whole daemon in this process, links and hooks over HTTP on
// loopback, a receiver that keeps what it was sent. All posts are invented.
#include <boost/asio/co_spawn.hpp>

#include "alerting/signature.hpp"
#include "connectors/net/http_client.hpp"
#include "monitor/daemon/daemon.hpp"
#include "monitor/mention_json.hpp"
#include "tests/daemon/program.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

namespace brandwacht::daemon {
namespace {
namespace asio = boost::asio;
using namespace std::chrono_literals;
using test::has;

class Rig {
 public:
  test::TempDir dir;
  asio::io_context io{1};
  SystemClock clock;
  asio::thread_pool pool{1};
  TaskGroup servers{io.get_executor()};
  std::unique_ptr<HttpClient> http = net::make_http_client(io.get_executor(), pool);
  std::unique_ptr<net::HttpServer> sink;
  std::vector<std::string> bodies;  // what the receiver was sent
  int sink_status = 200;
  std::unique_ptr<Daemon> daemon;
  std::string more;  // of the configuration
  std::string link, incident;
  int status = -1;

  asio::awaitable<HttpResponse> ask(std::string method, std::string url, std::string body = {},
                                    HttpHeaders headers = {}) {
    HttpRequest request;
    request.method = std::move(method);
    request.url = url.starts_with('/') ? "http://127.0.0.1:" + std::to_string(daemon->port()) + url
                                       : std::move(url);
    request.body = std::move(body);
    request.headers = std::move(headers);
    auto response = co_await http->send(std::move(request));
    if (!response.has_value()) throw std::runtime_error(response.error().detail);
    co_return *response;
  }
  // A link leads to external_url; here to the daemon's own port.
  std::string here(const std::string& url) const { return url.substr(url.find("/ack/")); }
  std::size_t sent(std::string_view part) const {
    return static_cast<std::size_t>(
        std::ranges::count_if(bodies, [&](const std::string& body) { return has(body, part); }));
  }
  asio::awaitable<void> wait_for(std::string part, std::size_t count = 1) {
    for (int i = 0; i < 200 && sent(part) < count; ++i)
      co_await clock.sleep_for(50ms);
  }
  asio::awaitable<void> page_somebody() {
    std::string body;
    for (int i = 0; i <= 20; ++i) {
      Mention mention;
      mention.platform = "test";
      mention.id = i == 0 ? "root" : "r" + std::to_string(i);
      mention.thread = "root";
      mention.author = "author" + std::to_string(i);
      mention.text = i == 0 ? "Polderbank ligt er weer uit, schandalig"
                            : "Belachelijk, waardeloze app, werkt nooit";
      mention.created_at = mention.received_at = clock.now();
      body += to_json(mention.view()) + "\n";
    }
    HttpHeaders headers;
    headers.emplace_back("Content-Type", "application/x-ndjson");
    (void)co_await ask("POST", "/v1/mentions", std::move(body), std::move(headers));
    co_await wait_for("incident.page");
    incident = daemon->pager().live().front().id;
  }

  void run(asio::awaitable<void> script) {
    open_sink();
    daemon = std::make_unique<Daemon>(io, clock, settings());
    std::exception_ptr failed;
    servers.spawn("sink", sink->run());
    asio::co_spawn(io, around(std::move(script)),
                   [&](std::exception_ptr error) { failed = error; });
    asio::co_spawn(io, daemon->run(), [&](std::exception_ptr error, int code) {
      if (error) failed = error;
      status = code;
      servers.cancel();
    });
    io.restart();
    io.run();
    daemon.reset();
    if (failed) std::rethrow_exception(failed);
  }

 private:
  void open_sink() {
    net::HttpServerSettings at;
    at.port = sink ? sink->port() : std::uint16_t{0};
    sink.reset();
    sink = std::make_unique<net::HttpServer>(
        io.get_executor(), at,
        [this](net::ServerRequest request) { return keep(std::move(request)); });
  }
  asio::awaitable<net::ServerResponse> keep(net::ServerRequest request) {
    bodies.push_back(std::move(request.body));
    net::ServerResponse response;
    response.status = sink_status;
    co_return response;
  }
  asio::awaitable<void> around(asio::awaitable<void> script) {
    std::exception_ptr failed;
    try {
      co_await std::move(script);
    } catch (...) {
      failed = std::current_exception();
    }
    daemon->stop();
    if (failed) std::rethrow_exception(failed);
  }
  Settings settings() {
    config::Problems problems;
    auto document = config::Document::from_string(
        "[daemon]\nlisten = \"127.0.0.1:0\"\nlanguage = \"nl\"\ndata_dir = \"" +
            (dir.path() / "data").string() +
            "\"\n[[brand]]\nname = \"Polderbank\"\nterms = [\"polderbank\"]\n"
            "[decision]\nhold = \"0 s\"\n"
            "[[receiver]]\ntype = \"webhook\"\nname = \"sink\"\nurl = \"http://127.0.0.1:" +
            std::to_string(sink->port()) +
            "/page\"\nsecret = \"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"\n" +
            (has(more, "[inbound]") ? "" : "[inbound]\nexternal_url = \"https://page.example\"\n") +
            more,
        "test.toml", problems);
    auto out = read_settings(document, problems);
    for (const auto& problem : problems.sorted())
      UNSCOPED_INFO(to_string(problem));
    REQUIRE_FALSE(problems.fatal());
    return out;
  }
};

const HttpHeaders& browser() {
  static const HttpHeaders headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                                      {"Accept", "text/html,*/*"}};
  return headers;
}

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
  CHECK_FALSE(rig.daemon->pager().desk_case(rig.incident)->ack);
  auto pressed = co_await rig.ask("POST", rig.link, "name=Fatima", browser());
  CHECK(pressed.status == 200);
  CHECK(has(pressed.body, "Fatima neemt dit op zich"));
  REQUIRE(rig.daemon->pager().desk_case(rig.incident)->ack);
  CHECK(rig.daemon->pager().desk_case(rig.incident)->ack->who == "Fatima");
  CHECK(rig.daemon->pager().desk_case(rig.incident)->ack->via == "link");
  auto forged = co_await rig.ask("POST", rig.link + "A", {}, browser());
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
  CHECK(rig.daemon->pager().desk_case(rig.incident)->ack->who == "Fatima");
  // ntfy's button: no form, no HTML.
  const std::string fresh = rig.here(rig.daemon->face().link(rig.incident, "ntfy"));
  auto by_program = co_await rig.ask("POST", fresh);
  CHECK(by_program.status == 200);
  CHECK(by_program.header("content-type").starts_with("text/plain"));
  auto gone = co_await rig.ask(
      "POST", rig.here(rig.daemon->face().link("bw-0000000000000001-1", "telefoon")), {},
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
  CHECK_FALSE(rig.daemon->pager().desk_case(rig.incident)->ack);
  auto acted = co_await rig.ask("POST", "/hooks/slack", body, good);
  CHECK(acted.status == 200);
  REQUIRE(rig.daemon->pager().desk_case(rig.incident)->ack);
  CHECK(rig.daemon->pager().desk_case(rig.incident)->ack->who == "fatima");
  alerting::Command let_go;
  let_go.kind = alerting::Command::Kind::unacknowledge;
  let_go.incident = rig.incident;
  (void)co_await rig.daemon->command(let_go);
  auto replayed = co_await rig.ask("POST", "/hooks/slack", body, good);
  CHECK(replayed.status == 200);
  CHECK_FALSE(rig.daemon->pager().desk_case(rig.incident)->ack);
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
  REQUIRE(rig.daemon->pager().desk_case(rig.incident)->ack);
  CHECK(rig.daemon->pager().desk_case(rig.incident)->ack->who == "Tenex");
  auto lost = co_await send("incident.unacknowledged", "E2");
  CHECK(lost.status == 200);
  CHECK_FALSE(rig.daemon->pager().desk_case(rig.incident)->ack);
  auto twice = co_await send("incident.acknowledged", "E1");  // delivered again
  CHECK(twice.status == 200);
  CHECK_FALSE(rig.daemon->pager().desk_case(rig.incident)->ack);
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
        R"({"all":true,"until":"2020-01-01T00:00:00Z"})", R"({"all":true,"for":"20000 d"})"}) {
    auto refused = co_await rig.ask("POST", "/api/silences", wrong);
    INFO(wrong);
    CHECK(refused.status == 400);
  }
  auto added = co_await rig.ask(
      "POST", "/api/silences",
      R"({"brand":["Polderbank"],"tier":"T3","for":"2 h","author":"Jan","comment":"onderhoud"})");
  CHECK(added.status == 201);
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
  const auto sent = rig.sent("incident.page");
  auto retried = co_await rig.ask("POST", "/api/outbox/1/retry");
  CHECK(retried.status == 200);
  co_await rig.wait_for("incident.page", sent + 1);
  CHECK(rig.sent("incident.page") == sent + 1);
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
