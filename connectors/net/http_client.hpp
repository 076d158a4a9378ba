// HttpClient over Beast, with TLS and kept connections.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/thread_pool.hpp>
#include <memory>
#include <string>

#include "monitor/http.hpp"

namespace brandwacht::net {

struct TlsSettings {
  std::string
      ca_file;  // PEM; empty: the system's trust store. TLS 1.2 is the oldest version spoken.
};

struct HttpClientSettings {
  TlsSettings tls;
  std::string user_agent = "brandwacht/" BRANDWACHT_VERSION;
  std::size_t idle_per_host = 2;                 // kept connections
  Duration idle_for = std::chrono::seconds{60};  // after that a kept connection is closed
  Duration connect_within = std::chrono::seconds{5};
  Duration handshake_within = std::chrono::seconds{5};
};

// Resolves names on `pool` (resolution blocks and cannot be cancelled; it must not hold up the line
// or shutdown). A request on a kept connection that the peer closed before any byte of the answer
// is retried once on a fresh one only if nothing was written; otherwise the fault is `ambiguous`
// and the caller decides.
std::unique_ptr<HttpClient> make_http_client(boost::asio::any_io_executor executor,
                                             boost::asio::thread_pool& pool,
                                             HttpClientSettings settings = {});

}  // namespace brandwacht::net
