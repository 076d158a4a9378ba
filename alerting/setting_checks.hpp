// Checks that several receivers make of their settings.
#pragma once
#include <string>
#include <string_view>

#include "config/reader.hpp"
#include "monitor/time.hpp"

namespace brandwacht::alerting {

// A problem unless `url` is http or https; a warning where it is not encrypted and leaves this
// machine.
void check_url(config::Section& section, std::string_view key, std::string_view url);

// A problem if neither `key` nor `key`_file is there.
void require_secret(config::Section& section, std::string_view key);

// `timeout` of one attempt, 1 to 60 s.
void read_timeout(config::Section& section, Duration& timeout);

}  // namespace brandwacht::alerting
