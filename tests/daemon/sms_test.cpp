// A text message and the reply to it, end to end: Twilio is a fake on this machine, and every
// number is invented.
#include "alerting/signature.hpp"
#include "alerting/sms_codes.hpp"
#include "tests/daemon/inbound_rig.hpp"

namespace brandwacht::daemon {
namespace {

struct Texts {
  std::vector<std::string> forms;
  std::unique_ptr<net::HttpServer> server;

  explicit Texts(InboundRig& rig) {
    server = std::make_unique<net::HttpServer>(
        rig.io.get_executor(), net::HttpServerSettings{.port = 0},
        [this](net::ServerRequest request) { return take(std::move(request)); });
    rig.servers.spawn("twilio", server->run());
    rig.more =
        "[[receiver]]\ntype = \"twilio_sms\"\nname = \"sms\"\nfrom = \"+31970000000\"\n"
        "account_sid = \"AC00000000000000000000000000000000\"\ntoken = \"geheim\"\n"
        "to = \"+31600000000\"\nendpoint = \"http://127.0.0.1:" +
        std::to_string(server->port()) +
        "\"\n[[hook]]\ntype = \"twilio\"\nauth_token = \"geheim\"\n"
        "phones = [\"+31600000000 Anna\"]\n";
  }
  asio::awaitable<net::ServerResponse> take(net::ServerRequest request) {
    forms.push_back(std::move(request.body));
    net::ServerResponse response;
    response.status = 201;
    response.body = R"({"sid":"SM1"})";
    co_return response;
  }
};

asio::awaitable<HttpResponse> answer(InboundRig& rig, std::string text, std::string sid) {
  std::string signed_text = "https://page.example/hooks/twilio";
  signed_text += "Body" + text + "From+31600000000MessageSid" + sid;
  HttpHeaders headers;
  headers.emplace_back("X-Twilio-Signature",
                       alerting::to_base64(alerting::hmac_sha1("geheim", signed_text)));
  std::string body = "Body=" + text + "&From=%2B31600000000&MessageSid=" + sid;
  auto response = co_await rig.ask("POST", "/hooks/twilio", std::move(body), std::move(headers));
  co_return response;
}

asio::awaitable<void> reply_to_it(InboundRig& rig, Texts& texts) {
  co_await rig.page_somebody();
  for (int i = 0; i < 100 && texts.forms.empty(); ++i)
    co_await rig.clock.sleep_for(50ms);
  const std::string code = std::to_string(alerting::sms_code(rig.incident));
  const bool sent = std::ranges::any_of(
      texts.forms, [&](const std::string& form) { return has(form, "Antwoord%20" + code + "a"); });
  CHECK(sent);
  const std::string wrong = code == "1000" ? "1001" : "1000";
  auto missed = co_await answer(rig, wrong + "a", "SM2");
  CHECK(missed.status == 200);
  CHECK_FALSE(rig.held());
  auto taken = co_await answer(rig, code + "a", "SM3");
  CHECK(taken.status == 200);
  CHECK(has(taken.body, "<Message>"));
  REQUIRE(rig.held());
  CHECK(rig.held()->who == "Anna");
  CHECK(rig.held()->via == "sms");
}

}  // namespace

TEST_CASE("the code of a text message, sent back, acknowledges its incident and no other") {
  InboundRig rig;
  Texts texts(rig);
  rig.run(reply_to_it(rig, texts));
  CHECK(rig.status == 0);
}

}  // namespace brandwacht::daemon
