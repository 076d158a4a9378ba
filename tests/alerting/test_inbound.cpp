// What comes back from vendors: good, forged, replayed, old, and with yesterday's secret. The two
// vectors with foreign secrets are the vendors' own examples.
#include <random>

#include "alerting/ack_words.hpp"
#include "alerting/form.hpp"
#include "alerting/inbound.hpp"
#include "alerting/signature.hpp"
#include "alerting/twiml.hpp"
#include "tests/alerting/builders.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::alerting {
namespace {
using namespace std::chrono_literals;

Hook hook(const std::string& toml) {
  config::Problems problems;
  auto document = config::Document::from_string("[[hook]]\n" + toml, "test.toml", problems);
  auto root = document.root();
  auto hooks = read_hooks(root);
  for (const auto& problem : problems.sorted())
    UNSCOPED_INFO(to_string(problem));
  REQUIRE_FALSE(problems.fatal());
  REQUIRE(hooks.size() == 1);
  return std::move(hooks.front());
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const char one[2] = {c, '\0'};
    out += (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
               ? std::string(one)
               : "%" + to_hex(one);
  }
  return out;
}

struct Sent {
  HttpHeaders headers;
  std::string body, target = "/hooks/x", url = "https://page.example/hooks/x";
  InboundRequest request() const {
    InboundRequest out;
    out.method = "POST";
    out.target = target;
    out.body = body;
    out.headers = &headers;
    out.url = url;
    return out;
  }
};

const AckKeys kKeys{{std::string(32, 'k')}};
HookContext context(Time now = kNoon) {
  return {kKeys, now, [](std::string_view phone, std::string_view code) {
            return !phone.empty() && code == "1" ? invented_incident().id : std::string{};
          }};
}
std::string button(Command::Kind kind = Command::Kind::acknowledge, Time expires = kNoon + 1h) {
  AckToken token;
  token.kind = kind;
  token.incident = invented_incident().id;
  token.expires = expires;
  return make_ack_button(kKeys, token);
}
std::string seconds(Time at) {
  return std::to_string(std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count());
}

// --- Slack

Sent slack(const std::string& payload, const std::string& secret = "geheim", Time at = kNoon) {
  Sent out;
  out.body = "payload=" + escaped(payload);
  out.headers = {{"X-Slack-Request-Timestamp", seconds(at)},
                 {"x-slack-signature",
                  "v0=" + to_hex(hmac_sha256(secret, "v0:" + seconds(at) + ":" + out.body))}};
  return out;
}
std::string pressed(const std::string& value) {
  return R"({"type":"block_actions","user":{"id":"U1","username":"fatima","name":"fatima"},)"
         R"("response_url":"https:\/\/hooks.slack.com\/actions\/T1\/2\/3",)"
         R"("actions":[{"action_id":"ack","type":"button","value":")" +
         value + "\"}]}";
}

TEST_CASE("Slack's own example of a signed request is good, to the second five minutes later") {
  const auto slack_hook =
      hook("type = \"slack\"\nsigning_secret = \"8f742231b10e8888abcd99yyyzzz85a5\"\n");
  Sent sent;
  sent.body =
      "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id="
      "G8PSS9T3V"
      "&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
      "&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%"
      "2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121."
      "803a0bc887a14d10d2c447fce8b6703c";
  sent.headers = {
      {"X-Slack-Request-Timestamp", "1531420618"},
      {"X-Slack-Signature", "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"}};
  const Time then{1531420618s};
  CHECK(slack_hook.verify(sent.request(), then) == Proof::good);
  CHECK(slack_hook.verify(sent.request(), then + 300s) == Proof::good);
  CHECK(slack_hook.verify(sent.request(), then + 301s) == Proof::old);
  CHECK(slack_hook.verify(sent.request(), then - 301s) == Proof::old);
  sent.body += "&x=1";
  CHECK(slack_hook.verify(sent.request(), then) == Proof::forged);
  sent.headers.pop_back();
  CHECK(slack_hook.verify(sent.request(), then) == Proof::absent);
}

