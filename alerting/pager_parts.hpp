// What the sources of the pager share. Internal to alerting/pager*.cpp.
#pragma once
#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "alerting/notifier.hpp"

namespace brandwacht::alerting {

inline bool contains(const std::vector<std::string>& list, const std::string& name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

std::shared_ptr<Page> make_page(const IncidentEvent& event, std::string_view target,
                                std::string key, std::string_view stamp = {});

inline bool is_trigger(IncidentEventKind kind) {
  return kind != IncidentEventKind::cool && kind != IncidentEventKind::close;
}

// `incident` is over, as an event at `now`.
IncidentEvent over(Incident incident, Time now);

}  // namespace brandwacht::alerting
