#include "monitor/daemon/api_guard.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>

#include "connectors/net/redact.hpp"

namespace brandwacht::daemon {
namespace {

std::string small(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return out;
}

// "host:port", "[::1]:port" or either without a port.
std::string host_alone(std::string_view authority) {
  if (authority.starts_with('[')) return small(authority.substr(0, authority.find(']') + 1));
  return small(authority.substr(0, authority.find(':')));
}

bool is_address(std::string_view host) {
  if (host.size() > 2 && host.front() == '[' && host.back() == ']')
    host = host.substr(1, host.size() - 2);
  boost::system::error_code error;
  boost::asio::ip::make_address(std::string(host), error);
  return !error;
}

bool may_be_called(const std::string& host, const std::vector<std::string>& names) {
  return host == "localhost" || is_address(host) ||
         std::find(names.begin(), names.end(), host) != names.end();
}

}  // namespace

std::string host_of_url(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  url.remove_prefix(scheme + 3);
  return host_alone(url.substr(0, url.find_first_of("/?#")));
}

std::optional<std::string> refused(const net::ServerRequest& request,
                                   const std::vector<std::string>& names) {
  const std::string host = host_alone(request.header("host"));
  if (!host.empty() && !may_be_called(host, names))
    return fmt::format(
        "this API is not called '{}': call it by its address, or name it in 'hosts' of "
        "[daemon]",
        net::printable(host, 60));
  const bool reads = request.method == "GET" || request.method == "OPTIONS";
  if (reads) return std::nullopt;
  const auto site = request.header("sec-fetch-site");
  const auto origin = request.header("origin");
  const bool foreign = (!site.empty() && site != "same-origin" && site != "none") ||
                       (!origin.empty() && host_of_url(origin) != host);
  if (foreign) return "a page of another site may not do this";
  return std::nullopt;
}

}  // namespace brandwacht::daemon