TEST_CASE("a button in Slack acknowledges in the name of who pressed it") {
  const auto slack_hook = hook("type = \"slack\"\nsigning_secret = \"nieuw geheim\"\n");
  const Sent sent = slack(pressed(button()));  // signed with the secret before
  REQUIRE(slack_hook.verify(sent.request(), kNoon) == Proof::good);
  const Heard heard = slack_hook.parse(sent.request(), context());
  REQUIRE(heard.command);
  CHECK(heard.command->kind == Command::Kind::acknowledge);
  CHECK(heard.command->incident == invented_incident().id);
  CHECK(heard.command->who == "fatima");
  CHECK(heard.command->via == "slack");
  CHECK(heard.once == "slack:" + sent.headers[1].second);
  const auto answer = slack_hook.answer(sent.request(), heard, {true, "fatima has it", false});
  CHECK(answer.status == 200);
  REQUIRE(answer.then);
  CHECK(answer.then->url == "https://hooks.slack.com/actions/T1/2/3");
  CHECK(answer.then->body.find("fatima has it") != std::string::npos);
}

TEST_CASE("Slack may not make us call anybody else, and a foreign or old button does nothing") {
  const auto slack_hook = hook("type = \"slack\"\nsigning_secret = \"geheim\"\n");
  std::string payload = pressed(button());
  payload.replace(payload.find("hooks.slack.com"), 15, "169.254.169.254");
  const Sent elsewhere = slack(payload);
  CHECK(slack_hook.parse(elsewhere.request(), context()).reply_url.empty());
  const Sent foreign = slack(pressed("approve"));
  CHECK_FALSE(slack_hook.parse(foreign.request(), context()).command);
  const Sent late = slack(pressed(button(Command::Kind::acknowledge, kNoon - 1min)));
  const Heard heard = slack_hook.parse(late.request(), context());
  CHECK_FALSE(heard.command);
  CHECK(heard.expired);
}

// --- Telegram

TEST_CASE("Telegram is known by its secret header, and answered with a call of its API") {
  const auto telegram = hook("type = \"telegram\"\nsecret_token = \"nieuw-1 oud-2\"\n");
  Sent sent;
  sent.body =
      R"({"update_id":7,"callback_query":{"id":"99","from":{"id":5,"first_name":"Jan","last_name":"V."},)"
      R"("chat_instance":"c","data":")" +
      button(Command::Kind::escalate) + "\"}}";
  CHECK(telegram.verify(sent.request(), kNoon) == Proof::absent);
  sent.headers = {{"X-Telegram-Bot-Api-Secret-Token", "oud-2"}};
  CHECK(telegram.verify(sent.request(), kNoon) == Proof::good);
  sent.headers = {{"X-Telegram-Bot-Api-Secret-Token", "nieuw-1"}};
  CHECK(telegram.verify(sent.request(), kNoon) == Proof::good);
  sent.headers = {{"X-Telegram-Bot-Api-Secret-Token", "nieuw-1 oud-2"}};
  CHECK(telegram.verify(sent.request(), kNoon) == Proof::forged);
  const Heard heard = telegram.parse(sent.request(), context());
  REQUIRE(heard.command);
  CHECK(heard.command->kind == Command::Kind::escalate);
  CHECK(heard.command->who == "Jan V.");
  CHECK(heard.once == "telegram:7");
  CHECK(
      telegram.answer(sent.request(), heard, {true, "ja", true}).body ==
      R"({"method":"answerCallbackQuery","callback_query_id":"99","text":"ja","show_alert":false})");
}

// --- PagerDuty

