#include <algorithm>
#include <mutex>

#include "monitor/thread/impl.hpp"

namespace brandwacht::thread {
namespace {

constexpr int kMostHops = 16;  // of quotes that were folded one into the other
// More than arrive, so that the old go; few, so that no mention pays for all.
constexpr int kExpirePerMention = 2;
constexpr float kThreat = 0.5F;  // less is none
constexpr Second kThreatFor = 1800;
constexpr std::uint32_t kLoud = 8, kLoudEvery = 4;  // posts by one author

std::shared_ptr<const Model> shipped_model() {
  static const auto model = std::make_shared<const Model>(default_model());
  return model;
}

// The tables of the last kernel asked for are shared: tests and `tune` make many tables.
std::shared_ptr<const Forecast> forecast_of(const Kernel& kernel) {
  static std::mutex mutex;
  static std::shared_ptr<const Forecast> last;
  const std::scoped_lock lock(mutex);
  if (!last || last->kernel() != kernel) last = std::make_shared<const Forecast>(kernel);
  return last;
}

}  // namespace

Table::Impl::Impl(const Settings& table_settings)
    : settings(table_settings),
      model(settings.model ? settings.model : shipped_model()),
      forecast(forecast_of(model->kernel)),
      records(bytes),
      seen(settings.max_seen, bytes),
      aliases(settings.max_seen / 4, bytes),
      deleted(settings.max_seen / 4, bytes),
      waiting(settings.max_seen / 8, bytes),
      known(settings.max_seen / 4, bytes),
      overflows(
          CountingAllocator<std::pair<const std::uint64_t, std::unique_ptr<Overflow>>>(bytes)) {}

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
  if (overflows.erase(records[slot].key) > 0) bytes -= sizeof(Overflow);
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

void Table::Impl::pulse(Slot slot, const Authors::Change& change) {
  if (change.before == change.after) return;
  Pulse& at = records.pulse(slot);
  const auto tell = [&](Second when, bool joins) {
    if (when == kNever) return;
    const double tau = model->profile.tau(when);
    const float part = joins ? 1 : -1;
    at.joiners.add(when, {part, part}, Pulse::kRateHalfLives);
    joins ? at.cascade.join(tau, 1, model->kernel) : at.cascade.retract(tau, 1, model->kernel);
  };
  tell(change.before, false);
  tell(change.after, true);
}

void Table::Impl::overflow(Slot slot, std::uint64_t author, Second negative_at) {
  Record& record = records[slot];
  record.authors.saturate();
  ++stats.joiners_saturated;
  auto& rest = overflows[record.key];
  if (!rest) {
    rest = std::make_unique<Overflow>();
    bytes += sizeof(Overflow);
  }
  const double grown = rest->join(author, negative_at);
  if (grown == 0) return;
  Pulse& at = records.pulse(slot);
  const auto part = static_cast<float>(grown);
  at.joiners.add(negative_at, {part, part}, Pulse::kRateHalfLives);
  at.cascade.join(model->profile.tau(negative_at), grown, model->kernel);
}

Authors::Change Table::Impl::add(Slot slot, std::uint64_t author, Second negative_at, bool official,
                                 bool room) {
  const auto change = records.join(slot, author, negative_at, official, room);
  if (change.joined == Authors::Joined::refused) {
    if (!official) overflow(slot, author, negative_at);
  } else {
    pulse(slot, change);
  }
  return change;
}

Authors::Change Table::Impl::join(Slot slot, std::uint64_t author, Second negative_at,
                                  bool official) {
  make_room(slot);
  const bool room = records[slot].authors.size() < settings.max_thread_authors &&
                    records.authors() < settings.max_joiners;
  return add(slot, author, negative_at, official, room);
}

std::uint32_t Table::Impl::critics(const Record& record) const noexcept {
  std::uint32_t count = record.authors.joiners();
  if (record.authors.saturated())
    if (const auto rest = overflows.find(record.key); rest != overflows.end())
      count += rest->second->critics();
  return count;
}

// The cascade begins with the root; while that is not seen, with the first mention.
void Table::Impl::move_root(Slot slot, Second at) {
  Pulse& pulse = records.pulse(slot);
  if (pulse.root_at == at) return;
  const double mark = model->root_mark;
  if (pulse.root_at != kNever)
    pulse.cascade.root(model->profile.tau(pulse.root_at), -mark, model->kernel);
  pulse.cascade.root(model->profile.tau(at), mark, model->kernel);
  pulse.root_at = at;
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
  records.pulse(into).merge(records.pulse(from));
  if (!records.pulse(into).root_seen) move_root(into, target.first);
  aliases.put(records[from].key, target.key);
  if (overflows.erase(records[from].key) > 0) bytes -= sizeof(Overflow);
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
  const std::uint32_t before = home.slot == kNoSlot ? 0 : critics(records[home.slot]);
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
  Pulse& state = records.pulse(slot);
  const bool root = mention.mention == mention.thread && home.key == mention.thread;
  if (root) {
    pulse(slot, records.set_root(slot, mention.author));
    state.root_seen = true;
    state.root_addressed = mention.voice.addressed;
    state.root_link = mention.voice.link;
    state.root_concrete = mention.voice.concrete;
    state.root_negative = mention.negative;
    move_root(slot, at);
  } else if (!state.root_seen) {
    move_root(slot, record.first);
  }
  const bool negative = mention.negative >= settings.negative_at;
  const auto change = join(slot, mention.author, negative ? at : kNever, mention.official);
  if (fresh) {
    hear(slot, mention, at, change);
    const std::uint32_t most = std::max<std::uint32_t>(state.writers.top(), state.root_posts);
    observed.loud = !mention.official && most >= kLoud && most % kLoudEvery == 0;
  }
  observed.brand = record.brand;
  observed.new_critic = critics(record) > before;
  return observed;
}

// What one more mention says of the thread, beside who wrote it.
void Table::Impl::hear(Slot slot, const Observation& mention, Second at,
                       const Authors::Change& change) {
  const Record& record = records[slot];
  Pulse& pulse = records.pulse(slot);
  if (mention.official) {
    if (pulse.answered_first == kNever || at < pulse.answered_first) pulse.answered_first = at;
    pulse.answered_last = std::max(pulse.answered_last, at);
    if (mention.voice.private_data) pulse.exposed_at = std::max(pulse.exposed_at, at);
    return;
  }
  const Voice& voice = mention.voice;
  if (voice.threat >= kThreat && (voice.threat >= pulse.threat || pulse.threat_at == kNever ||
                                  at > pulse.threat_at + kThreatFor)) {
    pulse.threat = voice.threat;
    pulse.threat_at = at;
  }
  if (record.authors.is_root(mention.author)) {
    const bool below = mention.mention != record.key && mention.negative >= settings.negative_at;
    if (below && pulse.root_posts < UINT16_MAX) ++pulse.root_posts;
    return;
  }
  const auto flag = [](bool on) { return on ? 1.0F : 0.0F; };
  ++pulse.mentions;
  pulse.writers.add(mention.author);
  if (mention.quoted != 0) ++pulse.quoting;
  if (mention.negative >= Pulse::kUnsure && mention.negative <= 1 - Pulse::kUnsure) {
    ++pulse.unsure;
    pulse.unsure_sum += mention.negative;
  }
  if (mention.negative < settings.negative_at) return;
  ++pulse.critical;
  if (voice.first_person) ++pulse.critical_first;
  if (mention.parent != 0 && mention.parent != mention.thread) ++pulse.to_others;
  pulse.tone.add(at, {1, voice.anger, flag(voice.first_person), flag(voice.they), voice.action},
                 Pulse::kToneHalfLives);
  if (change.before != kNever || change.after == kNever) return;
  // A critic who was none before.
  if (pulse.prints.add(voice.print)) {
    ++pulse.copies;
    ++stats.copies;
  }
  const std::uint64_t person = mention.author + 0x9e3779b97f4a7c15ULL * (record.brand + 1);
  if (const auto other = known.touch(person); other && *other != record.key) ++pulse.returning;
  known.put(person, record.key);
}

}  // namespace brandwacht::thread
