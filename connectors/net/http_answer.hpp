// How the server's answers look on the wire.
#pragma once
#include <string>
#include <string_view>

#include "connectors/net/http_server.hpp"

namespace brandwacht::net {

struct AnswerForm {
  bool keep_alive = true;
  bool head_only = false;  // the answer to HEAD: lengths as for GET, no body
  bool http_1_0 = false;   // such a client closes unless told that the connection stays
};

bool may_have_body(int status) noexcept;

// Valid status and no header that could break out of its line.
bool is_sendable(const ServerResponse& response) noexcept;

// Status line and headers, with Date, Content-Type, Content-Length and Connection.
std::string answer_head(const ServerResponse& response, AnswerForm form);

// {"error": sentence}; the sentence is the server's own.
ServerResponse plain_answer(int status, std::string_view sentence);

// "/api" of "/api/incidents/7?x=y": what of a target may stand in a log.
std::string first_segment(std::string_view target);

}  // namespace brandwacht::net
