// A whole daemon in this process: real line, store, outbox, HTTP in and out on loopback. Real time,
// short waits.
#include "monitor/daemon/daemon.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "connectors/net/http_client.hpp"
#include "monitor/hash.hpp"
#include "monitor/mention_json.hpp"
#include "monitor/replay/erase_request.hpp"
#include "monitor/replay/segment.hpp"
#include "tests/daemon/program.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

namespace brandwacht::daemon {
namespace {
namespace asio = boost::asio;
using namespace std::chrono_literals;
using test::has;

// A receiver's end: keeps what it was sent.
struct Sink {
  asio::io_context& io;
  std::vector<std::string> bodies;
  std::size_t pings = 0;  // of a watchdog
  int status = 200;
  std::unique_ptr<net::HttpServer> server;

  explicit Sink(asio::io_context& context) : io(context) { open(); }
  // A server runs once; the next one takes the same port.
  void open() {
    net::HttpServerSettings at;
    at.port = server ? server->port() : std::uint16_t{0};
    server.reset();
    server = std::make_unique<net::HttpServer>(
        io.get_executor(), at,
        [this](net::ServerRequest request) { return answer(std::move(request)); });
  }
  asio::awaitable<net::ServerResponse> answer(net::ServerRequest request) {
    if (request.target == "/ping")
      ++pings;
    else
      bodies.push_back(std::move(request.body));
    net::ServerResponse response;
    response.status = status;
    co_return response;
  }
  std::size_t pages() const {
    return static_cast<std::size_t>(std::ranges::count_if(
        bodies, [](const std::string& body) { return has(body, "incident.page"); }));
  }
};

Settings settings(const test::TempDir& dir, const Sink& sink) {
  config::Problems problems;
  auto document = config::Document::from_string(
      "[daemon]\nlisten = \"127.0.0.1:0\"\nlanguage = \"nl\"\ndata_dir = \"" +
          (dir.path() / "data").string() +
          "\"\n[[brand]]\nname = \"Polderbank\"\nterms = [\"polderbank\"]\naccounts = "
          "[\"polderbank\"]\n"
          "[decision]\nhold = \"0 s\"\n"
          "[[receiver]]\ntype = \"webhook\"\nname = \"sink\"\nurl = \"http://127.0.0.1:" +
          std::to_string(sink.server->port()) +
          "/page\"\nsecret = \"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"\n",
      "test.toml", problems);
  auto out = read_settings(document, problems);
  for (const auto& problem : problems.sorted())
    UNSCOPED_INFO(to_string(problem));
  REQUIRE_FALSE(problems.fatal());
  return out;
}

std::string posts(int from, int to) {
  std::string out;
  for (int i = from; i <= to; ++i) {
    Mention mention;
    mention.platform = "test";
    mention.id = i == 0 ? "root" : "r" + std::to_string(i);
    mention.thread = "root";
    mention.author = "author" + std::to_string(i);
    mention.text = i == 0 ? "Polderbank ligt er weer uit, schandalig"
                          : "Belachelijk, waardeloze app, werkt nooit";
    mention.created_at = mention.received_at = SystemClock().now();
    out += to_json(mention.view()) + "\n";
  }
  return out;
}

// Runs `script` beside a daemon and a sink, then stops both.
struct Rig {
  test::TempDir dir;
  asio::io_context io{1};
  SystemClock clock;
  asio::thread_pool pool{1};
  Sink sink{io};
  TaskGroup servers{io.get_executor()};
  std::unique_ptr<HttpClient> http = net::make_http_client(io.get_executor(), pool);
  std::unique_ptr<Daemon> daemon;
  int status = -1;
  bool watched = false;

