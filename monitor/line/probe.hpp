// See monitor/probe.hpp and Line::probe().
#pragma once
#include "monitor/probe.hpp"
#include "monitor/text/matcher.hpp"

namespace brandwacht::line {

// To be the last of Settings::brands of a line that is to be probed: a post that names a real one
// as well is about that.
text::BrandTerms probe_brand();

}  // namespace brandwacht::line
