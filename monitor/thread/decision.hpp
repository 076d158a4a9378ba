// From belief to decision: hysteresis, minimum joiners, tiers (escalation-model section 5). Pure:
// time comes in as `now`, and nothing here remembers anything but DecisionState.
#pragma once
#include <cstdint>
#include <optional>
#include <type_traits>
#include <vector>

#include "monitor/incident.hpp"
#include "monitor/thread/features.hpp"
#include "monitor/time.hpp"

namespace brandwacht::thread {

// What is believed of one thread at one moment.
struct Belief {
  double risk = 0;      // P(at least 30 more critics within 6 h)
  double risk_100 = 0;  // P(at least 100 more within 6 h)
  double risk_10 = 0;   // P(at least 10 more within 2 h)
  bool calibrated = false;
  // What these were computed from. features[0] is the forecast of the page's horizon; by horizon
  // the cascade's own probability, never shown.
  Features features{};
  std::array<float, kHorizons> forecast{};
  int joiners = 0;         // distinct negative joiners; without root author and officials
  int joiners_window = 0;  // whose first negative event lies in the window; exact to the second
  int joiners_recent = 0;  // in the last 10 min
  int joiners_before = 0;  // in the 10 min before those
  int participants = 0;    // distinct authors; without root author and officials
  int copies = 0;          // critics whose text had just been there: looks coordinated
  double share = 0;        // negative share, corrected for the scorer's errors
  double share_low = 0;    // its lower bound (one-sided 90 %)
  Time first_at{}, last_at{};
  Time last_critic_at{};
  bool saturated = false;  // more authors than are kept exactly: counts are "at least"
};

// The first version's risk, from counts alone and not calibrated: P(at least `further` more critics
// within 6 h), logistic in ln(1 + joiners), ln(1 + joiners in the window) and the ratio of the last
// 10 min to the 10 min before. Counts enter as corrected for the scorer's errors (by Belief::share;
// not when `participants` is 0: unknown), so that the false critics of a happy crowd carry no risk.
// `further` other than 30 scales them: 100 more takes 100/30 of the counts that 30 more takes. The
// coefficients are in risk.cpp with their reasons.
double count_risk(const Belief& belief, int further = 30);

// The terms of that sum for 30 more, largest first by magnitude; their weights (log odds) add up to
// logit(risk). `share` is what the correction takes away, below 0; left out where it takes nothing.
struct RiskTerm {
  enum class Kind : std::uint8_t { base, joiners, pace, acceleration, share } kind;
  double weight;
};
std::vector<RiskTerm> risk_terms(const Belief& belief);

struct DecisionSettings {
  double theta_page = 0.5;     // theta_hi: page at this risk
  double theta_notify = 0.25;  // T3
  double theta_tier1 = 0.5;    // on risk_100
  int min_joiners = 5;
  // The page condition must be true for this long, or for two more joiners.
  Duration hold = std::chrono::seconds{60};
  double min_share = 0.5;                          // on Belief::share_low
  Duration cool_after = std::chrono::minutes{60};  // with risk below theta_page / 3
  Duration close_after = std::chrono::hours{24};   // after the last critic, once cooling
  double repage_factor = 1.5;  // page again at this multiple of the joiners at the page
  Duration stale = std::chrono::minutes{30};  // joiners older than this cannot page alone
};

// Kept per thread between events, and by the store over a restart; at most 64 bytes.
// Time{} means "not".
//
//   calm -> watch      the page condition is true, but not for long enough; or T3: notifies once
//   watch -> paged     it held for `hold` or for two more joiners: `page`
//   watch -> calm      nothing was said and the reason is gone (closed, if an episode was before)
//   paged -> paged     `upgrade`: the tier rose; or repage_factor times the joiners at the page,
//                      at most every 15 min and never for an acknowledged incident
//   any -> cooling     risk below theta_page / 3 for cool_after: `cool`; also after a notice only
//   cooling -> paged   the page condition is true again; silent, unless it is worth an upgrade
//   cooling -> closed  close_after without a new critic: `close`
//   closed -> watch    a revival; what opens then is the next episode
//
// `acknowledged` is set from outside, on an open incident.
struct DecisionState {
  IncidentState state = IncidentState::calm;
  Tier tier = Tier::t4;              // highest of this episode; t3: notified only, never paged
  std::uint16_t episode = 0;         // incidents so far; a page or a notification opens one
  bool notified = false;             // somebody was told of this episode
  std::int32_t joiners_at_page = 0;  // at the last page or upgrade
  std::int32_t joiners_at_hold = 0;
  Time hold_since{};  // the page condition is true since, and nobody is paged yet
  Time calm_since{};  // risk is below theta_page / 3 since
  Time opened_at{};
  Time paged_at{};    // the last page or upgrade
  Time decided_at{};  // the last decision of any kind
};
static_assert(sizeof(DecisionState) <= 64 && std::is_trivially_copyable_v<DecisionState>);

// Is there something that the clock alone could change: watch, or an incident that is not closed?
constexpr bool is_open(const DecisionState& state) noexcept {
  return state.state != IncidentState::calm && state.state != IncidentState::closed;
}

struct Decision {
  IncidentEventKind kind;
  Tier tier;
};

// The one function that decides. Changes `state`; gives at most one thing to say. Call it on every
// new critic and on clock ticks for open threads; a call too many changes nothing. `now` may step:
// a step back restarts the timers that it makes senseless, a step forward lets them end; neither
// says anything twice.
//
// The page condition: risk >= theta_page or risk_100 >= theta_tier1 (then T1), joiners >=
// min_joiners, share_low >= min_share, and a critic joined within `stale`. A tier that rises needs
// no second hold: the crowd has passed one. T3 asks for theta_notify, three joiners and `share`
// (not its bound, a notice is cheap) >= min_share.
std::optional<Decision> decide(const Belief& belief, DecisionState& state,
                               const DecisionSettings& settings, Time now);

}  // namespace brandwacht::thread
