#include "connectors/net/url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace brandwacht::net {
namespace {

constexpr std::size_t longest_url = 16 << 10;

bool is_alnum(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// After percent-decoding, so that "a%0d%0ab" is seen for what it is.
bool is_host_name(std::string_view host) noexcept {
  return !host.empty() && host.size() <= 253 && std::all_of(host.begin(), host.end(), [](char c) {
    return is_alnum(c) || c == '-' || c == '.' || c == '_';
  });
}

NetError bad_url(std::string detail) {
  return make_fault(NetFault::bad_url, std::move(detail));
}

NetResult<std::uint16_t> port_of(const boost::urls::url_view& url, std::uint16_t standard) {
  if (!url.has_port() || url.port().empty()) return standard;
  const auto port = url.port_number();  // 0 also when it does not fit
  if (port == 0) return bad_url("the port in the URL is not between 1 and 65535");
  return port;
}

NetResult<Origin> origin_of(const boost::urls::url_view& url, std::string_view scheme) {
  Origin origin;
  const std::string_view spoken(url.scheme().data(), url.scheme().size());
  if (same_name(spoken, std::string(scheme) + "s"))
    origin.tls = true;
  else if (!same_name(spoken, scheme))
    return bad_url(fmt::format("the URL must begin with {}:// or {}s://", scheme, scheme));
  if (url.has_userinfo())
    return bad_url("the URL holds a user name or password; use an Authorization header instead");
  const std::uint16_t standard = origin.tls ? 443 : 80;
  const auto port = port_of(url, standard);
  if (!port) return port.error();
  origin.port = *port;
  origin.host = url.host_address();
  boost::system::error_code no_address;
  const auto address = boost::asio::ip::make_address(origin.host, no_address);
  origin.address = !no_address;
  if (!origin.address && !is_host_name(origin.host))
    return bad_url("the URL has no valid host name (write international names as xn--...)");
  const bool v6 = origin.address && address.is_v6();
  origin.authority = v6 ? "[" + origin.host + "]" : origin.host;
  if (origin.port != standard) origin.authority += fmt::format(":{}", origin.port);
  return origin;
}

}  // namespace

std::string Origin::name() const {
  const bool v6 = host.find(':') != std::string::npos;
  return v6 ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

NetResult<Url> parse_url(std::string_view text, std::string_view scheme) {
  if (text.size() > longest_url) return bad_url("the URL is longer than 16 KiB");
  const auto parsed = boost::urls::parse_uri(text);
  if (!parsed)
    return bad_url("the URL is malformed; spaces and special characters must be percent-encoded");
  auto origin = origin_of(*parsed, scheme);
  if (!origin) return origin.error();
  Url url;
  url.origin = std::move(*origin);
  const auto path = parsed->encoded_path();
  url.target.assign(path.data(), path.size());
  if (url.target.empty()) url.target = "/";
  if (parsed->has_query()) {
    const auto query = parsed->encoded_query();
    url.target.append("?").append(query.data(), query.size());
  }
  return url;
}

bool is_token(std::string_view text) noexcept {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return is_alnum(c) || marks.find(c) != std::string_view::npos;
  });
}

bool is_field_value(std::string_view text) noexcept {
  return std::none_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && byte != '\t') || byte == 0x7f;
  });
}

bool same_name(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

NetError make_fault(NetFault fault, std::string detail, int status) {
  NetError error;
  error.fault = fault;
  error.detail = std::move(detail);
  error.status = status;
  return error;
}

}  // namespace brandwacht::net
