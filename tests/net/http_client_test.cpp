#include "connectors/net/http_client.hpp"

#include <fmt/format.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <future>

#include "tests/net/run.hpp"
#include "tests/net/script_server.hpp"
#include "tests/support/catch.hpp"

using namespace brandwacht;
using namespace brandwacht::test;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

constexpr std::string_view fine = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

struct Fixture : Loop {
  std::unique_ptr<HttpClient> client = net::make_http_client(io.get_executor(), pool);

  NetResult<HttpResponse> send(HttpRequest request) {
    return run(io, client->send(std::move(request)));
  }
  NetResult<HttpResponse> post(const std::string& url, std::string body = "{}") {
    HttpRequest request;
    request.url = url;
    request.body = std::move(body);
    request.timeout = 3s;
    return send(std::move(request));
  }
  NetError fault(const std::string& url) {
    auto reply = post(url);
    REQUIRE(reply.has_error());
    return reply.error();
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "a request arrives as written, with what HTTP/1.1 asks for") {
  std::promise<std::string> seen;
  ScriptServer server([&](Peer& peer, int) {
    seen.set_value(peer.read_message());
    peer.write("HTTP/1.1 202 Accepted\r\nX-Id: 7\r\nContent-Length: 5\r\n\r\nhello");
  });
  HttpRequest request;
  request.url = server.url("http", "/hook/T0?key=a%20b&x=1#part");
  request.headers = {{"Authorization", "Bearer invented"}};
  request.body = "hello world";
  const auto reply = send(request);
  REQUIRE(reply.has_value());
  CHECK(reply->status == 202);
  CHECK(reply->body == "hello");
  CHECK(reply->header("x-ID") == "7");
  CHECK(reply->header("absent").empty());
  const auto text = seen.get_future().get();
  CHECK(text.starts_with("POST /hook/T0?key=a%20b&x=1 HTTP/1.1\r\n"));
  CHECK(text.find(fmt::format("\r\nHost: 127.0.0.1:{}\r\n", server.port())) != std::string::npos);
  CHECK(text.find("\r\nContent-Length: 11\r\n") != std::string::npos);
  CHECK(text.find("\r\nUser-Agent: brandwacht/") != std::string::npos);
  CHECK(text.find("\r\nAuthorization: Bearer invented\r\n") != std::string::npos);
  CHECK(text.ends_with("\r\n\r\nhello world"));
}

TEST_CASE_METHOD(Fixture, "a connection is kept and used again") {
  ScriptServer server([&](Peer& peer, int) {
    while (!peer.read_message().empty())
      peer.write(fine);
  });
  for (int i = 0; i < 5; ++i)
    REQUIRE(post(server.url("http", "/"))->status == 200);
  CHECK(server.connections() == 1);
}

TEST_CASE_METHOD(Fixture, "a request that may take forever is no overflow") {
  ScriptServer server([&](Peer& peer, int) {
    while (!peer.read_message().empty())
      peer.write(fine);
  });
  net::HttpClientSettings settings;
  settings.idle_for = settings.connect_within = Duration::max();
  client = net::make_http_client(io.get_executor(), pool, settings);
  HttpRequest request;
  request.url = server.url("http", "/");
  request.timeout = Duration::max();
  CHECK(send(request)->status == 200);
  CHECK(send(request)->status == 200);
  CHECK(server.connections() == 1);
}

TEST_CASE_METHOD(Fixture, "a kept connection that has grown old is not used again") {
  ScriptServer server([&](Peer& peer, int) {
    while (!peer.read_message().empty())
      peer.write(fine);
  });
  net::HttpClientSettings settings;
  settings.idle_for = 20ms;
  client = net::make_http_client(io.get_executor(), pool, settings);
  REQUIRE(post(server.url("http", "/"))->status == 200);
  std::this_thread::sleep_for(50ms);
  REQUIRE(post(server.url("http", "/"))->status == 200);
  CHECK(server.connections() == 2);
}

TEST_CASE_METHOD(Fixture, "a connection is not kept when the server says close") {
  ScriptServer server([&](Peer& peer, int) {
    while (!peer.read_message().empty())
      peer.write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
  });
  for (int i = 0; i < 3; ++i)
    REQUIRE(post(server.url("http", "/"))->status == 200);
  CHECK(server.connections() == 3);
}

TEST_CASE_METHOD(Fixture, "an answer with bytes behind its end costs the connection") {
  ScriptServer server([&](Peer& peer, int) {
    while (!peer.read_message().empty())
      peer.write(std::string(fine) + "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged");
  });
  CHECK(post(server.url("http", "/"))->body == "ok");
  CHECK(post(server.url("http", "/"))->body == "ok");
  CHECK(server.connections() == 2);
}

TEST_CASE_METHOD(Fixture, "a kept connection that the server closed is replaced unnoticed") {
  std::promise<void> closed;
  ScriptServer server([&](Peer& peer, int number) {
    peer.read_message();
    peer.write(fine);
    if (number == 0) {
      peer.close();
      closed.set_value();
    } else {
      peer.read_message();
    }
  });
  REQUIRE(post(server.url("http", "/"))->status == 200);
  closed.get_future().get();
  std::this_thread::sleep_for(20ms);  // for the FIN to cross the loopback
  REQUIRE(post(server.url("http", "/"))->status == 200);
  CHECK(server.connections() == 2);
}

TEST_CASE_METHOD(Fixture,
                 "a kept connection that ends after the request was written is ambiguous") {
  ScriptServer server([&](Peer& peer, int) {
    peer.read_message();
    peer.write(fine);
    peer.read_message();  // takes the second request and dies with it
    peer.reset();
  });
  REQUIRE(post(server.url("http", "/"))->status == 200);
  CHECK(fault(server.url("http", "/")).fault == NetFault::ambiguous);
  CHECK(server.connections() == 1);
}

TEST_CASE_METHOD(Fixture, "at most two idle connections to one host are kept") {
  ScriptServer server([&](Peer& peer, int) {
    while (!peer.read_message().empty()) {
      std::this_thread::sleep_for(50ms);  // so that the four requests need four connections
      peer.write(fine);
    }
  });
  int done = 0;
  const auto burst = [&] {
    done = 0;
    for (int i = 0; i < 4; ++i) {
      HttpRequest request;
      request.url = server.url("http", "/");
      asio::co_spawn(
          io, client->send(std::move(request)),
          [&](std::exception_ptr, NetResult<HttpResponse> reply) { done += reply.has_value(); });
    }
    io.restart();
    io.run_for(5s);
  };
  burst();
  CHECK(done == 4);
  CHECK(server.connections() == 4);
  burst();
  CHECK(done == 4);
  CHECK(server.connections() == 6);
}

TEST_CASE_METHOD(Fixture, "an answer of any framing is read, byte by byte") {
  const auto reply_to = [&](std::string bytes) {
    ScriptServer server([&](Peer& peer, int) {
      peer.read_message();
      peer.write_one_by_one(bytes);
    });
    return post(server.url("http", "/"));
  };
  CHECK(reply_to(std::string(fine))->body == "ok");
  CHECK(reply_to("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;ext=1\r\nabc\r\n"
                 "0a\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n")
            ->body == "abc0123456789");
  CHECK(reply_to("HTTP/1.0 200 OK\r\n\r\nuntil the end")->body == "until the end");
  CHECK(reply_to("HTTP/1.1 204 No Content\r\n\r\n")->status == 204);
  CHECK(reply_to("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" +
                 std::string(fine))
            ->body == "ok");
  CHECK(reply_to("HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n")->status ==
        302);
}

TEST_CASE_METHOD(Fixture, "the answer to HEAD has lengths but no body") {
  ScriptServer server([&](Peer& peer, int) {
    while (peer.read_message().starts_with("HEAD / "))
      peer.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
  });
  HttpRequest request;
  request.method = "HEAD";
  request.url = server.url("http", "");
  for (int i = 0; i < 2; ++i) {
    const auto reply = send(request);
    REQUIRE(reply.has_value());
    CHECK(reply->body.empty());
    CHECK(reply->header("Content-Length") == "1000");
  }
  CHECK(server.connections() == 1);
}

TEST_CASE_METHOD(Fixture, "of a long body 64 KiB are kept; past 1 MiB the connection goes") {
  const auto size = GENERATE(std::size_t{64 << 10}, std::size_t{700'000}, std::size_t{3 << 20});
  ScriptServer server([&](Peer& peer, int) {
    while (!peer.read_message().empty())
      peer.write(fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{}", size,
                             std::string(size, 'x')));
  });
  for (int i = 0; i < 2; ++i) {
    const auto reply = post(server.url("http", "/"));
    REQUIRE(reply.has_value());
    CHECK(reply->body == std::string(64 << 10, 'x'));
  }
  CHECK(server.connections() == (size > (1 << 20) ? 2 : 1));
}

TEST_CASE_METHOD(Fixture, "a faulty answer is an error and never a status") {
  const auto fault_of = [&](std::string bytes) {
    ScriptServer server([&](Peer& peer, int) {
      peer.read_message();
      peer.write(bytes);
    });
    return fault(server.url("http", "/")).fault;
  };
  CHECK(fault_of("") == NetFault::ambiguous);
  CHECK(fault_of("HTTP/1.1 200 OK\r\nContent-Le") == NetFault::ambiguous);
  CHECK(fault_of("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfive!") == NetFault::ambiguous);
  CHECK(fault_of("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab") ==
        NetFault::ambiguous);
  CHECK(fault_of("SSH-2.0-OpenSSH_9.2\r\n\r\n") == NetFault::protocol);
  CHECK(fault_of("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n") ==
        NetFault::protocol);
  CHECK(fault_of("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n") == NetFault::protocol);
  CHECK(fault_of("HTTP/1.1 200 OK\r\nX: " + std::string(17 << 10, 'x') + "\r\n\r\n") ==
        NetFault::too_large);
  std::string interim;
  for (int i = 0; i < 50; ++i)
    interim += "HTTP/1.1 100 Continue\r\n\r\n";
  CHECK(fault_of(interim + std::string(fine)) == NetFault::protocol);
}

TEST_CASE_METHOD(Fixture,
                 "silence after the request is ambiguous, a request not taken is a timeout") {
  ScriptServer server([](Peer& peer, int) { peer.ends_within(5000); });
  HttpRequest request;
  request.url = server.url("http", "/secret-path?token=abcdef");
  request.timeout = 200ms;
  const auto silent = send(request);
  REQUIRE(silent.has_error());
  CHECK(silent.error().fault == NetFault::ambiguous);
  CHECK(silent.error().detail.find("secret-path") == std::string::npos);
  CHECK(silent.error().detail.find("abcdef") == std::string::npos);
}

TEST_CASE_METHOD(Fixture, "a server that reads nothing makes a large request time out unwritten") {
  std::promise<void> over;
  ScriptServer server([&](Peer&, int) { over.get_future().wait(); });
  HttpRequest request;
  request.url = server.url("http", "/");
  request.body.assign(64 << 20, 'x');
  request.timeout = 300ms;
  const auto reply = send(std::move(request));
  over.set_value();
  REQUIRE(reply.has_error());
  CHECK(reply.error().fault == NetFault::timeout);
}

TEST_CASE_METHOD(Fixture, "a refusal that comes before the request's end is the answer") {
  ScriptServer server([](Peer& peer, int) {
    peer.read(10'000);
    peer.write("HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    peer.finish_writing();
    std::this_thread::sleep_for(200ms);
    peer.close();
  });
  HttpRequest request;
  request.url = server.url("http", "/");
  request.body.assign(32 << 20, 'x');
  request.timeout = 5s;
  const auto reply = send(std::move(request));
  // Whether the answer survives the reset is the kernel's business; a success it never is.
  if (reply)
    CHECK(reply->status == 413);
  else
    CHECK((reply.error().fault == NetFault::closed || reply.error().fault == NetFault::timeout));
}

TEST_CASE_METHOD(Fixture, "nobody listening is a connect fault that names host and port") {
  std::uint16_t port = 0;
  {
    ScriptServer gone([](Peer&, int) {});
    port = gone.port();
  }
  const auto error = fault(fmt::format("http://127.0.0.1:{}/secret", port));
  CHECK(error.fault == NetFault::connect);
  CHECK(error.detail == fmt::format("cannot connect to 127.0.0.1:{}: Connection refused", port));
}

TEST_CASE_METHOD(Fixture, "a name is resolved, and every address of it is tried") {
  // localhost usually means ::1 first, where nobody listens.
  ScriptServer server([](Peer& peer, int) {
    peer.read_message();
    peer.write(fine);
  });
  const auto reply = post(server.named_url("http", "/"));
  REQUIRE(reply.has_value());
  CHECK(reply->status == 200);
}

TEST_CASE_METHOD(Fixture, "a name that does not exist is a resolve fault") {
  // .invalid never exists (RFC 6761), whether or not there is a name server to ask.
  const auto error = fault("http://does-not-exist.invalid/secret");
  CHECK((error.fault == NetFault::resolve || error.fault == NetFault::timeout));
  CHECK(error.detail.find("does-not-exist.invalid") != std::string::npos);
  CHECK(error.detail.find("secret") == std::string::npos);
}

TEST_CASE("a resolver that hangs delays neither the timeout, the cancellation nor the end") {
  asio::thread_pool pool(1);
  std::promise<void> release;
  asio::post(pool, [wait = release.get_future().share()] { wait.wait(); });
  {
    asio::io_context io;
    net::HttpClientSettings settings;
    settings.connect_within = 50ms;
    const auto client = net::make_http_client(io.get_executor(), pool, settings);
    HttpRequest request;
    request.url = "http://localhost:1/";
    const auto reply = run(io, client->send(request));
    REQUIRE(reply.has_error());
    CHECK(reply.error().fault == NetFault::timeout);
  }
  // The loop is gone; now the late results arrive and must find nobody.
  release.set_value();
  pool.join();
}

TEST_CASE_METHOD(Fixture, "cancellation ends a request at once, in any phase") {
  std::promise<void> release;
  const bool while_resolving = GENERATE(true, false);
  if (while_resolving) asio::post(pool, [wait = release.get_future().share()] { wait.wait(); });
  ScriptServer server([](Peer& peer, int) { peer.ends_within(5000); });
  HttpRequest request;
  request.url = while_resolving ? server.named_url("http", "/") : server.url("http", "/");
  asio::cancellation_signal signal;
  std::exception_ptr failure;
  asio::co_spawn(io, client->send(request),
                 asio::bind_cancellation_slot(
                     signal.slot(),
                     [&](std::exception_ptr error, NetResult<HttpResponse>) { failure = error; }));
  asio::steady_timer timer(io, 100ms);
  timer.async_wait([&](auto) { signal.emit(asio::cancellation_type::terminal); });
  const auto start = std::chrono::steady_clock::now();
  io.run_for(5s);
  CHECK(std::chrono::steady_clock::now() - start < 2s);
  REQUIRE(failure);
  CHECK_THROWS_AS(std::rethrow_exception(failure), boost::system::system_error);
  if (while_resolving) release.set_value();
}

TEST_CASE_METHOD(Fixture, "what could smuggle bytes into a request is refused unsent") {
  ScriptServer server([](Peer&, int) {});
  const auto refused = [&](std::string method, std::string name, std::string value) {
    HttpRequest request;
    request.method = std::move(method);
    request.url = server.url("http", "/");
    request.headers = {{std::move(name), std::move(value)}};
    const auto reply = send(std::move(request));
    return reply.has_error() && reply.error().fault == NetFault::protocol &&
           reply.error().detail.find("evil") == std::string::npos;
  };
  CHECK(refused("POST", "X-A", "1\r\nevil: 2"));
  CHECK(refused("POST", "X-A", "1\nevil: 2"));
  CHECK(refused("POST", "X-A", std::string("evil\0", 5)));
  CHECK(refused("POST", "X-A\r\nevil", "1"));
  CHECK(refused("POST", "", "1"));
  CHECK(refused("POST / HTTP/1.1\r\nevil:", "X-A", "1"));
  CHECK(refused("", "X-A", "1"));
  CHECK(refused("POST", "Content-Length", "0"));
  CHECK(refused("POST", "transfer-encoding", "chunked"));
  CHECK(refused("POST", "Host", "elsewhere"));
  CHECK(server.connections() == 0);
}
