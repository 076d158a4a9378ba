// Invented incidents: a drill goes the whole way, a test to one receiver alone.
#pragma once
#include <string_view>

#include "monitor/incident.hpp"

namespace brandwacht {

// What Incident::thread begins with, so that it is known after a restart as well.
inline constexpr std::string_view kDrillMark = "brandwacht:drill:", kTestMark = "brandwacht:test:";

inline bool is_drill(const Incident& incident) noexcept {
  return incident.thread.starts_with(kDrillMark);
}
inline bool is_test(const Incident& incident) noexcept {
  return incident.thread.starts_with(kTestMark);
}

}  // namespace brandwacht
