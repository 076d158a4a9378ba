#include <fmt/format.h>
#include <sys/socket.h>

#include "connectors/net/http_client.hpp"
#include "connectors/net/websocket.hpp"
#include "tests/net/run.hpp"
#include "tests/net/script_server.hpp"
#include "tests/support/catch.hpp"

using namespace brandwacht;
using namespace brandwacht::test;
using namespace std::chrono_literals;

namespace {

void answer(Peer& peer, int) {
  while (!peer.read_message().empty())
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
}

struct Fixture : Loop {
  TemporaryFile ca{authority().authority.certificate};

  std::unique_ptr<HttpClient> client_with(std::string ca_file, Duration handshake_within = 5s) {
    net::HttpClientSettings settings;
    settings.tls.ca_file = std::move(ca_file);
    settings.handshake_within = handshake_within;
    return net::make_http_client(io.get_executor(), pool, settings);
  }
  NetResult<HttpResponse> send(HttpClient& client, std::string url) {
    HttpRequest request;
    request.url = std::move(url);
    request.body = "{}";
    request.timeout = 3s;
    return run(io, client.send(std::move(request)));
  }
  NetError fault(const Identity& identity) {
    ScriptServer server(answer, &identity);
    const auto client = client_with(ca.path());
    const auto reply = send(*client, server.named_url("https", "/secret"));
    REQUIRE(reply.has_error());
    CHECK(reply.error().fault == NetFault::tls);
    CHECK(reply.error().detail.find("secret") == std::string::npos);
    return reply.error();
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "https works by name and by address, and keeps its connection") {
  ScriptServer server(answer, &authority().good);
  const auto client = client_with(ca.path());
  for (int i = 0; i < 3; ++i)
    REQUIRE(send(*client, server.named_url("https", "/"))->status == 200);
  CHECK(server.connections() == 1);
  REQUIRE(send(*client, server.url("https", "/"))->body == "ok");
  CHECK(server.connections() == 2);
}

TEST_CASE_METHOD(Fixture, "a certificate that cannot be trusted is explained in one sentence") {
  CHECK(fault(authority().other_name).detail == "the certificate of localhost is for another name");
  CHECK(fault(authority().self_signed).detail ==
        "the certificate of localhost is self-signed and not in the trust store");
  CHECK(fault(authority().expired).detail ==
        "the certificate of localhost has expired, or one of those that sign it");
}

TEST_CASE_METHOD(Fixture, "the system's trust store does not know the tests' authority") {
  ScriptServer server(answer, &authority().good);
  const auto client = client_with("");
  const auto reply = send(*client, server.named_url("https", "/"));
  REQUIRE(reply.has_error());
  CHECK(reply.error().fault == NetFault::tls);
  CHECK(reply.error().detail ==
        "the certificate of localhost is signed by an authority that this machine does not trust");
}

TEST_CASE_METHOD(Fixture, "a CA file that is not there is named") {
  ScriptServer server(answer, &authority().good);
  const auto client = client_with("/nonexistent/ca.pem");
  const auto reply = send(*client, server.named_url("https", "/"));
  REQUIRE(reply.has_error());
  CHECK(reply.error().fault == NetFault::tls);
  CHECK_THAT(reply.error().detail, Catch::Contains("/nonexistent/ca.pem cannot be read"));
}

TEST_CASE_METHOD(Fixture, "a port that speaks no TLS is told from a bad certificate") {
  ScriptServer server([](Peer& peer, int) {
    peer.read(5);
    peer.write("HTTP/1.1 400 Bad Request\r\n\r\n");
    peer.ends_within(2000);
  });
  const auto client = client_with(ca.path());
  const auto reply = send(*client, server.url("https", "/"));
  REQUIRE(reply.has_error());
  CHECK(reply.error().fault == NetFault::tls);
  CHECK(reply.error().detail ==
        fmt::format("127.0.0.1:{} does not speak TLS on this port", server.port()));
}

TEST_CASE_METHOD(Fixture, "a handshake that stalls is a timeout, one that is cut off a TLS fault") {
  const bool stalls = GENERATE(true, false);
  ScriptServer server([&](Peer& peer, int) {
    if (stalls) peer.ends_within(2000);
  });
  const auto client = client_with(ca.path(), stalls ? 300ms : 5s);
  const auto start = std::chrono::steady_clock::now();
  const auto reply = send(*client, server.url("https", "/"));
  CHECK(std::chrono::steady_clock::now() - start < 2s);
  REQUIRE(reply.has_error());
  CHECK(reply.error().fault == (stalls ? NetFault::timeout : NetFault::tls));
  CHECK_THAT(reply.error().detail, Catch::Contains("TLS handshake"));
}

TEST_CASE_METHOD(Fixture, "a body without a length may end with TCP alone") {
  ScriptServer server(
      [](Peer& peer, int) {
        peer.read_message();
        peer.write("HTTP/1.1 200 OK\r\n\r\nuntil the end");
      },
      &authority().good);
  const auto client = client_with(ca.path());
  const auto reply = send(*client, server.url("https", "/"));
  REQUIRE(reply.has_value());
  CHECK(reply->body == "until the end");
}

TEST_CASE_METHOD(Fixture, "a body with a length that is cut off is never complete") {
  ScriptServer server(
      [](Peer& peer, int) {
        peer.read_message();
        peer.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nuntil the end");
      },
      &authority().good);
  const auto client = client_with(ca.path());
  const auto reply = send(*client, server.url("https", "/"));
  REQUIRE(reply.has_error());
  CHECK(reply.error().fault == NetFault::ambiguous);
}

TEST_CASE_METHOD(Fixture, "a large body crosses TLS whole") {
  std::string seen;
  ScriptServer server(
      [&](Peer& peer, int) {
        seen = peer.read_message();
        peer.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
      },
      &authority().good);
  const auto client = client_with(ca.path());
  HttpRequest request;
  request.url = server.url("https", "/");
  request.body.assign(3 << 20, 'y');
  REQUIRE(run(io, client->send(request))->status == 200);
  CHECK(seen.ends_with("\r\n\r\n" + request.body));
}
