// The first version's risk, kept as a rule to compare with.
#pragma once
#include "monitor/thread/decision.hpp"

namespace brandwacht::bench {

// From counts alone and not calibrated: P(at least `further` more critics
// within 6 h), logistic in ln(1 + joiners), ln(1 + joiners in the window) and the ratio of the last
// 10 min to the 10 min before. Counts enter as corrected for the scorer's errors (by Belief::share;
// not when `participants` is 0: unknown), so that the false critics of a happy crowd carry no risk.
// `further` other than 30 scales them: 100 more takes 100/30 of the counts that 30 more takes. The
// coefficients are in counts.cpp with their reasons.
double count_risk(const thread::Belief& belief, int further = 30);

}  // namespace brandwacht::bench
