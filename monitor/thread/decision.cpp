#include "monitor/thread/decision.hpp"

#include <algorithm>
#include <limits>

namespace brandwacht::thread {
namespace {

constexpr int kNotifyJoiners = 3;  // T3
constexpr int kHoldJoiners = 2;    // this many more joiners stand for the hold
constexpr Duration kRepageEvery = std::chrono::minutes{15};

// A timer that a step of the clock has put into the future starts again now: it can neither end
// early nor stick.
void settle_clock(DecisionState& state, Time now) {
  for (Time* since : {&state.hold_since, &state.calm_since, &state.paged_at, &state.decided_at})
    *since = std::min(*since, now);
}

// The tier to page for, if the page condition is true now.
std::optional<Tier> wanted(const Belief& belief, const DecisionSettings& settings, Time now) {
  const bool gate = belief.joiners >= settings.min_joiners &&
                    belief.share_low >= settings.min_share &&
                    now - belief.last_critic_at <= settings.stale;
  if (!gate) return std::nullopt;
  if (belief.risk_100 >= settings.theta_tier1) return Tier::t1;
  if (belief.risk >= settings.theta_page) return Tier::t2;
  return std::nullopt;
}

bool worth_notice(const Belief& belief, const DecisionSettings& settings) {
  return belief.risk >= settings.theta_notify && belief.joiners >= kNotifyJoiners;
}

// An incident is open: somebody was told, and it is not closed.
bool incident_open(const DecisionState& state) {
  return is_open(state) && (state.state != IncidentState::watch || state.notified);
}

bool paged_before(const DecisionState& state) {
  return state.tier <= Tier::t2;
}  // in this episode

void open_episode(DecisionState& state, Time now) {
  if (state.episode < std::numeric_limits<std::uint16_t>::max()) ++state.episode;
  state.notified = true;
  state.tier = Tier::t4;
  state.joiners_at_page = 0;
  state.calm_since = {};
  state.opened_at = now;
}

Decision page(const Belief& belief, DecisionState& state, Tier tier, Time now) {
  const auto kind = paged_before(state) ? IncidentEventKind::upgrade : IncidentEventKind::page;
  state.state = IncidentState::paged;
  state.tier = std::min(state.tier, tier);  // an incident's tier never falls
  state.joiners_at_page = belief.joiners;
  state.hold_since = {};
  state.paged_at = state.decided_at = now;
  return {kind, state.tier};
}

// Keeps the time since which the page condition is true; true when that is long enough.
bool held(const Belief& belief, DecisionState& state, const DecisionSettings& settings, Time now) {
  if (state.hold_since == Time{}) {
    state.hold_since = now;
    state.joiners_at_hold = belief.joiners;
  }
  return now - state.hold_since >= settings.hold ||
         belief.joiners >= state.joiners_at_hold + kHoldJoiners;
}

// Nobody was told yet.
std::optional<Decision> before_incident(const Belief& belief, DecisionState& state,
                                        const DecisionSettings& settings, Time now) {
  if (const auto tier = wanted(belief, settings, now)) {
    state.state = IncidentState::watch;
    if (!held(belief, state, settings, now)) return std::nullopt;
    open_episode(state, now);
    return page(belief, state, *tier, now);
  }
  state.hold_since = {};
  if (!worth_notice(belief, settings)) {
    state.state = state.episode == 0 ? IncidentState::calm : IncidentState::closed;
    return std::nullopt;
  }
  state.state = IncidentState::watch;
  // Unknown participants (0) veto nothing.
  if (belief.participants > 0 && belief.share < settings.min_share) return std::nullopt;
  open_episode(state, now);
  state.tier = Tier::t3;
  state.decided_at = now;
  return Decision{IncidentEventKind::notify, Tier::t3};
}

bool worth_repage(const Belief& belief, const DecisionState& state,
                  const DecisionSettings& settings, Time now) {
  return state.state != IncidentState::acknowledged &&
         belief.joiners >= settings.repage_factor * state.joiners_at_page &&
         belief.joiners > state.joiners_at_page && now - state.paged_at >= kRepageEvery;
}

// An open incident whose page condition is true now.
std::optional<Decision> still_burning(const Belief& belief, DecisionState& state, Tier tier,
                                      const DecisionSettings& settings, Time now) {
  if (!paged_before(state)) {
    if (state.state == IncidentState::cooling) state.state = IncidentState::watch;
    if (!held(belief, state, settings, now)) return std::nullopt;
    return page(belief, state, tier, now);
  }
  if (tier < state.tier || worth_repage(belief, state, settings, now))
    return page(belief, state, tier, now);
  if (state.state == IncidentState::cooling) state.state = IncidentState::paged;
  return std::nullopt;
}

std::optional<Decision> close_if_over(const Belief& belief, DecisionState& state,
                                      const DecisionSettings& settings, Time now) {
  // A time "of tomorrow" was stamped by a clock that was wrong; then the calm is what counts.
  const bool future = belief.last_critic_at > now;
  if (future && state.calm_since == Time{}) return std::nullopt;
  Time quiet_since = future ? state.calm_since : belief.last_critic_at;
  // After a restart the critics may be forgotten; when the incident opened and paged is not.
  for (const Time at : {state.paged_at, state.opened_at})
    if (at <= now) quiet_since = std::max(quiet_since, at);
  // Not in the breath that said "cool": the same input twice says nothing new.
  if (now - quiet_since < settings.close_after || now <= state.decided_at) return std::nullopt;
  state.state = IncidentState::closed;
  state.notified = false;
  state.decided_at = now;
  return Decision{IncidentEventKind::close, state.tier};
}

std::optional<Decision> during_incident(const Belief& belief, DecisionState& state,
                                        const DecisionSettings& settings, Time now) {
  const bool calm = belief.risk < settings.theta_page / 3;
  if (!calm) {
    state.calm_since = {};
  } else if (state.calm_since == Time{}) {
    state.calm_since = now;
  }
  if (const auto tier = wanted(belief, settings, now))
    return still_burning(belief, state, *tier, settings, now);
  state.hold_since = {};
  if (state.state == IncidentState::cooling) {
    if (!paged_before(state) && worth_notice(belief, settings)) state.state = IncidentState::watch;
    return state.state == IncidentState::cooling ? close_if_over(belief, state, settings, now)
                                                 : std::nullopt;
  }
  if (!calm || now - state.calm_since < settings.cool_after) return std::nullopt;
  state.state = IncidentState::cooling;
  state.decided_at = now;
  return Decision{IncidentEventKind::cool, state.tier};
}

}  // namespace

std::optional<Decision> decide(const Belief& belief, DecisionState& state,
                               const DecisionSettings& settings, Time now) {
  settle_clock(state, now);
  return incident_open(state) ? during_incident(belief, state, settings, now)
                              : before_incident(belief, state, settings, now);
}

}  // namespace brandwacht::thread
