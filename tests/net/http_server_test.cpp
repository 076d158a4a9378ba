#include "connectors/net/http_server.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <future>
#include <thread>

#include "monitor/task_group.hpp"
#include "tests/net/run.hpp"
#include "tests/net/script_server.hpp"
#include "tests/support/catch.hpp"

using namespace brandwacht;
using namespace brandwacht::test;
using namespace std::chrono_literals;
namespace asio = boost::asio;
using net::HttpServer;
using net::ServerRequest;
using net::ServerResponse;

namespace {

asio::awaitable<void> wait_for(std::chrono::milliseconds span) {
  asio::steady_timer timer(co_await asio::this_coro::executor, span);
  co_await timer.async_wait(asio::use_awaitable);
}

// Answers with what it saw; some paths do something special.
asio::awaitable<ServerResponse> handle(ServerRequest request) {
  ServerResponse response;
  if (request.path() == "/throw") throw std::runtime_error("invented failure");
  if (request.path() == "/slow") co_await wait_for(300ms);
  if (request.path() == "/forever") co_await wait_for(1h);
  if (request.path() == "/empty") response.status = 204;
  if (request.path() == "/bad-header") response.headers = {{"X", "1\r\nY: 2"}};
  if (request.path() == "/header") response.headers = {{"X-Id", "7"}};
  response.content_type = "text/plain";
  response.body = fmt::format("{} {} [{}] {} {}", request.method, request.target,
                              request.header("x-test"), request.body.size(), request.peer);
  co_return response;
}

// The server on a thread of its own, so that the tests can be blocking clients.
class Running {
 public:
  explicit Running(net::HttpServerSettings settings = {})
      : server_(io_.get_executor(), settings, handle), tasks_(io_.get_executor()) {
    tasks_.spawn("server", server_.run());
    thread_ = std::thread([this] { io_.run(); });
  }
  ~Running() { stop(); }

  // Returns how long the stop took.
  std::chrono::milliseconds stop() {
    const auto start = std::chrono::steady_clock::now();
    if (thread_.joinable()) {
      asio::post(io_, [this] { tasks_.cancel(); });
      thread_.join();
    }
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                                 start);
  }
  std::unique_ptr<Peer> client() const { return Peer::connect_to(server_.port()); }
  std::uint16_t port() const { return server_.port(); }
  std::string ask(std::string_view request) const {
    const auto peer = client();
    peer->write(request);
    return peer->read_message();
  }

 private:
  asio::io_context io_;
  HttpServer server_;
  TaskGroup tasks_;
  std::thread thread_;
};

int status_of(const std::string& answer) {
  return answer.starts_with("HTTP/1.1 ") ? std::stoi(answer.substr(9)) : 0;
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

constexpr std::string_view get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

}  // namespace

TEST_CASE("a request reaches the handler whole and its answer comes back") {
  Running server;
  const auto answer = server.ask(
      "POST /api/x?y=1 HTTP/1.1\r\nHost: h\r\nX-Test: abc\r\nContent-Length: 5\r\n\r\nhello");
  CHECK(status_of(answer) == 200);
  CHECK(answer.ends_with("\r\n\r\nPOST /api/x?y=1 [abc] 5 127.0.0.1"));
  CHECK(contains(answer, "\r\nContent-Type: text/plain\r\n"));
  CHECK(contains(answer, "\r\nDate: "));
  CHECK(contains(server.ask("GET /header HTTP/1.1\r\nHost: h\r\n\r\n"), "\r\nX-Id: 7\r\n"));
}

TEST_CASE("our own client and server understand each other on one loop") {
  Loop loop;
  HttpServer server(loop.io.get_executor(), {}, handle);
  TaskGroup tasks(loop.io.get_executor());
  tasks.spawn("server", server.run());
  const auto client = net::make_http_client(loop.io.get_executor(), loop.pool);
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{5 << 20}}) {
    HttpRequest request;
    request.url = fmt::format("http://127.0.0.1:{}/x", server.port());
    request.body.assign(size, 'b');
    const auto reply = run(loop.io, client->send(request));
    REQUIRE(reply.has_value());
    CHECK(reply->body == fmt::format("POST /x [] {} 127.0.0.1", size));
  }
  tasks.cancel();
  loop.io.restart();
  loop.io.run_for(5s);
  CHECK(tasks.size() == 0);
}

