#include "alerting/target_queue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "alerting/json.hpp"
#include "alerting/retry_after.hpp"

namespace brandwacht::alerting {
namespace {

std::uint64_t seed_of(const TargetSettings& settings) {
  if (settings.seed != 0) return settings.seed;
  std::random_device device;
  return (std::uint64_t{device()} << 32U) | device();
}

Mark mark_of(const OutboxRow& row, RowState state, Time now, std::string detail) {
  return {row.page->delivery_id, state, row.attempts, row.next_due, now, std::move(detail)};
}

}  // namespace

TargetQueue::TargetQueue(TargetSettings settings, NotifierTraits traits)
    : settings_(settings),
      traits_(std::move(traits)),
      random_(seed_of(settings)),
      throttle_(traits_.limits) {}

bool TargetQueue::add(OutboxRow row, Time now, Steady steady) {
  if (ids_.contains(row.page->delivery_id)) return true;
  // What came later may not overtake what already waits on disk.
  if (spilled_ || entries_.size() >= settings_.limit) {
    if (row.seq > 0) spilled_ = true;
    disk_rank_ = std::min(disk_rank_, rank(*row.page));
    return false;
  }
  put(std::move(row), now, steady);
  return true;
}

void TargetQueue::put(OutboxRow row, Time now, Steady steady) {
  // Wall clocks jump: only what a stored row says is read from them, and only within sane bounds.
  // One that was made for later lies ahead.
  const Duration age = std::clamp(now - row.created, -kLongestRetryAfter, settings_.horizon);
  const Duration wait = std::clamp(row.next_due - now, Duration{0}, kLongestRetryAfter);
  last_seq_ = std::max(last_seq_, row.seq);
  ids_.insert(row.page->delivery_id);
  if (row.page->action != Action::acknowledge)
    repeats_.erase(row.page->dedup_key);  // newer news of this incident is on its way
  const Steady added = steady - age;
  ++ranks_.at(static_cast<std::size_t>(rank(*row.page)));
  Entry entry{std::move(row), added, steady + wait, added + settings_.horizon};
  entries_.push_back(std::move(entry));
}

void TargetQueue::repeat(std::shared_ptr<const Page> page, Steady steady) {
  const bool waits = std::any_of(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    return entry.row.page->dedup_key == page->dedup_key;
  });
  if (!waits && !repeats_.contains(page->dedup_key)) keep_alive(std::move(page), steady);
}

void TargetQueue::keep_alive(std::shared_ptr<const Page> page, Steady steady) {
  if (traits_.resend_every <= Duration{0}) return;
  const bool over = page->action == Action::resolve;
  if (over && traits_.resolved_for <= Duration{0}) return;
  const Steady until = over ? steady + traits_.resolved_for : Steady::max();
  const std::string incident = page->dedup_key;
  repeats_[incident] = {std::move(page), steady + traits_.resend_every, until};
}

// The most urgent page that is due. `earliest`: when the next one will be, if none is.
const TargetQueue::Entry* TargetQueue::best(Steady steady, Steady& earliest) const {
  struct Chain {
    const Entry* head;
    int rank;
  };
  std::unordered_map<std::string_view, std::size_t> index;
  std::vector<Chain> chains;
  for (const Entry& entry : entries_) {
    const Page& page = *entry.row.page;
    const auto [at, fresh] = index.try_emplace(page.dedup_key, chains.size());
    if (fresh)
      chains.push_back({&entry, rank(page)});
    else  // an urgent page lends its urgency to what must go before it
      chains[at->second].rank = std::min(chains[at->second].rank, rank(page));
  }
  const Chain* found = nullptr;
  for (const Chain& chain : chains) {
    if (chain.head->due > steady)
      earliest = std::min(earliest, chain.head->due);
    else if (!found || chain.rank < found->rank)
      found = &chain;
  }
  return found ? found->head : nullptr;
}

