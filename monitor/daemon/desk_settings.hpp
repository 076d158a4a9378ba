// [desk], [surge], [[campaign]], [topics], [heartbeat] and [budget] of the configuration.
#pragma once
#include <string>
#include <vector>

#include "config/reader.hpp"
#include "monitor/thread/brand_level.hpp"

namespace brandwacht::daemon {

// `brands`: the names of those that are watched. What is wrong goes to the document's problems.
thread::BrandLevelSettings read_brand_level(config::Section& root,
                                            const std::vector<std::string>& brands);

}  // namespace brandwacht::daemon
