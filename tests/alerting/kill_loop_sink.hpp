// The receivers of the kill loop: an HTTP server that thinks for a while, refuses now and then, and
// remembers what came.
#pragma once
#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "alerting/signature.hpp"
#include "tests/alerting/loopback_http.hpp"

namespace brandwacht::alerting {
namespace {

struct Arrival {
  std::string delivery, dedup, life;
  Time at{};  // of the decision
};

class Sink {
 public:
  Sink() : acceptor_(io_, Tcp::endpoint(asio::ip::address_v4::loopback(), 0)) {
    asio::co_spawn(io_, accept(), asio::detached);
    thread_ = std::thread([this] { io_.run(); });
  }
  ~Sink() {
    io_.stop();
    thread_.join();
  }
  std::string port() const { return std::to_string(acceptor_.local_endpoint().port()); }
  std::vector<Arrival> arrivals() {
    const std::lock_guard lock(mutex_);
    return arrivals_;
  }
  int refused = 0, forged = 0;  // read after the sink's end of work

 private:
  asio::awaitable<void> accept() {
    for (;;) {
      auto socket = co_await acceptor_.async_accept(asio::use_awaitable);
      asio::co_spawn(io_, serve(std::move(socket)), asio::detached);
    }
  }

  // A killed child leaves half requests and closed sockets: every error just ends the conversation.
  asio::awaitable<void> serve(Tcp::socket socket) {
    const auto use = asio::as_tuple(asio::use_awaitable);
    std::string in;
    auto buffer = asio::dynamic_buffer(in);
    auto [broken, head] = co_await asio::async_read_until(socket, buffer, "\r\n\r\n", use);
    if (broken) co_return;
    HttpResponse request;  // for its headers
    request.headers = parse_headers(std::string_view(in).substr(0, head));
    const auto length = std::stoul(std::string(request.header("Content-Length")));
    if (in.size() < head + length) {
      auto [cut, more] = co_await asio::async_read(
          socket, buffer, asio::transfer_exactly(head + length - in.size()), use);
      if (cut) co_return;
    }
    const bool refuse = random_() % 10 == 0;
    if (refuse)
      ++refused;
    else
      note(request, in.substr(head));
    asio::steady_timer thinking(io_, std::chrono::microseconds{random_() % 3000});
    co_await thinking.async_wait(asio::use_awaitable);
    const std::string answer =
        fmt::format("HTTP/1.1 {}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                    refuse ? "503 Busy\r\nRetry-After: 0" : "200 OK");
    co_await asio::async_write(socket, asio::buffer(answer), use);
  }

  static Time decided(const std::string& body) {
    const auto begin = body.find(R"("timestamp":")") + 13;
    return parse_rfc3339(body.substr(begin, body.find('"', begin) - begin)).value_or(Time{});
  }

  void note(const HttpResponse& request, const std::string& body) {
    const std::string id(request.header("webhook-id"));
    const Time at{
        std::chrono::seconds{std::stoll(std::string(request.header("webhook-timestamp")))}};
    if (request.header("webhook-signature") != sign_webhook({std::string(32, 'k')}, id, at, body))
      ++forged;
    const auto begin = body.find(R"("incident":")") + 12;
    const std::lock_guard lock(mutex_);
    arrivals_.push_back({id, body.substr(begin, body.find('"', begin) - begin),
                         std::string(request.header("User-Agent")), decided(body)});
  }

  asio::io_context io_;
  Tcp::acceptor acceptor_;
  std::mt19937 random_{4711};
  std::mutex mutex_;
  std::vector<Arrival> arrivals_;
  std::thread thread_;
};

}  // namespace
}  // namespace brandwacht::alerting
