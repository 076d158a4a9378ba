// Text messages and calls by Twilio, by the forms and answers of twilio_api_v2010. Every number and
// key is invented.
#include <simdjson.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <random>

#include "alerting/contact_limits.hpp"
#include "alerting/json.hpp"
#include "alerting/sms_codes.hpp"
#include "alerting/sms_text.hpp"
#include "alerting/twilio.hpp"
#include "alerting/twilio_list.hpp"
#include "tests/alerting/fakes.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::alerting {
namespace {

using namespace std::chrono_literals;
using enum IncidentEventKind;
using Kind = Outcome::Kind;

Outcome attempt(Notifier& notifier, const Page& what, Time now = kNoon) {
  boost::asio::io_context io;
  auto out = boost::asio::co_spawn(io, notifier.notify(what, now), boost::asio::use_future);
  io.run();
  return out.get();
}

TwilioSettings invented_settings() {
  TwilioSettings out;
  out.account_sid = "AC" + std::string(32, 'a');
  out.token = "very-secret-token";
  out.from = "+31970000000";
  out.to = "+31600000000";
  out.hook = "twilio";
  return out;
}

NotifierContext context_of(ScriptedHttp& http) {
  NotifierContext out{http, "https://bw.example/"};
  out.ack_link = [](std::string_view, std::string_view) { return "https://bw.example/a/X1"; };
  out.ack_button = [](std::string_view, std::string_view receiver) {
    return "b&1." + std::string(receiver);
  };
  return out;
}

Page page_of(IncidentEventKind kind, Incident incident = invented_incident()) {
  return *invented_page(kind, "sms", std::move(incident));
}

// A field of a form, decoded.
std::string form_field_of(const std::string& form, const std::string& name) {
  auto at = ("&" + form).find("&" + name + "=");
  if (at == std::string::npos) return "absent";
  at += name.size() + 1;
  std::string out;
  for (; at < form.size() && form[at] != '&'; ++at) {
    if (form[at] != '%') {
      out += form[at];
      continue;
    }
    out += static_cast<char>(std::stoi(form.substr(at + 1, 2), nullptr, 16));
    at += 2;
  }
  return out;
}

TwilioWords words(bool dutch = false) {
  return {"https://bw.example/a/X1", "https://bw.example/hooks/twilio?page=x", dutch};
}

}  // namespace

TEST_CASE("a text message is a form with Basic auth and lives no longer than its step") {
  ScriptedHttp http([](const HttpRequest&) { return answered(201, {}, R"({"sid":"SM77"})"); });
  const auto sms = make_twilio_sms("sms", invented_settings(), context_of(http));
  const Outcome got = attempt(*sms, page_of(page));
  CHECK(got.kind == Kind::accepted);
  CHECK(got.receipt == "SM77");
  const HttpRequest& sent = http.requests.at(0);
  CHECK(sent.url ==
        "https://api.twilio.com/2010-04-01/Accounts/AC" + std::string(32, 'a') + "/Messages.json");
  CHECK(header(sent, "Authorization") ==
        "Basic " + base64("AC" + std::string(32, 'a') + ":very-secret-token"));
  CHECK(header(sent, "Content-Type") == "application/x-www-form-urlencoded");
  CHECK(form_field_of(sent.body, "To") == "+31600000000");
  CHECK(form_field_of(sent.body, "From") == "+31970000000");
  CHECK(form_field_of(sent.body, "ValidityPeriod") == "600");
  const std::string body = form_field_of(sent.body, "Body");
  const auto code = std::to_string(sms_code(invented_incident().id));
  CHECK_THAT(body, Catch::StartsWith("T2 Acme: 12 critics") &&
                       Catch::Contains("https://bw.example/a/X1") &&
                       Catch::Contains("Reply " + code + "a"));
  CHECK_THAT(body, !Catch::Contains("kwijt"));  // nobody's post on a lock screen
}

TEST_CASE("base64 is that of RFC 4648") {
  CHECK(base64("").empty());
  CHECK(base64("f") == "Zg==");
  CHECK(base64("fo") == "Zm8=");
  CHECK(base64("foo") == "Zm9v");
  CHECK(base64("foobar") == "Zm9vYmFy");
}

