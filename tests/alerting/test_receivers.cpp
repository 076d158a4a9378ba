// The contract that every receiver keeps, and what each vendor's protocol asks.
#include <simdjson.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <set>

#include "alerting/alertmanager.hpp"
#include "alerting/classify.hpp"
#include "alerting/log_receiver.hpp"
#include "alerting/message.hpp"
#include "alerting/pagerduty.hpp"
#include "alerting/signature.hpp"
#include "alerting/webhook.hpp"
#include "tests/alerting/fakes.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::alerting {
namespace {

using namespace std::chrono_literals;
using enum IncidentEventKind;
using Kind = Outcome::Kind;
namespace dom = simdjson::dom;

constexpr auto kSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr auto kRoutingKey = "0123456789abcdef0123456789ABCDEF";

Outcome attempt(Notifier& notifier, const Page& what, Time now = kNoon) {
  boost::asio::io_context io;
  auto out = boost::asio::co_spawn(io, notifier.notify(what, now), boost::asio::use_future);
  io.run();
  return out.get();
}

std::vector<NotifierSpec> read(std::string_view toml, config::Problems& problems) {
  auto document = config::Document::from_string(toml, "test.toml", problems);
  auto root = document.root();
  return read_receivers(root);
}

std::string problems_of(std::string_view toml) {
  config::Problems problems;
  read(toml, problems);
  std::string out;
  for (const auto& problem : problems.sorted())
    out += to_string(problem) + "\n";
  return out;
}

constexpr auto kAll = R"(
[[receiver]]
type = "alertmanager"
urls = ["http://127.0.0.1:9093/"]
authorization = "Bearer very-secret"
[[receiver]]
type = "pagerduty"
routing_key = "0123456789abcdef0123456789ABCDEF"
[[receiver]]
type = "webhook"
url = "https://hooks.example/path-secret"
secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
)";

// A long text of four-byte letters: 1 code point, 4 bytes, 1 unit of nothing else.
std::string long_text(std::size_t code_points) {
  std::string out;
  for (std::size_t i = 0; i < code_points; ++i)
    out += "\U0001F525";
  return out;
}

Incident huge_incident() {
  Incident out = invented_incident();
  out.title = long_text(5000);
  out.brand = long_text(300);
  out.url = "at://not a web url\"";
  out.reasons.assign(200, {long_text(2000), 1});
  Evidence post = out.evidence.at(0);
  post.text = long_text(20'000);
  out.evidence.assign(500, post);
  return out;
}

std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

dom::element parse(dom::parser& parser, const std::string& body) {
  dom::element out;
  REQUIRE_FALSE(parser.parse(body).get(out));
  return out;
}

std::string text(dom::element element) {
  return std::string(std::string_view(element));
}

std::set<std::string> keys(dom::element element) {
  std::set<std::string> out;
  for (auto field : dom::object(element))
    out.emplace(field.key);
  return out;
}

Page page_of(IncidentEventKind kind, Incident incident = invented_incident()) {
  return *invented_page(kind, "phone", std::move(incident));
}

}  // namespace

TEST_CASE("every receiver retries what may pass and gives up on what never will") {
  struct Row {
    NetResult<HttpResponse> answer;
    Kind kind;
  };
  const std::vector<Row> rows{{answered(200), Kind::accepted},
                              {answered(202), Kind::accepted},
                              {answered(302), Kind::retry},
                              {answered(400), Kind::permanent},
                              {answered(401), Kind::permanent},
                              {answered(404), Kind::permanent},
                              {answered(408), Kind::retry},
                              {answered(429), Kind::retry},
                              {answered(500), Kind::retry},
                              {answered(503), Kind::retry},
                              {failed(NetFault::bad_url), Kind::permanent},
                              {failed(NetFault::resolve), Kind::retry},
                              {failed(NetFault::connect), Kind::retry},
                              {failed(NetFault::tls), Kind::retry},
                              {failed(NetFault::timeout), Kind::retry},
                              {failed(NetFault::closed), Kind::retry},
                              {failed(NetFault::ambiguous), Kind::ambiguous},
                              {failed(NetFault::protocol), Kind::ambiguous}};
  config::Problems problems;
  const auto specs = read(kAll, problems);
  REQUIRE_FALSE(problems.fatal());
  REQUIRE(specs.size() == 3);
  for (const auto& spec : specs)
    for (const auto& row : rows) {
      ScriptedHttp http([&](const HttpRequest&) { return row.answer; });
      const auto notifier = spec.make({http, "https://bw.example"});
      const Outcome got = attempt(*notifier, page_of(page));
      INFO(spec.type << ": " << got.detail);
      CHECK(got.kind == row.kind);
      CHECK(got.detail.empty() == (row.kind == Kind::accepted));
      REQUIRE(http.requests.size() == 1);
      CHECK(http.requests[0].method == "POST");
      CHECK(header(http.requests[0], "Content-Type") == "application/json");
      dom::parser parser;
      parse(parser, http.requests[0].body);
    }
}

