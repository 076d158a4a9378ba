#include "connectors/net/tls.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <boost/asio/ssl/error.hpp>
#include <ctime>

namespace brandwacht::net {
namespace ssl = boost::asio::ssl;
namespace {

NetError tls_fault(std::string detail) {
  return make_fault(NetFault::tls, std::move(detail));
}

std::string day_of(const ASN1_TIME* time) {
  std::tm when{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &when) != 1) return "an unknown date";
  return fmt::format("{:04}-{:02}-{:02}", when.tm_year + 1900, when.tm_mon + 1, when.tm_mday);
}

std::string explain_certificate(SSL* handle, const Origin& origin, long verdict) {
  X509* certificate = SSL_get0_peer_certificate(handle);
  const std::string of = "the certificate of " + origin.host;
  switch (verdict) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      // The date is the server's own; the expired one may be another of its chain.
      return fmt::format("{}, or one it was signed with, has expired (its own date is {})", of,
                         day_of(certificate ? X509_get0_notAfter(certificate) : nullptr));
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return fmt::format("{} is not valid before {}; is this machine's clock right?", of,
                         day_of(certificate ? X509_get0_notBefore(certificate) : nullptr));
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

}  // namespace

NetResult<std::shared_ptr<ssl::context>> TlsTrust::context() {
  if (context_) return context_;
  auto fresh = std::make_shared<ssl::context>(ssl::context::tls_client);
  boost::system::error_code error;
  if (SSL_CTX_set_min_proto_version(fresh->native_handle(), TLS1_2_VERSION) != 1)
    return tls_fault("OpenSSL refuses TLS 1.2 as the oldest version");
  fresh->set_verify_mode(ssl::verify_peer, error);
  if (error) return tls_fault("certificate checks cannot be switched on: " + error.message());
  if (settings_.ca_file.empty())
    fresh->set_default_verify_paths(error);
  else
    fresh->load_verify_file(settings_.ca_file, error);
  if (error && settings_.ca_file.empty())
    return tls_fault("the system's trust store cannot be read: " + error.message());
  if (error)
    return tls_fault(
        fmt::format("the CA file {} cannot be read: {}", settings_.ca_file, error.message()));
  context_ = std::move(fresh);
  return context_;
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
  if (verdict != X509_V_OK) return tls_fault(explain_certificate(handle, origin, verdict));
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
