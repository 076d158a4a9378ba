// The seam for outgoing HTTP. alerting/ sees only this; connectors/net implements it with Beast and
// TLS.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/system/result.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "monitor/time.hpp"

namespace brandwacht {

enum class NetFault : std::uint8_t {
  bad_url,
  resolve,
  connect,
  tls,
  timeout,    // before the request was fully written: it did not arrive
  ambiguous,  // written, but no complete answer: it may have arrived
  closed,     // the peer ended the conversation
  too_large,
  protocol,  // not what the protocol allows; `status` is set where a WebSocket upgrade was refused
};
std::string_view to_string(NetFault fault) noexcept;

// `detail` is one clear sentence without secrets: it never holds a URL's path or query.
struct NetError {
  NetFault fault = NetFault::protocol;
  std::string detail;
  int status = 0;
};
[[noreturn]] void throw_exception_from_error(const NetError& error,
                                             const boost::source_location& where);

template <class T>
using NetResult = boost::system::result<T, NetError>;

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
  std::string method = "POST";
  std::string url;  // http:// or https://
  HttpHeaders headers;
  std::string body;
  Duration timeout =
      std::chrono::seconds{15};  // for the whole exchange; connect and TLS get 5 s each
};

struct HttpResponse {
  int status = 0;
  HttpHeaders headers;
  std::string body;  // at most 64 KiB; the rest is read and dropped

  std::string_view header(std::string_view name) const noexcept;  // case-insensitive; empty: absent
};

class HttpClient {
 public:
  virtual ~HttpClient() = default;
  // Never follows redirects. Keeps connections for reuse. Cancellation throws operation_aborted;
  // everything else is a value.
  virtual boost::asio::awaitable<NetResult<HttpResponse>> send(HttpRequest request) = 0;
};

}  // namespace brandwacht
