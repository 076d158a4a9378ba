// HttpClient over Beast, with TLS and kept connections.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/thread_pool.hpp>
#include <memory>
#include <string>

#include "monitor/http.hpp"

namespace brandwacht::net {

struct TlsSettings {
  // PEM; empty: the system's trust store. TLS 1.2 is the oldest version spoken either way.
  std::string ca_file;
};

struct HttpClientSettings {
  TlsSettings tls;
  std::string user_agent = "brandwacht/" BRANDWACHT_VERSION;
  std::size_t idle_per_host = 2;                 // kept connections
  Duration idle_for = std::chrono::seconds{60};  // dropped at the next request after that
  Duration connect_within = std::chrono::seconds{5};
  Duration handshake_within = std::chrono::seconds{5};
};

// send() runs on its caller's executor, which must be single-threaded and the same for all calls;
// the client must outlive its requests.
//
// Names are resolved on `pool`: resolution blocks and cannot be cancelled, and must hold up neither
// the line nor a shutdown. A resolver that hangs occupies a thread of the pool for as long as the
// system lets it, so give names a pool of their own.
//
// A kept connection that the peer has closed is replaced by a fresh one if nothing was written on
// it; otherwise the fault is `ambiguous` and the caller decides. A trust store that cannot be read
// is fault `tls` of each https request.
std::unique_ptr<HttpClient> make_http_client(boost::asio::any_io_executor executor,
                                             boost::asio::thread_pool& pool,
                                             HttpClientSettings settings = {});

}  // namespace brandwacht::net
