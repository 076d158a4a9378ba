// Slack: what is sent, what its answers mean, and what becomes of a thread. The answers are those
// that its pages show.
#include "alerting/slack.hpp"
#include "tests/alerting/receivers.hpp"

namespace brandwacht::alerting {
namespace {

using namespace std::chrono_literals;
using enum IncidentEventKind;
using Kind = Outcome::Kind;
namespace dom = simdjson::dom;

constexpr auto kPosted =
    R"({"ok":true,"channel":"C0123456789","ts":"1767268800.000100","message":{"text":"x"}})";

SlackSettings bot() {
  SlackSettings out;
  out.bot_token = "xoxb-invented";
  out.channel = "C0123456789";
  return out;
}

SlackSettings hook() {
  SlackSettings out;
  out.url = "https://hooks.slack.example/services/T0/B0/invented";
  return out;
}

Outcome once(const SlackSettings& settings, NetResult<HttpResponse> answer) {
  ScriptedHttp http([&](const HttpRequest&) { return answer; });
  return attempt(*make_slack("desk", settings, lend(http)), page_about(page));
}

}  // namespace

TEST_CASE(
    "Slack: a page by webhook has a fallback text, a header, reasons, posts, links, a button") {
  ScriptedHttp http([](const HttpRequest&) { return answered(200, {}, "ok"); });
  CHECK(attempt(*make_slack("desk", hook(), lend(http, "nl")), page_about(page)).kind ==
        Kind::accepted);
  dom::parser parser;
  const dom::element json = parsed(parser, http.requests.at(0).body);
  CHECK(text_of(json["text"]) == "T2 Acme: 12 critics in 40 min (verzonnen)");
  CHECK(text_of(json.at_pointer("/blocks/0/text/text")) == text_of(json["text"]));
  CHECK(contains(text_of(json.at_pointer("/blocks/1/text/text")), "- het tempo verdubbelt"));
  CHECK(text_of(json.at_pointer("/blocks/2/text/text")).starts_with("> j***: Mijn pakket"));
  CHECK(contains(text_of(json.at_pointer("/blocks/3/text/text")),
                 "<https://social.example/post/1|De draad>"));
  const dom::element button = json.at_pointer("/blocks/4/elements/0");
  CHECK(text_of(button["text"]["text"]) == "Ik neem dit op me");
  CHECK(text_of(button["value"]) == "a1." + invented_incident().id);
  CHECK(text_of(json.at_pointer("/blocks/5/block_id")) == page_about(page).delivery_id);
}

TEST_CASE("Slack: where nothing listens for presses, the button opens the signed link") {
  ScriptedHttp http([](const HttpRequest&) { return answered(200, {}, "ok"); });
  attempt(*make_slack("desk", hook(), lend(http, "en", false)), page_about(page));
  dom::parser parser;
  const dom::element json = parsed(parser, http.requests.at(0).body);
  const dom::element button = json.at_pointer("/blocks/4/elements/0");
  CHECK(text_of(button["url"]) == "https://bw.example/a/desk-" + invented_incident().id);
  CHECK(button["value"].error());
}

TEST_CASE("Slack: a post can call nobody and make no link") {
  Incident incident = invented_incident();
  incident.evidence.at(0).text = "<!channel> <https://evil.example|click> & more (verzonnen)";
  const auto body = slack_body(page_about(page, incident), {}, {});
  CHECK(contains(body, "&lt;!channel&gt; &lt;https://evil.example|click&gt; &amp; more"));
  CHECK_FALSE(contains(body, "<!channel>"));
  CHECK(contains(body, R"("verbatim":true)"));
}

TEST_CASE("Slack: by bot, news of an incident answer its first message and change it") {
  ScriptedHttp http([](const HttpRequest&) { return answered(200, {}, kPosted); });
  const auto slack = make_slack("desk", bot(), lend(http));
  CHECK(attempt(*slack, page_about(page)).receipt == "C0123456789:1767268800.000100");
  REQUIRE(http.requests.size() == 1);
  CHECK(http.requests[0].url == "https://slack.com/api/chat.postMessage");
  CHECK(header(http.requests[0], "Authorization") == "Bearer xoxb-invented");
  CHECK_FALSE(contains(http.requests[0].body, "thread_ts"));

  attempt(*slack, page_about(upgrade));
  REQUIRE(http.requests.size() == 3);
  CHECK(http.requests[1].url == "https://slack.com/api/chat.update");
  CHECK(contains(http.requests[1].body, R"("ts":"1767268800.000100")"));
  CHECK(contains(http.requests[2].body, R"("thread_ts":"1767268800.000100")"));
  CHECK(contains(http.requests[2].body, R"("reply_broadcast":true)"));

  attempt(*slack, page_about(cool));
  REQUIRE(http.requests.size() == 5);
  CHECK(contains(http.requests[3].body, "cooling: Acme"));
  CHECK_FALSE(contains(http.requests[3].body, "a1."));  // nobody can take what cools
  CHECK(contains(http.requests[4].body, "thread_ts"));
  CHECK_FALSE(contains(http.requests[4].body, "reply_broadcast"));

  attempt(*slack, page_about(close));
  attempt(*slack, page_about(page));  // it flared up after its end: a thread of its own
  CHECK_FALSE(contains(http.requests.back().body, "thread_ts"));
}

TEST_CASE("Slack: after a restart it goes on in the thread that it remembers") {
  ScriptedHttp http([](const HttpRequest&) { return answered(200, {}, kPosted); });
  const auto slack = make_slack("desk", bot(), lend(http));
  slack->remember(invented_incident().id, "C9:1.5");
  attempt(*slack, page_about(close));
  REQUIRE(http.requests.size() == 2);
  CHECK(contains(http.requests[1].body, R"("channel":"C9","thread_ts":"1.5")"));
}

TEST_CASE("Slack: a first message that is gone does not cost the news") {
  ScriptedHttp http([](const HttpRequest& request) {
    const bool in_thread =
        contains(request.body, "thread_ts") || contains(request.url, "chat.update");
    return answered(200, {}, in_thread ? R"({"ok":false,"error":"message_not_found"})" : kPosted);
  });
  const auto slack = make_slack("desk", bot(), lend(http));
  slack->remember(invented_incident().id, "C9:1.5");
  const auto got = attempt(*slack, page_about(upgrade));
  CHECK(got.kind == Kind::accepted);
  CHECK(got.receipt == "C0123456789:1767268800.000100");
}

TEST_CASE("Slack: ok:false in an answer 200 is read") {
  const auto said = [](const std::string& error) {
    return once(bot(), answered(200, {}, R"({"ok":false,"error":")" + error + "\"}"));
  };
  for (const char* error : {"channel_not_found", "not_in_channel", "is_archived", "invalid_auth",
                            "missing_scope", "no_text", "something_new"})
    CHECK(said(error).kind == Kind::permanent);
  for (const char* error : {"ratelimited", "rate_limited", "service_unavailable"})
    CHECK(said(error).kind == Kind::retry);
  for (const char* error : {"internal_error", "fatal_error"})
    CHECK(said(error).kind == Kind::ambiguous);
  CHECK(said("is_archived").detail == "Slack says: is_archived");
  CHECK(once(bot(), answered(200, {}, "<html>")).kind == Kind::ambiguous);
}

