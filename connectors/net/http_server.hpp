// A small HTTP/1.1 server: the daemon's API, health and metrics.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "monitor/http.hpp"

namespace brandwacht::net {

struct ServerRequest {
  std::string method;  // HEAD arrives as GET; the server leaves the body out of the answer
  std::string target;  // as sent, with the query
  HttpHeaders headers;
  std::string body;
  std::string peer;  // address of the client

  std::string_view path() const noexcept;                         // target up to '?'
  std::string_view header(std::string_view name) const noexcept;  // case-insensitive
};

struct ServerResponse {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  HttpHeaders headers;
};

// Called on the server's executor, for several requests at once: their coroutines take turns.
using HttpHandler = std::function<boost::asio::awaitable<ServerResponse>(ServerRequest)>;

struct HttpServerSettings {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;             // 0: a free one
  std::size_t max_body = 8 << 20;     // 413 above
  std::size_t max_header = 8 << 10;   // 431 above
  std::size_t max_connections = 256;  // further ones get 503 and are closed
  Duration header_within =
      std::chrono::seconds{10};  // slowloris bound, also for an idle kept connection
  Duration body_within = std::chrono::seconds{30};
};

class HttpServer {
 public:
  // Binds at once. Throws std::system_error whose what() is one sentence that names address and
  // port ("cannot listen on 127.0.0.1:8428: another program uses this port"), so that the caller
  // can print it.
  HttpServer(boost::asio::any_io_executor executor, HttpServerSettings settings,
             HttpHandler handler);
  ~HttpServer();

  std::uint16_t port() const;
  // Serves until cancelled; then stops accepting, lets requests in progress finish for at most a
  // second, and returns. A handler that throws gives 500 and a log line.
  boost::asio::awaitable<void> run();

  struct Impl;  // defined in the source, for its coroutines

 private:
  std::shared_ptr<Impl> impl_;
};

}  // namespace brandwacht::net
