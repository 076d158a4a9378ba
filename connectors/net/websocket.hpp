// A WebSocket client over plain TCP or TLS.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "connectors/net/http_client.hpp"
#include "monitor/http.hpp"

namespace brandwacht::net {

struct WebSocketSettings {
  TlsSettings tls;
  std::string user_agent = "brandwacht/" BRANDWACHT_VERSION;
  HttpHeaders headers;                                 // extra request headers
  Duration connect_within = std::chrono::seconds{10};  // resolve, connect, TLS and upgrade together
  Duration idle_timeout =
      std::chrono::seconds{75};       // nothing at all received, pings included: fault `timeout`
  std::size_t max_message = 4 << 20;  // fault `too_large`
  bool offer_deflate = false;         // RFC 7692 permessage-deflate
};

struct WebSocketMessage {
  bool binary = false;
  // Valid until the next read(); followed by at least 64 readable bytes (simdjson parses in place).
  std::string_view data;
};

// One connection. Reads and writes may overlap; two reads may not. Pings of the peer are answered
// while a read() is waiting.
class WebSocket {
 public:
  // `url` is ws:// or wss:// with path and query. A refused upgrade is fault `protocol` with the
  // HTTP status and the start of the body (text, at most 200 bytes, one line) in `detail`.
  static boost::asio::awaitable<NetResult<std::unique_ptr<WebSocket>>> connect(
      boost::asio::any_io_executor executor, boost::asio::thread_pool& pool, std::string url,
      WebSocketSettings settings);
  virtual ~WebSocket() = default;

  // A close frame of the peer is fault `closed`, with its code in `status` and its reason in
  // `detail`.
  virtual boost::asio::awaitable<NetResult<WebSocketMessage>> read() = 0;
  virtual boost::asio::awaitable<NetResult<std::size_t>> send_text(std::string text) = 0;
  virtual boost::asio::awaitable<NetResult<std::size_t>> ping() = 0;
  // Sends a close frame and waits for the answer, at most a second. Never fails.
  virtual boost::asio::awaitable<void> close() = 0;
};

}  // namespace brandwacht::net
