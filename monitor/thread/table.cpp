#include "monitor/thread/table.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "monitor/thread/impl.hpp"
#include "monitor/thread/share.hpp"

namespace brandwacht::thread {
namespace {

constexpr Duration kRecent = std::chrono::minutes{10};
// A critic stamped later than now + this is in no window.
constexpr Duration kAhead = std::chrono::minutes{2};

void check(const Settings& settings) {
  const auto require = [](bool good, const char* problem) {
    if (!good) throw std::invalid_argument(problem);
  };
  require(settings.max_threads > 0 && settings.max_threads < kNoSlot / 2,
          "max_threads must be between 1 and 2,000,000,000");
  require(settings.max_joiners > 0, "max_joiners must be over 0");
  require(settings.max_thread_authors > 0, "max_thread_authors must be over 0");
  require(settings.max_seen > 0, "max_seen must be over 0");
  require(settings.window >= std::chrono::seconds{1}, "window must be a second or more");
  require(settings.sensitivity + settings.specificity > 1,
          "sensitivity + specificity must be over 1, else the scorer says nothing");
}

}  // namespace

Belief Table::Impl::belief(Slot slot, Time now) const {
  const Record& record = records[slot];
  const Second second = to_second(now);
  Window window;
  window.until = before(second, -kAhead);
  window.from = before(second, settings.window);
  window.recent_from = before(second, kRecent);
  window.before_from = before(second, 2 * kRecent);
  Pace pace = record.authors.pace(window);
  std::uint32_t joiners = record.authors.joiners(), participants = record.authors.participants();
  if (record.authors.saturated()) {
    if (const auto found = overflows.find(record.key); found != overflows.end()) {
      const Overflow& rest = *found->second;
      const Pace more = rest.pace(window);
      pace = {pace.window + more.window, pace.recent + more.recent, pace.before + more.before,
              std::max(pace.last, more.last)};
      joiners += rest.critics();
      participants += rest.participants();
    }
  }

  Belief belief;
  belief.joiners = static_cast<int>(joiners);
  belief.joiners_window = static_cast<int>(pace.window);
  belief.joiners_recent = static_cast<int>(pace.recent);
  belief.joiners_before = static_cast<int>(pace.before);
  belief.participants = static_cast<int>(participants);
  const Pulse& pulse = records.pulse(slot);
  belief.copies = static_cast<int>(pulse.copies);
  belief.answered_at = to_time(pulse.answered_last);
  belief.threat = static_cast<double>(pulse.threat);
  belief.threat_at = to_time(pulse.threat_at);
  belief.exposed_at = to_time(pulse.exposed_at);
  belief.posts = static_cast<int>(pulse.mentions);
  belief.critical_posts = static_cast<int>(pulse.critical);
  belief.top_posts = static_cast<int>(pulse.writers.top());
  belief.root_posts = pulse.root_posts;
  belief.unsure_posts = static_cast<int>(pulse.unsure);
  belief.unsure_negative = static_cast<double>(pulse.unsure_sum);
  belief.root_author = record.authors.root() > 1 ? record.authors.root() : 0;  // 1: without an id
  const Share share = negative_share(belief.joiners, belief.participants, settings.sensitivity,
                                     settings.specificity);
  belief.share = share.value;
  belief.share_low = share.low;
  belief.first_at = to_time(record.first);
  belief.last_at = to_time(record.last);
  belief.last_critic_at = to_time(pace.last);
  belief.saturated = record.authors.saturated();
  belief.calibrated = model->calibrated;
  if (belief.joiners > 0) foresee(slot, second, belief);
  return belief;
}

Table::Table(Settings settings) {
  check(settings);
  impl_ = std::make_unique<Impl>(settings);
}

Table::~Table() = default;

std::optional<std::uint32_t> Table::tracked(std::uint64_t thread, std::uint64_t quoted,
                                            std::uint64_t parent) const noexcept {
  Slot slot = impl_->follow(thread).slot;
  if (slot == kNoSlot) slot = impl_->linked(quoted);
  if (slot == kNoSlot) slot = impl_->linked(parent);
  if (slot == kNoSlot) return std::nullopt;
  return impl_->records[slot].brand;
}

std::optional<std::uint32_t> Table::member(std::uint64_t thread, std::uint64_t parent,
                                           std::uint64_t quoted) const noexcept {
  Slot slot = impl_->inside(thread);
  if (slot == kNoSlot && parent != thread) slot = impl_->inside(parent);
  if (slot == kNoSlot) slot = impl_->inside(quoted);
  if (slot == kNoSlot) return std::nullopt;
  return impl_->records[slot].brand;
}

std::optional<std::uint32_t> Table::owner(std::uint64_t thread) const noexcept {
  const Slot slot = impl_->records.find(thread);
  if (slot == kNoSlot) return std::nullopt;
  return impl_->records[slot].brand;
}

Observed Table::observe(const Observation& observation) {
  return impl_->observe(observation);
}

std::optional<std::uint64_t> Table::remove(std::uint64_t mention, Time) {
  if (impl_->deleted.touch(mention)) return std::nullopt;
  impl_->deleted.put(mention, 0);
  ++impl_->stats.removed;
  if (const auto thread = impl_->seen.get(mention)) {
    const Impl::Home home = impl_->follow(*thread);
    if (home.slot != kNoSlot)
      if (Pulse& pulse = impl_->records.pulse(home.slot); pulse.removed < UINT16_MAX)
        ++pulse.removed;
    return home.key;
  }
  ++impl_->stats.removed_before_create;
  return std::nullopt;
}

std::optional<Belief> Table::belief(std::uint64_t thread, Time now) const {
  const Slot slot = impl_->records.find(thread);
  if (slot == kNoSlot) return std::nullopt;
  return impl_->belief(slot, now);
}

DecisionState* Table::decision(std::uint64_t thread) {
  const Slot slot = impl_->records.find(thread);
  return slot == kNoSlot ? nullptr : &impl_->records.decision(slot);
}

void Table::forget(std::uint64_t thread) {
  const Slot slot = impl_->records.find(thread);
  if (slot == kNoSlot) return;
  impl_->records.decision(slot) = DecisionState{};  // a thread that is given up keeps it otherwise
  impl_->evict(slot);
  --impl_->stats.evicted;
}

void Table::restore(std::uint64_t thread, const DecisionState& state,
                    std::optional<std::uint32_t> brand) {
  Slot slot = impl_->records.find(thread);
  if (slot == kNoSlot && brand) {
    slot = impl_->create(thread, *brand, to_second(state.decided_at));
    Record& record = impl_->records[slot];
    record.first = to_second(state.opened_at);  // until its mentions say better
    record.last = to_second(state.decided_at);
  }
  if (slot == kNoSlot) {
    impl_->records.remember(thread, state);
  } else {
    impl_->records.decision(slot) = state;
  }
}

std::vector<std::uint64_t> Table::open() const {
  std::vector<std::uint64_t> keys;
  impl_->records.each_open([&keys](std::uint64_t key) { keys.push_back(key); });
  std::ranges::sort(keys);
  return keys;
}

bool Table::has_open() const {
  bool any = false;
  impl_->records.each_open([&any](std::uint64_t) { any = true; });
  return any;
}

std::vector<std::pair<std::uint64_t, Belief>> Table::hottest(std::size_t n, Time now) const {
  std::vector<std::pair<std::uint64_t, Belief>> found;
  const Second cutoff = before(to_second(now), impl_->settings.window);
  // A critic in the window arrived in it.
  impl_->records.each_touched(cutoff, [&](Slot slot) {
    const Record& record = impl_->records[slot];
    if (record.authors.joiners() > 0) found.emplace_back(record.key, impl_->belief(slot, now));
  });
  const auto hotter = [](const auto& a, const auto& b) {
    if (a.second.joiners_window != b.second.joiners_window)
      return a.second.joiners_window > b.second.joiners_window;
    if (a.second.joiners != b.second.joiners) return a.second.joiners > b.second.joiners;
    return a.first < b.first;
  };
  const auto end = found.begin() + static_cast<std::ptrdiff_t>(std::min(n, found.size()));
  std::partial_sort(found.begin(), end, found.end(), hotter);
  found.erase(end, found.end());
  return found;
}

void Table::set_surge(std::uint32_t brand, double factor) {
  constexpr double kMost = 100;
  if (impl_->surge.size() <= brand) impl_->surge.resize(brand + 1, 0);
  impl_->surge[brand] = static_cast<float>(std::log(std::clamp(factor, 1 / kMost, kMost)));
}

const Model& Table::model() const noexcept {
  return *impl_->model;
}

std::size_t Table::size() const noexcept {
  return impl_->records.size();
}

std::size_t Table::bytes() const noexcept {
  return sizeof(Impl) + impl_->bytes;
}

const Table::Stats& Table::stats() const noexcept {
  return impl_->stats;
}

}  // namespace brandwacht::thread
