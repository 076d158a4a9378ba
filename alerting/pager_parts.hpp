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

inline void add_new(std::vector<std::string>& list, const std::vector<std::string>& more) {
  for (const auto& name : more)
    if (!contains(list, name)) list.push_back(name);
}

std::shared_ptr<Page> make_page(const IncidentEvent& event, std::string_view target);

// `incident` is over, as an event at `now`.
IncidentEvent over(Incident incident, Time now);

}  // namespace brandwacht::alerting
