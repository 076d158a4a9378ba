#include "alerting/pager.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <iterator>
#include <utility>

#include "alerting/json.hpp"
#include "monitor/hash.hpp"

namespace brandwacht::alerting {
namespace asio = boost::asio;

namespace {

constexpr Duration kLookAgain = std::chrono::milliseconds{20};
constexpr Duration kStorePositionsEvery = std::chrono::seconds{1};

bool contains(const std::vector<std::string>& list, const std::string& name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

void add_new(std::vector<std::string>& list, const std::vector<std::string>& more) {
  for (const auto& name : more)
    if (!contains(list, name)) list.push_back(name);
}

std::shared_ptr<const Page> make_page(const IncidentEvent& event, std::string_view target) {
  auto page = std::make_shared<Page>();
  page->dedup_key = event.incident.id;
  page->action = event.kind == IncidentEventKind::close ? Action::resolve : Action::trigger;
  page->event = event.kind;
  page->delivery_id = delivery_id(event, target);
  page->at = event.at;
  page->incident = event.incident;
  return page;
}

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

IncidentEvent over(Incident incident, Time now) {
  IncidentEvent out{IncidentEventKind::close, now, std::move(incident)};
  out.incident.state = IncidentState::closed;
  out.incident.updated_at = now;
  return out;
}

}  // namespace

Pager::Pager(PagerSettings settings, asio::any_io_executor executor, asio::thread_pool& pool,
             Clock& clock, Routes routes, std::vector<std::unique_ptr<Notifier>> receivers)
    : settings_(std::move(settings)),
      executor_(executor),
      clock_(clock),
      routes_(std::move(routes)),
      store_(settings_.store, pool, clock),
      delivery_(executor, clock, store_, std::move(receivers), settings_.target) {
  delivery_.on_trouble([this](std::string target,
                              std::string why) { return raise(std::move(target), std::move(why)); },
                       [this](std::string target) { return withdraw(std::move(target)); });
  restore();
}

Pager::~Pager() = default;

void Pager::restore() {
  restored_positions_ = store_.positions();
  for (auto& stored : store_.open_incidents()) {
    live_[stored.incident.id] = {stored.incident, stored.targets};
    const IncidentEvent last{stored.last_event, stored.last_at, stored.incident};
    for (const auto& target : stored.targets)
      delivery_.repeat(target, make_page(last, target));
    if (is_own(stored.incident))
      restore_own(stored.incident);
    else
      restored_.push_back(std::move(stored));
  }
  adopt_orphans();
  for (const auto& target : delivery_.names())
    for (auto& row : store_.pending_now(target, settings_.target.limit + 1))
      delivery_.add(std::move(row));
}

void Pager::restore_own(const Incident& incident) {
  troubles_[incident.thread] = incident;
  delivery_.in_trouble(incident.thread);
}

// What the store holds for receivers that were removed or renamed.
void Pager::adopt_orphans() {
  Write write;
  const auto names = delivery_.names();
  // Its pages go where today's routes lead.
  for (const auto& row : store_.orphans_now(names)) {
    const Page& page = *row.page;
    const IncidentEvent event{page.event, page.at, page.incident};
    spdlog::warn("pager: there is no receiver '{}' any more; {} goes where the routes lead now",
                 row.target, page.delivery_id);
    add_rows(event, write);
    write.marks.push_back({page.delivery_id, RowState::dead, row.attempts, clock_.now(),
                           clock_.now(), "the receiver is no longer configured"});
  }
  // And nobody needs to hear any longer that it does not work.
  auto gone = troubles_;
  std::erase_if(gone, [&](const auto& trouble) { return contains(names, trouble.first); });
  for (auto& [target, incident] : gone) {
    troubles_.erase(target);
    IncidentEvent event = over(std::move(incident), clock_.now());
    event.incident.title = fmt::format("The pager target '{}' is no longer configured", target);
    add_rows(event, write);
    write.incidents.push_back({std::move(event), {}});
  }
  if (write.empty() || store_.write_now(write)) return;
  for (auto& row : write.rows)
    delivery_.add(std::move(row));
}

asio::awaitable<void> Pager::run(Queue<IncidentEvent>& events) {
  TaskGroup tasks(executor_);
  tasks.spawn("store", store_.run());
  tasks.spawn("positions", store_positions(events));
  delivery_.start(tasks);
  std::exception_ptr error;
  try {
    co_await ingest(events);
  } catch (...) {
    error = std::current_exception();
  }
  // From here on a cancellation of this coroutine would only keep it from joining its tasks.
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  co_await shut_down(tasks, error != nullptr);
  if (error) std::rethrow_exception(error);
}

asio::awaitable<void> Pager::shut_down(TaskGroup& tasks, bool cancelled) {
  delivery_.finish();
  if (!cancelled) {
    const auto deadline = clock_.steady() + settings_.stop_within;
    // The store and the positions run until they are cancelled: what is left beside them are the
    // workers.
    while (tasks.size() > 2 && clock_.steady() < deadline)
      co_await clock_.sleep_for(kLookAgain);
  }
  for (const auto& name : tasks.names())
    if (!cancelled && name.starts_with("target "))
      spdlog::warn("pager: {} did not finish in time; its pages wait on disk", name);
  tasks.cancel();
  std::exception_ptr failed;
  try {
    co_await tasks.join();
  } catch (...) {
    failed = std::current_exception();
  }
  Write last;
  last.positions = std::exchange(positions_, {});
  co_await store_.write(std::move(last));
  if (failed) std::rethrow_exception(failed);
}

asio::awaitable<void> Pager::ingest(Queue<IncidentEvent>& events) {
  for (;;) {
    auto batch = co_await events.pop_all();
    if (batch.empty()) co_return;
    // No scheduling point between pop_all() and here: the states are those after exactly these
    // events.
    Write write;
    for (const auto& event : batch) {
      std::string state = settings_.decision_state ? settings_.decision_state(event.incident) : "";
      write.incidents.push_back({event, std::move(state)});
    }
    write.positions = std::exchange(positions_, {});
    std::vector<IncidentEvent> list(std::make_move_iterator(batch.begin()),
                                    std::make_move_iterator(batch.end()));
    stats_.events += list.size();
    co_await submit(std::move(list), std::move(write));
  }
}

asio::awaitable<void> Pager::store_positions(Queue<IncidentEvent>& events) {
  for (;;) {
    co_await clock_.sleep_for(kStorePositionsEvery);
    // With events under way the positions go with or after those.
    if (positions_.empty() || events.size() > 0 || storing_ > 0) continue;
    Write write;
    write.positions = std::exchange(positions_, {});
    co_await store_.write(std::move(write));
  }
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
  return out;
}

void Pager::add_rows(const IncidentEvent& event, Write& write) {
  Receivers receivers = receivers_of(event);
  if (event.kind == IncidentEventKind::cool)
    std::erase_if(receivers, [&](const auto& name) { return !delivery_.traits(name).updates; });
  else if (receivers.empty()) {
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
  if (event.kind == IncidentEventKind::close) {
    live_.erase(event.incident.id);
    return;
  }
  Live& live = live_[event.incident.id];
  live.incident = event.incident;
  if (event.kind != IncidentEventKind::cool) add_new(live.targets, receivers);
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

void Pager::position(std::string_view source, std::string_view cursor) {
  positions_[std::string(source)] = cursor;
}

asio::awaitable<void> Pager::erase(std::function<bool(const Evidence&)> gone) {
  for (auto& [id, live] : live_)
    std::erase_if(live.incident.evidence, gone);
  delivery_.erase_evidence(gone);
  co_await store_.erase_evidence(std::move(gone));
}

asio::awaitable<void> Pager::erase_mention(std::uint64_t mention_key) {
  std::function<bool(const Evidence&)> gone = [mention_key](const Evidence& post) {
    return post.mention == mention_key;
  };
  co_await erase(std::move(gone));
}

asio::awaitable<void> Pager::erase_author(std::uint64_t author_key) {
  std::function<bool(const Evidence&)> gone = [author_key](const Evidence& post) {
    return post.author_key == author_key;
  };
  co_await erase(std::move(gone));
}

PagerStats Pager::stats() const {
  PagerStats out = stats_;
  out.delivery = delivery_.stats();
  out.store_failures = store_.failures();
  out.not_stored = store_.not_stored();
  out.last_store_failure = store_.last_failure();
  out.degraded = store_.degraded();
  out.open = live_.size() - troubles_.size();
  return out;
}

std::vector<Incident> Pager::live() const {
  std::vector<Incident> out;
  out.reserve(live_.size());
  for (const auto& [id, live] : live_)
    if (!is_own(live.incident)) out.push_back(live.incident);
  return out;
}

}  // namespace brandwacht::alerting
