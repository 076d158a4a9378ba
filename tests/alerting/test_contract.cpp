// One contract for every receiver in the table. The servers are fakes on this machine
// (fake_vendor.hpp); the one in test_alertmanager.cpp is real.
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <sstream>

#include "alerting/classify.hpp"
#include "tests/alerting/fake_vendor.hpp"
#include "tests/alerting/peers.hpp"
#include "tests/alerting/vendors.hpp"

namespace brandwacht::alerting {
namespace {

using namespace std::chrono_literals;
using enum IncidentEventKind;
using Kind = Outcome::Kind;

// All that the program logs while this lives.
class LogCapture {
 public:
  LogCapture() : before_(spdlog::default_logger()) {
    auto sink = std::make_shared<spdlog::sinks::ostream_sink_st>(out_);
    auto logger = std::make_shared<spdlog::logger>("capture", sink);
    logger->set_level(spdlog::level::trace);
    logger->flush_on(spdlog::level::trace);
    spdlog::set_default_logger(std::move(logger));
  }
  ~LogCapture() { spdlog::set_default_logger(before_); }
  LogCapture(const LogCapture&) = delete;
  LogCapture& operator=(const LogCapture&) = delete;
  std::string text() const { return out_.str(); }

 private:
  std::ostringstream out_;
  std::shared_ptr<spdlog::logger> before_;
};

Outcome answered_with(const Vendor& vendor, const std::string& answer,
                      const Page& page = page_about(IncidentEventKind::page)) {
  FakeVendor fake([&](const HttpRequest&) { return answer; });
  LoopbackHttp http;
  return fake.attempt(*vendor.make(http, fake.address()), page);
}

}  // namespace

TEST_CASE("the contract covers every type of receiver in the table") {
  std::set<std::string> covered;
  for (const auto& peer : peers())
    covered.insert(peer.type);
  CHECK(receiver_types().size() == covered.size());
  for (const auto& type : receiver_types())
    CHECK(covered.contains(type));
}

TEST_CASE("contract: what the vendor takes is accepted, for every kind of event") {
  for (const auto& vendor : vendors())
    for (const auto kind : {page, notify, upgrade, cool, close}) {
      FakeVendor fake([&](const HttpRequest&) { return raw_answer(200, {}, vendor.good); });
      LoopbackHttp http;
      const auto notifier = vendor.make(http, fake.address());
      INFO(vendor.name << " " << to_string(kind));
      const Outcome got = fake.attempt(*notifier, page_about(kind));
      INFO(got.detail);
      CHECK(got.kind == Kind::accepted);
      CHECK(got.detail.empty());
      REQUIRE_FALSE(fake.requests.empty());
      for (const auto& request : fake.requests)
        vendor.check(request);
    }
}

TEST_CASE("contract: a refusal is for good, a fault of the server is not") {
  for (const auto& vendor : vendors())
    for (const auto& [status, kind] : {std::pair{400, Kind::permanent},
                                       {401, Kind::permanent},
                                       {403, Kind::permanent},
                                       {404, Kind::permanent},
                                       {408, Kind::retry},
                                       {429, Kind::retry},
                                       {500, Kind::retry},
                                       {502, Kind::retry},
                                       {503, Kind::retry},
                                       {302, Kind::retry}}) {
      const Outcome got = answered_with(vendor, raw_answer(status, {}, "no"));
      INFO(vendor.name << " " << status << ": " << got.detail);
      CHECK(got.kind == kind);
      CHECK_FALSE(got.detail.empty());
      CHECK(got.receipt.empty());
    }
}

TEST_CASE("contract: Retry-After is obeyed in seconds and as a date") {
  for (const auto& vendor : vendors()) {
    INFO(vendor.name);
    CHECK(answered_with(vendor, raw_answer(429, {{"Retry-After", "17"}})).wait == 17s);
    CHECK(answered_with(vendor, raw_answer(503, {{"retry-after", "Thu, 01 Jan 2026 12:00:40 GMT"}}))
              .wait == 40s);
  }
}

TEST_CASE("contract: sent and not answered is ambiguous, not sent is not") {
  for (const auto& vendor : vendors()) {
    INFO(vendor.name);
    CHECK(answered_with(vendor, "").kind == Kind::ambiguous);
    CHECK(answered_with(vendor, "HTTP/1.1 200").kind == Kind::ambiguous);
    LoopbackHttp http;
    std::string nobody;
    {
      FakeVendor gone([](const HttpRequest&) { return std::string(); });
      nobody = gone.address();
    }
    CHECK(attempt(*vendor.make(http, nobody), page_about(page)).kind == Kind::retry);
  }
}

TEST_CASE("contract: a page of HTML with HTTP 200 is no refusal for good") {
  for (const auto& vendor : vendors()) {
    INFO(vendor.name);
    const auto got = answered_with(vendor, raw_answer(200, {}, "<html>Log in to the Wi-Fi</html>"));
    CHECK((got.kind == Kind::accepted || got.kind == Kind::ambiguous));
  }
}

TEST_CASE("contract: a second try carries the same bytes, and so the same key") {
  for (const auto& vendor : vendors()) {
    FakeVendor fake([](const HttpRequest&) { return raw_answer(503); });
    LoopbackHttp http;
    const auto notifier = vendor.make(http, fake.address());
    const Page what = page_about(page);
    fake.attempt(*notifier, what, kNoon);
    fake.attempt(*notifier, what, kNoon + 90s);
    INFO(vendor.name);
    REQUIRE(fake.requests.size() == 2);
    if (vendor.name != "alertmanager")  // an alert there ends so long after each message
      CHECK(fake.requests[0].body == fake.requests[1].body);
    for (const auto& request : fake.requests)
      CHECK(contains(request.body, what.incident.id));
    CHECK(header(fake.requests[0], "webhook-id") == header(fake.requests[1], "webhook-id"));
  }
}

TEST_CASE("contract: no secret is in a detail or a log line, even one that the server echoes") {
  LogCapture log;
  std::string details;
  for (const auto& vendor : vendors())
    for (const int status : {200, 302, 400, 404, 429, 500}) {
      FakeVendor fake([&](const HttpRequest& request) {
        std::string body = "bad: " + request.url + " " + request.body;
        for (const auto& [name, value] : request.headers)
          body += " " + value;
        return raw_answer(
            status, {},
            status == 404 ? R"({"ok":false,"error":"x)" + vendor.secrets[0] + "\"}" : body);
      });
      LoopbackHttp http;
      const auto notifier = vendor.make(http, fake.address());
      for (const auto kind : {page, close}) {
        const Outcome got = fake.attempt(*notifier, page_about(kind));
        spdlog::warn("delivery: {}", got.detail);
        details += got.detail + "\n";
        CHECK(got.detail.find('\n') == std::string::npos);
      }
    }
  for (const auto& vendor : vendors())
    for (const auto& secret : vendor.secrets) {
      INFO(vendor.name << ": " << secret);
      CHECK_FALSE(contains(details, secret));
      CHECK_FALSE(contains(log.text(), secret));
    }
}

