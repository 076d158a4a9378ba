// Another configuration while it runs, and what is owed to receivers that are no longer there, be
// that after a reload, after a restart or because they refuse.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "alerting/command.hpp"
#include "alerting/pager.hpp"
#include "alerting/pager_parts.hpp"
#include "monitor/exercise.hpp"
#include "monitor/probe.hpp"

namespace brandwacht::alerting {
namespace asio = boost::asio;

namespace {
constexpr Duration kHistory = std::chrono::hours{24};
constexpr std::string_view kGone = "the receiver is no longer configured";
}  // namespace

asio::awaitable<void> Pager::reconfigure(Policy policy,
                                         std::vector<std::unique_ptr<Notifier>> receivers) {
  std::map<std::string, TargetHistory> histories;
  for (const auto& receiver : receivers) {
    auto query = store_.history(receiver->name(), clock_.now() - kHistory);
    auto history = co_await std::move(query);
    histories[receiver->name()] = std::move(history);
  }
  // From here on without a scheduling point until everything is swapped.
  time();
  policy_ = std::move(policy);
  auto owed = delivery_.replace(std::move(receivers), histories);
  for (const auto& [id, live] : live_)
    keep_alive(live);
  Write write;
  adopt(std::move(owed), write);
  forget_targets(write);
  changes_.happened();
  if (!write.empty()) co_await commit(std::move(write));
}

// Where a target wants to hear again and again of what is open.
void Pager::keep_alive(const Live& live) {
  if (!live.desk.resolved_by.empty()) return;
  for (const auto& [target, key] : live.told)
    delivery_.repeat(target, make_page(live.last, target, key));
}

// What the store holds for receivers that were removed or renamed.
void Pager::adopt_orphans() {
  Write write;
  adopt(store_.orphans_now(delivery_.names()), write);
  forget_targets(write);
  if (write.empty() || store_.write_now(write)) return;
  for (auto& row : write.rows)
    delivery_.add(std::move(row));
}

void Pager::adopt(std::vector<OutboxRow> rows, Write& write) {
  for (const auto& row : rows)
    adopt(row, write);
}

// Dead where it was, it goes where today's routes lead.
void Pager::adopt(const OutboxRow& row, Write& write) {
  const Page& page = *row.page;
  spdlog::warn("pager: there is no receiver '{}' any more; {} goes where the routes lead now",
               row.target, page.delivery_id);
  write.marks.push_back({page.delivery_id, RowState::dead, row.attempts, clock_.now(), clock_.now(),
                         std::string(kGone)});
  IncidentEvent event{page.event, page.at, page.incident};
  if (is_own(page.incident) && page.action == Action::trigger && live_.contains(page.incident.id))
    own_news(event, write);
  const bool nobodys = is_own(page.incident) || is_probe(page.incident) || is_test(page.incident);
  if (nobodys || page.action == Action::acknowledge) return;
  const auto found = live_.find(page.incident.id);
  Live* live = found == live_.end() ? nullptr : &found->second;
  const bool trigger = page.action == Action::trigger;
  if (live && trigger && (live->desk.held(clock_.now()) || !live->desk.resolved_by.empty())) return;
  Passage passage;
  passage.event = std::move(event);
  passage.now = clock_.now();
  passage = pass(policy_, world(), std::move(passage));
  if (live && passage.desk.owed) {  // quiet now: told when that ends
    live->desk.owed = true;
    live->desk.due = passage.desk.due;
    write.cases.push_back(live->desk);
    return;
  }
  if (live && trigger)  // who heard of it has heard this as well
    std::erase_if(passage.tell, [&](const Telling& to) {
      return std::any_of(live->told.begin(), live->told.end(),
                         [&](const auto& told) { return told.first == to.receiver; });
    });
  if (trigger && passage.tell.empty()) {
    const auto there = [&](const auto& told) { return contains(delivery_.names(), told.first); };
    if (live && pull_forward(page, write)) return;
    if (live && std::any_of(live->told.begin(), live->told.end(), there)) return;
    for (const auto& name : delivery_.names())  // better all of them than nobody
      if (!delivery_.traits(name).watchdog) passage.tell.push_back({name, {}});
  }
  for (const auto& to : passage.tell) {
    auto id = add_row(passage.event, to.receiver, page.dedup_key, passage, write);
    if (!live || !trigger) continue;
    live->told.emplace_back(to.receiver, page.dedup_key);
    std::replace(live->desk.waits_for.begin(), live->desk.waits_for.end(), page.delivery_id, id);
  }
  if (live && trigger) write.cases.push_back(live->desk);
}

// Nobody needs to hear any longer that a target does not work that is gone.
void Pager::forget_targets(Write& write) {
  const auto names = delivery_.names();
  auto gone = troubles_;
  std::erase_if(gone, [&](const auto& trouble) { return contains(names, trouble.first); });
  for (auto& [target, incident] : gone) {
    troubles_.erase(target);
    IncidentEvent event = over(std::move(incident), clock_.now());
    event.incident.title = fmt::format("The pager target '{}' is no longer configured", target);
    own_news(event, write);
    write.incidents.push_back({std::move(event), {}});
  }
}

// The last attempt of a target that is gone has ended: `rows` are left, and what is on disk.
asio::awaitable<void> Pager::adopt_rest(std::string target, std::vector<OutboxRow> rows) {
  const std::size_t limit = settings_.target.limit;
  for (bool more = true; more;) {
    auto query = store_.pending(target, 0, limit);
    auto stored = co_await std::move(query);
    more = stored.size() == limit;
    for (auto& row : stored) {
      const bool there = std::any_of(rows.begin(), rows.end(), [&](const OutboxRow& other) {
        return other.page->delivery_id == row.page->delivery_id;
      });
      if (!there) rows.push_back(std::move(row));
    }
    if (contains(delivery_.names(), target)) {  // it came back meanwhile
      for (auto& row : rows)
        delivery_.add(std::move(row));
      co_return;
    }
    Write write;
    adopt(std::exchange(rows, {}), write);
    if (!write.empty()) co_await commit(std::move(write));
  }
}

// A page will never arrive.
asio::awaitable<void> Pager::lost(std::shared_ptr<const Page> page) {
  Write write;
  if (!pull_forward(*page, write)) co_return;
  look_again(write);
  changes_.happened();
  co_await commit(std::move(write));
}

// Where it was the last of its step that could reach somebody, the next step does not wait for what
// cannot be taken. False: no step waits for it.
bool Pager::pull_forward(const Page& page, Write& write) {
  const Time now = time();
  const auto found = live_.find(std::string(incident_of(page.dedup_key)));
  if (found == live_.end()) return false;
  Case& desk = found->second.desk;
  if (std::erase(desk.waits_for, page.delivery_id) == 0) return false;
  const bool waits = !desk.held(now) && desk.resolved_by.empty() && !desk.exhausted;
  if (desk.waits_for.empty() && waits && desk.due > now) {
    spdlog::warn("pager: {} reached nobody: the next step of {} does not wait", page.delivery_id,
                 desk.incident);
    desk.due = now;
  }
  write.cases.push_back(desk);
  return true;
}

asio::awaitable<std::string> Pager::owe(IncidentEvent event, std::string receiver, Time when,
                                        std::optional<Outcome> accepted) {
  Write write;
  const Passage passage;
  std::string id = add_row(event, receiver, event.incident.id, passage, write);
  write.rows.back().created = write.rows.back().next_due = when;
  if (!accepted) {
    co_await commit(std::move(write));
    co_return id;
  }
  Mark mark{id, RowState::sending, 1, when, when, {}};
  write.marks.push_back(mark);
  mark.state = RowState::accepted;
  mark.receipt = accepted->receipt;
  write.marks.push_back(std::move(mark));
  delivery_.remember({receiver, event.incident.id, id, accepted->receipt}, false);
  co_await store_.write(std::move(write));
  co_return id;
}

void Pager::hasten(const std::string& receiver, const std::string& delivery_id) {
  delivery_.hasten(receiver, delivery_id);
}

}  // namespace brandwacht::alerting
