// Our own trouble: a target that does not take pages is told through the others, as an incident.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "alerting/json.hpp"
#include "alerting/pager.hpp"
#include "alerting/pager_parts.hpp"
#include "monitor/hash.hpp"

namespace brandwacht::alerting {
namespace asio = boost::asio;

namespace {

// About a target of ours. The key holds the target's name and nothing else of the configuration.
Incident own_incident(const std::string& target, Time now) {
  Incident out;
  out.thread_key = platform_key(kOwnPlatform, target);
  // Minutes: a target that fails, recovers and fails again gets a new incident.
  out.episode =
      static_cast<int>(std::chrono::floor<std::chrono::minutes>(now).time_since_epoch().count());
  out.id = incident_id(out.thread_key, out.episode);
  out.brand = std::string(kOwnPlatform);
  out.platform = std::string(kOwnPlatform);
  out.thread = target;
  out.tier = Tier::t2;
  out.first_at = out.opened_at = now;
  return out;
}

}  // namespace

void Pager::restore_own(const Incident& incident) {
  troubles_[incident.thread] = incident;
  delivery_.in_trouble(incident.thread);
}

asio::awaitable<void> Pager::raise(std::string target, std::string why) {
  if (troubles_.contains(target)) co_return;
  IncidentEvent event{IncidentEventKind::page, clock_.now(), own_incident(target, clock_.now())};
  event.incident.updated_at = event.at;
  event.incident.title = cut_code_points(
      fmt::format("Brandwacht cannot page through '{}': {}", target, one_line(why)), 200);
  event.incident.reasons = {{one_line(why), 0}};
  troubles_[target] = event.incident;
  Write write;
  write.incidents.push_back({event, {}});
  std::vector<IncidentEvent> events;
  events.push_back(std::move(event));
  co_await submit(std::move(events), std::move(write));
}

asio::awaitable<void> Pager::withdraw(std::string target) {
  const auto found = troubles_.find(target);
  if (found == troubles_.end()) co_return;
  IncidentEvent event = over(std::move(found->second), clock_.now());
  troubles_.erase(found);
  event.incident.title = fmt::format("Brandwacht can page through '{}' again", target);
  Write write;
  write.incidents.push_back({event, {}});
  std::vector<IncidentEvent> events;
  events.push_back(std::move(event));
  co_await submit(std::move(events), std::move(write));
}

}  // namespace brandwacht::alerting
