// E-mail as alerting/ sees it: what is said, to whom, and what each outcome means.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <random>

#include "alerting/mime.hpp"
#include "alerting/smtp.hpp"
#include "tests/alerting/scripted_mail.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::alerting {
namespace {

using enum IncidentEventKind;
using Kind = Outcome::Kind;

MailReply lost() {
  return mail_reply(MailReply::Kind::ambiguous, 354, "connection lost");
}

struct Desk {
  std::shared_ptr<ScriptedMail::Shared> shared = std::make_shared<ScriptedMail::Shared>();
  ScriptedHttp http{[](const HttpRequest&) { return answered(200); }};
  std::unique_ptr<Notifier> notifier;

  explicit Desk(std::vector<Replies> script) {
    shared->script = std::move(script);
    notifier = make_scripted_smtp({"anna@acme.example", "bram@acme.example", "cato@acme.example"},
                                  shared, http);
  }
  // What it says of its progress comes with the page at the next attempt, as the queue does it.
  Outcome attempt(Page& page) {
    Outcome out = attempt_once(page);
    page.progress = out.progress;
    return out;
  }
  Outcome attempt_once(const Page& page) {
    boost::asio::io_context io;
    auto out = boost::asio::co_spawn(io, notifier->notify(page, kNoon), boost::asio::use_future);
    io.run();
    return out.get();
  }
  const Mail& mail(std::size_t call) const { return shared->mails.at(call); }
};

std::string field(const std::string& message, std::string_view name) {
  const auto head = message.substr(0, message.find("\r\n\r\n"));
  const auto at = head.find("\r\n" + std::string(name) + ": ");
  if (at == std::string::npos) return {};
  const auto from = at + name.size() + 4;
  auto end = head.find("\r\n", from);
  while (end != std::string::npos && end + 2 < head.size() && head[end + 2] == ' ')
    end = head.find("\r\n", end + 2);
  return head.substr(from, end == std::string::npos ? end : end - from);
}

Page page_of(IncidentEventKind kind, Incident incident = invented_incident()) {
  return *invented_page(kind, "mail", std::move(incident));
}

}  // namespace

TEST_CASE("who was refused for a while is mailed again alone, and nobody else twice") {
  Desk desk({{took(), later(), took()}, {took()}});
  Page what = page_of(page);
  const Outcome first = desk.attempt(what);
  CHECK(first.kind == Kind::retry);
  CHECK(first.target_works);  // other pages need not wait for this mailbox
  CHECK(first.undelivered.empty());
  CHECK_THAT(first.detail, Catch::Contains("2 of 3") && Catch::Contains("b***@acme.example: 451"));
  CHECK(desk.attempt(what).kind == Kind::accepted);
  CHECK(desk.mail(1).to == std::vector<std::string>{"bram@acme.example"});
  CHECK(desk.mail(0).message == desk.mail(1).message);
}

TEST_CASE("who is refused for good is told about, and the others' mail counts as delivered") {
  Desk desk({{took(), never(), later()}, {took()}});
  Page what = page_of(page);
  const Outcome first = desk.attempt(what);
  CHECK(first.kind == Kind::retry);
  CHECK_THAT(first.undelivered,
             Catch::Contains("b***@acme.example: 550 no such user") && !Catch::Contains("c***"));
  const Outcome second = desk.attempt(what);
  CHECK(second.kind == Kind::accepted);
  CHECK_THAT(second.undelivered, Catch::Contains("b***@acme.example"));
  CHECK(desk.mail(1).to == std::vector<std::string>{"cato@acme.example"});
}

TEST_CASE("a page that every recipient refuses is permanent") {
  Desk desk({{never(), never(), never()}});
  const Outcome got = desk.attempt_once(page_of(page));
  CHECK(got.kind == Kind::permanent);
  CHECK(got.undelivered.empty());  // a dead page is told about anyway
  CHECK_THAT(got.detail, Catch::Contains("0 of 3") && Catch::Contains("550"));
}

