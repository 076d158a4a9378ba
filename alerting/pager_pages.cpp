// What an incident event becomes: pages for receivers, in one transaction with it.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "alerting/command.hpp"
#include "alerting/pager.hpp"
#include "alerting/pager_parts.hpp"
#include "monitor/probe.hpp"

namespace brandwacht::alerting {
namespace asio = boost::asio;

std::shared_ptr<Page> make_page(const IncidentEvent& event, std::string_view target) {
  auto page = std::make_shared<Page>();
  page->dedup_key = event.incident.id;
  page->action = event.kind == IncidentEventKind::close ? Action::resolve : Action::trigger;
  page->event = event.kind;
  page->delivery_id = delivery_id(event, target);
  page->at = event.at;
  page->incident = event.incident;
  return page;
}

IncidentEvent over(Incident incident, Time now) {
  IncidentEvent out{IncidentEventKind::close, now, std::move(incident)};
  out.incident.state = IncidentState::closed;
  out.incident.updated_at = now;
  return out;
}

// Commits `events` and all their pages in one transaction, then sends.
asio::awaitable<void> Pager::submit(std::vector<IncidentEvent> events, Write write) {
  ++storing_;
  for (const auto& event : events)
    add_rows(event, write);
  std::vector<OutboxRow> rows = write.rows;
  auto seqs = co_await store_.write(std::move(write));
  --storing_;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (seqs) rows[i].seq = seqs->at(i);
    if (seqs && rows[i].seq == 0)
      ++stats_.repeated;
    else
      delivery_.add(std::move(rows[i]));
  }
  if (!seqs || !settings_.committed) co_return;
  for (const auto& event : events)
    settings_.committed(event);
}

Pager::Receivers Pager::receivers_of(const IncidentEvent& event) const {
  if (is_probe(event.incident)) return watchdogs();
  if (is_own(event.incident)) return receivers_of_own(event);
  const auto live = live_.find(event.incident.id);
  Receivers routed = routes_.targets(event);
  if (live == live_.end()) return routed;
  // Who heard of an incident hears the rest of it, whatever the routes say of its later tier.
  Receivers heard;
  bool gone = false;
  for (const auto& name : live->second.targets) {
    if (contains(delivery_.names(), name))
      heard.push_back(name);
    else
      gone = true;
  }
  const bool over = event.kind == IncidentEventKind::close || event.kind == IncidentEventKind::cool;
  // A receiver that was renamed still reaches the same vendor, where the incident is open under the
  // same key.
  if (over && !gone && !heard.empty()) return heard;
  add_new(heard, routed);
  return heard;
}

Pager::Receivers Pager::receivers_of_own(const IncidentEvent& event) const {
  Receivers out = delivery_.names();
  std::erase(out, event.incident.thread);
  std::erase_if(out, [&](const auto& name) { return delivery_.traits(name).watchdog; });
  return out;
}

Pager::Receivers Pager::watchdogs() const {
  Receivers out = delivery_.names();
  std::erase_if(out, [&](const auto& name) { return !delivery_.traits(name).watchdog; });
  return out;
}

void Pager::add_rows(const IncidentEvent& event, Write& write) {
  Receivers receivers = receivers_of(event);
  if (event.kind == IncidentEventKind::cool)
    std::erase_if(receivers, [&](const auto& name) { return !delivery_.traits(name).updates; });
  else if (receivers.empty() && !is_probe(event.incident)) {
    ++stats_.unrouted;
    spdlog::error("pager: nobody is told of the {} of {} ({}): no route leads to a receiver",
                  to_string(event.kind), event.incident.id, to_string(event.incident.tier));
  }
  for (const auto& receiver : receivers) {
    OutboxRow row;
    row.target = receiver;
    row.page = make_page(event, receiver);
    row.created = row.next_due = clock_.now();
    write.rows.push_back(std::move(row));
  }
  note(event, receivers);
}

void Pager::note(const IncidentEvent& event, const Receivers& receivers) {
  if (is_probe(event.incident)) return;  // over as soon as it came through
  if (event.kind == IncidentEventKind::close) {
    live_.erase(event.incident.id);
    return;
  }
  Live& live = live_[event.incident.id];
  live.incident = event.incident;
  live.desk.incident = event.incident.id;
  if (event.kind != IncidentEventKind::cool) add_new(live.targets, receivers);
}

}  // namespace brandwacht::alerting
