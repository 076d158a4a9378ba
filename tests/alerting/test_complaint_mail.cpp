// Of the complaints about other pagers: one bad mailbox (Alertmanager #3496). With a real SMTP
// server on this machine, where npm's smtp-server is there. Every address is invented.
#include <thread>

#include "alerting/smtp.hpp"
#include "connectors/net/mail.hpp"
#include "tests/alerting/fakes.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/peers.hpp"

namespace brandwacht::alerting {
namespace {

using namespace std::chrono_literals;
using enum IncidentEventKind;

// The mail goes out on a thread of its own, so this waits in real time.
template <class Done>
bool eventually(Rig& rig, Done done) {
  for (int i = 0; i < 2000 && !done(); ++i) {
    rig.drain();
    std::this_thread::sleep_for(5ms);
  }
  return done();
}

}  // namespace

TEST_CASE("complaint 04: a bad recipient does not block the others") {
  if (!test::have_peer("smtp-server")) {
    WARN("skipped: npm's smtp-server is not in build/peers (make peers)");
    return;
  }
  test::Program server(
      {"node", std::string(test::kSupport) + "/smtp_server.mjs", test::kPeers,
       R"({"noTls":true,"refuse":{"bad@x.example":[550,"no such user"]},"grey":{"grey@x.example":1}})"});
  SmtpSettings settings;
  settings.server.host = "127.0.0.1";
  settings.server.tls = MailServer::Tls::none;
  settings.server.port = static_cast<std::uint16_t>(std::stoi(server.line().value().substr(5)));
  settings.from = "brandwacht@acme.example";
  settings.to = {"anna@x.example", "bad@x.example", "grey@x.example", "zoe@x.example"};

  TempDir dir;
  Rig rig(dir / "pages.db");
  ScriptedHttp http([](const HttpRequest&) { return answered(200); });
  NotifierContext context{http, ""};
  context.mail = net::make_mail_transport;
  rig.add(make_smtp("mail", settings, context));
  const auto phone = rig.target("phone");
  rig.start();
  rig.push(invented_event(page));

  // Two have it at once, whatever stands between them.
  std::string got = server.line().value_or("") + server.line().value_or("");
  CHECK_THAT(got, Catch::Contains("anna@x.example") && Catch::Contains("zoe@x.example"));
  // The bad one is told about through the other receiver.
  REQUIRE(eventually(rig, [&] { return phone->size() >= 2; }));
  CHECK_THAT(phone->at(1).page.incident.title,
             Catch::Contains("'mail'") && Catch::Contains("b***@x.example") &&
                 Catch::Contains("550") && !Catch::Contains("anna"));
  // The grey one is tried again, alone; nobody gets it twice.
  rig.advance(10s);
  const auto after = server.line().value_or("nothing");
  CHECK_THAT(after, Catch::Contains("\"to\":[\"grey@x.example\"]"));
  REQUIRE(eventually(rig,
                     [&] { return rig.pager->stats().delivery.targets.at("mail").accepted == 1; }));
  rig.advance(60s);
  CHECK_FALSE(server.line(200ms));
  CHECK(rig.pager->stats().delivery.targets.at("mail").partial == 1);
  CHECK(rig.pager->stats().delivery.targets.at("mail").dead == 0);
}

TEST_CASE("a page that waits alone holds up no other of its target; one that does not, does") {
  for (const bool works : {true, false}) {
    TempDir dir;
    Rig rig(dir / "pages.db");
    const auto first = invented_incident(1).id;
    const auto log = rig.target("mail", [&](const Page& what, std::size_t) {
      Outcome out = outcome(Outcome::Kind::accepted);
      if (what.incident.id != first) return out;
      out.kind = Outcome::Kind::retry;
      out.wait = 30s;
      out.target_works = works;
      return out;
    });
    rig.start();
    rig.push(invented_event(page, invented_incident(1)));
    rig.push(invented_event(page, invented_incident(2)));
    rig.advance(1s);
    CHECK(log->size() == (works ? 2U : 1U));
  }
}

TEST_CASE("a page that some never get is told through another target until one reaches all") {
  TempDir dir;
  Rig rig(dir / "pages.db");
  bool all = false;
  const auto mail = rig.target("mail", [&](const Page&, std::size_t) {
    Outcome out = outcome(Outcome::Kind::accepted);
    if (!all) out.undelivered = "e-mail to b***@x.example: 550 no such user";
    return out;
  });
  const auto phone = rig.target("phone");
  Route route;
  route.receivers = {"mail"};
  rig.start({route});
  rig.push(invented_event(page, invented_incident(1)));
  rig.push(invented_event(page, invented_incident(2)));
  REQUIRE(phone->size() == 1);  // told once
  CHECK_THAT(phone->at(0).page.incident.title, Catch::Contains("not everybody"));
  all = true;
  rig.push(invented_event(page, invented_incident(3)));
  REQUIRE(phone->size() == 2);
  CHECK(phone->at(1).page.action == Action::resolve);
  CHECK(mail->size() == 3);
}

}  // namespace brandwacht::alerting
