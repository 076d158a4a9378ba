// What people did about one open incident, and what was told to whom: the part of an incident's
// life that is alerting's own. Stored with its pages in one transaction.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "monitor/incident.hpp"

namespace brandwacht::alerting {

struct Acknowledgement {
  std::string who, via;
  Time at{}, until{};
  Tier tier = Tier::t2;  // of the incident then: a higher one breaks through
};

struct Case {
  std::string incident;  // Incident::id
  int level = 0;         // of the dedup key, see alerting/command.hpp
  std::optional<Acknowledgement> ack;
  std::string resolved_by;  // by hand; empty: not
};

std::string encode(const Case& one);  // JSON
std::optional<Case> decode_case(std::string_view json);

}  // namespace brandwacht::alerting
