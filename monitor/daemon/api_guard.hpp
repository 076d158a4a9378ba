// Who may speak to the API: it has no passwords, so a web page in the operator's own browser must
// not be able to. Pure.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/net/http_server.hpp"

namespace brandwacht::daemon {

// Why the request is refused; nothing: it is not. `names`: hosts that the API may be called by,
// beside "localhost" and IP addresses.
//
// Against DNS rebinding: a page whose name suddenly leads to 127.0.0.1 still sends its own name as
// Host. Against cross-site requests: browsers say where a request comes from, and a form of another
// site cannot send JSON.
std::optional<std::string> refused(const net::ServerRequest& request,
                                   const std::vector<std::string>& names);

// The host of "https://host:port/path", small letters; empty: none.
std::string host_of_url(std::string_view url);

}  // namespace brandwacht::daemon
