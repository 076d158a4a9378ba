// A fake of a pager's server: a real one on this machine, which answers with the bytes that it is
// told to. It is no vendor: what it knows of one is what a test says.
#pragma once
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include "tests/alerting/loopback_http.hpp"
#include "tests/alerting/receivers.hpp"

namespace brandwacht::alerting {

inline std::string raw_answer(int status, const HttpHeaders& headers = {}, std::string body = {}) {
  std::string out = "HTTP/1.1 " + std::to_string(status) + " Told\r\nConnection: close\r\n";
  for (const auto& [name, value] : headers)
    out += name + ": " + value + "\r\n";
  return out + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

class FakeVendor {
 public:
  // An empty answer: it hangs up once it has read the request.
  using Script = std::function<std::string(const HttpRequest&)>;

  explicit FakeVendor(Script script)
      : script_(std::move(script)),
        acceptor_(io_, Tcp::endpoint(asio::ip::address_v4::loopback(), 0)) {}

  std::string address() const {
    return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
  }

  // One attempt against it, over a real connection.
  Outcome attempt(Notifier& notifier, const Page& what, Time now = kNoon) {
    io_.restart();
    asio::co_spawn(io_, serve(), asio::detached);
    Outcome out;
    asio::co_spawn(io_, notifier.notify(what, now), [&](std::exception_ptr error, Outcome got) {
      if (error) std::rethrow_exception(error);
      out = std::move(got);
      acceptor_.cancel();
    });
    io_.run();
    return out;
  }

  std::vector<HttpRequest> requests;  // `url`: only the target

 private:
  asio::awaitable<void> serve() {
    const auto use = asio::as_tuple(asio::use_awaitable);
    for (;;) {
      auto [error, socket] = co_await acceptor_.async_accept(use);
      if (error) co_return;
      std::string data;
      auto buffer = asio::dynamic_buffer(data);
      auto [cut, size] = co_await asio::async_read_until(socket, buffer, "\r\n\r\n", use);
      if (cut) continue;
      HttpRequest request = head_of(std::string_view(data).substr(0, size - 4));
      const std::size_t body = std::stoul("0" + header(request, "Content-Length"));
      if (const std::size_t have = data.size() - size; have < body) {
        auto [short_of, more] =
            co_await asio::async_read(socket, buffer, asio::transfer_exactly(body - have), use);
        if (short_of) continue;
      }
      request.body = data.substr(size);
      requests.push_back(request);
      const std::string answer = script_(request);
      if (!answer.empty()) co_await asio::async_write(socket, asio::buffer(answer), use);
    }
  }

  static HttpRequest head_of(std::string_view head) {
    HttpRequest out;
    const auto space = head.find(' ');
    out.method = head.substr(0, space);
    out.url = head.substr(space + 1, head.find(' ', space + 1) - space - 1);
    out.headers = parse_headers(head);
    return out;
  }

  Script script_;
  asio::io_context io_;
  Tcp::acceptor acceptor_;
};

}  // namespace brandwacht::alerting
