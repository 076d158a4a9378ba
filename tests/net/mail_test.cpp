// The mail transport against real servers on this machine: Postfix's smtp-sink and npm's
// smtp-server, where they are there.
#include "connectors/net/mail.hpp"

#include <simdjson.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "tests/net/certificates.hpp"
#include "tests/net/run.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/peers.hpp"
#include "tests/support/program.hpp"

namespace brandwacht {
namespace {

using namespace std::chrono_literals;
using Kind = MailReply::Kind;
using Tls = MailServer::Tls;
using test::authority;
using test::Program;
using test::TemporaryFile;
namespace asio = boost::asio;
using Tcp = asio::ip::tcp;

Mail invented_mail(std::vector<std::string> to) {
  Mail out;
  out.from = "brandwacht@acme.example";
  out.to = std::move(to);
  out.message = "Subject: invented\r\n\r\n.dot at the beginning\r\n..two\r\nend\r\n";
  return out;
}

std::vector<MailReply> send(MailServer server, Mail mail) {
  asio::io_context io;
  const auto transport = net::make_mail_transport();
  return test::run(io, transport->send(std::move(server), std::move(mail)));
}

MailServer on_port(int port, Tls tls) {
  MailServer out;
  out.host = "localhost";
  out.port = static_cast<std::uint16_t>(port);
  out.tls = tls;
  out.reply_within = 2s;
  out.timeout = 5s;
  return out;
}

std::string quoted(const std::string& text) {
  return "\"" + text + "\"";
}

// smtp-server with a certificate of our authority, for localhost.
struct Peer {
  explicit Peer(const std::string& wishes)
      : program({"node", std::string(test::kSupport) + "/smtp_server.mjs", test::kPeers,
                 "{\"cert\":" + quoted(certificate.path()) + ",\"key\":" + quoted(key.path()) +
                     (wishes.empty() ? "" : ",") + wishes + "}"}) {
    const auto said = program.line();
    if (said) port = std::stoi(said->substr(5));
  }
  MailServer server(Tls tls = Tls::starttls) const {
    MailServer out = on_port(port, tls);
    out.ca_file = trusted.path();
    return out;
  }
  std::string message() { return program.line(5s).value_or(""); }

