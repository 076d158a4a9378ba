// Telegram: what is sent and what its answers mean. The answers are those that its pages and its
// own server's source show.
#include "alerting/telegram.hpp"
#include "tests/alerting/receivers.hpp"

namespace brandwacht::alerting {
namespace {

using namespace std::chrono_literals;
using enum IncidentEventKind;
using Kind = Outcome::Kind;
namespace dom = simdjson::dom;

constexpr auto kSent =
    R"({"ok":true,"result":{"message_id":17,"chat":{"id":-4242,"type":"group"},"date":1}})";

TelegramSettings settings() {
  TelegramSettings out;
  out.bot_token = "123456:invented";
  out.chat_id = "-4242";
  return out;
}

NetResult<HttpResponse> refused(int status, const std::string& rest) {
  return answered(status, {},
                  R"({"ok":false,"error_code":)" + std::to_string(status) + "," + rest + "}");
}

Outcome once(NetResult<HttpResponse> answer) {
  ScriptedHttp http([&](const HttpRequest&) { return answer; });
  return attempt(*make_telegram("desk", settings(), lend(http)), page_about(page));
}

}  // namespace

TEST_CASE("Telegram: a page is escaped HTML with a button that gives back signed text") {
  ScriptedHttp http([](const HttpRequest&) { return answered(200, {}, kSent); });
  Incident incident = invented_incident();
  incident.title = "A & B <script> (verzonnen)";
  const auto got =
      attempt(*make_telegram("desk", settings(), lend(http, "nl")), page_about(page, incident));
  CHECK(got.kind == Kind::accepted);
  CHECK(got.receipt == "-4242:17");
  CHECK(http.requests.at(0).url == "https://api.telegram.org/bot123456:invented/sendMessage");
  dom::parser parser;
  const dom::element json = parsed(parser, http.requests.at(0).body);
  CHECK(std::int64_t(json["chat_id"]) == -4242);
  CHECK(text_of(json["text"]).starts_with("<b>T2 A &amp; B &lt;script&gt; (verzonnen)</b>\n- "));
  const dom::element button = json.at_pointer("/reply_markup/inline_keyboard/0/0");
  CHECK(text_of(button["text"]) == "Ik neem dit op me");
  CHECK(text_of(button["callback_data"]) == "a1." + incident.id);
  CHECK(bool(json.at_pointer("/link_preview_options/is_disabled")));
}

TEST_CASE("Telegram: without a listener the button is the signed link") {
  TelegramDraft draft;
  draft.chat = "@desk";
  draft.ack_link = "https://bw.example/a/x";
  draft.topic = 5;
  const auto body = telegram_body(page_about(page), {}, draft);
  CHECK(contains(body, R"("url":"https://bw.example/a/x")"));
  CHECK(contains(body, R"("chat_id":"@desk")"));
  CHECK(contains(body, R"("message_thread_id":5)"));
  draft.ack_button = std::string(65, 'x');  // what Telegram does not take is no button
  CHECK_FALSE(contains(telegram_body(page_about(page), {}, draft), "callback_data"));
}

TEST_CASE("Telegram: markup that it cannot read does not cost the page") {
  ScriptedHttp http([](const HttpRequest& request) {
    return contains(request.body, "parse_mode")
               ? refused(400, R"("description":"Bad Request: can't parse entities: x")")
               : answered(200, {}, kSent);
  });
  CHECK(attempt(*make_telegram("desk", settings(), lend(http)), page_about(page)).kind ==
        Kind::accepted);
  REQUIRE(http.requests.size() == 2);
  CHECK(contains(http.requests[1].body, "T2 Acme: 12 critics"));
  CHECK_FALSE(contains(http.requests[1].body, "<b>"));
}

TEST_CASE("Telegram: a group that became a supergroup is followed, and stays followed") {
  ScriptedHttp http([](const HttpRequest& request) {
    return contains(request.body, "\"chat_id\":-4242,")
               ? refused(400,
                         R"("description":"Bad Request: group chat was upgraded to a supergroup )"
                         R"(chat","parameters":{"migrate_to_chat_id":-1001557912345})")
               : answered(200, {}, kSent);
  });
  const auto telegram = make_telegram("desk", settings(), lend(http));
  CHECK(attempt(*telegram, page_about(page)).kind == Kind::accepted);
  CHECK(http.requests.size() == 2);
  Incident other = invented_incident(99);
  CHECK(attempt(*telegram, page_about(page, other)).kind == Kind::accepted);
  CHECK(http.requests.size() == 3);
  CHECK(contains(http.requests[2].body, "\"chat_id\":-1001557912345"));
}

TEST_CASE("Telegram: news answer the first message, which says how it stands now") {
  ScriptedHttp http([](const HttpRequest& request) {
    if (contains(request.url, "editMessageText"))
      return refused(400, R"("description":"Bad Request: message is not modified")");
    return answered(200, {}, kSent);
  });
  const auto telegram = make_telegram("desk", settings(), lend(http));
  attempt(*telegram, page_about(page));
  CHECK(attempt(*telegram, page_about(cool)).kind == Kind::accepted);
  REQUIRE(http.requests.size() == 3);
  CHECK(contains(http.requests[1].body, R"("message_id":17)"));
  CHECK(contains(http.requests[1].body, "cooling: Acme"));
  CHECK_FALSE(contains(http.requests[1].body, "inline_keyboard"));
  CHECK(contains(http.requests[2].body, R"("reply_parameters":{"message_id":17)"));
  CHECK(contains(http.requests[2].body, R"("disable_notification":true)"));
}

TEST_CASE("Telegram: a receipt from elsewhere is no message to answer") {
  ScriptedHttp http([](const HttpRequest&) { return answered(200, {}, kSent); });
  const auto telegram = make_telegram("desk", settings(), lend(http));
  telegram->remember("bw-1122334455667788-1", "-99:5");  // the desk moved to another chat since
  attempt(*telegram, page_about(close));
  REQUIRE(http.requests.size() == 2);
  CHECK(contains(http.requests[0].body, R"("chat_id":-99)"));
  CHECK_FALSE(contains(http.requests[1].body, "reply_parameters"));
  telegram->remember("bw-1122334455667788-1", "nonsense");
  attempt(*telegram, page_about(close));
  CHECK(http.requests.size() == 3);
}

TEST_CASE("complaint 03: Telegram's 429 says in its body how long") {
  const std::string body =
      R"("description":"Too Many Requests: retry after 35","parameters":{"retry_after":35})";
  CHECK(once(refused(429, body)).wait == 35s);
  CHECK(once(refused(429, R"("description":"Too Many Requests")")).wait == 30s);
  CHECK(once(refused(429, R"("parameters":{"retry_after":999999})")).wait == 1h);
}

TEST_CASE("Telegram: a blocked bot and a wrong token are for good") {
  const auto blocked =
      once(refused(403, R"("description":"Forbidden: bot was blocked by the user")"));
  CHECK(blocked.kind == Kind::permanent);
  CHECK(contains(blocked.detail, "bot was blocked"));
  CHECK(once(refused(401, R"("description":"Unauthorized")")).kind == Kind::permanent);
  CHECK(once(refused(400, R"("description":"Bad Request: chat not found")")).kind ==
        Kind::permanent);
  CHECK(once(answered(200, {}, "<html>")).kind == Kind::ambiguous);
}

TEST_CASE("Telegram: a chat that is neither number nor @name is a problem") {
  const std::string start = "[[receiver]]\ntype = \"telegram\"\nbot_token = \"1:x\"\n";
  CHECK(contains(problems_in(start + "chat_id = \"desk\"\n"), "negative for a group"));
  CHECK(contains(problems_in(start), "chat_id"));
}

TEST_CASE("Telegram: a group takes twenty messages a minute, a person one a second") {
  ScriptedHttp http([](const HttpRequest&) { return answered(200, {}, kSent); });
  TelegramSettings person = settings();
  person.chat_id = "4242";
  CHECK(make_telegram("desk", settings(), lend(http))->traits().spacing == 3s);
  CHECK(make_telegram("desk", person, lend(http))->traits().spacing == 1s);
}

TEST_CASE(
    "Telegram: whoever took an incident elsewhere stands in its first message, without a button") {
  ScriptedHttp http([](const HttpRequest&) { return answered(200, {}, kSent); });
  const auto telegram = make_telegram("desk", settings(), lend(http, "nl"));
  Page taken = page_about(page);
  taken.action = Action::acknowledge;
  taken.note = "Anna (verzonnen) heeft dit tot 14:30";
  CHECK(attempt(*telegram, taken).kind == Kind::accepted);
  CHECK(http.requests.empty());
  attempt(*telegram, page_about(page));
  CHECK(contains(http.requests.at(0).body, "inline_keyboard"));
  CHECK(attempt(*telegram, taken).kind == Kind::accepted);
  REQUIRE(http.requests.size() == 2);
  CHECK(contains(http.requests[1].url, "editMessageText"));
  CHECK(contains(http.requests[1].body, R"("message_id":17)"));
  CHECK(contains(http.requests[1].body, "opgepakt: T2 Acme"));
  CHECK(contains(http.requests[1].body, "heeft dit tot 14:30"));
  CHECK_FALSE(contains(http.requests[1].body, "inline_keyboard"));
}

TEST_CASE("Telegram: an acknowledgement that is shown already is no failure") {
  ScriptedHttp http([](const HttpRequest& request) {
    if (contains(request.url, "editMessageText"))
      return refused(400, R"("description":"Bad Request: message is not modified: specified new")");
    return answered(200, {}, kSent);
  });
  const auto telegram = make_telegram("desk", settings(), lend(http));
  attempt(*telegram, page_about(page));
  Page taken = page_about(page);
  taken.action = Action::acknowledge;
  CHECK(attempt(*telegram, taken).kind == Kind::accepted);
}

TEST_CASE("Telegram: the group's new number outlives a restart, until the settings name another") {
  std::map<std::string, std::string> store;
  ScriptedHttp http([](const HttpRequest& request) {
    return contains(request.body, "\"chat_id\":-4242,")
               ? refused(400, R"("description":"x","parameters":{"migrate_to_chat_id":-100155})")
               : answered(200, {}, kSent);
  });
  NotifierContext lent = lend(http);
  lent.keep = [&](std::string name, std::string text) { store[std::move(name)] = std::move(text); };
  lent.kept = [&](const std::string& name) { return store[name]; };
  attempt(*make_telegram("desk", settings(), lent), page_about(page));
  CHECK(http.requests.size() == 2);
  attempt(*make_telegram("desk", settings(), lent), page_about(page));  // after a restart
  REQUIRE(http.requests.size() == 3);
  CHECK(contains(http.requests[2].body, "\"chat_id\":-100155,"));
  attempt(*make_telegram("other", settings(), lent), page_about(page));  // nobody else's
  CHECK(contains(http.requests.at(3).body, "\"chat_id\":-4242,"));
  TelegramSettings moved = settings();
  moved.chat_id = "-777";
  attempt(*make_telegram("desk", moved, lent), page_about(page));
  CHECK(contains(http.requests.back().body, "\"chat_id\":-777,"));
}

}  // namespace brandwacht::alerting
