// The least HTTP/1.1 that speaks to a server on this machine: one connection per request. For tests
// of alerting/, which may not include connectors/.
#pragma once
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <charconv>
#include <string>

#include "monitor/event.hpp"
#include "monitor/http.hpp"

namespace brandwacht::alerting {

namespace asio = boost::asio;
using Tcp = asio::ip::tcp;

// "Name: value" lines, without the first line.
inline HttpHeaders parse_headers(std::string_view head) {
  HttpHeaders out;
  for (auto at = head.find("\r\n"); at != std::string_view::npos;) {
    const auto end = head.find("\r\n", at + 2);
    const auto line = head.substr(at + 2, end == std::string_view::npos ? end : end - at - 2);
    const auto colon = line.find(": ");
    if (colon != std::string_view::npos)
      out.emplace_back(line.substr(0, colon), line.substr(colon + 2));
    at = end;
  }
  return out;
}

class LoopbackHttp final : public HttpClient {
 public:
  explicit LoopbackHttp(std::string user_agent = "test") : user_agent_(std::move(user_agent)) {}

  asio::awaitable<NetResult<HttpResponse>> send(HttpRequest request) override {
    const std::string_view rest = std::string_view(request.url).substr(7);  // behind http://
    const auto slash = rest.find('/');
    const auto colon = rest.find(':');
    unsigned short port = 0;
    std::from_chars(rest.data() + colon + 1, rest.data() + slash, port);
    const auto use = asio::as_tuple(asio::use_awaitable);
    Tcp::socket socket(co_await asio::this_coro::executor);
    const Tcp::endpoint server(asio::ip::address_v4::loopback(), port);
    auto [refused] = co_await socket.async_connect(server, use);
    if (refused) co_return NetError{NetFault::connect, refused.message(), 0};
    std::string out = request.method + " " + std::string(rest.substr(slash)) + " HTTP/1.1\r\n";
    out += "Host: 127.0.0.1\r\nConnection: close\r\nUser-Agent: " + user_agent_ + "\r\n";
    out += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
    for (const auto& [name, value] : request.headers)
      out += name + ": " + value + "\r\n";
    out += "\r\n" + request.body;
    auto [broken, sent] = co_await asio::async_write(socket, asio::buffer(out), use);
    if (broken) co_return NetError{NetFault::ambiguous, broken.message(), 0};
    std::string answer;
    auto buffer = asio::dynamic_buffer(answer);
    auto [end, size] = co_await asio::async_read(socket, buffer, use);
    const auto head = answer.find("\r\n\r\n");
    if (end != asio::error::eof || head == std::string::npos)
      co_return NetError{NetFault::ambiguous, "no complete answer", 0};
    HttpResponse response;
    std::from_chars(answer.data() + 9, answer.data() + 12, response.status);
    response.headers = parse_headers(std::string_view(answer).substr(0, head));
    response.body = answer.substr(head + 4);
    co_return response;
  }

 private:
  std::string user_agent_;
};

}  // namespace brandwacht::alerting
