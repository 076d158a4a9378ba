// What `tune` prints: the report for a terminal. Pure.
#pragma once
#include <string>

#include "monitor/replay/report.hpp"

namespace brandwacht::daemon {

std::string tune_text(const replay::ReportInput& input);

}  // namespace brandwacht::daemon
