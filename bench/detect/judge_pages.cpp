#include "bench/detect/judge_pages.hpp"

#include <algorithm>

#include "bench/figure.hpp"

namespace brandwacht::bench {
namespace {

constexpr Duration kWeek = std::chrono::hours{168};

bool is_night(Time at) {
  const auto hour = std::chrono::floor<std::chrono::hours>(at).time_since_epoch().count() % 24;
  return hour >= 22 || hour < 7;
}

}  // namespace

Score judge(std::span<const Page> pages, const Recorded& recorded) {
  Score out;
  const auto weeks = static_cast<double>((recorded.end - recorded.split) / kWeek);
  std::vector<double> by_week(static_cast<std::size_t>(weeks));
  std::unordered_map<std::uint64_t, Time> first;  // page, by origin
  int right = 0, sent = 0, night = 0;
  for (const Page& page : pages) {
    const auto known = first.try_emplace(page.origin, page.at).first;
    known->second = std::min(known->second, page.at);
    if (page.at < recorded.split || page.at >= recorded.end) continue;
    ++sent;
    if (recorded.incidents.contains(page.origin)) ++right;
    if (is_night(page.at)) ++night;
    ++by_week[static_cast<std::size_t>((page.at - recorded.split) / kWeek)];
  }
  std::vector<double> leads;
  int early = 0;
  for (const auto& [origin, at] : recorded.incidents) {
    if (at < recorded.split || at >= recorded.end) continue;
    ++out.incidents;
    const auto page = first.find(origin);
    if (page == first.end()) continue;
    leads.push_back(static_cast<double>((at - page->second).count()) / 6e7);
    if (page->second < at) ++early;
  }
  if (out.incidents == 0 || sent == 0) return out;
  out.precision = static_cast<double>(right) / sent;
  out.recall = static_cast<double>(leads.size()) / out.incidents;
  out.early = static_cast<double>(early) / out.incidents;
  out.lead = leads.empty() ? 0 : median(leads);
  out.a_week = sent / weeks;
  out.worst_week = *std::ranges::max_element(by_week);
  out.night_a_week = night / weeks;
  return out;
}

}  // namespace brandwacht::bench