TEST_CASE("a connection serves many requests, also those that arrive together") {
  Running server;
  const auto peer = server.client();
  peer->write(
      "GET /slow HTTP/1.1\r\nHost: h\r\n\r\n"
      "POST /b HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
      "GET /c HTTP/1.1\r\nHost: h\r\n\r\n");
  CHECK(contains(peer->read_message(), "GET /slow "));
  CHECK(contains(peer->read_message(), "POST /b [] 3 "));
  CHECK(contains(peer->read_message(), "GET /c "));
  peer->write_one_by_one("GET /d HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  const auto last = peer->read_message();
  CHECK(contains(last, "GET /d "));
  CHECK(contains(last, "\r\nConnection: close\r\n"));
  CHECK(peer->ends_within(2000));
}

TEST_CASE("HTTP/1.0 closes unless it asks to stay") {
  Running server;
  auto peer = server.client();
  peer->write("GET / HTTP/1.0\r\n\r\n");
  CHECK(status_of(peer->read_message()) == 200);
  CHECK(peer->ends_within(2000));
  peer = server.client();
  peer->write("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  CHECK(contains(peer->read_message(), "\r\nConnection: keep-alive\r\n"));
  peer->write("GET / HTTP/1.0\r\n\r\n");
  CHECK(status_of(peer->read_message()) == 200);
}

TEST_CASE("HEAD and 204 send no body and keep the connection in step") {
  Running server;
  const auto peer = server.client();
  peer->write("HEAD /h HTTP/1.1\r\nHost: h\r\n\r\n");
  std::string head;
  while (!head.ends_with("\r\n\r\n")) {
    const auto line = peer->read_line();
    REQUIRE_FALSE(line.empty());
    head += line;
  }
  CHECK(contains(head, fmt::format("\r\nContent-Length: {}\r\n",
                                   std::string_view("GET /h [] 0 127.0.0.1").size())));
  peer->write("GET /empty HTTP/1.1\r\nHost: h\r\n\r\n");
  const auto empty = peer->read_message();
  CHECK(status_of(empty) == 204);
  CHECK_FALSE(contains(empty, "Content-Length"));
  peer->write(get);
  CHECK(status_of(peer->read_message()) == 200);
}

TEST_CASE("what is not HTTP, or could smuggle a request, gets 400 or 501 and the end") {
  Running server;
  const auto refused = [&](std::string_view request) {
    const auto peer = server.client();
    peer->write(request);
    const int status = status_of(peer->read_message());
    CHECK(peer->ends_within(2000));
    return status;
  };
  CHECK(refused("not http\r\n\r\n") == 400);
  CHECK(refused("GET / HTTP/1.1\r\n\r\n") == 400);
  CHECK(refused("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n") == 400);
  CHECK(refused("GET / HTTP/1.1\r\nHost: h\r\nX : y\r\n\r\n") == 400);
  CHECK(refused("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n") == 400);
  CHECK(refused("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab") ==
        400);
  CHECK(refused("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n"
                "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n") == 400);
  CHECK(refused("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n") == 501);
  CHECK(refused("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n") == 400);
  CHECK(refused("GET / HTTP/1.1\r\nHost: h\r\nExpect: miracles\r\n\r\n") == 417);
}

TEST_CASE("headers past their limit get 431, a body past its limit 413, before it is read") {
  net::HttpServerSettings settings;
  settings.max_header = 2000;
  settings.max_body = 1000;
  Running server(settings);
  const std::string post = "POST / HTTP/1.1\r\nHost: h\r\n";
  CHECK(status_of(server.ask("GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(3000, 'x') +
                             "\r\n\r\n")) == 431);
  CHECK(status_of(server.ask("GET /" + std::string(1 << 20, 'x') + " HTTP/1.1\r\n\r\n")) == 431);
  // Only announced: the answer does not wait for it.
  CHECK(status_of(server.ask(post + "Content-Length: 1001\r\n\r\n")) == 413);
  CHECK(status_of(server.ask(post + "Content-Length: 1000000000000\r\n\r\n")) == 413);
  CHECK(status_of(server.ask(post + "Content-Length: 1000\r\n\r\n" + std::string(1000, 'x'))) ==
        200);
  // Sent in full before the answer is read: it must survive that.
  const auto peer = server.client();
  peer->write(post + "Transfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 20; ++i)
    peer->write("400\r\n" + std::string(0x400, 'x') + "\r\n");
  CHECK(status_of(peer->read_message()) == 413);
  CHECK(peer->ends_within(2000));
}

TEST_CASE("a client that waits for 100 Continue is told to go on, or why not") {
  net::HttpServerSettings settings;
  settings.max_body = 1000;
  Running server(settings);
  auto peer = server.client();
  peer->write("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-Continue\r\nContent-Length: 3\r\n\r\n");
  CHECK(peer->read_message() == "HTTP/1.1 100 Continue\r\n\r\n");
  peer->write("abc");
  CHECK(contains(peer->read_message(), "POST / [] 3 "));
  peer->write("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 9999\r\n\r\n");
  CHECK(status_of(peer->read_message()) == 413);
}

TEST_CASE("a handler that throws gives 500 and a log line without the path's end") {
  Running server;
  const auto peer = server.client();
  peer->write("GET /throw?key=secret HTTP/1.1\r\nHost: h\r\n\r\n");
  const auto answer = peer->read_message();
  CHECK(status_of(answer) == 500);
  CHECK_FALSE(contains(answer, "invented failure"));
  peer->write("GET /bad-header HTTP/1.1\r\nHost: h\r\n\r\n");
  const auto header = peer->read_message();
  CHECK(status_of(header) == 500);
  CHECK_FALSE(contains(header, "Y: 2"));
  peer->write(get);
  CHECK(status_of(peer->read_message()) == 200);
}

TEST_CASE("a client that dribbles its header or body, or idles, is cut off") {
  net::HttpServerSettings settings;
  settings.header_within = 300ms;
  settings.body_within = 300ms;
  Running server(settings);
  const auto dribbles = server.client(), body = server.client(), idle = server.client();
  idle->write(get);
  CHECK(status_of(idle->read_message()) == 200);
  body->write("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nabc");
  const auto start = std::chrono::steady_clock::now();
  bool open = dribbles->write("GET / HTTP/1.1\r\n");
  while (open && std::chrono::steady_clock::now() - start < 3s)
    open = dribbles->write("X: y\r\n") && !dribbles->ends_within(50);
  CHECK_FALSE(open);
  CHECK(idle->ends_within(1000));
  CHECK(body->ends_within(1000));
  CHECK(std::chrono::steady_clock::now() - start < 2s);
}

TEST_CASE("connections over the cap get 503; room that is freed is used") {
  net::HttpServerSettings settings;
  settings.max_connections = 2;
  Running server(settings);
  auto first = server.client();
  const auto second = server.client();
  for (auto* one : {first.get(), second.get()}) {
    one->write(get);
    REQUIRE(status_of(one->read_message()) == 200);
  }
  CHECK(status_of(server.client()->read_message()) == 503);
  first.reset();
  CHECK(eventually([&] { return status_of(server.ask(get)) == 200; }));
  second->write(get);
  CHECK(status_of(second->read_message()) == 200);
}

TEST_CASE("a stop lets a request finish, drops the idle, and waits a second at most") {
  Running server;
  const auto idle = server.client(), slow = server.client();
  idle->write(get);
  REQUIRE(status_of(idle->read_message()) == 200);
  slow->write("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n");
  std::this_thread::sleep_for(50ms);
  auto stopped = std::async(std::launch::async, [&] { return server.stop(); });
  const auto answer = slow->read_message();
  CHECK(status_of(answer) == 200);
  CHECK(contains(answer, "\r\nConnection: close\r\n"));
  CHECK(idle->ends_within(1000));
  CHECK(stopped.get() < 900ms);
}

TEST_CASE("a handler that never ends does not hold up the stop") {
  Running server;
  const auto peer = server.client();
  peer->write("GET /forever HTTP/1.1\r\nHost: h\r\n\r\n");
  std::this_thread::sleep_for(50ms);
  const auto took = server.stop();
  CHECK(took >= 900ms);
  CHECK(took < 3s);
  CHECK(peer->ends_within(1000));
}

TEST_CASE("what hinders listening is one clear sentence") {
  asio::io_context io;
  const auto why = [&](std::string address, std::uint16_t port) -> std::string {
    net::HttpServerSettings settings;
    settings.address = std::move(address);
    settings.port = port;
    try {
      HttpServer server(io.get_executor(), settings, handle);
      return "";
    } catch (const std::system_error& error) {
      return error.what();
    }
  };
  HttpServer first(io.get_executor(), {}, handle);
  CHECK(why("127.0.0.1", first.port()) ==
        fmt::format("cannot listen on 127.0.0.1:{}: another program uses this port", first.port()));
  CHECK(why("10.300.0.1", 8428) ==
        "cannot listen on 10.300.0.1:8428: \"10.300.0.1\" is not an IP address");
  CHECK(why("192.0.2.1", 8428) ==
        "cannot listen on 192.0.2.1:8428: this machine does not have that address");
  CHECK(why("localhost", 0).empty());
}

TEST_CASE("IPv6 is served and called by its address") {
  Loop loop;
  net::HttpServerSettings settings;
  settings.address = "::1";
  std::optional<HttpServer> server;
  try {
    server.emplace(loop.io.get_executor(), settings, handle);
  } catch (const std::system_error& error) {
    WARN("no IPv6 here: " << error.what());
    return;
  }
  TaskGroup tasks(loop.io.get_executor());
  tasks.spawn("server", server->run());
  const auto client = net::make_http_client(loop.io.get_executor(), loop.pool);
  HttpRequest request;
  request.url = fmt::format("http://[::1]:{}/six", server->port());
  const auto reply = run(loop.io, client->send(request));
  tasks.cancel();
  loop.io.restart();
  loop.io.run_for(5s);
  REQUIRE(reply.has_value());
  CHECK(reply->body == "POST /six [] 0 ::1");
}