TEST_CASE("Twilio's refusals are permanent, its haste is not, and no token is in a detail") {
  const auto of = [](NetResult<HttpResponse> answer) {
    ScriptedHttp http([&](const HttpRequest&) { return answer; });
    return attempt(*make_twilio_sms("sms", invented_settings(), context_of(http)), page_of(page));
  };
  const Outcome bad = of(answered(400, {}, R"({"code":21211,"message":"bad very-secret-token"})"));
  CHECK(bad.kind == Kind::permanent);
  CHECK_THAT(bad.detail, Catch::Contains("21211") && !Catch::Contains("very-secret"));
  CHECK(of(answered(401)).kind == Kind::permanent);
  CHECK(of(answered(429, {{"Retry-After", "7"}})).wait == 7s);
  CHECK(of(answered(503)).kind == Kind::retry);
  CHECK(of(failed(NetFault::connect)).kind == Kind::retry);
  CHECK(of(failed(NetFault::ambiguous)).kind == Kind::ambiguous);
}

namespace {

// The first send is lost; then the list says what `list` says.
struct Lost {
  std::string list;
  int status = 200;
  int posts = 0;
  ScriptedHttp http{[this](const HttpRequest& request) -> NetResult<HttpResponse> {
    if (request.method == "GET") return answered(status, {}, list);
    if (++posts == 1) return failed(NetFault::ambiguous);
    return answered(201, {}, R"({"sid":"SM2"})");
  }};
};

// What it says of its progress comes with the page at the next attempt, as the queue does it.
Outcome attempt_on(Notifier& notifier, Page& page, Time now = kNoon) {
  Outcome out = attempt(notifier, page, now);
  page.progress = out.progress;
  return out;
}

std::string list_of(std::string_view text, std::string_view at, std::string_view status = "sent") {
  JsonWriter json;
  json.begin_object().key("messages").begin_array().begin_object();
  json.field("sid", "SM1")
      .field("body", text)
      .field("direction", "outbound-api")
      .field("status", status)
      .field("date_created", at);
  json.end_object().end_array().end_object();
  return std::move(json).text();
}

}  // namespace

TEST_CASE("a text message whose answer was lost is looked up before it is sent again") {
  Page what = page_of(page);
  const std::string text = twilio_sms_body(invented_settings(), what, words());
  SECTION("it had arrived") {
    Lost lost{list_of(text, "Thu, 01 Jan 2026 12:00:01 +0000")};
    const auto sms = make_twilio_sms("sms", invented_settings(), context_of(lost.http));
    CHECK(attempt_on(*sms, what).kind == Kind::ambiguous);
    const Outcome got = attempt_on(*sms, what, kNoon + 5s);
    CHECK(got.kind == Kind::accepted);
    CHECK(got.receipt == "SM1");
    CHECK(lost.posts == 1);
    CHECK_THAT(lost.http.requests.at(1).url,
               Catch::EndsWith("?To=%2B31600000000&DateSent%3E=2026-01-01&PageSize=20"));
  }
  SECTION("what is there is older, refused, or another text") {
    for (const auto& list : {list_of(text, "Thu, 01 Jan 2026 09:00:01 +0000"),
                             list_of(text, "Thu, 01 Jan 2026 12:00:01 +0000", "failed"),
                             list_of("another", "Thu, 01 Jan 2026 12:00:01 +0000"),
                             std::string(R"({"messages":[]})"), std::string("no json")}) {
      Lost lost{list};
      const auto sms = make_twilio_sms("sms", invented_settings(), context_of(lost.http));
      CHECK(attempt_on(*sms, what).kind == Kind::ambiguous);
      CHECK(attempt_on(*sms, what, kNoon + 5s).receipt == "SM2");
      CHECK(lost.posts == 2);
    }
  }
  SECTION("the list cannot be read: three times is enough") {
    Lost lost{"", 503};
    const auto sms = make_twilio_sms("sms", invented_settings(), context_of(lost.http));
    for (int i = 0; i < 3; ++i)
      CHECK(attempt_on(*sms, what, kNoon + i * 5s).kind == Kind::ambiguous);
    CHECK(lost.posts == 1);
    CHECK(attempt_on(*sms, what, kNoon + 15s).kind == Kind::accepted);
    CHECK(lost.posts == 2);
  }
}

