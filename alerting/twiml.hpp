// What Twilio is answered with, and how a phone number is shown.
#pragma once
#include <string>
#include <string_view>

namespace brandwacht::alerting {

std::string masked_phone(std::string_view phone);  // "…678": who it was, for those who know them
std::string xml_text(std::string_view text);       // escaped
std::string twiml_nothing();
std::string twiml_message(std::string_view text);  // a reply by SMS
std::string twiml_say(std::string_view text);

}  // namespace brandwacht::alerting