Sent pagerduty(const std::string& type, const std::string& agent, const std::string& secret) {
  Sent out;
  out.body = R"({"event":{"id":"01E","event_type":")" + type +
             R"(","agent":{"id":"P1","summary":"Tenex Engineer","type":")" + agent +
             R"("},"data":{"id":"Q1","type":"incident","incident_key":")" +
             dedup_key(invented_incident().id, 2) + R"("}}})";
  out.headers = {{"X-PagerDuty-Signature", "v1=" + to_hex(hmac_sha256("another", out.body)) +
                                               ",v1=" + to_hex(hmac_sha256(secret, out.body))},
                 {"X-Webhook-Id", "w-1"}};
  return out;
}

TEST_CASE("one of PagerDuty's signatures must be ours, whichever place it has in the list") {
  const auto duty = hook("type = \"pagerduty\"\nsecret = \"s1 s2\"\n");
  CHECK(duty.verify(pagerduty("incident.acknowledged", "user_reference", "s1").request(), kNoon) ==
        Proof::good);
  CHECK(duty.verify(pagerduty("incident.acknowledged", "user_reference", "s2").request(), kNoon) ==
        Proof::good);
  Sent forged = pagerduty("incident.acknowledged", "user_reference", "s3");
  CHECK(duty.verify(forged.request(), kNoon) == Proof::forged);
  Sent changed = pagerduty("incident.acknowledged", "user_reference", "s1");
  changed.body += " ";
  CHECK(duty.verify(changed.request(), kNoon) == Proof::forged);
  changed.headers.erase(changed.headers.begin());
  CHECK(duty.verify(changed.request(), kNoon) == Proof::absent);
}

TEST_CASE("what a person does in PagerDuty comes back by the dedup key, also of a later level") {
  const auto duty = hook("type = \"pagerduty\"\nsecret = \"s1\"\n");
  const auto kind = [&](const char* type, const char* agent) -> std::optional<Command::Kind> {
    const Sent sent = pagerduty(type, agent, "s1");
    const Heard heard = duty.parse(sent.request(), context());
    CHECK(heard.once == "pagerduty:01E");
    if (!heard.command) return {};
    CHECK(incident_of(heard.command->incident) == invented_incident().id);
    CHECK(heard.command->who == "Tenex Engineer");
    return heard.command->kind;
  };
  CHECK(kind("incident.acknowledged", "user_reference") == Command::Kind::acknowledge);
  CHECK(kind("incident.unacknowledged", "service_reference") == Command::Kind::unacknowledge);
  CHECK(kind("incident.resolved", "user_reference") == Command::Kind::resolve);
  // Our own acknowledgement, which somebody gave elsewhere, is not PagerDuty's to claim.
  CHECK_FALSE(kind("incident.acknowledged", "inbound_integration_reference"));
  // Our own resolve, and PagerDuty's after four hours, end nothing here.
  CHECK_FALSE(kind("incident.resolved", "inbound_integration_reference"));
  CHECK_FALSE(kind("incident.resolved", "service_reference"));
  CHECK_FALSE(kind("incident.escalated", "user_reference"));
  CHECK_FALSE(kind("pagey.ping", "user_reference"));
}

// --- Twilio

TEST_CASE("Twilio's own example of a signed request is good, with and without the port") {
  const auto twilio = hook("type = \"twilio\"\nauth_token = \"12345\"\n");
  Sent sent;
  sent.url = "https://mycompany.com/myapp.php?foo=1&bar=2";
  sent.body =
      "CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%"
      "2B18005551212";
  sent.headers = {{"X-Twilio-Signature", "RSOYDt4T1cUTdK1PDd93/VVr8B8="}};
  CHECK(twilio.verify(sent.request(), kNoon) == Proof::good);
  sent.url = "https://mycompany.com:443/myapp.php?foo=1&bar=2";
  CHECK(twilio.verify(sent.request(), kNoon) == Proof::good);
  sent.url = "https://mycompany.com/myapp.php?foo=1&bar=3";
  CHECK(twilio.verify(sent.request(), kNoon) == Proof::forged);
  sent.url.clear();  // external_url is not set: nothing can be checked
  CHECK(twilio.verify(sent.request(), kNoon) == Proof::forged);
  sent.headers.clear();
  CHECK(twilio.verify(sent.request(), kNoon) == Proof::absent);
}

