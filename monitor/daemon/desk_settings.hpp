// [desk], [surge], [[campaign]], [topics], [heartbeat] and [budget] of the configuration.
#pragma once
#include <string>
#include <vector>

#include "config/reader.hpp"
#include "monitor/daemon/webcare_settings.hpp"
#include "monitor/thread/brand_level.hpp"

namespace brandwacht::daemon {

struct WebcareSettings {
  desk::Settings desk;                               // without the calendar
  std::shared_ptr<const desk::Playbooks> playbooks;  // nullptr: those that ship
};

// `brands`: the names of those that are watched. What is wrong goes to the document's problems.
thread::BrandLevelSettings read_brand_level(config::Section& root,
                                            const std::vector<std::string>& brands,
                                            WebcareSettings& webcare);

}  // namespace brandwacht::daemon
