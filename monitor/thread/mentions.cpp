#include <algorithm>

#include "monitor/thread/impl.hpp"

namespace brandwacht::thread {
namespace {

constexpr int kMostHops = 16;  // of quotes that were folded one into the other
// More than arrive, so that the old go; few, so that no mention pays for all.
constexpr int kExpirePerMention = 2;

}  // namespace

Table::Impl::Impl(const Settings& table_settings)
    : settings(table_settings),
      records(bytes),
      seen(settings.max_seen, bytes),
      aliases(settings.max_seen / 4, bytes),
      deleted(settings.max_seen / 4, bytes),
      waiting(settings.max_seen / 8, bytes) {}

Table::Impl::Home Table::Impl::follow(std::uint64_t thread) const noexcept {
  for (int hop = 0; hop < kMostHops; ++hop) {
    if (const Slot slot = records.find(thread); slot != kNoSlot) return {thread, slot};
    const auto next = aliases.get(thread);
    if (!next) break;
    thread = *next;
  }
  return {thread, kNoSlot};
}

Slot Table::Impl::linked(std::uint64_t mention) const noexcept {
  if (mention == 0) return kNoSlot;
  if (const Slot slot = follow(mention).slot; slot != kNoSlot) return slot;  // a root
  const auto thread = seen.get(mention);
  return thread ? follow(*thread).slot : kNoSlot;
}

Slot Table::Impl::inside(std::uint64_t mention) const noexcept {
  // A thread whose root we never saw is one that strangers began: only those who name the brand
  // stand in it.
  const Slot own = mention == 0 ? kNoSlot : records.find(mention);
  if (own != kNoSlot) return records[own].authors.root_known() ? own : kNoSlot;
  return linked(mention);
}

Table::Impl::Home Table::Impl::home_of(const Observation& mention, const Home& own, bool fresh) {
  const bool root = mention.mention == mention.thread;
  if (!fresh && !root) return follow(*seen.get(mention.mention));
  if (own.key != mention.thread)
    (void)aliases.touch(mention.thread);  // a quote that is still answered
  const std::uint64_t link = root && mention.parent != 0 ? mention.parent : mention.quoted;
  if (link == 0) return own;
  const Slot other = linked(link);
  if (other == kNoSlot) {
    // A quote that overtook what it quotes counts by itself until that arrives.
    if (root && fresh && !seen.get(link)) wait_for(link, mention.thread);
    return own;
  }
  if (other == own.slot) return own;
  const Home quoted{records[other].key, other};
  if (!root) return quoted;
  if (own.key != mention.thread) return own;  // it was folded somewhere already
  if (own.slot == kNoSlot) return quoted;
  // An open incident keeps its thread: what was said under its name must be closed under its name.
  return !records.has_open_decision(own.slot) ? Home{quoted.key, quoted.slot, own.slot} : own;
}

Second Table::Impl::event_second(const Observation& mention) {
  Time at = mention.created_at;
  if (at < kFirstTime) {
    ++stats.clamped_past;
    at = mention.received_at;
  } else if (at > mention.received_at) {
    if (mention.received_at < at - settings.max_future) ++stats.clamped_future;
    at = mention.received_at;
  }
  return to_second(at);
}

void Table::Impl::evict(Slot slot) {
  records.erase(slot);
  ++stats.evicted;
}

void Table::Impl::expire(Time now) {
  const Second oldest = before(to_second(now), settings.max_age);
  for (int i = 0; i < kExpirePerMention; ++i) {
    const Slot slot = records.expired(oldest);
    if (slot == kNoSlot) return;
    evict(slot);
  }
}

Slot Table::Impl::create(std::uint64_t key, std::uint32_t brand, Second now) {
  if (records.size() >= settings.max_threads) evict(records.coldest(kNoSlot));
  return records.create(key, brand, now);
}

void Table::Impl::make_room(Slot except) {
  if (records.authors() < settings.max_joiners) return;
  if (const Slot slot = records.coldest(except); slot != kNoSlot) evict(slot);
}

void Table::Impl::add(Slot slot, std::uint64_t author, Second negative_at, bool official,
                      bool room) {
  if (records.join(slot, author, negative_at, official, room) != Authors::Joined::refused) return;
  records[slot].authors.saturate();
  ++stats.joiners_saturated;
}

void Table::Impl::join(Slot slot, std::uint64_t author, Second negative_at, bool official) {
  make_room(slot);
  const bool room = records[slot].authors.size() < settings.max_thread_authors &&
                    records.authors() < settings.max_joiners;
  add(slot, author, negative_at, official, room);
}

// All of thread `from` was below a quote of something in `into`.
void Table::Impl::fold(Slot from, Slot into) {
  Record& target = records[into];
  records[from].authors.each([&](std::uint64_t author, Second negative_at, bool official) {
    const bool room = target.authors.size() < settings.max_thread_authors;
    add(into, author, negative_at, official, room);
  });
  target.first = std::min(target.first, records[from].first);
  target.last = std::max(target.last, records[from].last);
  if (records[from].authors.saturated()) target.authors.saturate();
  aliases.put(records[from].key, target.key);
  records.erase(from);
  ++stats.folded;
}

void Table::Impl::wait_for(std::uint64_t mention, std::uint64_t thread) {
  if (const auto other = waiting.get(mention)) waiting.put(~thread, *other);
  waiting.put(mention, thread);
}

// `mention` (or a thread of that name) is known now: what quoted it before belongs to its thread.
void Table::Impl::wake(std::uint64_t mention, Slot home) {
  auto next = waiting.take(mention);
  while (next) {
    const std::uint64_t thread = *next;
    next = waiting.take(~thread);
    const Slot from = records.find(thread);
    if (from != kNoSlot && from != home && !records.has_open_decision(from)) fold(from, home);
  }
}

Slot Table::Impl::settle(const Home& home, const Observation& mention, Observed& observed) {
  const Second now = to_second(mention.received_at);
  if (home.slot != kNoSlot) {
    records.touch(home.slot, now);
    return home.slot;
  }
  observed.new_thread = true;
  const Slot slot = create(home.key, mention.brand, now);
  wake(home.key, slot);
  return slot;
}

Observed Table::Impl::observe(const Observation& mention) {
  expire(mention.received_at);
  // Asked for first and needed last: the thread's lines are on their way while the mention is
  // looked up.
  const Home own = follow(mention.thread);
  if (own.slot != kNoSlot) records.prefetch(own.slot);
  Observed observed;
  const bool fresh = !seen.touch(mention.mention);
  if (deleted.get(mention.mention)) {
    ++stats.tombstoned;
    observed = {Seen::tombstoned, own.key, mention.brand, false, false};
    if (own.slot != kNoSlot) observed.brand = records[own.slot].brand;
    return observed;
  }
  if (!fresh) {
    observed.seen = mention.edit ? Seen::edited : Seen::duplicate;
    ++(mention.edit ? stats.edits : stats.duplicates);
  }
  const Home home = home_of(mention, own, fresh);
  observed.thread = home.key;
  observed.brand = mention.brand;
  // What is delivered twice does not bring an evicted thread back.
  if (observed.seen == Seen::duplicate && home.slot == kNoSlot) return observed;

  const Second at = event_second(mention);
  // Before anything is folded in: a quote that waited may bring critics along.
  const std::uint32_t critics = home.slot == kNoSlot ? 0 : records[home.slot].authors.joiners();
  if (home.fold != kNoSlot) fold(home.fold, home.slot);
  const Slot slot = settle(home, mention, observed);
  if (fresh) {
    seen.put(mention.mention, home.key);
    if (mention.mention == mention.thread && home.key != mention.thread)
      aliases.put(mention.thread, home.key);
    wake(mention.mention, slot);
  }
  Record& record = records[slot];
  record.first = record.first == kNever ? at : std::min(record.first, at);
  record.last = std::max(record.last, at);
  if (mention.mention == mention.thread && home.key == mention.thread)
    records.set_root(slot, mention.author);
  const bool negative = mention.negative >= settings.negative_at;
  join(slot, mention.author, negative ? at : kNever, mention.official);
  observed.brand = record.brand;
  observed.new_critic = record.authors.joiners() > critics;
  return observed;
}

}  // namespace brandwacht::thread
