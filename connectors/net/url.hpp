// What a URL means for a connection, and which bytes may stand in a request head.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "monitor/http.hpp"

namespace brandwacht::net {

struct Origin {
  bool tls = false;
  std::string host;  // a name or an address, without brackets
  std::uint16_t port = 0;
  bool address = false;   // `host` is an IP address
  std::string authority;  // the Host header: brackets around IPv6, the port when not the default

  std::string name() const;  // "host:port", for people; never holds a secret
  friend bool operator==(const Origin&, const Origin&) = default;
};

struct Url {
  Origin origin;
  std::string target;  // path and query exactly as written; "/" when absent; no fragment
};

// Accepts `scheme`:// and `scheme`s:// ("http" or "ws"). Anything that could smuggle bytes into a
// request head, user names, and ports out of range are fault `bad_url`; `detail` repeats nothing of
// the URL but the host.
NetResult<Url> parse_url(std::string_view url, std::string_view scheme);

bool is_token(std::string_view text) noexcept;        // RFC 9110: methods and header names
bool is_field_value(std::string_view text) noexcept;  // no control characters but tab
bool same_name(std::string_view a, std::string_view b) noexcept;  // ASCII, case-insensitive

NetError make_fault(NetFault fault, std::string detail, int status = 0);

}  // namespace brandwacht::net