TEST_CASE("every receiver hands on Retry-After in both forms") {
  config::Problems problems;
  for (const auto& spec : read(kAll, problems)) {
    ScriptedHttp seconds([](const HttpRequest&) { return answered(429, {{"retry-after", "17"}}); });
    CHECK(attempt(*spec.make({seconds, ""}), page_of(page)).wait == 17s);
    ScriptedHttp date([](const HttpRequest&) {
      return answered(503, {{"Retry-After", "Thu, 01 Jan 2026 12:00:40 GMT"}});
    });
    CHECK(attempt(*spec.make({date, ""}), page_of(page)).wait == 40s);
  }
}

TEST_CASE("no receiver shows a secret, even one that the server echoes") {
  config::Problems problems;
  for (const auto& spec : read(kAll, problems)) {
    ScriptedHttp http([](const HttpRequest& request) {
      return answered(400, {}, request.body + header(request, "Authorization") + request.url);
    });
    const auto detail = attempt(*spec.make({http, ""}), page_of(page)).detail;
    CHECK_THAT(detail, !Catch::Contains("very-secret") && !Catch::Contains(kRoutingKey) &&
                           !Catch::Contains("path-secret") && !Catch::Contains("MfKQ9r8"));
    CHECK(detail.find('\n') == std::string::npos);
  }
}

