// The number by which a text message names an incident: "4821a" takes it, "4821c" says that it is
// over, "4821e" asks the next in line.
//
// The number is made of the incident's id and of nothing else: the same after a restart and at
// every receiver, and a reply to an old message cannot mean an incident that was given its number
// since. Where two open incidents share one (one in 9,000), the number means neither, and the link
// does.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "monitor/incident.hpp"

namespace brandwacht::alerting {

int sms_code(std::string_view incident) noexcept;  // 1000 to 9999

// The one open incident with this code ("4821", as somebody typed it); nullopt: none, or several.
std::optional<std::string> incident_of_sms_code(std::string_view code,
                                                std::span<const Incident> open);

}  // namespace brandwacht::alerting