constexpr const char* kTwilio =
    "type = \"twilio\"\nauth_token = \"t\"\nphones = [\"+31612345678 Fatima\", \"+31687654321\"]\n";

Heard sms(const std::string& text, const std::string& from = "+31612345678") {
  const auto twilio = hook(kTwilio);
  Sent sent;
  sent.body = "MessageSid=SM1&From=" + escaped(from) + "&Body=" + escaped(text);
  return twilio.parse(sent.request(), context());
}

TEST_CASE("an SMS of a code and a letter acts, in the ways in which people type") {
  using Kind = Command::Kind;
  for (const char* text : {"1a", "1A", " 1 a", "1 ack", "1a\n", "1Aanvaard"}) {
    INFO(text);
    const Heard heard = sms(text);
    REQUIRE(heard.command);
    CHECK(heard.command->kind == Kind::acknowledge);
    CHECK(heard.command->who == "Fatima");
    CHECK(heard.command->via == "sms");
  }
  CHECK(sms("1c").command->kind == Kind::resolve);
  CHECK(sms("1E").command->kind == Kind::escalate);
  for (const char* text : {"", "a", "1", "ok", "1x", "11", "2a", "1234567a", "a1"}) {
    INFO(text);
    CHECK_FALSE(sms(text).command);
  }
  CHECK(sms("1a", "+31687654321").command->who == "…321");
  // Whoever guesses a code may not use it.
  const Heard stranger = sms("1a", "+31600000000");
  CHECK_FALSE(stranger.command);
  CHECK_FALSE(stranger.problem.empty());
  CHECK(sms("1a").once == "twilio:SM1");
}

TEST_CASE("a digit in a call acts on the page of that call, and an answering machine is nobody") {
  const auto twilio = hook(kTwilio);
  const auto call = [&](const std::string& fields) {
    Sent sent;
    sent.target = "/hooks/twilio?page=" + button();
    sent.body = "CallSid=CA1&Direction=outbound-api&To=%2B31612345678" + fields;
    return twilio.parse(sent.request(), context());
  };
  CHECK(call("&Digits=4").command->kind == Command::Kind::acknowledge);
  CHECK(call("&Digits=6").command->kind == Command::Kind::resolve);
  CHECK(call("&Digits=5").command->kind == Command::Kind::escalate);
  CHECK(call("&Digits=4").command->who == "Fatima");
  CHECK_FALSE(call("&Digits=9").command);
  CHECK_FALSE(call("&Digits=44").command);
  CHECK_FALSE(call("&Digits=4&AnsweredBy=machine_start").command);
  CHECK_FALSE(call("").command);
  Sent sent;
  sent.body = "CallSid=CA1&Digits=4&To=%2B31612345678";
  sent.target = "/hooks/twilio?page=" + button();
  const Heard heard = twilio.parse(sent.request(), context());
  CHECK(twilio.answer(sent.request(), heard, {true, "Fatima neemt dit op zich", true}).body ==
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response><Say language=\"nl-NL\">Fatima neemt "
        "dit "
        "op zich</Say></Response>");
}

TEST_CASE("an answer by SMS is XML whatever the title holds") {
  CHECK(twiml_message("a<b & \"c\"") ==
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response><Message>a&lt;b &amp; "
        "\"c\"</Message></Response>");
}

// --- All of them

