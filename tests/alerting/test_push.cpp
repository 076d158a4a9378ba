// Microsoft Teams, ntfy and Pushover: what is sent and what their answers mean.
#include <iostream>

#include "alerting/ntfy.hpp"
#include "alerting/pushover.hpp"
#include "alerting/teams.hpp"
#include "tests/alerting/receivers.hpp"

namespace brandwacht::alerting {
namespace {

using namespace std::chrono_literals;
using enum IncidentEventKind;
using Kind = Outcome::Kind;
namespace dom = simdjson::dom;

constexpr auto kToken = "azGDORePK8gMaC0QOYAMyEEuzJnyUi";
constexpr auto kUser = "uQiRzpo4DXghDmr9QzzfQu27cmVRsG";

PushoverSettings pushover() {
  PushoverSettings out;
  out.token = kToken;
  out.user = kUser;
  return out;
}

TeamsSettings teams() {
  TeamsSettings out;
  out.url = "https://flows.example/invented";
  return out;
}

NtfySettings ntfy() {
  NtfySettings out;
  out.topic = "invented";
  return out;
}

Sighting ask(NetResult<HttpResponse> answer, std::vector<HttpRequest>* asked = nullptr) {
  ScriptedHttp http([&](const HttpRequest&) { return answer; });
  const auto notifier = make_pushover("phone", pushover(), lend(http));
  boost::asio::io_context io;
  auto out = boost::asio::co_spawn(io, notifier->ask("rLqVuq", kNoon), boost::asio::use_future);
  io.run();
  if (asked) *asked = http.requests;
  return out.get();
}

std::string receipt(const std::string& fields) {
  return R"({"status":1,)" + fields + R"(,"request":"x"})";
}

}  // namespace

TEST_CASE("Teams: a card whose texts are no Markdown, with a link that acknowledges") {
  const auto body = teams_body(page_about(page), {}, "https://bw.example/a/x");
  dom::parser parser;
  const dom::element card = parsed(parser, body).at_pointer("/attachments/0/content");
  CHECK(text_of(card["version"]) == "1.2");
  CHECK(text_of(card.at_pointer("/body/0/inlines/0/text")).starts_with("T2 Acme"));
  CHECK(text_of(card.at_pointer("/body/0/inlines/0/color")) == "Attention");
  CHECK(text_of(card.at_pointer("/body/0/id")) == page_about(page).delivery_id);
  CHECK(text_of(card.at_pointer("/actions/0/type")) == "Action.OpenUrl");
  CHECK(text_of(card.at_pointer("/actions/0/url")) == "https://bw.example/a/x");
  CHECK_FALSE(contains(teams_body(page_about(cool), {}, "https://bw.example/a/x"), "/a/x"));
}

// For tests/alerting/teams_cards.cjs, which has Microsoft's own parser read them.
TEST_CASE("Teams: prints its cards", "[.cards]") {
  std::mt19937_64 random(3);
  for (const auto kind : {page, notify, upgrade, cool, close})
    for (const auto& incident : {invented_incident(), oversize_incident(), random_incident(random)})
      std::cout << teams_body(page_about(kind, incident), {"https://bw.example", "nl"},
                              "https://bw.example/a/x")
                << "\n";
}

TEST_CASE("complaint 03: a 429 that Teams hides in an answer 200 is one, and so are its others") {
  const auto once = [](const NetResult<HttpResponse>& answer) {
    ScriptedHttp http([&](const HttpRequest&) { return answer; });
    return attempt(*make_teams("desk", teams(), lend(http)), page_about(page));
  };
  const std::string start =
      "Webhook message delivery failed with error: Microsoft Teams endpoint "
      "returned HTTP error ";
  const auto hidden = once(answered(200, {}, start + "429 with ContextId tcid=1,server=X"));
  CHECK(hidden.kind == Kind::retry);
  CHECK(hidden.wait == 60s);
  CHECK(once(answered(200, {}, start + "413 with ContextId tcid=1")).kind == Kind::permanent);
  CHECK(once(answered(200, {}, start + "503 with ContextId tcid=1")).kind == Kind::retry);
  CHECK(once(answered(200, {}, "1")).kind == Kind::accepted);
  CHECK(once(answered(202)).kind == Kind::accepted);
  CHECK(once(answered(429, {{"Retry-After", "5"}})).wait == 5s);
}

TEST_CASE("ntfy: one tap acknowledges, and the notification goes only when that worked") {
  NtfyButtons buttons{"https://bw.example/c/x", "https://bw.example/a/x"};
  dom::parser parser;
  const auto body = ntfy_body("invented", page_about(page), {}, buttons);
  const dom::element json = parsed(parser, body);
  CHECK(text_of(json["topic"]) == "invented");
  CHECK(text_of(json["title"]) == "T2 Acme: 12 critics in 40 min (verzonnen)");
  CHECK(std::int64_t(json["priority"]) == 4);
  const dom::element button = json.at_pointer("/actions/0");
  CHECK(text_of(button["action"]) == "http");
  CHECK(text_of(button["method"]) == "POST");
  CHECK(text_of(button["url"]) == buttons.acknowledge);
  CHECK(bool(button["clear"]));
  CHECK(contains(ntfy_body("invented", page_about(page), {}, {"", buttons.ask}),
                 R"({"action":"view","label":"I have it","url":"https://bw.example/a/x"})"));
  CHECK_FALSE(contains(ntfy_body("invented", page_about(cool), {}, buttons), "/c/x"));
}

TEST_CASE("ntfy: urgency follows the tier, and what cools makes no sound") {
  const auto priority = [](IncidentEventKind kind, Tier tier) {
    dom::parser parser;
    const auto body = ntfy_body("t", page_about(kind, invented_incident(1, tier)), {}, {});
    return std::int64_t(parsed(parser, body)["priority"]);
  };
  CHECK(priority(page, Tier::t1) == 5);
  CHECK(priority(page, Tier::t2) == 4);
  CHECK(priority(notify, Tier::t3) == 3);
  CHECK(priority(cool, Tier::t1) == 2);
  CHECK(priority(close, Tier::t1) == 2);
}

TEST_CASE("ntfy: tries of one delivery have one sequence id, deliveries have several") {
  const auto id = [](const Page& what) {
    dom::parser parser;
    return text_of(parsed(parser, ntfy_body("t", what, {}, {}))["sequence_id"]);
  };
  CHECK(id(page_about(page)) == id(page_about(page)));
  CHECK(id(page_about(page)) != id(page_about(upgrade)));
}

TEST_CASE("complaint 03: ntfy without a Retry-After gets half a minute, and its error is shown") {
  ScriptedHttp http([](const HttpRequest&) {
    return answered(429, {},
                    R"({"code":42901,"http":429,"error":"limit reached: too many requests"})");
  });
  const auto got = attempt(*make_ntfy("phone", ntfy(), lend(http)), page_about(page));
  CHECK(got.wait == 30s);
  CHECK(contains(got.detail, "limit reached"));
}

TEST_CASE("ntfy: a topic that is none is a problem, and is not shown") {
  const auto said =
      problems_in("[[receiver]]\ntype = \"ntfy\"\ntopic = \"hunter2 with a space\"\n");
  CHECK(contains(said, "1 to 64 letters"));
  CHECK_FALSE(contains(said, "hunter2"));
  CHECK(contains(problems_in("[[receiver]]\ntype = \"ntfy\"\n"), "topic_file"));
}

TEST_CASE("Pushover: what wakes somebody rings until it is taken, the rest does not") {
  auto wakes = form_of(pushover_form(pushover(), page_about(page), {}));
  CHECK(wakes["priority"] == "2");
  CHECK(wakes["retry"] == "60");
  CHECK(wakes["expire"] == "1800");
  CHECK(wakes["tags"] == invented_incident().id);
  CHECK(wakes["title"] == "T2 Acme: 12 critics in 40 min (verzonnen)");
  CHECK(wakes["timestamp"] == "1767268800");
  auto tells =
      form_of(pushover_form(pushover(), page_about(notify, invented_incident(1, Tier::t3)), {}));
  CHECK(tells["priority"] == "0");
  CHECK_FALSE(tells.contains("retry"));
  CHECK(form_of(pushover_form(pushover(), page_about(cool), {}))["priority"] == "-1");
}

TEST_CASE("Pushover: the end calls the ringing off before it says so") {
  ScriptedHttp http([](const HttpRequest&) { return answered(200, {}, R"({"status":1})"); });
  const auto notifier = make_pushover("phone", pushover(), lend(http));
  CHECK(attempt(*notifier, page_about(close)).kind == Kind::accepted);
  REQUIRE(http.requests.size() == 2);
  CHECK(http.requests[0].url ==
        "https://api.pushover.net/1/receipts/cancel_by_tag/bw-1122334455667788-1.json");
  CHECK(contains(http.requests[1].url, "messages.json"));
}

TEST_CASE("Pushover: who takes it elsewhere ends the ringing") {
  ScriptedHttp http([](const HttpRequest&) { return answered(200, {}, R"({"status":1})"); });
  const auto notifier = make_pushover("phone", pushover(), lend(http));
  boost::asio::io_context io;
  boost::asio::co_spawn(io, notifier->taken("bw-1-1", kNoon), boost::asio::detached);
  io.run();
  REQUIRE(http.requests.size() == 1);
  CHECK(http.requests[0].url == "https://api.pushover.net/1/receipts/cancel_by_tag/bw-1-1.json");
}

TEST_CASE("Pushover: ringing that could not be called off is tried again, with no message yet") {
  ScriptedHttp http([](const HttpRequest&) { return failed(NetFault::connect); });
  const auto notifier = make_pushover("phone", pushover(), lend(http));
  CHECK(attempt(*notifier, page_about(close)).kind == Kind::retry);
  CHECK(http.requests.size() == 1);
  ScriptedHttp none([](const HttpRequest& request) {  // nothing rang: that is no obstacle
    return contains(request.url, "cancel") ? answered(400, {}, R"({"status":0})")
                                           : answered(200, {}, R"({"status":1})");
  });
  CHECK(attempt(*make_pushover("phone", pushover(), lend(none)), page_about(close)).kind ==
        Kind::accepted);
}

TEST_CASE("Pushover: the receipt and what is left of the month come back") {
  ScriptedHttp http([](const HttpRequest&) {
    return answered(200, {{"X-Limit-App-Limit", "10000"}, {"X-Limit-App-Remaining", "7496"}},
                    R"({"status":1,"request":"x","receipt":"rLqVuqTRh62UzxtmqiaLzQmVcPgiCy"})");
  });
  const auto got = attempt(*make_pushover("phone", pushover(), lend(http)), page_about(page));
  CHECK(got.receipt == "rLqVuqTRh62UzxtmqiaLzQmVcPgiCy");
  CHECK(got.quota_left == 7496);
}

TEST_CASE("Pushover: status 0 is a refusal, whatever HTTP says") {
  const auto refused = R"({"user":"invalid","errors":["user identifier is invalid"],"status":0})";
  for (const int status : {200, 400}) {
    ScriptedHttp http([&](const HttpRequest&) { return answered(status, {}, refused); });
    const auto got = attempt(*make_pushover("phone", pushover(), lend(http)), page_about(page));
    CHECK(got.kind == Kind::permanent);
    CHECK(contains(got.detail, "user identifier is invalid"));
  }
}

TEST_CASE("complaint 03: Pushover's 429 is the month's quota and is asked again after minutes") {
  ScriptedHttp http([](const HttpRequest&) { return answered(429); });
  CHECK(attempt(*make_pushover("phone", pushover(), lend(http)), page_about(page)).wait == 5min);
}

TEST_CASE("Pushover: a receipt tells who took it, and never by the user's key") {
  std::vector<HttpRequest> asked;
  const auto taken = ask(answered(200, {},
                                  receipt(R"("acknowledged":1,"acknowledged_at":1767268900,)"
                                          R"("acknowledged_by":"uQiRzpo4DXghDmr9QzzfQu27cmVRsG",)"
                                          R"("acknowledged_by_device":"iphone","expired":0)")),
                         &asked);
  CHECK(taken.kind == Sighting::Kind::acknowledged);
  CHECK(taken.who == "phone (iphone)");
  CHECK(taken.at == Time{1'767'268'900s});
  CHECK(asked.at(0).method == "GET");
  CHECK(contains(asked.at(0).url, "/1/receipts/rLqVuq.json?token="));
}

TEST_CASE("Pushover: not yet, expired, unknown and unreachable are told apart") {
  using Seen = Sighting::Kind;
  CHECK(ask(answered(200, {}, receipt(R"("acknowledged":0,"expired":0)"))).kind == Seen::nothing);
  CHECK(ask(answered(200, {}, receipt(R"("acknowledged":0,"expired":1)"))).kind == Seen::gone);
  CHECK(ask(answered(404, {}, R"({"receipt":"not found","status":0})")).kind == Seen::gone);
  CHECK(ask(answered(500)).kind == Seen::nothing);
  CHECK(ask(answered(429)).kind == Seen::nothing);
  CHECK(ask(failed(NetFault::connect)).kind == Seen::nothing);
}

TEST_CASE("Pushover: settings that would never ring are problems") {
  const std::string start = "[[receiver]]\ntype = \"pushover\"\ntoken = \"x\"\nuser = \"y\"\n";
  CHECK(contains(problems_in(start + "retry = \"10 s\"\n"), "retry"));
  CHECK(contains(problems_in(start + "expire = \"4 h\"\n"), "expire"));
  CHECK(contains(problems_in(start + "retry = \"10 min\"\nexpire = \"5 min\"\n"),
                 "over before it rings again"));
  CHECK(contains(problems_in(start), "30 letters"));
}

}  // namespace brandwacht::alerting