TEST_CASE("every receiver copes with an incident far too large and with none at all") {
  config::Problems problems;
  for (const auto& spec : read(kAll, problems))
    for (const auto& incident : {huge_incident(), Incident{}})
      for (const auto kind : {page, notify, upgrade, cool, close}) {
        ScriptedHttp http([](const HttpRequest&) { return answered(202); });
        CHECK(attempt(*spec.make({http, "https://bw.example"}), page_of(kind, incident)).kind ==
              Kind::accepted);
        dom::parser parser;
        parse(parser, http.requests.at(0).body);
        CHECK(http.requests.at(0).body.size() <= 512'000);
      }
}

TEST_CASE("redacting replaces every occurrence") {
  CHECK(redact_secrets("a KEY b KEY", {"", "KEY"}) == "a *** b ***");
  CHECK(redact_secrets("***", {"*"}) == "*********");
}

TEST_CASE("the signature is that of the published vector") {
  const auto key = decode_webhook_secret(kSecret);
  REQUIRE(key);
  const Time at{std::chrono::seconds{1'614'265'330}};
  CHECK(sign_webhook({*key}, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, R"({"test": 2432232314})") ==
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST_CASE("a webhook is signed over the bytes sent, with every secret") {
  config::Problems problems;
  const auto specs = read(
      "[[receiver]]\ntype = \"webhook\"\nurl = \"https://x.example/h\"\n"
      "secret = \"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw "
      "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"\n",
      problems);
  ScriptedHttp http([](const HttpRequest&) { return answered(204); });
  const Time moment = kNoon + 90s + 400ms;
  const Page what = page_of(page);
  CHECK(attempt(*specs.at(0).make({http, ""}), what, moment).kind == Kind::accepted);
  const HttpRequest& request = http.requests.at(0);
  CHECK(header(request, "webhook-id") == what.delivery_id);
  CHECK(header(request, "webhook-timestamp") == "1767268890");
  const std::vector<std::string> secrets{*decode_webhook_secret(kSecret), std::string(24, '\0')};
  CHECK(header(request, "webhook-signature") ==
        sign_webhook(secrets, what.delivery_id, moment, request.body));
  CHECK(header(request, "webhook-signature").find(" v1,") != std::string::npos);
}

TEST_CASE("a webhook's body has type, timestamp and data, and stays under 20 kB") {
  dom::parser parser;
  const auto body = webhook_body(page_of(upgrade), "https://bw.example/");
  const dom::element json = parse(parser, body);
  CHECK(keys(json) == std::set<std::string>{"type", "timestamp", "data"});
  CHECK(text(json["type"]) == "incident.upgrade");
  CHECK(text(json["timestamp"]) == "2026-01-01T12:00:00.000Z");
  CHECK(text(json["data"]["incident"]) == invented_incident().id);
  CHECK(text(json["data"]["link"]) == "https://bw.example/incidents/" + invented_incident().id);
  CHECK(text(json["data"]["posts"].at(0)["text"]) == invented_incident().evidence.at(0).text);
  const auto huge = webhook_body(page_of(page, huge_incident()), "");
  CHECK(huge.size() <= 20'000);
  CHECK(dom::array(parse(parser, huge)["data"]["reasons"]).size() >= 3);
}

TEST_CASE("a webhook that answers 410 is disabled, another refusal is not") {
  config::Problems problems;
  const auto specs = read(kAll, problems);
  for (const auto& spec : specs) {
    ScriptedHttp http([](const HttpRequest&) { return answered(410); });
    const auto got = attempt(*spec.make({http, ""}), page_of(page));
    CHECK(got.kind == Kind::permanent);
    CHECK(got.disable == (spec.type == "webhook"));
  }
}

TEST_CASE("a secret of the wrong form is refused") {
  for (const char* bad : {"", "whsec_", "whsec_AAAA", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                          "whsec_!!!!", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa%w"})
    CHECK_FALSE(decode_webhook_secret(bad));
  CHECK(decode_webhook_secret("whsec_" + std::string(86, 'A') + "==")->size() == 64);
  CHECK(decode_webhook_secret("whsec_" + std::string(43, 'A'))->size() == 32);
}

TEST_CASE("a PagerDuty trigger has the fields of the Events API v2 and no others") {
  PagerDutySettings settings;
  settings.routing_key = kRoutingKey;
  Incident incident = invented_incident();
  incident.tier = Tier::t1;
  dom::parser parser;
  const auto body = pagerduty_body(settings, page_of(page, incident), "https://bw.example");
  const dom::element json = parse(parser, body);
  CHECK(keys(json) == std::set<std::string>{"routing_key", "event_action", "dedup_key", "payload",
                                            "links", "client", "client_url"});
  CHECK(text(json["routing_key"]) == kRoutingKey);
  CHECK(text(json["event_action"]) == "trigger");
  CHECK(text(json["dedup_key"]) == incident.id);
  const dom::element payload = json["payload"];
  CHECK(keys(payload) == std::set<std::string>{"summary", "source", "severity", "timestamp",
                                               "component", "group", "class", "custom_details"});
  CHECK(text(payload["summary"]) == "T1 " + incident.title);
  CHECK(text(payload["source"]) == "bluesky/acme");
  CHECK(text(payload["severity"]) == "critical");
  CHECK(text(payload["timestamp"]) == "2026-01-01T12:00:00.000Z");
  CHECK(std::int64_t(payload["custom_details"]["critics"]) == 12);
  CHECK(dom::array(payload["custom_details"]["reasons"]).size() == 2);
  CHECK(text(json["links"].at(0)["href"]) == incident.url);
  CHECK(dom::array(json["links"]).size() == 2);
}

TEST_CASE("a change event names what changed, notifies nobody, and keeps its lengths") {
  PagerDutySettings settings;
  settings.routing_key = kRoutingKey;
  Change change;
  change.summary = "Brandwacht's settings changed: theta_page\nand more " + long_text(3000);
  change.at = kNoon;
  change.details.assign(500, {long_text(300), long_text(3000)});
  change.details.front() = {"theta_page", "0.5 -> 0.75"};
  dom::parser parser;
  const auto body = pagerduty_change_body(settings, change, "https://bw.example");
  CHECK(body.size() <= 512'000);
  const dom::element json = parse(parser, body);
  CHECK(keys(json) == std::set<std::string>{"routing_key", "payload", "links"});
  CHECK(keys(json["payload"]) ==
        std::set<std::string>{"summary", "source", "timestamp", "custom_details"});
  CHECK(code_points(text(json["payload"]["summary"])) <= 1024);
  CHECK(text(json["payload"]["custom_details"]["theta_page"]) == "0.5 -> 0.75");
  CHECK(pagerduty_change_endpoint("https://events.eu.pagerduty.com/v2/enqueue") ==
        "https://events.eu.pagerduty.com/v2/change/enqueue");
  CHECK(pagerduty_change_endpoint("http://127.0.0.1:9/").empty());

  config::Problems problems;
  for (const auto& spec : read(kAll, problems)) {
    ScriptedHttp http([](const HttpRequest&) { return answered(202); });
    const auto notifier = spec.make({http, ""});
    boost::asio::io_context io;
    auto out =
        boost::asio::co_spawn(io, notifier->announce(change, kNoon), boost::asio::use_future);
    io.run();
    CHECK(out.get().has_value() == (spec.type == "pagerduty"));
    CHECK(http.requests.size() == (spec.type == "pagerduty" ? 1U : 0U));
  }
}

TEST_CASE("severity at PagerDuty follows the tier") {
  CHECK(severity(Tier::t1) == "critical");
  CHECK(severity(Tier::t2) == "error");
  CHECK(severity(Tier::t3) == "warning");
}

TEST_CASE("a PagerDuty resolve carries routing key and dedup key and nothing else") {
  PagerDutySettings settings;
  settings.routing_key = kRoutingKey;
  dom::parser parser;
  const auto body = pagerduty_body(settings, page_of(close), "https://bw.example");
  const dom::element json = parse(parser, body);
  CHECK(keys(json) == std::set<std::string>{"routing_key", "event_action", "dedup_key"});
  CHECK(text(json["event_action"]) == "resolve");
}

TEST_CASE("a PagerDuty event keeps its limits whatever the incident") {
  PagerDutySettings settings;
  settings.routing_key = kRoutingKey;
  Incident incident = huge_incident();
  incident.id = std::string(400, 'x');
  dom::parser parser;
  const auto body = pagerduty_body(settings, page_of(page, incident), "");
  CHECK(body.size() <= 512'000);
  const dom::element json = parse(parser, body);
  CHECK(code_points(text(json["payload"]["summary"])) <= 1024);
  CHECK(code_points(text(json["payload"]["summary"])) > 200);
  CHECK(text(json["dedup_key"]).size() <= 255);
  CHECK(dom::array(json["links"]).size() == 0);  // what is no web URL would be a 400
  // Not everything was thrown away for the sake of the size.
  CHECK(dom::array(json["payload"]["custom_details"]["posts"]).size() >= 8);
  Page end = page_of(close, incident);
  CHECK_THAT(pagerduty_body(settings, end, ""), Catch::Contains(text(json["dedup_key"])));
}

TEST_CASE("PagerDuty gets 30 s of silence after a 429 that names no time") {
  config::Problems problems;
  for (const auto& spec : read(kAll, problems)) {
    ScriptedHttp http([](const HttpRequest&) { return answered(429); });
    const auto wait = attempt(*spec.make({http, ""}), page_of(page)).wait;
    CHECK(wait == (spec.type == "pagerduty" ? std::optional<Duration>(30s) : std::nullopt));
  }
}

TEST_CASE("an Alertmanager page fires at its severity and resolves the others") {
  dom::parser parser;
  const auto body =
      alertmanager_body(page_of(page), kNoon + 5s, 1min, {"https://bw.example", "en", true});
  const dom::element json = parse(parser, body);
  REQUIRE(dom::array(json).size() == 3);
  for (auto alert : dom::array(json)) {
    CHECK(keys(alert["labels"]) ==
          std::set<std::string>{"alertname", "incident", "brand", "platform", "severity"});
    CHECK(text(alert["labels"]["alertname"]) == "BrandwachtEscalation");
    CHECK(text(alert["startsAt"]) == "2026-01-01T12:00:00.000Z");
    const bool fires = text(alert["labels"]["severity"]) == "error";
    CHECK(text(alert["endsAt"]) ==
          (fires ? "2026-01-01T12:10:05.000Z" : "2026-01-01T12:00:00.000Z"));
    CHECK_THAT(text(alert["annotations"]["description"]),
               Catch::Contains("12 mensen") && Catch::Contains("kwijt"));
    CHECK_THAT(text(alert["generatorURL"]), Catch::StartsWith("https://bw.example/incidents/bw-"));
  }
}

TEST_CASE("an Alertmanager resolve ends every severity, at the same time in every repeat") {
  for (const auto later : {1s, 600s}) {
    dom::parser parser;
    const auto body = alertmanager_body(page_of(close), kNoon + later, 1min, {"", "nl", true});
    for (auto alert : dom::array(parse(parser, body)))
      CHECK(text(alert["endsAt"]) == "2026-01-01T12:00:00.000Z");
  }
}

TEST_CASE("all members of an Alertmanager cluster are told, and one that takes it is enough") {
  config::Problems problems;
  const auto specs = read(
      "[[receiver]]\ntype = \"alertmanager\"\nurls = [\"http://127.0.0.1:1\", "
      "\"http://127.0.0.1:2\", "
      "\"http://127.0.0.1:3\"]\n",
      problems);
  std::set<std::string> up{"http://127.0.0.1:3/api/v2/alerts"};
  ScriptedHttp http([&](const HttpRequest& request) {
    return up.contains(request.url) ? answered(200) : failed(NetFault::connect);
  });
  const auto notifier = specs.at(0).make({http, ""});
  CHECK(attempt(*notifier, page_of(page)).kind == Kind::accepted);
  CHECK(http.requests.size() == 3);
  up.clear();
  CHECK(attempt(*notifier, page_of(page)).kind == Kind::retry);
}

TEST_CASE("the log receiver says what a phone would show") {
  std::string shown;
  ScriptedHttp http([](const HttpRequest&) { return answered(200); });
  const auto notifier = make_log("log", {}, {http, "https://bw.example"},
                                 [&](const Page&, std::string_view text) { shown = text; });
  CHECK(attempt(*notifier, page_of(page)).kind == Kind::accepted);
  CHECK_THAT(shown, Catch::StartsWith("T2 Acme: 12 critics") &&
                        Catch::Contains("het tempo verdubbelt") && Catch::Contains("kwijt") &&
                        Catch::Contains("https://social.example/post/1") &&
                        Catch::Contains("https://bw.example/incidents/bw-1122334455667788-1"));
  CHECK_THAT(phone_text(page_of(page), "", false), !Catch::Contains("kwijt"));
  CHECK(attempt(*notifier, page_of(close)).kind == Kind::accepted);
  CHECK_THAT(shown, Catch::StartsWith("over: Acme"));
}

TEST_CASE("what a platform calls a URL does not reach a vendor unless it is one") {
  CHECK(web_url("https://a.example/x?y=1#z") == "https://a.example/x?y=1#z");
  for (const char* bad : {"", "at://did:plc:x", "javascript:alert(1)", "https://a b",
                          "https://a\"b", "https://\u00e9"})
    CHECK(web_url(bad).empty());
  CHECK(web_url("https://" + std::string(3000, 'a')).empty());
}

TEST_CASE("an unknown type of receiver is a problem that names the nearest") {
  CHECK_THAT(problems_of("[[receiver]]\ntype = \"pagerdty\"\n"),
             Catch::Contains("test.toml:2:") && Catch::Contains("pagerdty") &&
                 Catch::Contains("'pagerduty'"));
}

TEST_CASE("every fault of the receivers is reported at once, and no secret with it") {
  const auto all = problems_of(R"(
[[receiver]]
type = "webhook"
name = "has.dot"
url = "ftp://x"
secret = "whsec_hunter2"
[[receiver]]
type = "pagerduty"
endpiont = "https://x.example"
[[receiver]]
type = "alertmanager"
urls = []
[[receiver]]
name = "no-type"
[[receiver]]
type = "log"
[[receiver]]
type = "log"
)");
  CHECK_THAT(all, Catch::Contains("letters, digits") && Catch::Contains("http or https") &&
                      Catch::Contains("base64") && Catch::Contains("endpiont") &&
                      Catch::Contains("routing_key_file") &&
                      Catch::Contains("at least one member") && Catch::Contains("'type'") &&
                      Catch::Contains("two receivers"));
  CHECK_THAT(all, !Catch::Contains("hunter2"));
}

TEST_CASE("a page over an unencrypted network is a warning, on this machine it is not") {
  CHECK_THAT(
      problems_of("[[receiver]]\ntype = \"alertmanager\"\nurls = [\"http://10.0.0.1:9093\"]\n"),
      Catch::Contains("warning") && Catch::Contains("unencrypted"));
  CHECK(problems_of("[[receiver]]\ntype = \"alertmanager\"\nurls = [\"http://localhost:9093\"]\n")
            .empty());
}

TEST_CASE("without receivers pages go to the log, with a warning") {
  config::Problems problems;
  const auto specs = read("", problems);
  REQUIRE(specs.size() == 1);
  CHECK(specs[0].type == "log");
  CHECK_FALSE(problems.fatal());
  CHECK(problems.sorted().size() == 1);
}

}  // namespace brandwacht::alerting
