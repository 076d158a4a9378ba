#include "connectors/net/tls.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <boost/asio/ssl/error.hpp>
#include <mutex>

namespace brandwacht::net {
namespace ssl = boost::asio::ssl;
namespace {

NetError tls_fault(std::string detail) {
  return make_fault(NetFault::tls, std::move(detail));
}

std::string explain_certificate(const Origin& origin, long verdict) {
  const std::string of = "the certificate of " + origin.host;
  switch (verdict) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return of + " has expired, or one of those that sign it";
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return of + " is not valid yet; is this machine's clock right?";
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return of + " is for another name";
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      return of + " is self-signed and not in the trust store";
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return of + " is signed by an authority that this machine does not trust";
    default:
      return fmt::format("{} was refused: {}", of, X509_verify_cert_error_string(verdict));
  }
}

NetResult<std::shared_ptr<ssl::context>> new_context(const std::string& ca_file) {
  auto fresh = std::make_shared<ssl::context>(ssl::context::tls_client);
  boost::system::error_code error;
  if (SSL_CTX_set_min_proto_version(fresh->native_handle(), TLS1_2_VERSION) != 1)
    return tls_fault("OpenSSL refuses TLS 1.2 as the oldest version");
  fresh->set_verify_mode(ssl::verify_peer, error);
  if (error) return tls_fault("certificate checks cannot be switched on: " + error.message());
  if (ca_file.empty())
    fresh->set_default_verify_paths(error);
  else
    fresh->load_verify_file(ca_file, error);
  if (!error) return fresh;
  const auto what = ca_file.empty() ? "the system's trust store" : "the CA file " + ca_file;
  return tls_fault(fmt::format("{} cannot be read: {}", what, error.message()));
}

// One for the process: where the store is a bundle, reading it takes 50 ms, too long for every
// reconnect.
NetResult<std::shared_ptr<ssl::context>> system_context() {
  static std::mutex mutex;
  static std::shared_ptr<ssl::context> shared;
  const std::lock_guard lock(mutex);
  if (shared) return shared;
  auto fresh = new_context("");
  if (fresh) shared = *fresh;
  return fresh;
}

}  // namespace

NetResult<std::shared_ptr<ssl::context>> TlsTrust::context() {
  if (context_) return context_;
  auto fresh = settings_.ca_file.empty() ? system_context() : new_context(settings_.ca_file);
  if (fresh) context_ = *fresh;
  return fresh;
}

void expect_server(SSL* handle, const Origin& origin) {
  X509_VERIFY_PARAM* expected = SSL_get0_param(handle);
  if (origin.address) {
    X509_VERIFY_PARAM_set1_ip_asc(expected, origin.host.c_str());
  } else {
    SSL_set_tlsext_host_name(handle, origin.host.c_str());
    X509_VERIFY_PARAM_set_hostflags(expected, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    X509_VERIFY_PARAM_set1_host(expected, origin.host.c_str(), origin.host.size());
  }
  static constexpr unsigned char http11[] = "\x08http/1.1";
  SSL_set_alpn_protos(handle, http11, sizeof http11 - 1);
}

NetError explain_handshake(SSL* handle, const Origin& origin,
                           const boost::system::error_code& error) {
  const long verdict = SSL_get_verify_result(handle);
  if (verdict != X509_V_OK) return tls_fault(explain_certificate(origin, verdict));
  if (error.category() != boost::asio::error::get_ssl_category())
    return tls_fault(origin.name() + " ended the connection during the TLS handshake");
  const int reason = ERR_GET_REASON(static_cast<unsigned long>(error.value()));
  if (reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_HTTP_REQUEST)
    return tls_fault(origin.name() + " does not speak TLS on this port");
  if (reason == SSL_R_UNSUPPORTED_PROTOCOL || reason == SSL_R_TLSV1_ALERT_PROTOCOL_VERSION)
    return tls_fault(origin.name() + " speaks no TLS of version 1.2 or newer");
  return tls_fault(
      fmt::format("the TLS handshake with {} failed: {}", origin.name(), error.message()));
}

}  // namespace brandwacht::net