TEST_CASE("a call speaks, asks for a digit, and tells a machine from a person") {
  ScriptedHttp http([](const HttpRequest&) { return answered(201, {}, R"({"sid":"CA9"})"); });
  const auto call = make_twilio_voice("call", invented_settings(), context_of(http));
  CHECK(attempt(*call, page_of(page)).receipt == "CA9");
  const HttpRequest& sent = http.requests.at(0);
  CHECK_THAT(sent.url, Catch::EndsWith("/Calls.json"));
  CHECK(form_field_of(sent.body, "MachineDetection") == "Enable");
  CHECK(form_field_of(sent.body, "Timeout") == "30");
  const std::string twiml = form_field_of(sent.body, "Twiml");
  CHECK_THAT(twiml, Catch::Contains("<Gather numDigits=\"1\"") &&
                        Catch::Contains("https://bw.example/hooks/twilio?page=b%261.call") &&
                        Catch::Contains("Press 4") && !Catch::Contains("https://social"));
  CHECK_THAT(twilio_call_script(page_of(page), words(true)),
             Catch::Contains("nl-NL") && Catch::Contains("Druk 4"));
  CHECK_THAT(twilio_call_script(page_of(close), words()), !Catch::Contains("Gather"));
}

TEST_CASE("a call that a person answered is seen, a mailbox is not") {
  const auto asked = [](std::string body) {
    ScriptedHttp http([&](const HttpRequest&) { return answered(200, {}, body); });
    const auto call = make_twilio_voice("call", invented_settings(), context_of(http));
    boost::asio::io_context io;
    auto out = boost::asio::co_spawn(io, call->ask("CA9", kNoon), boost::asio::use_future);
    io.run();
    CHECK(http.requests.at(0).method == "GET");
    CHECK_THAT(http.requests.at(0).url, Catch::EndsWith("/Calls/CA9.json"));
    return out.get().kind;
  };
  using Seen = Sighting::Kind;
  CHECK(asked(R"({"status":"ringing"})") == Seen::nothing);
  CHECK(asked(R"({"status":"completed","answered_by":"human"})") == Seen::seen);
  CHECK(asked(R"({"status":"completed","answered_by":"machine_start"})") == Seen::gone);
  CHECK(asked(R"({"status":"no-answer"})") == Seen::gone);
  CHECK(asked("broken") == Seen::nothing);
}

TEST_CASE("a call's script keeps 4000 characters whatever the incident") {
  Incident incident = invented_incident();
  incident.title = std::string(5000, '<');
  incident.reasons.assign(20, {std::string(2000, '&'), 1});
  incident.advice.lines.assign(20, std::string(2000, '"'));
  const auto script = twilio_call_script(page_of(page, incident), words());
  CHECK(script.size() <= 4000);
  CHECK_THAT(script, Catch::EndsWith("</Response>") && Catch::Contains("Press 4"));
}

TEST_CASE("segments are counted as 3GPP TS 23.038 says") {
  CHECK(sms_segments("") == 0);
  CHECK(sms_segments(std::string(160, 'a')) == 1);
  CHECK(sms_segments(std::string(161, 'a')) == 2);
  CHECK(sms_segments(std::string(306, 'a')) == 2);
  CHECK(sms_segments(std::string(307, 'a')) == 3);
  std::string euros, snowmen, flames;
  for (int i = 0; i < 80; ++i)
    euros += "€";  // two septets each
  CHECK(sms_segments(euros) == 1);
  CHECK(sms_segments(euros + "a") == 2);
  CHECK(sms_segments(std::string(152, 'a') + "€" + std::string(152, 'a')) == 3);  // not torn
  for (int i = 0; i < 70; ++i)
    snowmen += "☃";
  CHECK(sms_segments(snowmen) == 1);
  CHECK(sms_segments(snowmen + "☃") == 2);
  for (int i = 0; i < 35; ++i)
    flames += "🔥";
  CHECK(sms_segments(flames) == 1);
  CHECK(sms_segments(flames + "a") == 2);
  CHECK(sms_segments("é") == 1);
  CHECK(sms_segments(std::string(100, 'a') + "ë") == 2);  // not in the alphabet: UTF-16
}

TEST_CASE("letters get the form that the alphabet has, and others stay") {
  CHECK(sms_plain("„Café” — geïnd… 100 €") == "\"Café\" - geind... 100 €");
  CHECK(sms_plain("🔥") == "🔥");
}

