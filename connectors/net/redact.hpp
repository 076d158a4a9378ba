// What a server sent, made fit for a log line.
#pragma once
#include <string>
#include <string_view>

#include "monitor/http.hpp"

namespace brandwacht::net {

// The first `most` printable bytes on one line: control characters and runs of white space become
// one space, broken UTF-8 becomes '?'. Never cuts a character.
std::string printable(std::string_view text, std::size_t most);

// `text` with every piece of the request's path, query and headers of 8 bytes or more replaced by
// "[...]": error pages like to quote the request, and with it the token.
std::string redact(std::string_view text, std::string_view target, const HttpHeaders& headers);

}  // namespace brandwacht::net
