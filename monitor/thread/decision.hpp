// From belief to decision: hysteresis, minimum joiners, tiers (escalation-model section 5). Pure:
// time comes in as `now`, and nothing here remembers anything but DecisionState.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
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
  Time answered_at{};          // the last official post; Time{}: none
  double threat = 0;           // P of the strongest threat of half an hour, by whomever
  Time threat_at{};            // when that was
  Time exposed_at{};           // the last official post with somebody's private data
  int posts = 0;               // by others than root author and officials; of these
  int critical_posts = 0;      //   by a critic when he wrote it
  int top_posts = 0;           //   by the busiest author, about
  int root_posts = 0;          // negative ones by the root's author, the root itself left out
  int unsure_posts = 0;        //   with P(negative) from .35 to .65: sarcasm, mixed language, emoji
  double unsure_negative = 0;  //   so many of those are negative by their probabilities
  std::uint64_t root_author = 0;
  bool saturated = false;  // more authors than are kept exactly: counts are "at least"
};

struct DecisionSettings {
  double theta_page = 0.5;     // theta_hi: page at this risk
  double theta_notify = 0.25;  // T3, on risk_10
  double theta_tier1 = 0.5;    // on risk_100
  double theta_threat = 0.92;  // on Belief::threat: T1 by rule
  int min_joiners = 5;
  // The page condition must be true for this long, or for two more joiners.
  Duration hold = std::chrono::seconds{60};
  double min_share = 0.5;                          // on Belief::share_low
  Duration cool_after = std::chrono::minutes{60};  // with risk below theta_page / 3
  Duration close_after = std::chrono::hours{24};   // after the last critic, once cooling
  double repage_factor = 1.5;  // page again at this multiple of the joiners at the page
  Duration stale = std::chrono::minutes{30};  // joiners older than this cannot page alone
};

// Why something is said.
enum class Why : std::uint8_t {
  forecast,
  threat,        // T1 by rule
  private_data,  // T1 by rule
  smoulder,      // T3: one loud author, or a slow burn
  several,       // several threads of one matter: from outside
  morning,       // what was put off at night, and is over: a notice
  surge,         // the brand as a whole: from outside
  // What the desk did or left undone: from outside.
  promise,       // T2 by rule: broken
  promise_soon,  // falls due
  unanswered,    // somebody waits for too long
  removal,       // by rule: nobody said why
  backfire,      // by rule: a removed author is back, or others object
  exposed        // by rule: a customer's own private data
};
constexpr bool is_rule(Why why) noexcept {
  return why == Why::threat || why == Why::private_data || why == Why::promise ||
         why == Why::removal || why == Why::backfire || why == Why::exposed;
}

constexpr bool of_desk(Why why) noexcept {
  return why >= Why::promise && why <= Why::exposed;
}

// What a page waits for, which the thread itself would give at once.
enum class Wait : std::uint8_t { nothing, answer, morning };
std::string_view to_string(Wait wait) noexcept;

// Kept per thread between events, and by the store over a restart; at most 64 bytes.
// Time{} means "not".
//
//   calm -> watch      the page condition is true, but not for long enough; or T3: notifies once
//   watch -> paged     it held for `hold` or for two more joiners: `page`
//   watch -> calm      nothing was said and the reason is gone (closed, if an episode was before)
//   paged -> paged     `upgrade`: the tier rose; or repage_factor times the joiners at the page,
//                      at most every 15 min and never for an acknowledged incident
//   any -> cooling     risk below theta_page / 3 for cool_after, and of a mere notice its reason is
//                      gone: `cool`
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
  bool answer_waited = false;        // its one wait for a brand's reply was used
  Wait waits = Wait::nothing;        // until wait_until
  bool refused = false;              // a page of it was refused for the budget, which was said
  std::int32_t joiners_at_page = 0;  // at the last page or upgrade
  std::int32_t joiners_at_hold = 0;
  Time hold_since{};  // the page condition is true since, and nobody is paged yet
  Time calm_since{};  // risk is below theta_page / 3 since
  Time opened_at{};
  Time paged_at{};    // the last page or upgrade
  Time decided_at{};  // the last decision of any kind
  Time wait_until{};
};
static_assert(sizeof(DecisionState) <= 64 && std::is_trivially_copyable_v<DecisionState>);

// Is there something that the clock alone could change: watch, or an incident that is not closed?
constexpr bool is_open(const DecisionState& state) noexcept {
  return state.state != IncidentState::calm && state.state != IncidentState::closed;
}

struct Decision {
  IncidentEventKind kind;
  Tier tier;
  Why why = Why::forecast;
};

// The one function that decides. Changes `state`; gives at most one thing to say. Call it on every
// new critic and on clock ticks for open threads; a call too many changes nothing. `now` may step:
// a step back restarts the timers that it makes senseless, a step forward lets them end; neither
// says anything twice.
//
// The page condition: risk >= theta_page or risk_100 >= theta_tier1 (then T1), min_joiners critics,
// share_low >= min_share, and a critic joined within `stale`. Critics whose text had just been
// there count as one of the min_joiners, but four times min_joiners page with any text: a raid is
// labelled, never kept quiet. A tier that rises needs no second hold: the crowd has passed one. T2
// waits once, at most 10 min after a brand's reply, while fewer join than before. A threat, and
// private data in a brand's own post, are T1 at once. T3 asks for theta_notify, three joiners and
// `share` (not its bound, a notice is cheap) >= min_share, or for a thread that smoulders.
std::optional<Decision> decide(const Belief& belief, DecisionState& state,
                               const DecisionSettings& settings, Time now);

// The desk lets a page or notice of decide() not out as it is. `before` and `state`: as decide()
// found and left it. The thread is watched on and asks again at its next critic or tick.
enum class Instead : std::uint8_t {
  notice,   // of T3, once an episode: the budget is spent
  morning,  // nothing until then; if it is over by then, a notice says so
  incident  // nothing: it belongs to another one
};
std::optional<Decision> instead_of(const Decision& wanted, Instead what, const Belief& belief,
                                   const DecisionState& before, DecisionState& state, Time until,
                                   Time now);

// A page of at least this tier for what lies outside of the thread. nullopt: it has paged for it.
std::optional<Decision> raise(const Belief& belief, DecisionState& state, Tier tier, Why why,
                              Time now);
// By rule, from outside: always says something, a page (or one more of an open incident) for T1 and
// T2, a notice for less. A notice about what was paged already changes nothing of its state.
Decision insist(const Belief& belief, DecisionState& state, Tier tier, Why why, Time now);
// Another thread of the incident burns: this one's does not cool.
void keep_warm(DecisionState& state);

}  // namespace brandwacht::thread
