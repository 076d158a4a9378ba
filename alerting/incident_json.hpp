// An incident as the outbox keeps it: JSON that reads back to the same incident. Internal; what
// users and pagers see is to_json(IncidentEvent) and the receivers' own forms.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "monitor/incident.hpp"

namespace brandwacht::alerting {

std::string encode(const Incident& incident);

// Nullopt: not what encode() wrote, or damaged on the disk. A key that is absent keeps its default,
// so that an older snapshot reads; an unknown one is ignored.
std::optional<Incident> decode_incident(std::string_view json);

std::optional<IncidentEventKind> parse_event_kind(std::string_view text) noexcept;

}  // namespace brandwacht::alerting
