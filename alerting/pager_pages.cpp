// What becomes pages: an event of the line, or time that passes, goes through the policy, and what
// comes through is committed with the case and then sent.
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
using enum IncidentEventKind;

namespace {

constexpr std::size_t kClosed = 1'024;
constexpr Duration kClockSteps = std::chrono::seconds{2};  // what is less is no step
constexpr Duration kLookEvery = std::chrono::seconds{30};  // while something is due

}  // namespace

std::shared_ptr<Page> make_page(const IncidentEvent& event, std::string_view target,
                                std::string key, std::string_view stamp) {
  auto page = std::make_shared<Page>();
  page->dedup_key = std::move(key);
  page->action = event.kind == close ? Action::resolve : Action::trigger;
  page->event = event.kind;
  page->delivery_id = delivery_id(event, target, stamp);
  page->at = event.at;
  page->incident = event.incident;
  return page;
}

IncidentEvent over(Incident incident, Time now) {
  IncidentEvent out{close, now, std::move(incident)};
  out.incident.state = IncidentState::closed;
  out.incident.updated_at = now;
  return out;
}

// Commits, then sends. False: in memory only.
asio::awaitable<bool> Pager::commit(Write write) {
  ++storing_;
  std::vector<OutboxRow> rows = write.rows;
  auto seqs = co_await store_.write(std::move(write));
  --storing_;
  const auto names = delivery_.names();
  std::vector<OutboxRow> homeless;  // another configuration came while they were stored
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (seqs) rows[i].seq = seqs->at(i);
    if (seqs && rows[i].seq == 0)
      ++stats_.repeated;
    else if (!contains(names, rows[i].target))
      homeless.push_back(std::move(rows[i]));
    else
      delivery_.add(std::move(rows[i]));
  }
  if (!homeless.empty()) {
    Write again;
    adopt(std::move(homeless), again);
    co_await commit(std::move(again));
  }
  co_return seqs.has_value();
}

// Commits `events` and all their pages in one transaction, then sends.
asio::awaitable<void> Pager::submit(std::vector<IncidentEvent> events, Write write) {
  for (const auto& event : events)
    news(event, write);
  changes_.happened();
  const bool stored = co_await commit(std::move(write));
  if (!stored || !settings_.committed) co_return;
  for (const auto& event : events)
    settings_.committed(event);
}

// Now; and when the wall clock was set since the last call, all appointments move with it.
Time Pager::time() {
  const Time now = clock_.now();
  const auto steady = clock_.steady();
  const Duration step = (now - wall_) - std::chrono::duration_cast<Duration>(steady - steady_);
  if (step > kClockSteps || step < -kClockSteps)
    for (auto& [id, live] : live_)
      shift(live.desk, step);
  wall_ = now;
  steady_ = steady;
  return now;
}

World Pager::world() const {
  World out;
  for (const auto& [id, live] : live_)
    if (!is_own(live.last.incident) && live.desk.resolved_by.empty())
      out.open.push_back(&live.last);
  out.silences = silences_;
  out.traits = [this](const std::string& receiver) { return delivery_.traits(receiver); };
  return out;
}

Passage Pager::begin(Passage::Cause cause, const Live& live, IncidentEvent event) const {
  Passage out;
  out.cause = cause;
  out.event = std::move(event);
  out.now = wall_;
  out.desk = live.desk;
  out.cooling = live.cooling;
  for (const auto& [receiver, key] : live.told) {
    if (!contains(delivery_.names(), receiver))
      out.lost = true;
    else if (!contains(out.heard, receiver))
      out.heard.push_back(receiver);
  }
  return out;
}

// An event that was decided before a crash, and is derived again after it.
bool Pager::known(const IncidentEvent& event) {
  const auto old = closed_.find(event.incident.id);
  if (old != closed_.end() && !live_.contains(event.incident.id)) {
    if (!learn(old->second, event)) return true;
    live_[event.incident.id].desk.known = std::move(old->second.known);
    closed_.erase(old);
    return false;
  }
  return !learn(live_[event.incident.id].desk, event);
}

void Pager::news(const IncidentEvent& event, Write& write) {
  if (is_probe(event.incident)) {
    probe_news(event, write);
    return;
  }
  if (is_own(event.incident)) {
    own_news(event, write);
    return;
  }
  time();
  if (known(event)) {
    ++stats_.repeated;
    return;
  }
  Live& live = live_[event.incident.id];
  live.desk.incident = event.incident.id;
  if (is_trigger(event.kind))
    live.last = event;
  else
    live.last.incident = event.incident;
  live.cooling = event.kind == cool;
  Passage passage = pass(policy_, world(), begin(Passage::Cause::news, live, event));
  spdlog::info("pager: {} of {}: {}", to_string(event.kind), event.incident.id,
               in_words(passage.verdicts));
  if (passage.desk.owed) ++stats_.quiet;
  if (is_trigger(event.kind) && passage.verdicts.back().stage == "step" && !passage.desk.told) {
    ++stats_.unrouted;
    spdlog::error("pager: nobody is told of the {} of {} ({}): no route leads to a receiver",
                  to_string(event.kind), event.incident.id, to_string(event.incident.tier));
  }
  carry_out(live, passage, write);
  write.cases.push_back(live.desk);
  if (event.kind != close) return;
  if (closed_.size() >= kClosed) closed_.erase(closed_.begin());
  closed_[event.incident.id] = std::move(live.desk);
  live_.erase(event.incident.id);
}