TEST_CASE("random bytes, and good messages with random changes, break no parser") {
  std::mt19937_64 random(7);
  const std::vector<Hook> hooks = [] {
    std::vector<Hook> out;
    out.push_back(hook("type = \"slack\"\nsigning_secret = \"s\"\n"));
    out.push_back(hook("type = \"telegram\"\nsecret_token = \"s\"\n"));
    out.push_back(hook("type = \"pagerduty\"\nsecret = \"s\"\n"));
    out.push_back(hook("type = \"twilio\"\nauth_token = \"s\"\n"));
    return out;
  }();
  const std::vector<std::string> seeds = {
      slack(pressed(button())).body,
      R"({"update_id":7,"callback_query":{"id":"9","from":{"first_name":"J"},"data":"x"}})",
      pagerduty("incident.resolved", "user_reference", "s").body,
      "MessageSid=SM1&From=%2B31612345678&Body=1a",
      "CallSid=CA1&Digits=4",
      ""};
  for (int i = 0; i < 20'000; ++i) {
    Sent sent;
    sent.body = seeds[random() % seeds.size()];
    for (auto changes = random() % 6; changes > 0 && !sent.body.empty(); --changes)
      sent.body[random() % sent.body.size()] = static_cast<char>(random());
    if (random() % 8 == 0) sent.body.resize(random() % (sent.body.size() + 1));
    if (random() % 16 == 0)
      for (auto more = random() % 300; more > 0; --more)
        sent.body += static_cast<char>(random());
    sent.target = "/hooks/x?page=" + std::string(random() % 90, static_cast<char>(random()));
    sent.headers = {{"X-Slack-Request-Timestamp", std::to_string(random())},
                    {"X-Slack-Signature", "v0=" + std::string(random() % 70, 'a')},
                    {"X-Telegram-Bot-Api-Secret-Token", "x"},
                    {"X-PagerDuty-Signature", std::string(random() % 200, ',')},
                    {"X-Twilio-Signature", "x"}};
    for (const auto& one : hooks) {
      CHECK(one.verify(sent.request(), kNoon) != Proof::good);
      const Heard heard = one.parse(sent.request(), context());
      const Said said = said_of_problem("nl", heard, true);
      (void)one.answer(sent.request(), heard, said);
    }
  }
}

TEST_CASE("forms are read as browsers write them, and broken escapes are refused") {
  const auto form = parse_form("name=Jan+de+V%C3%ABr&x=&y&=z&name=twee");
  REQUIRE(form);
  CHECK(form_field(*form, "name") == "Jan de Vër");
  CHECK(form_field(*form, "x").empty());
  CHECK_FALSE(parse_form("a=%4"));
  CHECK_FALSE(parse_form("a=%zz"));
  CHECK_FALSE(parse_form("a=%"));
}

TEST_CASE("a hook without its secret, of an unknown type or with a name taken twice is a problem") {
  for (const char* toml : {"type = \"slack\"\n", "type = \"slakc\"\n", "name = \"x\"\n",
                           "type = \"slack\"\nsigning_secret = \"s\"\nsecret = \"s\"\n",
                           "type = \"telegram\"\nsecret_token = \"with:colon\"\n",
                           "type = \"twilio\"\nauth_token = \"t\"\n[[hook]]\ntype = \"twilio\"\n"
                           "auth_token = \"t\"\n"}) {
    config::Problems problems;
    auto document =
        config::Document::from_string(std::string("[[hook]]\n") + toml, "t.toml", problems);
    auto root = document.root();
    (void)read_hooks(root);
    INFO(toml);
    CHECK(problems.fatal());
  }
}

TEST_CASE("signatures are the same as other programs make them") {
  CHECK(to_hex(hmac_sha256("key", "The quick brown fox jumps over the lazy dog")) ==
        "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8");
  CHECK(to_hex(hmac_sha1("key", "The quick brown fox jumps over the lazy dog")) ==
        "de7c9b85b8b78aa6bc8a7a36f70a90701c9db4d9");
  CHECK(to_hex(sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  for (std::size_t size = 0; size < 40; ++size) {
    const std::string bytes = random_bytes(size);
    CHECK(from_base64url(to_base64url(bytes)) == bytes);
  }
  CHECK_FALSE(from_base64url("A"));
  CHECK_FALSE(from_base64url("AB"));  // two of its bits would be lost
  CHECK_FALSE(from_base64url("AA=="));
}

}  // namespace
}  // namespace brandwacht::alerting
