// The TLS side of a client connection: whom we trust, and what a failed handshake means.
#pragma once
#include <openssl/types.h>

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>

#include "connectors/net/http_client.hpp"
#include "connectors/net/url.hpp"

namespace brandwacht::net {

// Builds the context at the first use and keeps it. A trust store that cannot be read is an error
// of that request, and is tried again at the next: the file may have been put right.
class TlsTrust {
 public:
  explicit TlsTrust(TlsSettings settings) : settings_(std::move(settings)) {}
  NetResult<std::shared_ptr<boost::asio::ssl::context>> context();

 private:
  TlsSettings settings_;
  std::shared_ptr<boost::asio::ssl::context> context_;
};

// Server name indication, the name the certificate must carry, HTTP/1.1 as the protocol inside.
void expect_server(SSL* ssl, const Origin& origin);

// One sentence on why the handshake failed: expired, for another name, signed by nobody we trust,
// not TLS at all, ...
NetError explain_handshake(SSL* ssl, const Origin& origin, const boost::system::error_code& error);

}  // namespace brandwacht::net
