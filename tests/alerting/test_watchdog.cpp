// Dead man's switches: they are told only of what came through everything, in time.
#include <simdjson.h>

#include <condition_variable>
#include <mutex>

#include "alerting/watchdog.hpp"
#include "monitor/probe.hpp"
#include "tests/alerting/fakes.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::alerting {
namespace {

using namespace std::chrono_literals;
using enum IncidentEventKind;

IncidentEvent probe_at(Time at) {
  Incident incident =
      invented_incident(static_cast<std::uint64_t>(at.time_since_epoch().count()), Tier::t1, 0);
  incident.brand = kProbeBrand;
  incident.platform.clear();
  incident.evidence.clear();
  return invented_event(page, std::move(incident), at);
}

struct Desk {
  TempDir dir;
  Rig rig{dir / "pages.db"};
  ScriptedHttp http;
  ProbeArrivals arrivals;
  Rig::Logs phone;

  explicit Desk(
      std::string_view toml,
      ScriptedHttp::Handler handler = [](const HttpRequest&) { return answered(200); })
      : http(std::move(handler)) {
    config::Problems problems;
    auto document = config::Document::from_string(toml, "test.toml", problems);
    auto root = document.root();
    const Watchdogs watchdogs = read_watchdogs(root, {"phone"});
    REQUIRE_FALSE(problems.fatal());
    phone = rig.target("phone");
    for (auto& watchdog : make_watchdogs(watchdogs, {http, ""}, arrivals))
      rig.add(std::move(watchdog));
  }
  // As the daemon: routes know nothing of watchdogs.
  void start() {
    Route route;
    route.receivers = {"phone"};
    rig.start({route});
  }
  std::size_t pings() const { return http.requests.size(); }
};

constexpr auto kHealthchecks =
    "[[watchdog]]\ntype = \"healthchecks\"\nurl = \"https://hc.example/secret-uuid\"\n";

}  // namespace

TEST_CASE("a probe that comes through pings, and nobody is paged for it") {
  Desk desk(kHealthchecks);
  desk.start();
  for (int i = 1; i <= 3; ++i) {
    desk.rig.push(probe_at(desk.rig.clock.now()));
    CHECK(desk.pings() == static_cast<std::size_t>(i));
    CHECK(desk.arrivals.at("watchdog-healthchecks") == desk.rig.clock.now());
    desk.rig.advance(60s);
  }
  CHECK(desk.http.requests.at(0).method == "GET");
  CHECK(desk.http.requests.at(0).url == "https://hc.example/secret-uuid");
  CHECK(desk.phone->empty());
  CHECK(desk.rig.pager->stats().open == 0);
  CHECK(desk.rig.pager->live().empty());
  CHECK(desk.rig.pager->stats().unrouted == 0);
  CHECK(desk.rig.pager->stats().delivery.latency.total == 0);  // no page of a customer's
}

TEST_CASE("incidents are no probes: they ping nothing") {
  Desk desk(kHealthchecks);
  desk.start();
  desk.rig.push(invented_event(page));
  desk.rig.push(invented_event(close));
  CHECK(desk.phone->size() == 2);
  CHECK(desk.pings() == 0);
}

TEST_CASE("while events are not taken from the queue the pings stop") {
  Desk desk(kHealthchecks);
  desk.rig.push(probe_at(kNoon));  // nobody takes it
  for (int i = 0; i < 5; ++i) {
    desk.rig.advance(60s);
    CHECK(desk.pings() == 0);
  }
  CHECK(desk.arrivals.empty());
  // Then it comes through, far too late to prove anything.
  desk.start();
  CHECK(desk.pings() == 0);
  CHECK(desk.arrivals.empty());
  desk.rig.push(probe_at(desk.rig.clock.now()));
  CHECK(desk.pings() == 1);
}

TEST_CASE("while the disk hangs the pings stop, and begin again with the first that is in time") {
  Desk desk(kHealthchecks);
  desk.start();
  std::mutex mutex;
  std::condition_variable changed;
  bool hangs = true;
  boost::asio::post(desk.rig.pool, [&] {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return !hangs; });
  });
  for (int i = 0; i < 3; ++i) {
    desk.rig.events.force_push(probe_at(desk.rig.clock.now()));
    desk.rig.clock.advance(60s);  // not drain(): that waits for the disk
    desk.rig.io.restart();
    desk.rig.io.poll();
    CHECK(desk.pings() == 0);
  }
  {
    const std::lock_guard lock(mutex);
    hangs = false;
  }
  changed.notify_one();
  desk.rig.advance(1s);
  CHECK(desk.pings() == 0);  // those are old
  desk.rig.push(probe_at(desk.rig.clock.now()));
  CHECK(desk.pings() == 1);
}

