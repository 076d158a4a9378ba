// The bundled invented morning, played at speed through the real line: hot threads live, pages as
// they reach the phone.
#pragma once
#include <string>

#include "monitor/line/line.hpp"

namespace brandwacht::daemon {

struct DemoOptions {
  double speed = 480;  // virtual seconds per second; 0: as fast as it goes
  bool once = false;
  line::DeskLanguage language = line::DeskLanguage::en;
};

// The brands and settings that the recording was written for: the defaults of a fresh
// configuration.
line::Settings demo_settings(line::DeskLanguage language);
std::string_view demo_recording();  // NDJSON

// Plays until the end (once) or until interrupted. Gives an exit status.
int run_demo(const DemoOptions& options);

}  // namespace brandwacht::daemon
