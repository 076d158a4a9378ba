#include "alerting/pager.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <iterator>
#include <utility>

#include "alerting/pager_parts.hpp"
#include "monitor/probe.hpp"

namespace brandwacht::alerting {
namespace asio = boost::asio;

namespace {

constexpr Duration kLookAgain = std::chrono::milliseconds{20};
constexpr Duration kStorePositionsEvery = std::chrono::seconds{1};
constexpr std::size_t kKeepers = 3;  // store, positions, policy
constexpr std::size_t kClosed = 512;
constexpr Duration kHistory = std::chrono::hours{24};  // the longest window of a vendor

}  // namespace

Pager::Pager(PagerSettings settings, asio::any_io_executor executor, asio::thread_pool& pool,
             Clock& clock, Policy policy, std::vector<std::unique_ptr<Notifier>> receivers)
    : settings_(std::move(settings)),
      executor_(executor),
      clock_(clock),
      policy_(std::move(policy)),
      store_(settings_.store, pool, clock),
      delivery_(executor, clock, store_, std::move(receivers), settings_.target),
      changes_(executor),
      wall_(clock.now()),
      steady_(clock.steady()) {
  delivery_.on_trouble([this](std::string target,
                              std::string why) { return raise(std::move(target), std::move(why)); },
                       [this](std::string target) { return withdraw(std::move(target)); });
  delivery_.on_sighting([this](std::string delivery, std::string target, Sighting sighting) {
    return sighted(std::move(delivery), std::move(target), std::move(sighting));
  });
  delivery_.on_loss([this](std::shared_ptr<const Page> page) { return lost(std::move(page)); },
                    [this](std::string target, std::vector<OutboxRow> rows) {
                      return adopt_rest(std::move(target), std::move(rows));
                    });
  restore();
}

Pager::~Pager() = default;

void Pager::restore() {
  restored_positions_ = store_.positions();
  if (const int unsure = store_.doubt_now(delivery_.resend_at_once()); unsure > 0)
    spdlog::warn(
        "pager: {} pages were being sent when the last process ended; whether they arrived "
        "is not known",
        unsure);
  for (auto& one : store_.closed_cases_now(kClosed))
    closed_.emplace(one.incident, one);
  for (auto& stored : store_.open_incidents()) {
    Live& live = live_[stored.incident.id];
    live.last = {stored.last_event, stored.last_at, stored.incident};
    live.told = stored.told;
    live.desk = stored.desk;
    keep_alive(live);
    live.cooling = live.last.kind == IncidentEventKind::cool;
    if (live.cooling)
      live.last.kind =
          stored.incident.tier <= Tier::t2 ? IncidentEventKind::page : IncidentEventKind::notify;
    if (live.desk.known.empty() && !live.told.empty()) {  // stored by the version before
      live.desk.told = true;
      live.desk.tier = stored.incident.tier;
      learn(live.desk, live.last);
    }
    if (is_own(stored.incident))
      restore_own(stored.incident);
    else
      restored_.push_back(std::move(stored));
  }
  for (const auto& [receipt, ask] : store_.receipts_now())
    delivery_.remember(receipt, ask);
  adopt_orphans();
  silences_ = store_.silences_now();
  for (const auto& target : delivery_.names())
    delivery_.resume(target, store_.history_now(target, clock_.now() - kHistory));
  for (const auto& target : delivery_.names())
    for (auto& row : store_.pending_now(target, settings_.target.limit + 1))
      delivery_.add(std::move(row));
}

asio::awaitable<void> Pager::run(Queue<IncidentEvent>& events) {
  TaskGroup tasks(executor_);
  tasks.spawn("store", store_.run());
  tasks.spawn("positions", store_positions(events));
  tasks.spawn("policy", mind());
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
    // These run until they are cancelled: what is left beside them are the workers.
    while (tasks.size() > kKeepers && clock_.steady() < deadline)
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
      if (is_probe(event.incident)) continue;  // it has pages but no life
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

void Pager::position(std::string_view source, std::string_view cursor) {
  positions_[std::string(source)] = cursor;
}

void Pager::keep(const std::string& name, std::string text) {
  restored_positions_[name] = text;
  positions_[name] = std::move(text);
}

std::string Pager::kept(const std::string& name) const {
  const auto found = restored_positions_.find(name);
  return found == restored_positions_.end() ? std::string() : found->second;
}

asio::awaitable<void> Pager::erase(std::function<bool(const Evidence&)> gone) {
  for (auto& [id, live] : live_)
    std::erase_if(live.last.incident.evidence, gone);
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
  for (const auto& [id, live] : live_) {
    if (is_own(live.last.incident) || !live.desk.resolved_by.empty()) continue;
    Incident& incident = out.emplace_back(live.last.incident);
    if (live.desk.held(clock_.now())) incident.state = IncidentState::acknowledged;
  }
  return out;
}

}  // namespace brandwacht::alerting