TEST_CASE("a text message keeps its segments, its link and its codes whatever the incident") {
  std::mt19937 random(7);
  const std::vector<std::string> letters{"a", "é", "ë", "🔥", "€", " ", "<", "中"};
  TwilioSettings settings = invented_settings();
  for (int round = 0; round < 300; ++round) {
    Incident incident = invented_incident();
    incident.title.clear();
    for (unsigned i = 0, n = random() % 600; i < n; ++i)
      incident.title += letters[random() % letters.size()];
    incident.reasons.assign(random() % 6, {incident.title.substr(0, 0) + "reden", 1});
    settings.segments = 2 + random() % 4;
    const Page what = page_of(round % 3 ? page : close, incident);
    const std::string text = twilio_sms_body(settings, what, words(round % 2));
    INFO(text);
    CHECK(sms_segments(text) <= settings.segments);
    CHECK_THAT(text, Catch::Contains("https://bw.example/a/X1"));
    if (what.action == Action::trigger)
      CHECK_THAT(text, Catch::Contains(std::to_string(sms_code(incident.id)) + "a"));
    CHECK(text.size() <= 1600 * 4);
  }
}

TEST_CASE("a code names one open incident, the same after a restart, or none") {
  std::vector<Incident> open;
  for (std::uint64_t key = 1; key <= 3; ++key)
    open.push_back(invented_incident(key));
  for (const auto& incident : open) {
    CHECK(sms_code(incident.id) >= 1000);
    CHECK(sms_code(incident.id) <= 9999);
    CHECK(incident_of_sms_code(std::to_string(sms_code(incident.id)), open) == incident.id);
  }
  for (const char* bad : {"", "a", "12345678901234567890", "1a", "-1", "0"})
    CHECK_FALSE(incident_of_sms_code(bad, open));
  // Two with the same code: neither is acknowledged by mistake.
  std::uint64_t twin = 100;
  while (sms_code(invented_incident(twin).id) != sms_code(open[0].id))
    ++twin;
  open.push_back(invented_incident(twin));
  CHECK_FALSE(incident_of_sms_code(std::to_string(sms_code(open[0].id)), open));
}

TEST_CASE("a phone gets GoAlert's number of messages, and T1 all the same") {
  ContactLimits limits(sms_limits());
  Time now = kNoon;
  for (int i = 0; i < 5; ++i) {
    CHECK(limits.wait(now) == 0s);
    limits.note(now);
    now += 1min;
  }
  CHECK(limits.wait(now) == 10min);  // the first was 5 min ago, of 15
  CHECK(limits.wait(now + 10min) == 0s);
  CHECK(limits.wait(now - 24h) <= 3h);  // a clock that stepped back

  ScriptedHttp http([](const HttpRequest&) { return answered(201); });
  const auto sms = make_twilio_sms("sms", invented_settings(), context_of(http));
  for (int i = 0; i < 5; ++i)
    CHECK(attempt(*sms, page_of(page), kNoon + i * 1min).kind == Kind::accepted);
  const Outcome held = attempt(*sms, page_of(page), kNoon + 5min);
  CHECK(held.kind == Kind::retry);
  CHECK(held.wait == 10min);
  CHECK(held.target_works);
  CHECK(attempt(*sms, page_of(page, invented_incident(2, Tier::t1)), kNoon + 5min).kind ==
        Kind::accepted);
}

TEST_CASE("every fault of a Twilio receiver is reported at once, and no token with it") {
  config::Problems problems;
  auto document = config::Document::from_string(R"(
[[receiver]]
type = "twilio_sms"
account_sid = "hunter1"
token = "hunter2"
to = "0612345678"
[[receiver]]
type = "twilio_voice"
account_sid = "AC00000000000000000000000000000000"
api_key = "short"
to = "+31600000000"
)",
                                                "test.toml", problems);
  auto root = document.root();
  read_receivers(root);
  std::string all;
  for (const auto& problem : problems.sorted())
    all += to_string(problem) + "\n";
  CHECK_THAT(all, Catch::Contains("'AC' and 32") && Catch::Contains("international") &&
                      Catch::Contains("'from' or 'messaging_service'") &&
                      Catch::Contains("token_file") && Catch::Contains("'SK' and 32") &&
                      Catch::Contains("'from'") && !Catch::Contains("hunter2"));
}

}  // namespace brandwacht::alerting
