#include "monitor/thread/condition.hpp"

#include <algorithm>
#include <cmath>

namespace brandwacht::thread {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr int kNotifyJoiners = 3;  // T3
// A raid of one text: so many times min_joiners page although they count as one voice.
constexpr int kRaid = 4;
constexpr int kLoudPosts = 8;
constexpr double kAngry = 0.5;
constexpr int kSlowJoiners = 10;
constexpr Duration kSlowAge = hours{6};
constexpr Duration kSlowPause = hours{2};
constexpr double kSlowRate = 2;  // fading with a half-life of 3 h: one in two hours

bool lately(Time at, const DecisionSettings& settings, Time now) {
  return at != Time{} && now - at <= settings.stale;
}

std::optional<Why> rule(const Belief& belief, const DecisionSettings& settings, Time now) {
  if (lately(belief.exposed_at, settings, now)) return Why::private_data;
  if (belief.threat >= settings.theta_threat && lately(belief.threat_at, settings, now))
    return Why::threat;
  return std::nullopt;
}

// Near-duplicates are one voice. Never a veto: many accounts with one text are news as well.
bool crowd(const Belief& belief, const DecisionSettings& settings) {
  return belief.joiners - belief.copies >= settings.min_joiners ||
         belief.joiners >= kRaid * settings.min_joiners;
}

double feature(const Belief& belief, Feature which) {
  return static_cast<double>(belief.features[static_cast<std::size_t>(which)]);
}

bool loud(const Belief& belief, const DecisionSettings& settings, Time now) {
  if (!lately(belief.last_at, settings, now)) return false;
  if (belief.root_posts >= kLoudPosts) return true;
  return belief.joiners > 0 && belief.top_posts >= kLoudPosts &&
         2 * belief.critical_posts >= belief.posts && feature(belief, Feature::arousal) >= kAngry;
}

bool slow_burn(const Belief& belief, const DecisionSettings& settings, Time now) {
  return std::expm1(feature(belief, Feature::joiners)) >= kSlowJoiners - 0.5 &&
         now - belief.first_at >= kSlowAge && now - belief.last_critic_at <= kSlowPause &&
         belief.share_low >= settings.min_share &&
         std::expm1(feature(belief, Feature::slow)) >= kSlowRate;
}

}  // namespace

std::optional<Wanted> worth_page(const Belief& belief, const DecisionSettings& settings, Time now) {
  const bool gate = crowd(belief, settings) && belief.share_low >= settings.min_share &&
                    now - belief.last_critic_at <= settings.stale;
  const bool major = gate && belief.risk_100 >= settings.theta_tier1;
  const bool forecast = major || (gate && belief.risk >= settings.theta_page);
  if (major) return Wanted{Tier::t1, Why::forecast, true};
  if (const auto why = rule(belief, settings, now)) return Wanted{Tier::t1, *why, forecast};
  if (forecast) return Wanted{Tier::t2, Why::forecast, true};
  return std::nullopt;
}

std::optional<Why> worth_notice(const Belief& belief, const DecisionSettings& settings, Time now) {
  // Unknown participants (0) veto nothing; the share's bound is not asked for, a notice is cheap.
  if (belief.risk_10 >= settings.theta_notify && belief.joiners >= kNotifyJoiners &&
      (belief.participants == 0 || belief.share >= settings.min_share))
    return Why::forecast;
  if (loud(belief, settings, now) || slow_burn(belief, settings, now)) return Why::smoulder;
  return std::nullopt;
}

bool slowing(const Belief& belief, Time now) {
  if (belief.joiners_recent < belief.joiners_before || belief.joiners_recent == 0) return true;
  return now - belief.last_critic_at > 2 * Duration{minutes{10}} / belief.joiners_recent;
}

}  // namespace brandwacht::thread
