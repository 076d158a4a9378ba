// The desk's log: what the weekly report is made from. One row for each event of the desk and of an
// incident; no text of a post.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "monitor/desk/event.hpp"
#include "monitor/incident.hpp"

namespace brandwacht::desk {

struct LogRow {
  Time at{};
  std::string
      kind;  // to_string(What), or of an incident "page", "notify", "upgrade", "cool", "close"
  std::string brand;
  std::string incident;      // its id; empty: of a thread
  std::string text;          // as Event::text; of an incident its title
  std::uint64_t thread = 0;  // key
  Duration span{};
  Time due{};
  std::int32_t count = 0;
  std::int32_t tier = 0;  // of an incident: 1 to 4
};

LogRow row_of(const Event& event, std::string_view brand);
LogRow row_of(const IncidentEvent& event);

}  // namespace brandwacht::desk