// About one of our targets: all others are told.
void Pager::own_news(const IncidentEvent& event, Write& write) {
  Passage passage;
  Live& live = live_[event.incident.id];
  live.last = event;
  const auto heard = [&](const std::string& name) {
    return std::any_of(live.told.begin(), live.told.end(),
                       [&](const auto& told) { return told.first == name; });
  };
  for (const auto& name : delivery_.names()) {
    if (name == event.incident.thread || delivery_.traits(name).watchdog) continue;
    if (event.kind == close && !heard(name)) continue;
    passage.tell.push_back({name, {}});
    add_row(event, name, event.incident.id, passage, write);
    live.told.emplace_back(name, event.incident.id);
  }
  if (event.kind == close) live_.erase(event.incident.id);
}

// It has pages, for the watchdogs alone, but no life.
void Pager::probe_news(const IncidentEvent& event, Write& write) {
  const Passage passage;
  for (const auto& name : delivery_.names())
    if (delivery_.traits(name).watchdog) add_row(event, name, event.incident.id, passage, write);
}

// The keys that end for `receiver`: those under which it knows the incident. One that keeps
// incidents may reach the same vendor as a renamed one that is gone: then also those of that.
std::vector<std::string> Pager::open_keys(const Live& live, const std::string& receiver) const {
  std::vector<std::string> out;
  const bool keeps = delivery_.traits(receiver).keeps_incidents;
  for (const auto& [name, key] : live.told) {
    const bool its = name == receiver || (keeps && !contains(delivery_.names(), name));
    if (its && !contains(out, key)) out.push_back(key);
  }
  if (out.empty()) out.push_back(live.desk.incident);
  return out;
}

void Pager::carry_out(Live& live, const Passage& passage, Write& write) {
  live.desk = passage.desk;
  const IncidentEvent& event = passage.event;
  if (!passage.woken.empty() || live.desk.exhausted) live.desk.waits_for.clear();
  for (const auto& to : passage.tell) {
    if (event.kind == close) {
      for (const auto& key : open_keys(live, to.receiver))
        add_row(event, to.receiver, key, passage, write);
      continue;
    }
    const int level = delivery_.traits(to.receiver).keeps_incidents ? live.desk.level : 0;
    std::pair told{to.receiver, dedup_key(event.incident.id, level)};
    auto id = add_row(event, told.first, told.second, passage, write);
    if (contains(passage.woken, to.receiver)) live.desk.waits_for.push_back(std::move(id));
    if (is_trigger(event.kind) &&
        std::find(live.told.begin(), live.told.end(), told) == live.told.end())
      live.told.push_back(std::move(told));
  }
}

std::string Pager::add_row(const IncidentEvent& event, const std::string& receiver,
                           const std::string& key, const Passage& passage, Write& write,
                           std::optional<Action> action) {
  std::string stamp = passage.stamp;
  const bool of_each_key = event.kind == close || action;
  if (of_each_key && key != event.incident.id)
    stamp += key.substr(event.incident.id.size() + (stamp.empty() ? 1 : 0));
  auto page = make_page(event, receiver, key, stamp);
  page->note = passage.note;
  page->action = action.value_or(page->action);
  std::string id = page->delivery_id;
  OutboxRow row;
  row.target = receiver;
  row.page = std::move(page);
  row.created = row.next_due = clock_.now();
  write.rows.push_back(std::move(row));
  return id;
}

// What is due, into `write`. Gives when to look again.
Clock::Steady Pager::look_again(Write& write) {
  const Time now = time();
  auto earliest = Clock::Steady::max();
  for (auto& [id, live] : live_) {
    if (live.desk.due == kNever) continue;
    if (live.desk.due <= now) {
      const bool taken = live.desk.ack.has_value();
      IncidentEvent event = live.last;
      event.at = now;
      Passage passage =
          pass(policy_, world(), begin(Passage::Cause::clock, live, std::move(event)));
      if (passage.desk.exhausted && !live.desk.exhausted) ++stats_.untaken;
      carry_out(live, passage, write);
      if (!passage.tell.empty() || taken != live.desk.ack.has_value()) {
        write.cases.push_back(live.desk);
        spdlog::warn("pager: {}: {}", id, in_words(passage.verdicts));
      }
    }
    if (live.desk.due == kNever) continue;
    const Duration wait = std::clamp(live.desk.due - now, Duration{0}, kLookEvery);
    earliest = std::min(earliest, clock_.steady() + wait);
  }
  return earliest;
}

asio::awaitable<void> Pager::mind() {
  for (;;) {
    const auto seen = changes_.version();
    Write write;
    const auto until = look_again(write);
    if (!write.empty()) co_await commit(std::move(write));
    co_await wait_for_either(clock_, until, changes_, seen);
  }
}

}  // namespace brandwacht::alerting
