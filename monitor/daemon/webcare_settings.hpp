// The rest of [desk]: clocks, promises, policy, playbooks.
#pragma once
#include <memory>

#include "config/reader.hpp"
#include "monitor/desk/playbooks.hpp"
#include "monitor/desk/settings.hpp"

namespace brandwacht::daemon {

// Reads its keys of an open [desk]; the caller reads the others and closes it.
void read_webcare(config::Section& section, desk::Settings& settings,
                  std::shared_ptr<const desk::Playbooks>& playbooks);

}  // namespace brandwacht::daemon