TEST_CASE("complaint 11: a text too long for the vendor is shortened and the page arrives") {
  for (const auto& vendor : vendors())
    for (const auto kind : {page, notify, upgrade, cool, close}) {
      FakeVendor fake([&](const HttpRequest&) { return raw_answer(200, {}, vendor.good); });
      LoopbackHttp http;
      const auto notifier = vendor.make(http, fake.address(), "nl");
      const Page what = page_about(kind, oversize_incident());
      INFO(vendor.name << " " << to_string(kind));
      CHECK(fake.attempt(*notifier, what).kind == Kind::accepted);
      for (const auto& request : fake.requests)
        vendor.check(request);
      if (kind == close || vendor.name == "alertmanager") continue;
      // What was cut is marked, and the way to the incident is still there.
      const std::string body = as_read(fake.requests.back());
      CHECK((contains(body, "\u2026") || contains(body, "...")));  // a text message has no "…"
      if (!vendor.way.empty()) CHECK(contains(body, vendor.way + what.incident.id));
    }
}

TEST_CASE("property: whatever the text, every vendor's limits hold and the link is kept") {
  std::mt19937_64 random(20261129);
  for (int i = 0; i < 150; ++i) {
    const Incident incident = random_incident(random);
    for (const auto& vendor : vendors())
      for (const auto kind : {page, close}) {
        ScriptedHttp http([&](const HttpRequest&) { return answered(200, {}, vendor.good); });
        const auto notifier = vendor.make(http, "https://vendor.example");
        INFO(vendor.name << ", incident " << i);
        CHECK(attempt(*notifier, page_about(kind, incident)).kind == Kind::accepted);
        for (const auto& request : http.requests)
          vendor.check(request);
        if ((vendor.name != "pagerduty" && vendor.name != "twilio_voice") || kind == page)
          CHECK(contains(http.requests.back().body, incident.id));
      }
  }
}

// From here on every type of the table, whatever it speaks: see peers.hpp.