  asio::awaitable<HttpResponse> ask(std::string method, std::string path, std::string body = {}) {
    HttpRequest request;
    request.method = std::move(method);
    request.url = "http://127.0.0.1:" + std::to_string(daemon->port()) + path;
    request.body = std::move(body);
    request.headers.emplace_back("Content-Type", "application/x-ndjson");
    auto response = co_await http->send(std::move(request));
    if (!response.has_value()) throw std::runtime_error(response.error().detail);
    co_return *response;
  }
  asio::awaitable<void> wait_for_pages(std::size_t count) {
    for (int i = 0; i < 100 && sink.pages() < count; ++i)
      co_await clock.sleep_for(50ms);
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
  void run(asio::awaitable<void> script) {
    auto with = settings(dir, sink);
    if (watched) {
      alerting::WatchdogSettings watchdog;
      watchdog.type = alerting::WatchdogSettings::Type::healthchecks;
      watchdog.name = "dog";
      watchdog.url = "http://127.0.0.1:" + std::to_string(sink.server->port()) + "/ping";
      with.watchdogs.list.push_back(watchdog);
      with.watchdogs.every = 100ms;
    }
    daemon = std::make_unique<Daemon>(io, clock, std::move(with));
    std::exception_ptr failed;
    servers.spawn("sink", sink.server->run());
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
    sink.open();
    if (failed) std::rethrow_exception(failed);
  }
};

asio::awaitable<void> page_once(Rig& rig) {
  auto response = co_await rig.ask("POST", "/v1/mentions", posts(0, 20));
  CHECK(response.status == 200);
  CHECK(has(response.body, "\"accepted\":21"));
  co_await rig.wait_for_pages(1);
}

TEST_CASE(
    "mentions posted over HTTP page a signed webhook once, and a restart neither forgets nor "
    "repeats") {
  Rig rig;
  rig.run(page_once(rig));
  CHECK(rig.status == 0);
  REQUIRE(rig.sink.pages() == 1);
  CHECK(has(rig.sink.bodies.front(), "Polderbank"));
  CHECK(has(rig.sink.bodies.front(), "critici"));

  struct Script {
    static asio::awaitable<void> again(Rig& r) {
      auto hot = co_await r.ask("GET", "/v1/threads");
      CHECK(has(hot.body, "\"thread\":\"root\""));
      CHECK(has(hot.body, "\"joiners\":20"));
      auto open = co_await r.ask("GET", "/v1/incidents");
      CHECK(has(open.body, "\"incident\":\"bw-"));
      (void)co_await r.ask("POST", "/v1/mentions", posts(0, 20));  // a source that was rewound
      (void)co_await r.ask("POST", "/v1/mentions", posts(21, 22));
      co_await r.clock.sleep_for(300ms);
    }
  };
  rig.run(Script::again(rig));
  CHECK(rig.status == 0);
  CHECK(rig.sink.pages() == 1);
}

asio::awaitable<void> watch(Rig& rig) {
  for (int i = 0; i < 100 && rig.sink.pings < 3; ++i)
    co_await rig.clock.sleep_for(50ms);
  CHECK(rig.sink.pings >= 3);
  (void)co_await rig.ask("POST", "/v1/mentions", posts(0, 20));
  co_await rig.wait_for_pages(1);
  auto metrics = co_await rig.ask("GET", "/metrics");
  CHECK(
      has(metrics.body, "brandwacht_last_end_to_end_probe_timestamp_seconds{watchdog=\"dog\"} 1"));
  CHECK(has(metrics.body, "brandwacht_mentions_received_total 21"));
  CHECK(has(metrics.body, "brandwacht_incident_events_total{event=\"page\"} 1"));
  CHECK(has(metrics.body, "brandwacht_incidents_open 1"));
  auto threads = co_await rig.ask("GET", "/v1/threads");
  CHECK_FALSE(has(threads.body, "probe"));
  auto incidents = co_await rig.ask("GET", "/v1/incidents");
  CHECK_FALSE(has(incidents.body, "probe"));
}

TEST_CASE("a watchdog hears of posts that came through the whole daemon, and nobody else does") {
  Rig rig;
  rig.watched = true;
  rig.run(watch(rig));
  CHECK(rig.status == 0);
  CHECK(rig.sink.pages() == 1);
  for (const auto& body : rig.sink.bodies)
    CHECK_FALSE(has(body, "probe"));
  // Stopped: nothing pings any more.
  const auto pings = rig.sink.pings;
  rig.watched = false;
  rig.run(page_once(rig));
  CHECK(rig.sink.pings == pings);
  for (const auto& segment : replay::segments(rig.dir.path() / "data" / "recording"))
    CHECK(replay::read_segment(segment.file, {}).lines <= 42);  // posts of the test, none of ours
}

// Lines on disk, and of these the erased ones.
std::pair<std::uint64_t, std::uint64_t> recorded(const Rig& rig) {
  std::pair<std::uint64_t, std::uint64_t> out;
  for (const auto& segment : replay::segments(rig.dir.path() / "data" / "recording")) {
    const auto stats = replay::read_segment(segment.file, {});
    out.first += stats.lines;
    out.second += stats.erased;
  }
  return out;
}

asio::awaitable<void> record_and_erase(Rig& rig) {
  (void)co_await rig.ask("POST", "/v1/mentions", posts(0, 20));
  for (int i = 0; i < 100 && recorded(rig).first < 21; ++i)
    co_await rig.clock.sleep_for(50ms);
  CHECK(recorded(rig).first == 21);
  CHECK(recorded(rig).second == 0);
  replay::EraseRequest request;
  request.authors.push_back(platform_key("test", "author3"));
  const auto file = replay::ask_to_erase(rig.dir.path() / "data" / "recording", request);
  for (int i = 0; i < 100 && std::filesystem::exists(file); ++i)
    co_await rig.clock.sleep_for(50ms);
  CHECK_FALSE(std::filesystem::exists(file));
  CHECK(recorded(rig).second == 1);
  (void)co_await rig.ask("POST", "/v1/mentions", posts(21, 21));
  auto metrics = co_await rig.ask("GET", "/metrics");
  CHECK(has(metrics.body, "brandwacht_recorded_mentions_erased_total 1"));
}

TEST_CASE("what was judged is recorded, and erased on request while the daemon runs") {
  Rig rig;
  rig.run(record_and_erase(rig));
  CHECK(rig.status == 0);
  CHECK(recorded(rig).first == 22);  // the last one at the end of the daemon
}

asio::awaitable<void> bad_input(Rig& rig) {
  const std::string body = "{\"platform\":\"x\"\n" + posts(0, 0) +
                           "[1]\n{\"platform\":\"x\",\"id\":5,\"author\":\"a\"}\n";
  auto mixed = co_await rig.ask("POST", "/v1/mentions", body);
  CHECK(mixed.status == 200);
  CHECK(has(mixed.body, "\"accepted\":1"));
  CHECK(has(mixed.body, "truncated"));
  CHECK(has(mixed.body, "wrong_type"));
  auto none = co_await rig.ask("POST", "/v1/mentions", "nonsense");
  CHECK(none.status == 400);
  auto wrong = co_await rig.ask("GET", "/v1/mentions");
  CHECK(wrong.status == 405);
  auto nowhere = co_await rig.ask("GET", "/v1/nowhere");
  CHECK(nowhere.status == 404);
  auto metrics = co_await rig.ask("GET", "/metrics");
  CHECK(
      has(metrics.body, "brandwacht_lines_rejected_total{source=\"http\",reason=\"truncated\"} 1"));
}

TEST_CASE("bad input over HTTP is answered line by line and counted by kind") {
  Rig rig;
  rig.run(bad_input(rig));
}

asio::awaitable<void> observe(Rig& rig) {
  auto health = co_await rig.ask("GET", "/healthz");
  CHECK(health.status == 200);
  auto ready = co_await rig.ask("GET", "/readyz");
  CHECK(ready.status == 200);
  (void)co_await rig.ask("POST", "/v1/mentions", posts(0, 20));
  co_await rig.wait_for_pages(1);
  auto metrics = co_await rig.ask("GET", "/metrics");
  CHECK(has(metrics.body, "brandwacht_critics_total 20"));
  CHECK(has(metrics.body, "brandwacht_incident_events_total{event=\"page\"} 1"));
  rig.dir.write("metrics.txt", metrics.body);
}

TEST_CASE("metrics pass promtool, health and readiness say what is true") {
  Rig rig;
  rig.run(observe(rig));
  const auto lint =
      test::shell("promtool check metrics < " + (rig.dir.path() / "metrics.txt").string());
  if (lint.status == 127) {
    WARN("promtool is not installed; the metrics were not linted");
    return;
  }
  INFO(lint.out);
  CHECK(lint.status == 0);
}

asio::awaitable<void> nothing(Rig&) {
  co_return;
}

TEST_CASE("a page that no receiver took yet is sent after a restart, with the same key") {
  Rig rig;
  rig.sink.status = 503;
  struct Script {
    static asio::awaitable<void> refuse(Rig& r) {
      (void)co_await r.ask("POST", "/v1/mentions", posts(0, 20));
      for (int i = 0; i < 100 && r.sink.bodies.empty(); ++i)
        co_await r.clock.sleep_for(50ms);
    }
    static asio::awaitable<void> accept(Rig& r) {
      for (int i = 0; i < 300 && r.sink.bodies.empty(); ++i)
        co_await r.clock.sleep_for(50ms);
    }
  };
  rig.run(Script::refuse(rig));
  REQUIRE_FALSE(rig.sink.bodies.empty());
  const std::string first = rig.sink.bodies.front();
  rig.sink.bodies.clear();
  rig.sink.status = 200;
  rig.run(Script::accept(rig));
  REQUIRE(rig.sink.pages() == 1);
  const auto id = [](const std::string& body) { return body.substr(body.find("bw-"), 21); };
  CHECK(id(rig.sink.bodies.front()) == id(first));
  rig.run(nothing(rig));
  CHECK(rig.status == 0);
}

}  // namespace
}  // namespace brandwacht::daemon