Step TargetQueue::next(Steady steady) const {
  Step out;
  if (entries_.empty() && repeats_.empty()) return out;
  out.kind = Step::Kind::wait;
  out.until = Steady::max();
  const Entry* entry = best(steady, out.until);
  const Repeat* reminder = nullptr;
  for (const auto& [incident, repeat] : repeats_) {
    out.until = std::min(out.until, repeat.due);
    if (!entry && repeat.due <= steady && (!reminder || repeat.due < reminder->due))
      reminder = &repeat;
  }
  const Steady held = std::max(hold_until_, throttle_.next());
  if (!entry && !reminder) {
    out.until = std::max(out.until, held);
  } else if (held > steady) {
    out.until = held;
  } else {
    out.kind = Step::Kind::send;
    out.repeat = entry == nullptr;
    out.page = entry ? entry->row.page : reminder->page;
    out.attempts = entry ? entry->row.attempts : 0;
  }
  // A complaint is due even while the target asks for silence.
  if (out.kind == Step::Kind::wait && !complained_ && !entries_.empty())
    out.until = std::min(out.until, std::max(steady, first_added() + settings_.warn_after));
  return out;
}

void TargetQueue::resume(const TargetHistory& history, Time now, Steady steady) {
  for (const Time at : history.sent) {
    const Steady then = steady - std::max(now - at, Duration{0});
    throttle_.take(then);
    hold_until_ = std::max(hold_until_, then + traits_.spacing);
  }
  if (history.held_until)
    hold_until_ =
        std::max(hold_until_, steady + std::min(*history.held_until - now, kLongestRetryAfter));
}

Mark TargetQueue::begin(const Step& step, Time now, Steady steady) {
  hold_until_ = std::max(hold_until_, steady + traits_.spacing);
  throttle_.take(steady);
  if (step.repeat) {
    flying_repeat_ = step.page->dedup_key;
    return {};
  }
  flying_ = step.page->delivery_id;
  return {flying_, RowState::sending, step.attempts, now, now, {}};
}

void TargetQueue::abandon() {
  flying_.clear();
  flying_repeat_.clear();
}

Verdict TargetQueue::disable(const std::string& why, Time now) {
  Verdict out;
  out.disabled = disabled_ = true;
  out.dead = why;
  repeats_.clear();
  while (!entries_.empty()) {
    auto verdict = bury(entries_.begin(), why, now);
    out.marks.push_back(std::move(verdict.marks.front()));
    out.lost.push_back(std::move(verdict.lost.front()));
  }
  return out;
}

TargetQueue::Steady TargetQueue::first_added() const {
  return std::min_element(entries_.begin(), entries_.end(),
                          [](const Entry& a, const Entry& b) { return a.added < b.added; })
      ->added;
}

Verdict TargetQueue::finish(const Outcome& outcome, Time now, Steady steady) {
  last_detail_ = outcome.detail;
  if (!flying_repeat_.empty()) return finish_repeat(outcome, steady);
  const auto entry = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& candidate) {
    return candidate.row.page->delivery_id == flying_;
  });
  flying_.clear();
  if (entry == entries_.end()) return {};
  ++entry->row.attempts;
  if (outcome.kind == Outcome::Kind::accepted) {
    Verdict out = accept(entry, outcome, now, steady);
    out.marks.front().detail = outcome.undelivered;
    return out;
  }
  if (outcome.kind == Outcome::Kind::permanent) {
    return outcome.disable ? disable(outcome.detail, now) : bury(entry, outcome.detail, now);
  }
  return retry(entry, outcome, now, steady);
}

Verdict TargetQueue::accept(Entries::iterator entry, const Outcome& outcome, Time now,
                            Steady steady) {
  Verdict out;
  out.accepted = true;
  out.marks = {mark_of(entry->row, RowState::accepted, now, {})};
  out.marks.front().receipt = outcome.receipt;
  failures_ = 0;
  complained_ = false;
  auto page = entry->row.page;
  remove(entry);
  const bool newer = std::any_of(entries_.begin(), entries_.end(), [&](const Entry& other) {
    const Page& later = *other.row.page;
    return later.dedup_key == page->dedup_key && later.action != Action::acknowledge;
  });
  if (!newer && page->action != Action::acknowledge) keep_alive(std::move(page), steady);
  return out;
}

void TargetQueue::remove(Entries::iterator entry) {
  const Page& page = *entry->row.page;
  ids_.erase(page.delivery_id);
  --ranks_.at(static_cast<std::size_t>(rank(page)));
  entries_.erase(entry);
}

