// What whoever answers a page is told, in Dutch or English. Pure.
#pragma once
#include <string>
#include <string_view>

#include "alerting/command.hpp"
#include "alerting/inbound.hpp"
#include "monitor/incident.hpp"

namespace brandwacht::alerting {

// "nl" or "en"; anything else is read as "en".
using Language = std::string_view;

// One sentence about what came of `command`. `title` may be empty: the incident is not known.
Said said_of(Language language, const Command& command, const CommandResult& result,
             std::string_view title);
// The button or the code meant nothing: what does.
Said said_of_problem(Language language, const Heard& heard, bool by_sms);

// The button's own words: "I have it", "It is over", ...
std::string_view button_words(Language language, Command::Kind kind);

}  // namespace brandwacht::alerting
