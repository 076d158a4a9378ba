// Was it sent after all? Reads Twilio's lists of messages and calls.
#pragma once
#include <string>
#include <string_view>

#include "monitor/time.hpp"

namespace brandwacht::alerting {

// The sid of a message since `since` with the Body of `form`, that was not refused; empty: none.
std::string find_twilio_message(std::string_view list, std::string_view form, Time since);
// The same of a call from this number.
std::string find_twilio_call(std::string_view list, std::string_view from, Time since);

std::string base64(std::string_view bytes);  // with padding

}  // namespace brandwacht::alerting
