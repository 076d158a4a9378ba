#include "connectors/net/url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/url/parse.hpp>
#include <charconv>

namespace brandwacht::net {
namespace {

constexpr std::size_t longest_url = 16 << 10;

bool is_alnum(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_host_name(std::string_view host) noexcept {
  return !host.empty() && host.size() <= 253 && std::all_of(host.begin(), host.end(), [](char c) {
    return is_alnum(c) || c == '-' || c == '.' || c == '_';
  });
}

NetError bad_url(std::string detail) {
  return make_fault(NetFault::bad_url, std::move(detail));
}

// The three pieces of a URL that Boost.URL has found well-formed. Cut here and not there, because
// Boost 1.81 takes "http://1.2.3.4.example/" for the address 1.2.3.4 with the path ".example/".
struct Pieces {
  std::string_view scheme, authority, target;
};

Pieces cut(std::string_view url) noexcept {
  Pieces out;
  const auto colon = url.find("://");
  if (colon == std::string_view::npos) return out;
  out.scheme = url.substr(0, colon);
  url = url.substr(colon + 3, url.substr(colon + 3).find('#'));
  const auto end = std::min(url.find_first_of("/?"), url.size());
  out.authority = url.substr(0, end);
  out.target = url.substr(end);
  return out;
}

NetResult<std::uint16_t> port_of(std::string_view text, std::uint16_t standard) {
  if (text.empty() || text == ":") return standard;
  std::uint16_t port = 0;
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data() + 1, end, port);
  if (text[0] != ':' || read.ec != std::errc() || read.ptr != end || port == 0)
    return bad_url("the port in the URL is not between 1 and 65535");
  return port;
}

NetResult<Origin> origin_of(const Pieces& url, std::string_view scheme) {
  Origin origin;
  if (same_name(url.scheme, std::string(scheme) + "s"))
    origin.tls = true;
  else if (!same_name(url.scheme, scheme))
    return bad_url(fmt::format("the URL must begin with {}:// or {}s://", scheme, scheme));
  if (url.authority.find('@') != std::string_view::npos)
    return bad_url("the URL holds a user name or password; use an Authorization header instead");
  const bool v6 = url.authority.starts_with('[');
  const auto host_end = v6 ? url.authority.find(']') + 1 : url.authority.find(':');
  const auto host = url.authority.substr(0, host_end);
  const std::uint16_t standard = origin.tls ? 443 : 80;
  const auto port = port_of(url.authority.substr(host.size()), standard);
  if (!port) return port.error();
  origin.port = *port;
  origin.host = v6 ? host.substr(1, host.size() - 2) : host;
  boost::system::error_code no_address;
  const auto address = boost::asio::ip::make_address(origin.host, no_address);
  origin.address = !no_address;
  if (v6 ? !address.is_v6() : !origin.address && !is_host_name(origin.host))
    return bad_url("the URL has no valid host name (write international names as xn--...)");
  origin.authority = host;
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
  if (!boost::urls::parse_uri(text))
    return bad_url("the URL is malformed; spaces and special characters must be percent-encoded");
  const auto pieces = cut(text);
  auto origin = origin_of(pieces, scheme);
  if (!origin) return origin.error();
  Url url;
  url.origin = std::move(*origin);
  if (!pieces.target.starts_with('/')) url.target = "/";
  url.target += pieces.target;
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
