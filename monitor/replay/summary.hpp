// What a replay would have meant for the desk, brand by brand.
#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <unordered_set>

#include "monitor/calendar.hpp"
#include "monitor/incident.hpp"

namespace brandwacht::replay {

class Summary {
 public:
  explicit Summary(const Calendar& calendar) : calendar_(calendar) {}

  void event(const IncidentEvent& event);
  void critic(const std::string& brand, std::uint64_t thread);  // one more

  struct Brand {
    std::array<std::uint64_t, 5> events{};  // by IncidentEventKind
    std::uint64_t critics = 0;
    std::unordered_set<std::uint64_t> threads;  // with a critic
    std::uint64_t night = 0;                    // pages and upgrades
    // Pages and upgrades by week on the desk's wall, numbered from 1970.
    std::map<std::int64_t, std::uint64_t> weeks;
    std::uint64_t of(IncidentEventKind kind) const {
      return events[static_cast<std::size_t>(kind)];
    }
    std::uint64_t worst_week() const;
  };
  const std::map<std::string, Brand>& brands() const { return brands_; }

  // A table with one row a brand, in order of their names, and one for all if there are several.
  std::string table() const;

 private:
  const Calendar& calendar_;
  std::map<std::string, Brand> brands_;
};

}  // namespace brandwacht::replay
