#include "monitor/thread/decision.hpp"

#include <algorithm>
#include <limits>

#include "monitor/thread/condition.hpp"

namespace brandwacht::thread {
namespace {

constexpr int kHoldJoiners = 2;  // this many more joiners stand for the hold
constexpr Duration kRepageEvery = std::chrono::minutes{15};
constexpr Duration kAnswerWait = std::chrono::minutes{10};
constexpr Duration kLongestNight = std::chrono::hours{24};

// A timer that a step of the clock has put into the future starts again now: it can neither end
// early nor stick.
void settle_clock(DecisionState& state, Time now) {
  for (Time* since : {&state.hold_since, &state.calm_since, &state.paged_at, &state.decided_at})
    *since = std::min(*since, now);
  const Duration longest = state.waits == Wait::answer ? kAnswerWait : kLongestNight;
  state.wait_until = std::min(state.wait_until, now + longest);
}

// An incident is open: somebody was told, and it is not closed.
bool incident_open(const DecisionState& state) {
  return is_open(state) && (state.state != IncidentState::watch || state.notified);
}

bool paged_before(const DecisionState& state) {
  return state.tier <= Tier::t2;
}  // in this episode

void stop_waiting(DecisionState& state) {
  state.waits = Wait::nothing;
  state.wait_until = {};
}

void open_episode(DecisionState& state, Time now) {
  if (state.episode < std::numeric_limits<std::uint16_t>::max()) ++state.episode;
  state.notified = true;
  state.tier = Tier::t4;
  state.refused = false;
  state.joiners_at_page = 0;
  state.calm_since = {};
  state.opened_at = now;
  stop_waiting(state);
}

Decision page(const Belief& belief, DecisionState& state, Tier tier, Why why, Time now) {
  const auto kind = paged_before(state) ? IncidentEventKind::upgrade : IncidentEventKind::page;
  state.state = IncidentState::paged;
  state.tier = std::min(state.tier, tier);  // an incident's tier never falls
  state.joiners_at_page = belief.joiners;
  state.hold_since = {};
  state.paged_at = state.decided_at = now;
  stop_waiting(state);
  return {kind, state.tier, why};
}

Decision notice(DecisionState& state, Why why, Time now) {
  if (!incident_open(state)) open_episode(state, now);
  state.tier = std::min(state.tier, Tier::t3);
  state.state = IncidentState::watch;
  state.decided_at = now;
  return {IncidentEventKind::notify, Tier::t3, why};
}

// Keeps the time since which the page condition is true; true when that is long enough.
bool held(const Belief& belief, DecisionState& state, const DecisionSettings& settings, Time now) {
  if (state.hold_since == Time{}) {
    state.hold_since = now;
    state.joiners_at_hold = belief.joiners;
  }
  return now - state.hold_since >= settings.hold ||
         belief.joiners - state.joiners_at_hold >= kHoldJoiners;
}

// The brand has just replied, and it seems to help: one wait.
bool waits_for_answer(const Belief& belief, DecisionState& state, Time now) {
  if (state.waits == Wait::answer) {
    if (now < state.wait_until && slowing(belief, now)) return true;
    stop_waiting(state);
    return false;
  }
  if (state.answer_waited || belief.answered_at == Time{}) return false;
  const Time until = std::min(belief.answered_at, now) + kAnswerWait;
  if (now >= until || !slowing(belief, now)) return false;
  state.answer_waited = true;
  state.waits = Wait::answer;
  state.wait_until = until;
  return true;
}

// Nobody was paged yet, and the page condition is true.
bool ripe(const Wanted& wanted, const Belief& belief, DecisionState& state,
          const DecisionSettings& settings, Time now) {
  if (!held(belief, state, settings, now) && !is_rule(wanted.why)) return false;
  return wanted.tier == Tier::t1 || !waits_for_answer(belief, state, now);
}

// Nobody was told yet.
std::optional<Decision> before_incident(const Belief& belief, DecisionState& state,
                                        const DecisionSettings& settings, Time now) {
  if (const auto wanted = worth_page(belief, settings, now)) {
    state.state = IncidentState::watch;
    if (!ripe(*wanted, belief, state, settings, now)) return std::nullopt;
    open_episode(state, now);
    return page(belief, state, wanted->tier, wanted->why, now);
  }
  state.hold_since = {};
  // What was put off at night is told in the morning, also when it is over by then.
  if (state.waits == Wait::morning)
    return now < state.wait_until ? std::nullopt : std::optional{notice(state, Why::morning, now)};
  if (const auto why = worth_notice(belief, settings, now)) return notice(state, *why, now);
  stop_waiting(state);
  const bool likely = belief.risk_10 >= settings.theta_notify && belief.joiners >= 3;
  state.state = likely               ? IncidentState::watch
                : state.episode == 0 ? IncidentState::calm
                                     : IncidentState::closed;
  return std::nullopt;
}

bool worth_repage(const Belief& belief, const DecisionState& state,
                  const DecisionSettings& settings, Time now) {
  return state.state != IncidentState::acknowledged &&
         belief.joiners >= settings.repage_factor * state.joiners_at_page &&
         belief.joiners > state.joiners_at_page && now - state.paged_at >= kRepageEvery;
}

// An open incident whose page condition is true now.
std::optional<Decision> still_burning(const Belief& belief, DecisionState& state,
                                      const Wanted& wanted, const DecisionSettings& settings,
                                      Time now) {
  if (!paged_before(state)) {
    if (state.state == IncidentState::cooling) state.state = IncidentState::watch;
    if (!ripe(wanted, belief, state, settings, now)) return std::nullopt;
    return page(belief, state, wanted.tier, wanted.why, now);
  }
  if (wanted.tier < state.tier || (wanted.forecast && worth_repage(belief, state, settings, now)))
    return page(belief, state, wanted.tier, wanted.why, now);
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
  state.notified = state.answer_waited = false;
  state.decided_at = now;
  return Decision{IncidentEventKind::close, state.tier};
}

std::optional<Decision> during_incident(const Belief& belief, DecisionState& state,
                                        const DecisionSettings& settings, Time now) {
  const bool smoulders = !paged_before(state) && worth_notice(belief, settings, now);
  const bool calm = belief.risk < settings.theta_page / 3 && !smoulders;
  if (!calm) {
    state.calm_since = {};
  } else if (state.calm_since == Time{}) {
    state.calm_since = now;
  }
  if (const auto wanted = worth_page(belief, settings, now))
    return still_burning(belief, state, *wanted, settings, now);
  state.hold_since = {};
  stop_waiting(state);
  if (state.state == IncidentState::cooling) {
    if (smoulders) state.state = IncidentState::watch;
    return state.state == IncidentState::cooling ? close_if_over(belief, state, settings, now)
                                                 : std::nullopt;
  }
  if (!calm || now - state.calm_since < settings.cool_after) return std::nullopt;
  state.state = IncidentState::cooling;
  state.decided_at = now;
  return Decision{IncidentEventKind::cool, state.tier};
}

// As it was before the page that is not told, and still asking.
DecisionState unsaid(const Belief& belief, const DecisionState& before, const DecisionState& after,
                     Time now) {
  DecisionState out = before;
  out.calm_since = after.calm_since;
  if (out.hold_since == Time{}) {
    out.hold_since = now;
    out.joiners_at_hold = belief.joiners;
  }
  if (!incident_open(before) || before.state == IncidentState::cooling)
    out.state =
        paged_before(before) && incident_open(before) ? IncidentState::paged : IncidentState::watch;
  if (out.waits == Wait::answer) stop_waiting(out);
  return out;
}

}  // namespace

std::string_view to_string(Wait wait) noexcept {
  switch (wait) {
    case Wait::nothing:
      return "";
    case Wait::answer:
      return "answer";
    case Wait::morning:
      return "morning";
  }
  return "";
}

std::optional<Decision> decide(const Belief& belief, DecisionState& state,
                               const DecisionSettings& settings, Time now) {
  settle_clock(state, now);
  return incident_open(state) ? during_incident(belief, state, settings, now)
                              : before_incident(belief, state, settings, now);
}

std::optional<Decision> instead_of(const Decision& wanted, Instead what, const Belief& belief,
                                   const DecisionState& before, DecisionState& state, Time until,
                                   Time now) {
  const bool again = wanted.kind == IncidentEventKind::upgrade;
  const DecisionState after = state;
  state = unsaid(belief, before, after, now);
  if (what == Instead::incident) stop_waiting(state);  // it is told there
  if (what == Instead::morning && !again) {
    state.waits = Wait::morning;
    state.wait_until = until;
  }
  if (what != Instead::notice) return std::nullopt;
  if (again) {  // as if it had been said: it is not asked for at every tick
    state = after;
    return std::nullopt;
  }
  if (incident_open(state) && state.refused) return std::nullopt;
  const Decision said = notice(state, wanted.why, now);
  state.refused = true;
  state.hold_since = now;
  return said;
}

std::optional<Decision> raise(const Belief& belief, DecisionState& state, Tier tier, Why why,
                              Time now) {
  if (tier >= state.tier && incident_open(state)) return std::nullopt;
  if (!incident_open(state)) open_episode(state, now);
  return page(belief, state, tier, why, now);
}

Decision insist(const Belief& belief, DecisionState& state, Tier tier, Why why, Time now) {
  state.calm_since = {};  // it does not cool in the breath that says it
  if (tier > Tier::t2) {
    if (incident_open(state) && paged_before(state))
      return {IncidentEventKind::notify, state.tier, why};
    return notice(state, why, now);
  }
  if (!incident_open(state)) open_episode(state, now);
  return page(belief, state, tier, why, now);
}

void keep_warm(DecisionState& state) {
  state.calm_since = {};
  if (state.state == IncidentState::cooling)
    state.state = paged_before(state) ? IncidentState::paged : IncidentState::watch;
}

}  // namespace brandwacht::thread
