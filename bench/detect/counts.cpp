#include "bench/detect/counts.hpp"

#include <algorithm>
#include <cmath>

namespace brandwacht::bench {
namespace {

// Chosen by hand from what a desk expects of a page, until they are fitted to recorded weeks:
// - A quarrel of two, however fast, stays under 0.10 (0.09). This sets kBase against the slope of
//   a burst, where all counts are equal and the three slopes add up (2.8).
// - Five critics in five minutes 0.40, ten in ten 0.75: a page needs the sixth.
// - Twenty spread over an hour 0.70 and thirty in half an hour 0.86, without any acceleration:
//   kJoiners + kPace = 2.1.
// - Ten spread over ten hours 0.08, six in two hours 0.16: what counts is the last hour, so kPace
//   is most of the 2.1.
constexpr double kBase = -5.4;
constexpr double kJoiners = 0.6;
constexpr double kPace = 1.5;
constexpr double kAcceleration = 0.7;
// Two stretches of 10 min are noisy: no more than eightfold up or down is believed.
const double kMostAcceleration = std::log(8.0);

struct Parts {
  double joiners, pace, acceleration;
  double sum() const { return kBase + joiners + pace + acceleration; }
};

// `scale` multiplies all counts.
Parts parts(const thread::Belief& belief, double scale) {
  const double ratio = (1 + scale * belief.joiners_recent) / (1 + scale * belief.joiners_before);
  return {kJoiners * std::log(1 + scale * belief.joiners),
          kPace * std::log(1 + scale * belief.joiners_window),
          kAcceleration * std::clamp(std::log(ratio), -kMostAcceleration, kMostAcceleration)};
}

// J*/J: the part of the critics that the correction leaves. Over 1/3 of a crowd the corrected
// number is larger than the seen one (critics that the scorer missed); those are not counted, since
// nobody can be shown for them.
double believed(const thread::Belief& belief) {
  if (belief.participants <= 0 || belief.joiners <= 0) return 1;
  return std::min(1.0, belief.share * belief.participants / belief.joiners);
}

}  // namespace

double count_risk(const thread::Belief& belief, int further) {
  const double scale = believed(belief) * 30.0 / std::max(further, 1);
  return 1 / (1 + std::exp(-parts(belief, scale).sum()));
}

}  // namespace brandwacht::bench