TEST_CASE("Slack: the refusals of an incoming webhook are for good, its own fault is not") {
  for (const auto& [status, body] : {std::pair{400, "user_not_found"},
                                     {403, "action_prohibited"},
                                     {403, "invalid_token"},
                                     {404, "channel_not_found"},
                                     {404, "no_service"},
                                     {410, "channel_is_archived"}}) {
    const auto got = once(hook(), answered(status, {}, body));
    CHECK(got.kind == Kind::permanent);
    CHECK(contains(got.detail, body));
    CHECK_FALSE(got.disable);
  }
  CHECK(once(hook(), answered(500, {}, "rollup_error")).kind == Kind::retry);
}

TEST_CASE("complaint 03: Slack's 429 holds in each of its forms") {
  const std::string body = R"({"retry_after":7,"ok":false,"error":"rate_limited"})";
  CHECK(once(hook(), answered(429, {}, body)).wait == 7s);
  CHECK(once(hook(), answered(429, {{"Retry-After", "3"}}, body)).wait == 3s);
  CHECK(once(hook(), answered(429)).wait == 30s);
  const auto as_200 =
      answered(200, {{"Retry-After", "11"}}, R"({"ok":false,"error":"ratelimited"})");
  CHECK(once(bot(), as_200).wait == 11s);
}

