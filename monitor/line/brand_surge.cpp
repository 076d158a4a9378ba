// The desk's part for a brand as a whole: a surge is one incident with its threads.
#include <algorithm>

#include "monitor/hash.hpp"
#include "monitor/line/brand_desk.hpp"

namespace brandwacht::line {

using thread::SurgeKind;
using thread::Why;
using Kind = IncidentEventKind;

namespace {

// Of the surge's first thread and of the time, so that it is no brand's name and never comes twice.
std::uint64_t surge_key(const thread::SurgeReport& report, Time now) {
  const auto first = std::ranges::min_element(report.threads, {}, [](const auto& thread) {
    return std::pair{thread.first_at, thread.key};
  });
  const std::uint64_t seed = first == report.threads.end() ? 0 : first->key;
  return hash_bytes("surge", seed ^ static_cast<std::uint64_t>(now.time_since_epoch().count()));
}

}  // namespace

// An open incident that the surge is about as well: it began no longer than a topic lasts before
// it, and has threads in it. Another one, however open, does not speak for it.
Group* BrandDesk::same_matter(std::uint32_t brand, const thread::SurgeReport& report) {
  for (Group& group : groups_.all()) {
    if (group.brand != brand || !alive(group)) continue;
    const thread::DecisionState& state = *state_of(group);
    if (state.state == IncidentState::cooling) continue;
    if (group.own) return &group;
    if (state.opened_at + settings_.topics.window < report.since) continue;
    if (std::ranges::any_of(report.threads,
                            [&](const auto& thread) { return group.holds(thread.key); }))
      return &group;
  }
  return nullptr;
}

void BrandDesk::surge(std::uint32_t brand, SurgeKind kind, Time now) {
  if (kind == SurgeKind::end) {
    if (Group* group = groups_.surging(brand)) over(*group, now);
    return;
  }
  const auto report = watch_.report(brand);
  Group* group = same_matter(brand, report);
  if (group == nullptr) {
    const std::uint64_t key = surge_key(report, now);
    group = &groups_.open(key, brand);
    group->own = true;
    for (const auto& thread : report.threads)
      (void)group->add(thread.key, false);
  }
  group->surging = true;
  group->warm_at = now;
  follow(brand);
  thread::keep_warm(*state_of(*group));
  rise(*group, Tier::t2, Why::surge, now);
}

// The surge's numbers as they are now, for its incident and as a feature of the brand's threads.
void BrandDesk::follow(std::uint32_t brand) {
  if (!watch_.surging(brand)) {
    if (brand < surging_.size() && surging_[brand]) table_.set_surge(brand, 1);
    if (brand < surging_.size()) surging_[brand] = false;
    return;
  }
  const auto report = watch_.report(brand);
  table_.set_surge(brand, report.factor);
  surging_[brand] = true;
  Group* group = groups_.surging(brand);
  if (group == nullptr) return;
  group->since = report.since;
  group->joiners = report.joiners;
  group->expected = report.expected;
  for (const auto& thread : report.threads)
    (void)group->add(thread.key, false);
}

// The surge is over. Nobody was told of it: it waited for the morning, and is told now, as a
// notice.
void BrandDesk::over(Group& group, Time now) {
  group.surging = false;
  if (!group.own) return;  // a thread cools by itself
  thread::DecisionState& state = group.state;
  if (!thread::is_open(state)) return;
  const bool told = state.notified;
  if (!told) {
    state.episode = 1;
    state.notified = true;
    state.tier = Tier::t3;
    state.opened_at = now;
  }
  state.state = IncidentState::cooling;
  state.waits = thread::Wait::nothing;
  state.decided_at = now;
  owed_.push_back(
      {group.incident,
       group.brand,
       {told ? Kind::cool : Kind::notify, state.tier, told ? Why::surge : Why::morning}});
}

void BrandDesk::tick(Group& group, Time now) {
  thread::DecisionState& state = group.state;
  state.decided_at = std::min(state.decided_at, now);
  group.warm_at = std::min(group.warm_at, now);
  if (group.surging) {
    if (state.tier > Tier::t2) rise(group, Tier::t2, Why::surge, now);
    return;
  }
  // Its surge is over, or was forgotten over a restart.
  if (state.state != IncidentState::cooling) {
    if (now - std::max(state.decided_at, group.warm_at) >= settings_.surge.quiet) over(group, now);
    return;
  }
  if (now - state.decided_at < decision_.close_after) return;
  state.state = IncidentState::closed;
  state.decided_at = now;
  owed_.push_back({group.incident, group.brand, {Kind::close, state.tier, Why::surge}});
}

void BrandDesk::tick(Time now) {
  // Not in the tick that closed them: what is owed of them must be described first.
  for (std::size_t i = groups_.all().size(); i-- > 0;)
    if (const Group& group = groups_.all()[i];
        group.own && group.state.state == IncidentState::closed) {
      topics_.note_close(group.incident);
      groups_.close(std::uint64_t{group.incident});
    }
  for (const auto& said : watch_.tick(now)) {
    surge(said.brand, said.decision.kind, now);
    follow(said.brand);
  }
  for (Group& group : groups_.all())
    if (group.own) tick(group, now);
}

void BrandDesk::relearn(std::uint32_t brand, const thread::SurgeJoiner& joiner, Time now) {
  (void)watch_.critic(brand, joiner, now);
}

void BrandDesk::restore(const Incident& incident, std::uint32_t brand, Time now) {
  if (!incident.surge && incident.tier > Tier::t2) return;  // a notice takes nobody in
  Group& group = groups_.open(incident.thread_key, brand);
  group.own = incident.surge;
  group.warm_at = now;
  if (!incident.surge) (void)group.add(incident.thread_key, true);
  for (const auto& thread : incident.threads)
    (void)group.add(thread.key, false);
  if (incident.surge) {
    group.state.state = incident.state;
    group.state.tier = incident.tier;
    group.state.episode = static_cast<std::uint16_t>(incident.episode);
    group.state.notified = true;
    group.state.joiners_at_page = group.joiners = incident.joiners;
    group.state.opened_at = incident.opened_at;
    group.state.paged_at = group.state.decided_at = incident.updated_at;
    group.since = incident.first_at;
  } else if (incident.state != IncidentState::cooling) {
    watch_.told(brand, incident.thread_key, now);
  }
  for (const std::uint64_t thread : group.threads())
    if (const auto seat = topic(brand, thread, now); seat && !incident.surge)
      topics_.note_page(brand, seat->id, incident.thread_key);
}

void BrandDesk::reconsider(Time now) {
  for (std::uint32_t brand = 0; brand < watch_.size(); ++brand)
    if (watch_.surging(brand) && groups_.surging(brand) == nullptr)
      surge(brand, SurgeKind::open, now);
}

}  // namespace brandwacht::line
