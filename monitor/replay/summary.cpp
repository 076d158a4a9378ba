#include "monitor/replay/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace brandwacht::replay {
namespace {

// Weeks begin on Monday; 1970 began on a Thursday.
std::int64_t week_of(const Calendar& calendar, Time at) {
  const auto day = calendar.zone.local(at).day.time_since_epoch().count() + 3;
  return day >= 0 ? day / 7 : (day - 6) / 7;
}

void add(Summary::Brand& to, const Summary::Brand& from) {
  for (std::size_t i = 0; i < to.events.size(); ++i)
    to.events[i] += from.events[i];
  to.critics += from.critics;
  to.threads.insert(from.threads.begin(), from.threads.end());
  to.night += from.night;
  for (const auto& [week, count] : from.weeks)
    to.weeks[week] += count;
}

void append_row(std::string& out, std::string_view name, const Summary::Brand& brand) {
  fmt::format_to(std::back_inserter(out), "{:<24.24} {:>6} {:>8} {:>8} {:>6} {:>11} {:>9} {:>9}\n",
                 name, brand.of(IncidentEventKind::page), brand.of(IncidentEventKind::upgrade),
                 brand.of(IncidentEventKind::notify), brand.night, brand.worst_week(),
                 brand.threads.size(), brand.critics);
}

}  // namespace

std::uint64_t Summary::Brand::worst_week() const {
  std::uint64_t worst = 0;
  for (const auto& [week, count] : weeks)
    worst = std::max(worst, count);
  return worst;
}

void Summary::event(const IncidentEvent& event) {
  Brand& brand = brands_[event.incident.brand];
  ++brand.events[static_cast<std::size_t>(event.kind)];
  if (event.kind != IncidentEventKind::page && event.kind != IncidentEventKind::upgrade) return;
  ++brand.weeks[week_of(calendar_, event.at)];
  brand.night += calendar_.is_night(event.at) ? 1 : 0;
}

void Summary::critic(const std::string& name, std::uint64_t thread) {
  Brand& brand = brands_[name];
  ++brand.critics;
  brand.threads.insert(thread);
}

std::string Summary::table() const {
  std::string out =
      fmt::format("{:<24} {:>6} {:>8} {:>8} {:>6} {:>11} {:>9} {:>9}\n", "brand", "pages",
                  "upgrades", "notices", "night", "worst week", "threads", "critics");
  Brand all;
  for (const auto& [name, brand] : brands_) {
    append_row(out, name, brand);
    add(all, brand);
  }
  if (brands_.size() > 1) append_row(out, "all", all);
  return out;
}

}  // namespace brandwacht::replay
