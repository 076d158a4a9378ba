// One contract for every receiver in the table. The servers are fakes on this machine
// (fake_vendor.hpp); the one in test_alertmanager.cpp is real.
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <sstream>

#include "alerting/classify.hpp"
#include "tests/alerting/fake_vendor.hpp"
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

// What a person will see of it, forms decoded.
std::string as_read(const HttpRequest& request) {
  if (header(request, "Content-Type").starts_with("application/json")) return request.body;
  std::string out;
  for (const auto& [name, value] : form_of(request.body))
    out += value + "\n";
  return out;
}

}  // namespace

TEST_CASE("the contract covers every type of receiver in the table") {
  // The table names its types in the suggestion for a wrong one.
  std::set<std::string> covered{"log"};
  for (const auto& vendor : vendors()) {
    const auto start = vendor.toml.find("type = \"") + 8;
    covered.insert(vendor.toml.substr(start, vendor.toml.find('"', start) - start));
  }
  // smtp, command and Twilio, which asks back before a second try, have contracts of their own.
  for (const char* type : {"alertmanager", "goalert", "log", "ntfy", "pagerduty", "pushover",
                           "slack", "teams", "telegram", "webhook"})
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
      CHECK(contains(body, "\u2026"));
      CHECK(contains(body, "https://bw.example/incidents/" + what.incident.id));
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
        if (vendor.name != "pagerduty" || kind == page)
          CHECK(contains(http.requests.back().body, incident.id));
      }
  }
}

TEST_CASE("contract: the log receiver takes everything") {
  ScriptedHttp http([](const HttpRequest&) { return answered(500); });
  config::Problems problems;
  const auto specs = read_specs("[[receiver]]\ntype = \"log\"\n", problems);
  for (const auto kind : {page, notify, upgrade, cool, close})
    CHECK(attempt(*specs.at(0).make(lend(http)), page_about(kind, oversize_incident())).kind ==
          Kind::accepted);
  CHECK(http.requests.empty());
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