bool TargetQueue::wants_more() const {
  if (!spilled_ || entries_.size() <= settings_.limit / 2) return spilled_;
  const auto best =
      std::find_if(ranks_.begin(), ranks_.end(), [](auto count) { return count > 0; });
  return best - ranks_.begin() > disk_rank_;
}

Verdict TargetQueue::bury(Entries::iterator entry, const std::string& why, Time now) {
  Verdict out;
  out.dead = why;
  out.marks = {mark_of(entry->row, RowState::dead, now, why)};
  out.lost = {entry->row.page};
  remove(entry);
  return out;
}

Verdict TargetQueue::retry(Entries::iterator entry, const Outcome& outcome, Time now,
                           Steady steady) {
  if (!outcome.target_works) hold(outcome, steady);
  if (steady >= entry->give_up)
    return bury(
        entry,
        fmt::format("not delivered within {} ({})", format_span(settings_.horizon), outcome.detail),
        now);
  const Duration wait = outcome.wait
                            ? std::clamp(*outcome.wait, Duration{0}, kLongestRetryAfter)
                            : backoff_wait(settings_.backoff, entry->row.attempts - 1, random_);
  // A last attempt at the horizon, however long the wait would be.
  entry->due = std::min(steady + wait, entry->give_up);
  entry->row.next_due = now + wait;
  Verdict out;
  out.marks = {mark_of(entry->row, RowState::queued, now, outcome.detail)};
  out.marks.front().progress = outcome.progress;
  if (entry->row.page->progress != outcome.progress || entry->row.page->cut_off) {
    auto page = std::make_shared<Page>(*entry->row.page);
    page->progress = outcome.progress;
    page->cut_off.reset();
    entry->row.page = std::move(page);
  }
  if (outcome.wait && !outcome.target_works) out.held_until = now + wait;
  return out;
}

// After a failure the whole target rests, so that a dead server is not asked once for each page
// that waits.
void TargetQueue::hold(const Outcome& outcome, Steady steady) {
  const Duration wait = outcome.wait ? std::clamp(*outcome.wait, Duration{0}, kLongestRetryAfter)
                                     : backoff_wait(settings_.backoff, failures_, random_);
  ++failures_;
  hold_until_ = std::max(hold_until_, steady + wait);
}

Verdict TargetQueue::finish_repeat(const Outcome& outcome, Steady steady) {
  Verdict out;
  const auto found = repeats_.find(flying_repeat_);
  flying_repeat_.clear();
  out.accepted = outcome.kind == Outcome::Kind::accepted;
  if (out.accepted) {
    failures_ = 0;
    complained_ = complained_ && !entries_.empty();
  } else {
    hold(outcome, steady);
  }
  if (found == repeats_.end()) return out;  // newer news came meanwhile
  found->second.due = steady + traits_.resend_every;
  if (outcome.kind == Outcome::Kind::permanent || found->second.due > found->second.until)
    repeats_.erase(found);
  return out;
}

std::optional<std::string> TargetQueue::complaint(Steady steady) {
  if (complained_ || entries_.empty()) return {};
  const Duration age = *oldest(steady);
  if (age < settings_.warn_after) return {};
  complained_ = true;
  return fmt::format("a page waits since {}{}{}", format_span(age),
                     last_detail_.empty() ? "" : ": ", last_detail_);
}

void TargetQueue::refill(std::vector<OutboxRow> rows, bool all, Time now, Steady steady) {
  spilled_ = !all;
  // They come by urgency: what is still on disk is no more urgent than the last of them.
  if (!rows.empty()) disk_rank_ = rank(*rows.back().page);
  for (auto& row : rows) {
    last_seq_ = std::max(last_seq_, row.seq);
    if (!ids_.contains(row.page->delivery_id)) put(std::move(row), now, steady);
  }
}

std::optional<Duration> TargetQueue::oldest(Steady steady) const {
  if (entries_.empty()) return {};
  return std::max(Duration{0}, std::chrono::duration_cast<Duration>(steady - first_added()));
}

}  // namespace brandwacht::alerting