TEST_CASE(
    "promise: what is taken is accepted, for every kind of event, and nothing is said of it") {
  for (const auto& peer : peers())
    for (const auto kind : {page, notify, upgrade, cool, close}) {
      const auto told = peer.tell(Does::take, {page_about(kind)});
      INFO(peer.type << " " << to_string(kind) << ": " << told.at(0).outcome.detail);
      CHECK(told.at(0).outcome.kind == Kind::accepted);
      CHECK(told.at(0).outcome.detail.empty());
      CHECK(told.at(0).outcome.undelivered.empty());
      CHECK_FALSE(told.at(0).outcome.disable);
      CHECK_FALSE(told.at(0).sent.empty());
    }
}

TEST_CASE("promise: each end means the same everywhere, and one sentence says why") {
  for (const auto& peer : peers()) {
    if (peer.only_takes) continue;
    for (const auto& [does, kind] : {std::pair{Does::refuse, Kind::permanent},
                                     {Does::fail, Kind::retry},
                                     {Does::lose, Kind::ambiguous},
                                     {Does::vanish, Kind::retry}}) {
      const Outcome got = peer.tell(does, {page_about(page)}).at(0).outcome;
      INFO(peer.type << ": " << got.detail);
      CHECK(got.kind == kind);
      CHECK_FALSE(got.detail.empty());
      CHECK_FALSE(contains(got.detail, "\n"));
      CHECK(got.receipt.empty());
    }
  }
}

TEST_CASE("promise: a second try says the same and is known by the same key") {
  for (const auto& peer : peers()) {
    if (peer.only_takes) continue;
    INFO(peer.type);
    const Page what = page_about(page);
    const auto told = peer.tell(Does::fail, {what, what});
    REQUIRE(told.size() == 2);
    CHECK(told[0].sent == told[1].sent);
    CHECK_FALSE(told[0].key.empty());
    CHECK(told[0].key == told[1].key);
    const Page other = page_about(page, invented_incident(0x99));
    CHECK(peer.tell(Does::take, {other}).at(0).key != told[0].key);
  }
}

TEST_CASE("promise: no secret is told, even one that the other side echoes") {
  LogCapture log;
  for (const auto& peer : peers())
    for (const auto does : {Does::take, Does::refuse, Does::fail, Does::lose}) {
      if (peer.only_takes && does != Does::take) continue;
      const Outcome got = peer.tell(does, {page_about(page)}).at(0).outcome;
      spdlog::warn("delivery: {}", got.detail);
      for (const auto& secret : peer.secrets) {
        INFO(peer.type << ": " << got.detail);
        CHECK_FALSE(contains(got.detail + got.undelivered + got.receipt + got.progress, secret));
        CHECK_FALSE(contains(log.text(), secret));
      }
    }
}

TEST_CASE("promise: the longest text arrives, with its headline and the way to the incident") {
  for (const auto& peer : peers()) {
    INFO(peer.type);
    const Page what = page_about(page, oversize_incident());
    const auto told = peer.tell(Does::take, {what}).at(0);
    CHECK(told.outcome.kind == Kind::accepted);
    CHECK(contains(told.sent, fire(8)));
    if (!peer.way.empty()) CHECK(contains(told.sent, peer.way + what.incident.id));
  }
}

TEST_CASE(
    "promise: whatever is in a post, it becomes no command, no header and no second message") {
  std::mt19937_64 random(20261130);
  for (const auto& peer : peers()) {
    for (int i = 0; i < 5; ++i) {
      Incident incident = random_incident(random);
      incident.title = "$(exit 9) `exit 9`\r\nBcc: x@evil.example\r\n.\r\n" + incident.title;
      const auto told = peer.tell(Does::take, {page_about(page, incident)});
      INFO(peer.type << ": " << told.at(0).outcome.detail);
      CHECK(told.at(0).outcome.kind == Kind::accepted);
      CHECK_FALSE(contains(told.at(0).sent, "\nBcc:"));
      CHECK(valid_utf8(told.at(0).sent) == told.at(0).sent);
    }
  }
}

TEST_CASE("a secret URL is taken apart, so that no piece of it is shown") {
  const auto secrets =
      url_secrets("https://hooks.example/services/T00/B0000000/abcdefgh?sig=12345678");
  const std::string text = redact_secrets("/services/T00/B0000000/abcdefgh and 12345678", secrets);
  for (const char* piece : {"B0000000", "abcdefgh", "12345678"})
    CHECK_FALSE(contains(text, piece));
  CHECK(url_secrets("no url").empty());
  CHECK(url_secrets("https://host.example").empty());
}

}  // namespace brandwacht::alerting