TEST_CASE("a server that fails holds the whole target, a lost connection is ambiguous") {
  Desk down({{later(true), later(true), later(true)}});
  CHECK_FALSE(down.attempt_once(page_of(page)).target_works);
  Desk cut({{took(), lost(), took()}, {took()}});
  Page what = page_of(page);
  CHECK(cut.attempt(what).kind == Kind::ambiguous);
  CHECK(cut.attempt(what).kind == Kind::accepted);
  CHECK(field(cut.mail(0).message, "Message-ID") == field(cut.mail(1).message, "Message-ID"));
}

TEST_CASE("a password that the server echoes is in no detail") {
  Desk desk({{mail_reply(MailReply::Kind::permanent, 535, "535 bad login hunter2", true), never(),
              never()}});
  CHECK_THAT(desk.attempt_once(page_of(page)).detail,
             Catch::Contains("***") && !Catch::Contains("hunter2"));
}

TEST_CASE("the mails of one incident are one conversation, and each is another message") {
  Desk desk({{took(), took(), took()}, {took(), took(), took()}, {took(), took(), took()}});
  desk.attempt_once(page_of(page));
  desk.attempt_once(page_of(close));
  desk.attempt_once(page_of(page, invented_incident(0x99)));
  const auto id = [&](std::size_t call) { return field(desk.mail(call).message, "Message-ID"); };
  const auto thread = [&](std::size_t call) {
    return field(desk.mail(call).message, "References");
  };
  CHECK(id(0) != id(1));
  CHECK_THAT(id(0), Catch::StartsWith("<bw-1122334455667788-1.page.") &&
                        Catch::EndsWith("@acme.example>"));
  CHECK(thread(0) == thread(1));
  CHECK(thread(0) != thread(2));
  CHECK(field(desk.mail(1).message, "In-Reply-To") == thread(1));
}

TEST_CASE("a mail says that a machine wrote it, when, to whom and how to acknowledge") {
  Desk desk({{took(), took(), took()}, {took(), took(), took()}});
  desk.attempt_once(page_of(page, invented_incident(1, Tier::t1)));
  desk.attempt_once(page_of(close, invented_incident(1, Tier::t1)));
  const std::string& message = desk.mail(0).message;
  CHECK(message.starts_with("Date: Thu, 01 Jan 2026 12:00:00 +0000\r\n"));
  CHECK(field(message, "From") == "Brandwacht <brandwacht@acme.example>");
  CHECK_THAT(field(message, "To"), Catch::Contains("anna@") && Catch::Contains("cato@"));
  CHECK(field(message, "Auto-Submitted") == "auto-generated");
  CHECK(field(message, "MIME-Version") == "1.0");
  CHECK(field(message, "Importance") == "high");
  CHECK_THAT(field(message, "Subject"), Catch::StartsWith("T1 Acme: 12 critics"));
  CHECK_THAT(message, Catch::Contains("text/plain; charset=utf-8") &&
                          Catch::Contains("text/html; charset=utf-8") &&
                          Catch::Contains("Acknowledge:") &&
                          Catch::Contains("<a href=3D\"https://bw.example/ack/"));
  CHECK_THAT(desk.mail(1).message,
             !Catch::Contains("Acknowledge") && !Catch::Contains("Importance"));
}

TEST_CASE("no text of a stranger begins a header or a line without CRLF") {
  Incident incident = invented_incident();
  incident.title = "x\r\nBcc: everybody@evil.example\r\n\r\nbody";
  incident.reasons = {{"a\r\n.\r\nQUIT", 1}};
  Desk desk({{took(), took(), took()}});
  desk.attempt_once(page_of(page, incident));
  const std::string& message = desk.mail(0).message;
  CHECK(field(message, "Bcc").empty());
  for (std::size_t at = message.find('\n'); at != std::string::npos;
       at = message.find('\n', at + 1))
    REQUIRE(message.at(at - 1) == '\r');
}

