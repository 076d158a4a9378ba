// spdlog, set up for where it writes: readable on a terminal, <N> prefixes for journald, JSON lines
// otherwise.
#pragma once
#include <string>

namespace brandwacht::daemon {

// `format`: auto, text, journald, json. Logs go to stderr; stdout belongs to results.
void setup_logging(const std::string& level, const std::string& format);

}  // namespace brandwacht::daemon
