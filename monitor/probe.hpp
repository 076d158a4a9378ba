// The post that we send ourselves to see that the line still works. It is of a brand of its own,
// counts nowhere, is kept nowhere, and is told to watchdogs only.
#pragma once
#include <string_view>

#include "monitor/incident.hpp"

namespace brandwacht {

inline constexpr std::string_view kProbeBrand = "brandwacht-probe";  // no brand may be called so

inline bool is_probe(const Incident& incident) noexcept {
  return incident.brand == kProbeBrand;
}

}  // namespace brandwacht