TEST_CASE("a ping that is refused is told through the receivers, and not as a page lost") {
  Desk desk(kHealthchecks, [](const HttpRequest&) { return answered(404); });
  desk.start();
  desk.rig.push(probe_at(desk.rig.clock.now()));
  REQUIRE(desk.phone->size() == 1);
  CHECK_THAT(desk.phone->at(0).page.incident.title, Catch::Contains("watchdog-healthchecks") &&
                                                        Catch::Contains("404") &&
                                                        !Catch::Contains("secret-uuid"));
  CHECK(desk.arrivals.empty());
  desk.rig.advance(60s);
  desk.rig.push(probe_at(desk.rig.clock.now()));
  CHECK(desk.phone->size() == 1);  // once is enough
}

TEST_CASE("trouble of a receiver is not told to watchdogs") {
  Desk desk(kHealthchecks);
  const auto broken = desk.rig.target(
      "broken", [](const Page&, std::size_t) { return outcome(Outcome::Kind::permanent); });
  Route route;
  route.receivers = {"broken"};
  desk.rig.start({route});
  desk.rig.push(invented_event(page));
  CHECK(broken->size() == 1);
  CHECK(desk.phone->size() == 1);
  CHECK(desk.pings() == 0);
}

TEST_CASE("a ping that failed is tried again while it still proves something") {
  int tries = 0;
  Desk desk(kHealthchecks, [&](const HttpRequest&) -> NetResult<HttpResponse> {
    if (++tries <= 2) return failed(NetFault::connect);
    return answered(200);
  });
  desk.start();
  desk.rig.push(probe_at(desk.rig.clock.now()));
  desk.rig.advance(20s);
  CHECK(tries == 3);
  CHECK(desk.arrivals.size() == 1);
}

TEST_CASE("Alertmanager's watchdog fires for as long as probes come through") {
  Desk desk("[[watchdog]]\ntype = \"alertmanager\"\nurls = [\"http://127.0.0.1:9093/\"]\n");
  desk.start();
  desk.rig.push(probe_at(desk.rig.clock.now()));
  REQUIRE(desk.pings() == 1);
  CHECK(desk.http.requests[0].url == "http://127.0.0.1:9093/api/v2/alerts");
  simdjson::dom::parser parser;
  const std::string body = desk.http.requests[0].body;
  simdjson::dom::element json = parser.parse(body);
  CHECK(std::string_view(json.at(0)["labels"]["alertname"]) == "BrandwachtWatchdog");
  CHECK(std::string_view(json.at(0)["endsAt"]) == format_rfc3339(desk.rig.clock.now() + 5min));
}

TEST_CASE("GoAlert's heartbeat is a POST, and a metric needs no request") {
  Desk desk(
      "[[watchdog]]\ntype = \"goalert\"\nurl = \"https://goalert.example/api/v2/heartbeat/id\"\n"
      "[[watchdog]]\ntype = \"metric\"\n");
  desk.start();
  desk.rig.push(probe_at(desk.rig.clock.now()));
  REQUIRE(desk.pings() == 1);
  CHECK(desk.http.requests[0].method == "POST");
  CHECK(desk.http.requests[0].url == "https://goalert.example/api/v2/heartbeat/id");
  CHECK(desk.arrivals.size() == 2);
}

TEST_CASE("every fault of a watchdog is reported at once, and no URL with it") {
  config::Problems problems;
  auto document = config::Document::from_string(R"(
[[watchdog]]
type = "healthcheks"
[[watchdog]]
type = "healthchecks"
name = "phone"
url = "ftp://secret-uuid"
[[watchdog]]
type = "alertmanager"
urls = []
[[watchdog]]
type = "goalert"
[probe]
every = "1 ms"
)",
                                                "test.toml", problems);
  auto root = document.root();
  read_watchdogs(root, {"phone"});
  std::string all;
  for (const auto& problem : problems.sorted())
    all += to_string(problem) + "\n";
  CHECK_THAT(all, Catch::Contains("'healthchecks'") && Catch::Contains("'phone' is taken") &&
                      Catch::Contains("http or https") && Catch::Contains("at least one member") &&
                      Catch::Contains("url_file") && Catch::Contains("every") &&
                      !Catch::Contains("secret-uuid"));
}

}  // namespace brandwacht::alerting
