#include "alerting/delivery.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "alerting/delivery_target.hpp"
#include "alerting/json.hpp"
#include "alerting/wait.hpp"
#include "monitor/probe.hpp"

namespace brandwacht::alerting {
namespace asio = boost::asio;

namespace {
// More pages wait on a disk that did not give them.
constexpr Duration kAskDiskAgain = std::chrono::seconds{5};
// Of all targets, each of them an incident with its posts; the rest waits on disk.
constexpr std::size_t kPagesInMemory = 1024, kFewestInMemory = 16;
constexpr std::size_t kMostAccepted = 64;  // no limit of a phone counts more
}  // namespace

bool is_own(const Incident& incident) noexcept {
  return incident.platform == kOwnPlatform;
}

Delivery::Delivery(asio::any_io_executor executor, Clock& clock, Store& store,
                   std::vector<std::unique_ptr<Notifier>> notifiers, TargetSettings settings)
    : executor_(executor), clock_(clock), store_(store), settings_(settings) {
  const std::size_t share = kPagesInMemory / std::max<std::size_t>(1, notifiers.size());
  settings_.limit = std::min(settings_.limit, std::max(kFewestInMemory, share));
  for (auto& notifier : notifiers)
    targets_.push_back(make_target(std::move(notifier)));
}

std::shared_ptr<Delivery::Target> Delivery::make_target(std::unique_ptr<Notifier> notifier) {
  auto out = std::make_shared<Target>(executor_, std::move(notifier), settings_);
  if (settings_.seed != 0) ++settings_.seed;  // each its own jitter
  return out;
}

Delivery::~Delivery() = default;

void Delivery::on_trouble(Trouble trouble, Recovered recovered) {
  trouble_ = std::move(trouble);
  recovered_ = std::move(recovered);
}

void Delivery::in_trouble(const std::string& target) {
  if (Target* found = find(target)) found->in_trouble = true;
}

void Delivery::resume(const std::string& target, const TargetHistory& history) {
  Target* found = find(target);
  if (!found) return;
  found->queue.resume(history, clock_.now(), clock_.steady());
  found->notifier->accepted_before(history.accepted);
  found->accepted.assign(history.accepted.begin(), history.accepted.end());
  found->stats.quota_left = history.quota_left;
}

std::vector<std::string> Delivery::resend_at_once() const {
  std::vector<std::string> out;
  for (const auto& target : targets_)
    if (target->notifier->traits().resend_at_once) out.push_back(target->name());
  return out;
}

std::vector<std::string> Delivery::names() const {
  std::vector<std::string> out;
  for (const auto& target : targets_)
    out.push_back(target->name());
  return out;
}

Delivery::Target* Delivery::find(const std::string& name) const {
  for (const auto& target : targets_)
    if (target->name() == name) return target.get();
  return nullptr;
}

NotifierTraits Delivery::traits(const std::string& target) const {
  const Target* found = find(target);
  return found ? found->notifier->traits() : NotifierTraits{};
}

void Delivery::add(OutboxRow row) {
  Target* target = find(row.target);
  if (!target) {
    spdlog::critical("delivery: no target '{}' for {}", row.target, row.page->delivery_id);
    return;
  }
  const bool stored = row.seq > 0;
  const std::string id = row.page->delivery_id;
  if (!target->queue.add(std::move(row), clock_.now(), clock_.steady()) && !stored) {
    ++target->stats.dropped;
    spdlog::critical("delivery: {} is lost: too many pages wait and the disk takes none", id);
  }
  target->changes.happened();
}

void Delivery::repeat(const std::string& target, std::shared_ptr<const Page> page) {
  if (Target* found = find(target)) {
    found->queue.repeat(std::move(page), clock_.steady());
    found->changes.happened();
  }
}

void Delivery::erase_evidence(const std::function<bool(const Evidence&)>& gone) {
  for (auto& target : targets_)
    target->queue.erase_evidence(gone);
}

void Delivery::start(TaskGroup& group) {
  group_ = &group;
  for (auto& target : targets_)
    group.spawn("target " + target->name(), work(target));
  for (auto& target : targets_)
    begin_watching(target);
}

void Delivery::finish() {
  finishing_ = true;
  for (const auto* list : {&targets_, &retired_})
    for (const auto& target : *list) {
      target->changes.happened();
      target->news.happened();
    }
}

asio::awaitable<void> Delivery::work(std::shared_ptr<Target> its) {
  Target& target = *its;
  for (;;) {
    if (target.retired) {
      co_await hand_over(target);
      if (std::erase_if(retired_, [&](const auto& one) { return one == its; }) > 0) co_return;
    }
    if (target.queue.wants_more()) co_await refill(target);
    co_await complain(target);
    const Step step = target.queue.next(clock_.steady());
    if (step.kind == Step::Kind::send && !(finishing_ && step.repeat)) {
      co_await attempt(target, step);
    } else {
      const bool go_on = co_await sleep(target, step);
      if (!go_on) co_return;
    }
  }
}

asio::awaitable<bool> Delivery::sleep(Target& target, const Step& step) {
  if (finishing_) co_return false;
  if (target.retired) co_return true;  // since the worker last looked
  auto until = step.kind == Step::Kind::wait ? step.until : Clock::Steady::max();
  if (target.queue.wants_more()) until = std::min(until, clock_.steady() + kAskDiskAgain);
  co_await wait_for_either(clock_, until, target.changes, target.changes.version());
  co_return true;
}

asio::awaitable<void> Delivery::attempt(Target& target, Step step) {
  if (target.queue.disabled()) {  // it said so, and this page came later

    Verdict verdict = target.queue.disable(target.stats.last_failure, clock_.now());
    const Outcome none;
    co_await store(target, verdict, none);
    co_await settle(target, std::move(verdict), *step.page);
    co_return;
  }
  Mark mark = target.queue.begin(step, clock_.now(), clock_.steady());
  if (!step.repeat) {
    Write write;
    write.marks.push_back(std::move(mark));
    co_await store_.write(std::move(write));
  }
  Outcome outcome;
  std::exception_ptr stopped;
  try {
    outcome = co_await notify(target, *step.page);
  } catch (...) {
    stopped = std::current_exception();
  }
  if (stopped) {
    target.queue.abandon();
    std::rethrow_exception(stopped);
  }
  // What a target refuses that is no longer configured goes where the routes lead now.
  if (target.retired && outcome.kind == Outcome::Kind::permanent)
    outcome.kind = Outcome::Kind::retry;
  // Nothing comes between the answer and its commit: a crash in there is a duplicate.
  const Time answered = clock_.now();
  Verdict verdict = target.queue.finish(outcome, answered, clock_.steady());
  co_await store(target, verdict, outcome);
  count(target, outcome, step, answered);
  keep_receipt(target, outcome, *step.page);
  if (!outcome.undelivered.empty()) {
    verdict.accepted = false;  // not for all: the trouble is not over
    co_await tell_partial(target, *step.page, std::move(outcome.undelivered));
  }
  co_await settle(target, std::move(verdict), *step.page);
}

// Some of a page's recipients will never have it. The page goes on to the others.
asio::awaitable<void> Delivery::tell_partial(Target& target, const Page& page, std::string why) {
  spdlog::error("delivery: {} does not bring {} to everybody: {}", target.name(), page.delivery_id,
                why);
  if (is_own(page.incident)) co_return;
  std::string sentence = fmt::format("not everybody gets a page: {}", why);
  co_await tell(target, std::move(sentence));
}

// A receiver that throws is a bug of ours; the page is tried again all the same.
asio::awaitable<Outcome> Delivery::notify(Target& target, const Page& page) {
  Outcome out;
  const auto notifier = target.notifier;
  if (page.action == Action::acknowledge && notifier->traits().acks == NotifierTraits::Acks::none) {
    out.kind = Outcome::Kind::accepted;  // it is of another kind since the row was made
    co_return out;
  }
  try {
    auto attempt = notifier->notify(page, clock_.now());
    out = co_await std::move(attempt);
  } catch (const std::exception& error) {
    if (is_cancelled(std::current_exception())) throw;
    out.kind = Outcome::Kind::retry;
    out.detail = fmt::format("internal error: {}", one_line(error.what()));
  }
  co_return out;
}

void Delivery::count(Target& target, const Outcome& outcome, const Step& step, Time answered) {
  TargetStats& stats = target.stats;
  if (outcome.quota_left) stats.quota_left = outcome.quota_left;
  switch (outcome.kind) {
    case Outcome::Kind::accepted:
      ++stats.accepted;
      stats.partial += outcome.undelivered.empty() ? 0 : 1;
      if (!step.repeat && !is_probe(step.page->incident) &&
          step.page->action != Action::acknowledge)
        latency_.add(answered - step.page->at);
      break;
    case Outcome::Kind::retry:
      ++stats.retry;
      break;
    case Outcome::Kind::permanent:
      ++stats.permanent;
      break;
    case Outcome::Kind::ambiguous:
      ++stats.ambiguous;
      break;
  }
  if (outcome.kind == Outcome::Kind::accepted) {
    const auto level = is_probe(step.page->incident) ? spdlog::level::debug : spdlog::level::info;
    spdlog::log(level, "delivery: {} accepted {}{}", target.name(), step.page->delivery_id,
                step.repeat ? " again" : "");
  } else {
    stats.last_failure = one_line(outcome.detail);
    spdlog::warn("delivery: {} did not take {} (attempt {}, {}): {}", target.name(),
                 step.page->delivery_id, step.attempts + 1, to_string(outcome.kind),
                 stats.last_failure);
  }
}

asio::awaitable<void> Delivery::store(Target& target, const Verdict& verdict,
                                      const Outcome& outcome) {
  if (verdict.accepted) {
    target.accepted.push_back(clock_.now());
    while (target.accepted.size() > kMostAccepted)
      target.accepted.pop_front();
  }
  Write write;
  write.marks = verdict.marks;
  if (verdict.held_until || outcome.quota_left)
    write.targets.push_back({target.name(), verdict.held_until, outcome.quota_left});
  if (!write.empty()) co_await store_.write(std::move(write));
}

asio::awaitable<void> Delivery::settle(Target& target, Verdict verdict, const Page& page) {
  const auto dead = std::count_if(verdict.marks.begin(), verdict.marks.end(),
                                  [](const Mark& mark) { return mark.state == RowState::dead; });
  target.stats.dead += static_cast<std::uint64_t>(dead);
  target.stats.disabled = target.queue.disabled();
  if (verdict.dead) {
    spdlog::critical("delivery: {} will never get {}: {}", target.name(), page.delivery_id,
                     *verdict.dead);
    // No loops: what is lost of our own complaints is only in the log. Nor is anybody woken because
    // a chat does not show who took an incident.
    if (!is_own(page.incident) && page.action != Action::acknowledge) {
      std::string why = fmt::format("it will never get a page: {}", *verdict.dead);
      co_await tell(target, std::move(why));
    }
  }
  for (auto& gone : verdict.lost) {
    if (!lost_) break;
    auto told = lost_(std::move(gone));
    co_await std::move(told);
  }
  if (verdict.accepted && std::exchange(target.in_trouble, false) && recovered_) {
    auto told = recovered_(target.name());
    co_await std::move(told);
  }
}

asio::awaitable<void> Delivery::complain(Target& target) {
  auto why = target.queue.complaint(clock_.steady());
  if (!why) co_return;
  spdlog::error("delivery: {}: {}", target.name(), *why);
  co_await tell(target, std::move(*why));
}

asio::awaitable<void> Delivery::tell(Target& target, std::string why) {
  target.in_trouble = true;
  if (!trouble_ || target.retired) co_return;
  auto told = trouble_(target.name(), std::move(why));
  co_await std::move(told);
}

asio::awaitable<void> Delivery::refill(Target& target) {
  const std::size_t limit = target.queue.batch();
  auto query = store_.pending(target.name(), 0, limit);
  auto rows = co_await std::move(query);
  const bool all = rows.size() < limit && !store_.degraded();
  target.queue.refill(std::move(rows), all, clock_.now(), clock_.steady());
}

asio::awaitable<void> Delivery::announce(Change change) {
  const Targets targets = targets_;  // others may come meanwhile
  for (const auto& target : targets) {
    const auto notifier = target->notifier;
    auto attempt = notifier->announce(change, clock_.now());
    const auto outcome = co_await std::move(attempt);
    if (outcome && outcome->kind != Outcome::Kind::accepted)
      spdlog::warn("delivery: {} did not take the news \"{}\": {}", target->name(), change.summary,
                   one_line(outcome->detail));
  }
}

}  // namespace brandwacht::alerting
