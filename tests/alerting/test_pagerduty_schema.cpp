// PagerDuty's own OpenAPI says whether our events are right: npm's Prism answers 202 to what fits
// it. Their schema knows no lengths; those are checked in test_receivers.cpp.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

#include "alerting/pagerduty.hpp"
#include "tests/alerting/builders.hpp"
#include "tests/alerting/loopback_http.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/peers.hpp"

namespace brandwacht::alerting {
namespace {

using namespace std::chrono_literals;

const std::string kSchema = std::string(test::kPeers) + "/pagerduty-events-v2.json";

unsigned short free_port() {
  asio::io_context io;
  Tcp::acceptor acceptor(io, Tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  return acceptor.local_endpoint().port();
}

struct Prism {
  std::string port = std::to_string(free_port());
  test::Program program{{"node", std::string(test::kPeers) + "/node_modules/.bin/prism", "mock",
                         "--errors", "-h", "127.0.0.1", "-p", port, kSchema}};
  bool up = false;

  Prism() {
    while (!up) {
      const auto line = program.line(60s);
      if (!line) return;
      up = line->find("is listening") != std::string::npos;
    }
  }
  int post(const std::string& body) const {
    LoopbackHttp http;
    HttpRequest request;
    request.url = "http://127.0.0.1:" + port + "/enqueue";
    request.headers.emplace_back("Content-Type", "application/json");
    request.body = body;
    asio::io_context io;
    auto answer = asio::co_spawn(io, http.send(std::move(request)), asio::use_future);
    io.run();
    const auto got = answer.get();
    return got.has_value() ? got->status : 0;
  }
};

}  // namespace

TEST_CASE("PagerDuty's published schema takes every event of ours, and would refuse a wrong one") {
  if (!test::have_peer("@stoplight/prism-cli") || !std::filesystem::exists(kSchema)) {
    WARN("skipped: npm's prism-cli or PagerDuty's schema is not in build/peers (make peers)");
    return;
  }
  const Prism prism;
  REQUIRE(prism.up);
  PagerDutySettings settings;
  settings.routing_key = "0123456789abcdef0123456789ABCDEF";
  for (const char* wrong : {R"({"event_action":"resolve","dedup_key":"x"})",
                            R"({"routing_key":"x","event_action":"boom"})",
                            R"({"routing_key":"x","event_action":"trigger","links":[{}]})"})
    CHECK(prism.post(wrong) >= 400);
  Incident odd = invented_incident(5, Tier::t1);
  odd.url = "at://not a web url";
  odd.brand.clear();
  odd.platform.clear();
  odd.title = std::string(5000, '"');
  for (const auto& incident : {invented_incident(), odd, Incident{}})
    for (const auto kind : {IncidentEventKind::page, IncidentEventKind::notify,
                            IncidentEventKind::upgrade, IncidentEventKind::close}) {
      const auto page = invented_page(kind, "phone", incident);
      CHECK(prism.post(pagerduty_body(settings, *page, "https://bw.example")) == 202);
    }
  Page taken = *invented_page(IncidentEventKind::page, "phone");
  taken.action = Action::acknowledge;
  CHECK(prism.post(pagerduty_body(settings, taken, "https://bw.example")) == 202);
}

}  // namespace brandwacht::alerting
