// From belief to decision: hysteresis, minimum joiners, tiers (escalation-model section 5). Pure.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "monitor/incident.hpp"
#include "monitor/time.hpp"

namespace brandwacht::thread {

// What is believed of one thread at one moment. The forecast of a later version fills the same struct.
struct Belief {
  double risk = 0;         // P(at least 30 more critics within 6 h)
  double risk_100 = 0;     // P(at least 100 more within 6 h)
  bool calibrated = false;
  int joiners = 0;         // distinct negative joiners; without root author and officials
  int joiners_window = 0;  // whose first negative event lies in the last window
  int joiners_recent = 0;  // in the last 10 min
  int joiners_before = 0;  // in the 10 min before those
  int participants = 0;    // distinct authors; without root author and officials
  double share = 0;        // negative share, corrected for the scorer's errors
  double share_low = 0;    // its lower bound (one-sided 90 %)
  Time first_at{}, last_at{};
  Time last_critic_at{};
  bool saturated = false;  // more authors than are kept exactly: counts are "at least"
};

// The first version's risk, from counts alone, not calibrated: logistic in ln(1 + joiners) and ln(1 + joiners_window).
// The coefficients are in the source with their reason.
double count_risk(int joiners, int joiners_window, int further);
// The terms of that sum for `belief`, largest first; each is (name, log odds).
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
  Duration hold = std::chrono::seconds{60};  // the condition must hold this long, or for two more joiners
  double min_share = 0.5;                    // on Belief::share_low
  Duration cool_after = std::chrono::minutes{60};   // with risk below theta_page / 3
  Duration close_after = std::chrono::hours{24};    // after the last critic, once cooling
  double repage_factor = 1.5;                       // page again at this multiple of the joiners at the page
  Duration stale = std::chrono::minutes{30};        // joiners older than this cannot page alone
};

// Kept per thread between events. 64 bytes.
struct DecisionState {
  IncidentState state = IncidentState::calm;
  Tier tier = Tier::t4;           // of the last page or notification
  std::uint16_t episode = 0;      // pages of this thread are numbered from 1; 0: none yet
  bool notified = false;
  std::int32_t joiners_at_page = 0;
  std::int32_t joiners_at_hold = 0;
  Time hold_since{};   // the page condition is true since; default: it is not
  Time calm_since{};   // risk is below theta_page / 3 since; default: it is not
  Time opened_at{};
  Time decided_at{};
};

struct Decision {
  IncidentEventKind kind;
  Tier tier;
};

// The one function that decides. Changes `state`; gives at most one thing to say. Call it on every new critic and on
// clock ticks for open threads; a call too many changes nothing.
std::optional<Decision> decide(const Belief& belief, DecisionState& state, const DecisionSettings& settings, Time now);

}  // namespace brandwacht::thread
