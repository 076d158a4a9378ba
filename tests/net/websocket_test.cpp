#include "connectors/net/websocket.hpp"

#include <fmt/format.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/steady_timer.hpp>
#include <future>

#include "tests/net/run.hpp"
#include "tests/net/websocket_script.hpp"
#include "tests/support/catch.hpp"

using namespace brandwacht;
using namespace brandwacht::test;
using namespace std::chrono_literals;
namespace asio = boost::asio;
using net::WebSocket;

namespace {

struct Message {
  bool binary = false;
  std::string data;
};

// The view ends with the next read; and behind it there must be bytes that may be read.
NetResult<Message> copied(const NetResult<net::WebSocketMessage>& message) {
  if (!message) return message.error();
  unsigned sum = 0;
  for (int i = 0; i < 64; ++i)
    sum += static_cast<unsigned char>(message->data.data()[message->data.size() + i]);
  CHECK(sum == 0);
  Message out;
  out.binary = message->binary;
  out.data = message->data;
  return out;
}

struct Fixture : Loop {
  net::WebSocketSettings settings;

  Fixture() {
    settings.connect_within = 2s;
    settings.idle_timeout = 2s;
  }
  NetResult<std::unique_ptr<WebSocket>> try_connect(const std::string& url) {
    return run(io, WebSocket::connect(io.get_executor(), pool, url, settings));
  }
  std::unique_ptr<WebSocket> connect(const ScriptServer& server, std::string_view target = "/") {
    auto ws = try_connect(server.url("ws", target));
    REQUIRE(ws.has_value());
    return std::move(*ws);
  }
  NetResult<Message> read(WebSocket& ws) { return copied(run(io, ws.read())); }
  NetError fault(WebSocket& ws) {
    const auto message = read(ws);
    REQUIRE(message.has_error());
    return message.error();
  }
  void close(WebSocket& ws) {
    const auto closing = [](WebSocket& one) -> asio::awaitable<bool> {
      co_await one.close();
      co_return true;
    };
    run(io, closing(ws));
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "the upgrade carries path, query and headers exactly") {
  std::promise<std::string> seen;
  ScriptServer server([&](Peer& peer, int) { seen.set_value(accept_websocket(peer)); });
  settings.headers = {{"Authorization", "Bearer invented"}, {"Sec-WebSocket-Protocol", "tok.1"}};
  connect(server, "/subscribe?collections=app.bsky.feed.*&x=%20");
  const auto request = seen.get_future().get();
  CHECK(request.starts_with("GET /subscribe?collections=app.bsky.feed.*&x=%20 HTTP/1.1\r\n"));
  CHECK(request.find(fmt::format("\r\nHost: 127.0.0.1:{}\r\n", server.port())) !=
        std::string::npos);
  CHECK(request.find("\r\nAuthorization: Bearer invented\r\n") != std::string::npos);
  CHECK(request.find("\r\nSec-WebSocket-Protocol: tok.1\r\n") != std::string::npos);
  CHECK(request.find("\r\nUser-Agent: brandwacht/") != std::string::npos);
  CHECK(request.find("Sec-WebSocket-Extensions") == std::string::npos);
}

TEST_CASE_METHOD(Fixture, "messages of both kinds and of any size come whole") {
  const std::string large(200'000, 'z');
  ScriptServer server([&](Peer& peer, int) {
    accept_websocket(peer);
    peer.write(frame(text, "{\"a\":1}") + frame(binary, std::string("\0\xff", 2)) +
               frame(text, "") + frame(text, large));
    peer.write_one_by_one(frame(text, "slow"));
    peer.ends_within(5000);
  });
  const auto ws = connect(server);
  const auto first = read(*ws);
  CHECK(first->data == "{\"a\":1}");
  CHECK_FALSE(first->binary);
  const auto second = read(*ws);
  CHECK(second->data == std::string("\0\xff", 2));
  CHECK(second->binary);
  CHECK(read(*ws)->data.empty());
  CHECK(read(*ws)->data == large);
  CHECK(read(*ws)->data == "slow");
}

TEST_CASE_METHOD(Fixture, "fragments become one message, with control frames between them") {
  ScriptServer server([](Peer& peer, int) {
    accept_websocket(peer);
    peer.write(frame(text, "one ", false));
    peer.write(frame(pinging, "between") + frame(ponging, ""));
    peer.write(frame(continued, "", false) + frame(continued, "message"));
    const auto pong = read_frame(peer);
    if (pong.opcode == ponging && pong.payload == "between" && pong.masked)
      peer.write(frame(text, "ponged"));
    peer.ends_within(5000);
  });
  const auto ws = connect(server);
  CHECK(read(*ws)->data == "one message");
  CHECK(read(*ws)->data == "ponged");
}

TEST_CASE_METHOD(Fixture, "what is sent arrives masked and in order") {
  std::promise<std::string> seen;
  ScriptServer server([&](Peer& peer, int) {
    accept_websocket(peer);
    const auto a = read_frame(peer), b = read_frame(peer), c = read_frame(peer);
    seen.set_value(fmt::format("{}{}{} {}{}{} {}", a.opcode, a.masked, a.payload, b.opcode,
                               b.masked, b.payload, c.opcode));
    peer.write(frame(text, a.payload));
  });
  const auto ws = connect(server);
  // All at once: they must queue, not collide.
  int done = 0;
  const auto count = [&](std::exception_ptr, NetResult<std::size_t> sent) {
    done += sent.has_value();
  };
  asio::co_spawn(io, ws->send_text("hello"), count);
  asio::co_spawn(io, ws->send_text("world"), count);
  asio::co_spawn(io, ws->ping(), count);
  CHECK(read(*ws)->data == "hello");
  CHECK(seen.get_future().get() == "1truehello 1trueworld 9");
  CHECK(done == 3);
}

TEST_CASE_METHOD(Fixture, "silence ends the stream, any sign of life keeps it") {
  settings.idle_timeout = 600ms;
  ScriptServer server([](Peer& peer, int) {
    accept_websocket(peer);
    for (int i = 0; i < 5; ++i) {
      std::this_thread::sleep_for(150ms);
      peer.write(frame(i % 2 ? pinging : ponging, ""));
    }
    peer.write(frame(text, "late"));
    peer.ends_within(5000);
  });
  const auto ws = connect(server);
  CHECK(read(*ws)->data == "late");
  std::this_thread::sleep_for(700ms);  // nobody reads: our own slowness is not the peer's silence
  const auto start = std::chrono::steady_clock::now();
  const auto error = fault(*ws);
  const auto waited = std::chrono::steady_clock::now() - start;
  CHECK(error.fault == NetFault::timeout);
  CHECK(waited >= 590ms);
  CHECK(waited < 2s);
  CHECK(fault(*ws).fault == NetFault::closed);  // and so it stays
}

TEST_CASE_METHOD(Fixture, "a refused upgrade tells status and the start of the body") {
  ScriptServer server([](Peer& peer, int number) {
    peer.read_message();
    if (number == 0)
      peer.write(
          "HTTP/1.1 400 Bad Request\r\nContent-Length: 25\r\n\r\nno such\r\n token=secretval");
    else
      peer.write("HTTP/1.1 503 Service Unavailable\r\n\r\n" + std::string(5000, 'x'));
  });
  auto refused = try_connect(server.url("ws", "/stream?token=secretval"));
  REQUIRE(refused.has_error());
  CHECK(refused.error().fault == NetFault::protocol);
  CHECK(refused.error().status == 400);
  CHECK(refused.error().detail ==
        fmt::format("127.0.0.1:{} refused the WebSocket with status 400: no such token=[...]",
                    server.port()));
  refused = try_connect(server.url("ws", "/"));
  REQUIRE(refused.has_error());
  CHECK(refused.error().status == 503);
  CHECK(refused.error().detail.ends_with(": " + std::string(200, 'x')));
}

TEST_CASE_METHOD(Fixture,
                 "an upgrade that is no upgrade is a protocol fault, a stalled one a timeout") {
  const auto fault_of = [&](std::string bytes, bool stay) {
    ScriptServer server([&](Peer& peer, int) {
      peer.read_message();
      peer.write(bytes);
      if (stay) peer.ends_within(3000);
    });
    const auto ws = try_connect(server.url("ws", "/"));
    REQUIRE(ws.has_error());
    return ws.error().fault;
  };
  CHECK(fault_of("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                 "Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n",
                 true) == NetFault::protocol);
  CHECK(fault_of("SSH-2.0-OpenSSH\r\n\r\n", true) == NetFault::protocol);
  CHECK(fault_of("", false) == NetFault::closed);
  settings.connect_within = 300ms;
  CHECK(fault_of("HTTP/1.1 101 Swi", true) == NetFault::timeout);
}

TEST_CASE_METHOD(Fixture, "the peer's close gives its code and reason and is answered") {
  std::promise<int> answered;
  ScriptServer server([&](Peer& peer, int number) {
    accept_websocket(peer);
    if (number == 0) {
      peer.write(close_frame(4009, "slow\r\nconsumer"));
      answered.set_value(read_frame(peer).opcode);
    } else {
      peer.write(frame(closing, ""));
      peer.ends_within(5000);
    }
  });
  auto ws = connect(server);
  auto error = fault(*ws);
  CHECK(error.fault == NetFault::closed);
  CHECK(error.status == 4009);
  CHECK(error.detail == "slow consumer");
  CHECK(answered.get_future().get() == closing);
  ws = connect(server);
  error = fault(*ws);
  CHECK(error.fault == NetFault::closed);
  CHECK_FALSE(error.detail.empty());
}

TEST_CASE_METHOD(Fixture, "a connection that breaks inside a frame is closed, not a message") {
  const bool reset = GENERATE(true, false);
  ScriptServer server([&](Peer& peer, int) {
    accept_websocket(peer);
    const auto whole = frame(text, std::string(1000, 'x'));
    peer.write(whole.substr(0, 500));
    std::this_thread::sleep_for(50ms);
    if (reset) peer.reset();
  });
  const auto ws = connect(server);
  const auto error = fault(*ws);
  CHECK(error.fault == NetFault::closed);
  CHECK(error.status == 0);
}

TEST_CASE_METHOD(Fixture, "a message over the limit is refused before it is stored") {
  settings.max_message = 1000;
  ScriptServer server([](Peer& peer, int number) {
    accept_websocket(peer);
    peer.write(frame(text, std::string(1000, 'x')));
    if (number == 0)
      peer.write(frame(text, std::string(1001, 'x')));
    else if (number == 1)
      peer.write(frame(text, std::string(600, 'x'), false) +
                 frame(continued, std::string(600, 'x')));
    else  // a length of 2^62, and nothing behind it
      peer.write(std::string("\x81\x7f\x40\0\0\0\0\0\0\0", 10));
    peer.ends_within(5000);
  });
  for (int i = 0; i < 3; ++i) {
    const auto ws = connect(server);
    CHECK(read(*ws)->data.size() == 1000);
    CHECK(fault(*ws).fault == NetFault::too_large);
  }
}

TEST_CASE_METHOD(Fixture, "frames that RFC 6455 forbids are a protocol fault") {
  const std::string masked("\x81\x82\x01\x02\x03\x04\x60\x60", 8);
  const auto fault_of = [&](std::string bytes) {
    ScriptServer server([&](Peer& peer, int) {
      accept_websocket(peer);
      peer.write(bytes);
      peer.ends_within(5000);
    });
    const auto ws = connect(server);
    return fault(*ws).fault;
  };
  CHECK(fault_of(masked) == NetFault::protocol);
  CHECK(fault_of(frame(3, "reserved opcode")) == NetFault::protocol);
  CHECK(fault_of(frame(text, "compressed unasked", true, true)) == NetFault::protocol);
  CHECK(fault_of(frame(text, "\xc3\x28")) == NetFault::protocol);
  CHECK(fault_of(frame(pinging, std::string(126, 'x'))) == NetFault::protocol);
  CHECK(fault_of(frame(continued, "of nothing")) == NetFault::protocol);
}

TEST_CASE_METHOD(Fixture, "deflate is offered when asked for, and understood") {
  settings.offer_deflate = true;
  std::promise<std::string> seen;
  ScriptServer server([&](Peer& peer, int) {
    seen.set_value(accept_websocket(peer, "Sec-WebSocket-Extensions: permessage-deflate\r\n"));
    // "Hello" as in RFC 7692, 7.2.3.1, then once more by way of the window (7.2.3.2).
    peer.write(frame(text, std::string("\xf2\x48\xcd\xc9\xc9\x07\x00", 7), true, true));
    peer.write(frame(text, std::string("\xf2\x00\x11\x00\x00", 5), true, true));
    peer.write(frame(text, "plain"));
    peer.ends_within(5000);
  });
  const auto ws = connect(server);
  CHECK(seen.get_future().get().find("permessage-deflate") != std::string::npos);
  CHECK(read(*ws)->data == "Hello");
  CHECK(read(*ws)->data == "Hello");
  CHECK(read(*ws)->data == "plain");
}

TEST_CASE_METHOD(Fixture, "close() shakes hands, and waits no longer than a second for it") {
  const bool polite = GENERATE(true, false);
  std::promise<std::string> seen;
  ScriptServer server([&](Peer& peer, int) {
    accept_websocket(peer);
    const auto close = read_frame(peer);
    seen.set_value(fmt::format("{} {}", close.opcode, close.payload));
    if (polite) peer.write(frame(closing, close.payload));
    peer.ends_within(5000);
  });
  const auto ws = connect(server);
  const auto start = std::chrono::steady_clock::now();
  close(*ws);
  const auto took = std::chrono::steady_clock::now() - start;
  CHECK(seen.get_future().get() == "8 \x03\xe8");
  CHECK(took < (polite ? 500ms : 1500ms));
  CHECK(took >= (polite ? 0ms : 900ms));
  CHECK(fault(*ws).fault == NetFault::closed);
  close(*ws);  // again: nothing
}

TEST_CASE_METHOD(Fixture, "close() while a read waits ends both") {
  ScriptServer server([](Peer& peer, int) {
    accept_websocket(peer);
    peer.ends_within(5000);
  });
  const auto ws = connect(server);
  std::optional<bool> read_failed;
  asio::co_spawn(io, ws->read(), [&](std::exception_ptr, NetResult<net::WebSocketMessage> message) {
    read_failed = message.has_error();
  });
  asio::steady_timer soon(io, 50ms);
  soon.async_wait([&](auto) { asio::co_spawn(io, ws->close(), [](std::exception_ptr) {}); });
  io.restart();
  io.run_for(5s);
  CHECK(read_failed == true);
}

asio::awaitable<int> read_all(WebSocket& ws) {
  for (int count = 0;; ++count) {
    const auto message = co_await ws.read();
    if (!message) co_return count;
  }
}

TEST_CASE_METHOD(Fixture, "close() takes a second at most also from a peer that talks on") {
  ScriptServer server([](Peer& peer, int) {
    accept_websocket(peer);
    while (peer.write(frame(text, "on and on")))
      std::this_thread::sleep_for(5ms);
  });
  const auto ws = connect(server);
  int count = 0;
  asio::co_spawn(io, read_all(*ws), [&](std::exception_ptr, int read) { count = read; });
  const auto start = std::chrono::steady_clock::now();
  asio::steady_timer soon(io, 50ms);
  soon.async_wait([&](auto) { asio::co_spawn(io, ws->close(), [](std::exception_ptr) {}); });
  io.restart();
  io.run_for(5s);
  CHECK(count > 0);
  CHECK(std::chrono::steady_clock::now() - start < 1500ms);
}

TEST_CASE_METHOD(Fixture,
                 "a cancelled read throws at once and leaves an object that can be destroyed") {
  ScriptServer server([](Peer& peer, int) {
    accept_websocket(peer);
    peer.write(frame(text, "half").substr(0, 3));
    peer.ends_within(5000);
  });
  auto ws = connect(server);
  asio::cancellation_signal signal;
  std::exception_ptr failure;
  asio::co_spawn(io, ws->read(),
                 asio::bind_cancellation_slot(
                     signal.slot(), [&](std::exception_ptr error,
                                        NetResult<net::WebSocketMessage>) { failure = error; }));
  asio::steady_timer timer(io, 50ms);
  timer.async_wait([&](auto) { signal.emit(asio::cancellation_type::terminal); });
  io.restart();
  io.run_for(5s);
  REQUIRE(failure);
  try {
    std::rethrow_exception(failure);
  } catch (const boost::system::system_error& e) {
    CHECK(e.code() == asio::error::operation_aborted);
  }
  CHECK(fault(*ws).fault == NetFault::closed);
  ws.reset();
}

TEST_CASE_METHOD(Fixture, "a stream destroyed under a waiting read ends that read") {
  ScriptServer server([](Peer& peer, int) {
    accept_websocket(peer);
    peer.ends_within(5000);
  });
  auto ws = connect(server);
  bool ended = false;
  asio::co_spawn(io, ws->read(), [&](std::exception_ptr, NetResult<net::WebSocketMessage> message) {
    ended = message.has_error();
  });
  asio::steady_timer soon(io, 50ms);
  soon.async_wait([&](auto) { ws.reset(); });
  io.restart();
  io.run_for(5s);
  CHECK(ended);
}

TEST_CASE_METHOD(Fixture, "wss checks the certificate and then works like ws") {
  const TemporaryFile ca(authority().authority.certificate);
  const auto echo = [](Peer& peer, int) {
    accept_websocket(peer);
    for (auto one = read_frame(peer); one.opcode == text; one = read_frame(peer))
      peer.write(frame(text, one.payload));
  };
  ScriptServer server(echo, &authority().good);
  auto refused = try_connect(server.named_url("wss", "/"));
  REQUIRE(refused.has_error());
  CHECK(refused.error().fault == NetFault::tls);
  settings.tls.ca_file = ca.path();
  auto ws = try_connect(server.named_url("wss", "/"));
  REQUIRE(ws.has_value());
  const std::string large(300'000, 'w');
  for (const auto& one : {std::string("hello"), large}) {
    REQUIRE(run(io, (*ws)->send_text(one)).has_value());
    CHECK(read(**ws)->data == one);
  }
  close(**ws);
}

TEST_CASE_METHOD(Fixture, "headers that break out of their line never leave") {
  ScriptServer server([](Peer&, int) {});
  for (const auto& header : HttpHeaders{
           {"X", "1\r\nY: 2"}, {"X\r\n", "1"}, {"Host", "other"}, {"Sec-WebSocket-Key", "mine"}}) {
    settings.headers = {header};
    const auto ws = try_connect(server.url("ws", "/"));
    REQUIRE(ws.has_error());
    CHECK(ws.error().fault == NetFault::protocol);
  }
  settings.headers.clear();
  CHECK(try_connect("http://127.0.0.1/").error().fault == NetFault::bad_url);
  CHECK(server.connections() == 0);
}
