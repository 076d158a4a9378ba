// What of the configuration decides who is paged when, as text that can be compared with that of
// the last start.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "alerting/notifier.hpp"
#include "monitor/daemon/settings.hpp"

namespace brandwacht::daemon {

// "theta_page=0.5\nmin_joiners=5\n...": no secret, no URL.
std::string deciding_settings(const Settings& settings);

// What to announce; nullopt: nothing has changed, or this is the first start.
std::optional<alerting::Change> what_changed(std::string_view before, std::string_view now,
                                             Time at);

// Where the text is kept, among the cursors of the sources.
inline constexpr std::string_view kDecidingSettings = "brandwacht: deciding settings";

}  // namespace brandwacht::daemon
