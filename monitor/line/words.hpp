// How the monitor says things to the desk, in Dutch or English. Pure.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "monitor/incident.hpp"
#include "monitor/line/stories.hpp"
#include "monitor/thread/decision.hpp"
#include "monitor/thread/model.hpp"

namespace brandwacht::line {

enum class DeskLanguage : std::uint8_t { en, nl };
std::optional<DeskLanguage> parse_desk_language(std::string_view text) noexcept;  // "nl", "en"

// One sentence for the phone: who, how many, how fast.
std::string title(DeskLanguage language, std::string_view brand, const thread::Belief& belief,
                  Time now);

// Why, the strongest first: the forecast, the four largest contributions to it, and what always
// stands beside it: the plain count, the negative share, copies, the brand's answer or its absence.
std::vector<Reason> reasons(DeskLanguage language, const thread::Belief& belief,
                            const thread::Calibration& calibration, const Story* story, Time now);

}  // namespace brandwacht::line