  TemporaryFile certificate{authority().good.certificate}, key{authority().good.key},
      trusted{authority().authority.certificate};
  Program program;
  int port = 0;
};

bool skipped() {
  if (test::have_peer("smtp-server")) return false;
  WARN("skipped: npm's smtp-server is not in build/peers (make peers)");
  return true;
}

std::vector<Kind> kinds(const std::vector<MailReply>& replies) {
  std::vector<Kind> out;
  for (const auto& reply : replies)
    out.push_back(reply.kind);
  return out;
}

}  // namespace

TEST_CASE("each recipient of a mail has an outcome of its own, over STARTTLS") {
  if (skipped()) return;
  Peer peer(R"("refuse":{"bram@x.example":[550,"no such user"]},"grey":{"cato@x.example":1})");
  const auto replies =
      send(peer.server(),
           invented_mail({"anna@x.example", "bram@x.example", "cato@x.example", "dirk@x.example"}));
  CHECK(kinds(replies) ==
        std::vector<Kind>{Kind::accepted, Kind::permanent, Kind::transient, Kind::accepted});
  CHECK_THAT(replies.at(1).detail, Catch::Contains("550") && Catch::Contains("no such user"));
  CHECK(replies.at(2).code == 451);
  for (const auto& reply : replies)
    CHECK_FALSE(reply.whole);
  for (const auto* who : {"anna@x.example", "dirk@x.example"}) {
    const std::string got = peer.message();
    CHECK_THAT(got, Catch::Contains(who) && Catch::Contains("\"secure\":true") &&
                        Catch::Contains("\\r\\n.dot at the beginning\\r\\n..two\\r\\nend\\r\\n"));
  }
}

TEST_CASE("a mail goes over implicit TLS, and logs in there") {
  if (skipped()) return;
  Peer peer(R"("implicit":true,"auth":["desk","hunter2"])");
  MailServer server = peer.server(Tls::implicit);
  server.user = "desk";
  server.password = "hunter2";
  CHECK(kinds(send(server, invented_mail({"anna@x.example"}))) ==
        std::vector<Kind>{Kind::accepted});
  CHECK_THAT(peer.message(), Catch::Contains("\"user\":\"desk\""));
  server.password = "wrong-one";
  const auto refused = send(server, invented_mail({"anna@x.example", "bram@x.example"}));
  CHECK(kinds(refused) == std::vector<Kind>{Kind::permanent, Kind::permanent});
  CHECK(refused.at(0).whole);
  CHECK(refused.at(0).code == 535);
}

TEST_CASE("a server without STARTTLS or with a stranger's certificate gets no mail") {
  if (skipped()) return;
  Peer bare(R"("noTls":true)");
  const auto plain = send(bare.server(), invented_mail({"anna@x.example"}));
  CHECK(kinds(plain) == std::vector<Kind>{Kind::transient});
  CHECK(plain.at(0).whole);
  CHECK_THAT(plain.at(0).detail, Catch::Contains("STARTTLS"));
  Peer peer("");
  MailServer stranger = peer.server();
  stranger.ca_file.clear();
  const auto refused = send(stranger, invented_mail({"anna@x.example"}));
  CHECK(kinds(refused) == std::vector<Kind>{Kind::transient});
  CHECK_THAT(refused.at(0).detail, Catch::Contains("certificate") || Catch::Contains("SSL"));
}

TEST_CASE("a connection lost after the final dot is ambiguous, a refusal there is not") {
  if (skipped()) return;
  Peer loses(R"("lose":1)");
  const auto replies = send(loses.server(), invented_mail({"anna@x.example", "bram@x.example"}));
  CHECK(kinds(replies) == std::vector<Kind>{Kind::ambiguous, Kind::accepted});
  Peer refuses(R"("final":[552,"too large for us"])");
  const auto refused = send(refuses.server(), invented_mail({"anna@x.example"}));
  CHECK(kinds(refused) == std::vector<Kind>{Kind::permanent});
  CHECK_THAT(refused.at(0).detail, Catch::Contains("too large for us"));
}

namespace {

unsigned short free_port() {
  asio::io_context io;
  Tcp::acceptor acceptor(io, Tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  return acceptor.local_endpoint().port();
}

// smtp-sink says nothing when it is ready.
void wait_for(unsigned short port) {
  asio::io_context io;
  for (int i = 0; i < 500; ++i) {
    Tcp::socket socket(io);
    boost::system::error_code refused;
    socket.connect({asio::ip::address_v4::loopback(), port}, refused);
    if (!refused) return;
    asio::steady_timer(io, 10ms).wait();
  }
}

std::vector<MailReply> through_sink(std::vector<std::string> options) {
  const auto port = free_port();
  std::vector<std::string> argv{"smtp-sink"};
  argv.insert(argv.end(), options.begin(), options.end());
  argv.push_back("127.0.0.1:" + std::to_string(port));
  argv.push_back("16");
  Program sink(std::move(argv));
  wait_for(port);
  return send(on_port(port, Tls::none), invented_mail({"anna@x.example", "bram@x.example"}));
}

}  // namespace

TEST_CASE("Postfix's smtp-sink takes a mail, and each refusal of it is told apart") {
  if (!test::have_program("smtp-sink")) {
    WARN("skipped: smtp-sink is not in the PATH (make tools)");
    return;
  }
  struct Row {
    std::vector<std::string> options;
    Kind kind;
    bool whole;
  };
  // -f refuses for good, -r for a while, -q hangs up.
  const std::vector<Row> rows{{{}, Kind::accepted, false},
                              {{"-8"}, Kind::accepted, false},
                              {{"-r", "rcpt"}, Kind::transient, false},
                              {{"-f", "rcpt"}, Kind::permanent, false},
                              {{"-r", "."}, Kind::transient, false},
                              {{"-f", "."}, Kind::permanent, false},
                              {{"-q", "."}, Kind::ambiguous, false},
                              {{"-q", "rcpt"}, Kind::transient, false},
                              {{"-f", "mail"}, Kind::permanent, true},
                              {{"-r", "connect"}, Kind::transient, true},
                              {{"-q", "mail"}, Kind::transient, true}};
  for (const auto& row : rows) {
    const auto replies = through_sink(row.options);
    INFO((row.options.empty() ? "" : row.options.back()) << ": " << replies.at(0).detail);
    CHECK(kinds(replies) == std::vector<Kind>{row.kind, row.kind});
    CHECK(replies.at(0).whole == row.whole);
  }
}

TEST_CASE("a server that says nothing is given up after its deadline, and at once when cancelled") {
  asio::io_context io;
  Tcp::acceptor silent(io, Tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  MailServer server = on_port(silent.local_endpoint().port(), Tls::none);
  server.reply_within = 1s;
  const auto begun = std::chrono::steady_clock::now();
  const auto replies = send(server, invented_mail({"anna@x.example", "bram@x.example"}));
  CHECK(kinds(replies) == std::vector<Kind>{Kind::transient, Kind::transient});
  CHECK(replies.at(0).whole);
  CHECK(std::chrono::steady_clock::now() - begun < 3s);

  server.reply_within = server.timeout = 60s;
  const auto transport = net::make_mail_transport();
  asio::cancellation_signal cancel;
  std::exception_ptr ended;
  const auto finish = [&](std::exception_ptr error, std::vector<MailReply>) { ended = error; };
  asio::co_spawn(io, transport->send(server, invented_mail({"anna@x.example"})),
                 asio::bind_cancellation_slot(cancel.slot(), finish));
  asio::steady_timer soon(io, 100ms);
  soon.async_wait([&](auto) { cancel.emit(asio::cancellation_type::terminal); });
  const auto from = std::chrono::steady_clock::now();
  io.run();
  CHECK(ended);
  CHECK(std::chrono::steady_clock::now() - from < 5s);
}

TEST_CASE("a server that is not there is a fault of the whole, not of its recipients") {
  const auto replies =
      send(on_port(free_port(), Tls::starttls), invented_mail({"anna@x.example", "b@x.example"}));
  CHECK(kinds(replies) == std::vector<Kind>{Kind::transient, Kind::transient});
  CHECK(replies.at(1).whole);
  CHECK_FALSE(replies.at(0).detail.empty());
}

}  // namespace brandwacht
