// What decision.cpp asks of a belief: is it worth a page, a notice, a wait? Pure functions, O(1);
// internal to the decision and its tests.
#pragma once
#include <optional>

#include "monitor/thread/decision.hpp"

namespace brandwacht::thread {

struct Wanted {
  Tier tier;
  Why why;
  bool forecast;  // the forecast alone asks for a page: only that pages again
};

// By rule (a threat, private data in the brand's own post): T1, at once, whatever the crowd.
// By forecast: risk >= theta_page, or risk_100 >= theta_tier1 (then T1), of a crowd that is large,
// negative and recent enough.
std::optional<Wanted> worth_page(const Belief& belief, const DecisionSettings& settings, Time now);

// T3: ten more within two hours are likely, or the thread smoulders:
//   one loud author   8 posts of one author and more, half of all posts critical, their tone angry
//                     (mean anger >= .5), the last within `stale`; or 8 negative posts of the
//                     root's author below it
//   a slow burn       10 critics or more (corrected), begun 6 h ago, the bound of the share >=
//                     min_share, still about one critic in two hours
std::optional<Why> worth_notice(const Belief& belief, const DecisionSettings& settings, Time now);

// Fewer join than just before: fewer in these 10 min than in those before, or nobody for twice the
// mean gap of these.
bool slowing(const Belief& belief, Time now);

}  // namespace brandwacht::thread