TEST_CASE("Slack: blocks that it does not take do not cost the page, bare text goes out instead") {
  for (const auto& [settings, refusal] :
       {std::pair{hook(), answered(400, {}, "invalid_blocks")},
        {bot(), answered(200, {}, R"({"ok":false,"error":"msg_blocks_too_long"})")}}) {
    ScriptedHttp http([&refusal = refusal](const HttpRequest& request) {
      return contains(request.body, "\"blocks\"") ? refusal : answered(200, {}, kPosted);
    });
    CHECK(attempt(*make_slack("desk", settings, lend(http)), page_about(page)).kind ==
          Kind::accepted);
    REQUIRE(http.requests.size() == 2);
    CHECK(contains(http.requests[1].body, "het tempo verdubbelt"));
    CHECK(contains(http.requests[1].body, "https://bw.example/incidents/"));
  }
}

TEST_CASE("Slack: its settings want one way to post, and a channel for a bot") {
  CHECK(contains(problems_in("[[receiver]]\ntype = \"slack\"\n"), "neither 'url_file'"));
  CHECK(contains(problems_in("[[receiver]]\ntype = \"slack\"\nurl = \"https://x.example/s\"\n"
                             "bot_token = \"t\"\nchannel = \"C1\"\n"),
                 "there are both"));
  CHECK(contains(problems_in("[[receiver]]\ntype = \"slack\"\nbot_token = \"t\"\n"),
                 "'channel' is missing"));
}

TEST_CASE(
    "Slack: whoever took an incident elsewhere stands in its first message, without a button") {
  ScriptedHttp http([](const HttpRequest&) { return answered(200, {}, kPosted); });
  const auto slack = make_slack("desk", bot(), lend(http, "nl"));
  Page taken = page_about(page);
  taken.action = Action::acknowledge;
  taken.note = "Anna (verzonnen) heeft dit tot 14:30";
  CHECK(attempt(*slack, taken).kind == Kind::accepted);
  CHECK(http.requests.empty());  // there is no message to change
  attempt(*slack, page_about(page));
  CHECK(contains(http.requests.at(0).body, R"("action_id":"acknowledge")"));
  CHECK(attempt(*slack, taken).kind == Kind::accepted);
  REQUIRE(http.requests.size() == 2);  // and nothing new in the channel
  CHECK(http.requests[1].url == "https://slack.com/api/chat.update");
  CHECK(contains(http.requests[1].body, R"("ts":"1767268800.000100")"));
  CHECK(contains(http.requests[1].body, "opgepakt: T2 Acme"));
  CHECK(contains(http.requests[1].body, "Anna (verzonnen) heeft dit tot 14:30"));
  CHECK_FALSE(contains(http.requests[1].body, R"("action_id":"acknowledge")"));
}

TEST_CASE("Slack: a webhook says in one line who took it, but not what was said in Slack itself") {
  ScriptedHttp http([](const HttpRequest&) { return answered(200, {}, "ok"); });
  const auto slack = make_slack("desk", hook(), lend(http));
  CHECK(slack->traits().acks == NotifierTraits::Acks::foreign);
  CHECK(slack->traits().vendor == "slack");
  Page taken = page_about(page);
  taken.action = Action::acknowledge;
  taken.note = "Anna <!channel> has it until 14:30";
  CHECK(attempt(*slack, taken).kind == Kind::accepted);
  REQUIRE(http.requests.size() == 1);
  CHECK(http.requests[0].url == hook().url);
  CHECK(contains(http.requests[0].body, "taken: T2 Acme"));
  CHECK(contains(http.requests[0].body, "Anna &lt;!channel&gt; has it until 14:30"));
  CHECK_FALSE(contains(http.requests[0].body, "blocks"));
}

}  // namespace brandwacht::alerting