TEST_CASE("encoded headers and bodies keep their line lengths and every code point") {
  std::mt19937 random(7);
  const std::vector<std::string> letters{"a", " ", "=", "?", "_", "é", "€", "🔥", ".", "\"", "-"};
  for (int round = 0; round < 300; ++round) {
    std::string text;
    for (unsigned i = 0, n = random() % 200; i < n; ++i)
      text += letters[random() % letters.size()];
    const std::string header = mail_header_text("🔥" + text);
    for (std::size_t at = 0; at < header.size();) {
      const auto end = std::min(header.find("\r\n ", at), header.size());
      const std::string word = header.substr(at, end - at);
      REQUIRE(word.size() <= 75);
      REQUIRE(word.starts_with("=?UTF-8?Q?"));
      // A word that begins inside a code point would begin with a continuation byte, 80 to BF.
      const std::string first = word.substr(10, 2);
      REQUIRE((first < "=8" || first > "=B" + std::string(1, '\xFF')));
      at = end + 3;
    }
    std::string body = quoted_printable(text + "\n" + text);
    std::string back;
    for (std::size_t at = 0, column = 0; at < body.size(); ++at) {
      column = body[at] == '\n' ? 0 : column + 1;
      REQUIRE(column <= 77);  // 76 and the CR
      if (body.compare(at, 3, "=\r\n") == 0) {
        at += 2;
        column = 0;
      } else if (body[at] == '=') {
        back += static_cast<char>(std::stoi(body.substr(at + 1, 2), nullptr, 16));
        at += 2;
        column += 2;
      } else {
        back += body[at];
      }
    }
    if (!text.empty()) REQUIRE(back == text + "\r\n" + text + "\r\n");
  }
}

TEST_CASE("plain headers stay readable, and what looks encoded is encoded") {
  CHECK(mail_header_text("T2 Acme: 12 critics") == "T2 Acme: 12 critics");
  CHECK(mail_header_text("=?UTF-8?Q?x?=") == "=?UTF-8?Q?=3D=3FUTF-8=3FQ=3Fx=3F=3D?=");
  CHECK(mail_header_text("één") == "=?UTF-8?Q?=C3=A9=C3=A9n?=");
}

TEST_CASE("an address with anything but itself is refused") {
  CHECK(good_mail_address("o'brien+desk@mail.acme.example"));
  for (const char* bad : {"", "a", "@x", "a@", "a@b@c", "a b@c", "<a@c>", "a@c\r\nRCPT TO:<d@e>",
                          "anna@caf\u00e9.example", "a@c,d@e"})
    CHECK_FALSE(good_mail_address(bad));
}

namespace {
std::string problems_of(std::string_view toml) {
  config::Problems problems;
  auto document = config::Document::from_string(toml, "test.toml", problems);
  auto root = document.root();
  read_receivers(root);
  std::string out;
  for (const auto& problem : problems.sorted())
    out += to_string(problem) + "\n";
  return out;
}
}  // namespace

TEST_CASE("every fault of an e-mail receiver is reported at once, and no password with it") {
  const auto all = problems_of(R"(
[[receiver]]
type = "smtp"
server = "mail example:99999"
tls = "none"
user = "desk"
password = "hunter2"
from = "nobody"
to = ["anna@acme.example", "anna@acme.example", "b c@x"]
)");
  CHECK_THAT(all, Catch::Contains("no server") && Catch::Contains("never sent unencrypted") &&
                      Catch::Contains("'b c@x' is no address") && Catch::Contains("twice") &&
                      Catch::Contains("brandwacht@example.com") && !Catch::Contains("hunter2"));
  CHECK_THAT(
      problems_of("[[receiver]]\ntype = \"smtp\"\nserver = \"mail.example\"\ntls = \"none\"\n"
                  "from = \"a@b.example\"\nto = \"c@d.example\"\n"),
      Catch::Contains("warning") && Catch::Contains("unencrypted"));
  CHECK(problems_of("[[receiver]]\ntype = \"smtp\"\nserver = \"mail.example\"\n"
                    "from = \"a@b.example\"\nto = \"c@d.example\"\n")
            .empty());
}

}  // namespace brandwacht::alerting
