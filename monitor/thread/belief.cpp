// From the state of a thread to the numbers that its risk is computed from, and the risk.
#include <algorithm>
#include <cmath>

#include "monitor/thread/impl.hpp"

namespace brandwacht::thread {
namespace {

constexpr double kLeast = 1e-4;  // of a probability, before its log odds are taken
constexpr double kMostAcceleration = 2.0794415416798357;  // ln 8: two stretches of 10 min are noisy

double log_odds(double p) {
  p = std::clamp(p, kLeast, 1 - kLeast);
  return std::log(p / (1 - p));
}

float part(double of, double all) {
  return all > 0 ? static_cast<float>(of / all) : 0.0F;
}

// Of what is 0 or a few at least: log1p, which is as dear again, would say no more of it.
float log1p(double x) {
  return static_cast<float>(std::log(1 + std::max(x, 0.0)));
}

float minutes(Second from, Second until) {
  return until > from ? static_cast<float>(until - from) / 60.0F : 0.0F;
}

// The part of the critics that the correction for the scorer's errors leaves. Over 1/3 of a crowd
// the corrected number is larger than the seen one (critics that the scorer missed); those are not
// counted, since nobody can be shown for them.
double believed(const Belief& belief) {
  if (belief.participants <= 0) return 1;
  return std::min(1.0, belief.share * belief.participants / belief.joiners);
}

}  // namespace

void Table::Impl::foresee(Slot slot, Second now, Belief& belief) const {
  const Record& record = records[slot];
  const Pulse& pulse = records.pulse(slot);
  const double scale = believed(belief);
  Features& x = belief.features;
  const auto set = [&x](Feature feature, auto value) {
    x[static_cast<std::size_t>(feature)] = static_cast<float>(value);
  };

  const auto rates = pulse.joiners.at(now, Pulse::kRateHalfLives);
  set(Feature::joiners, log1p(scale * belief.joiners));
  set(Feature::fast, log1p(scale * static_cast<double>(rates[Pulse::fast])));
  set(Feature::slow, log1p(scale * static_cast<double>(rates[Pulse::slow])));
  set(Feature::recent, log1p(scale * belief.joiners_recent));
  set(Feature::acceleration, std::clamp(std::log((1 + scale * belief.joiners_recent) /
                                                 (1 + scale * belief.joiners_before)),
                                        -kMostAcceleration, kMostAcceleration));
  set(Feature::age, log1p(static_cast<double>(minutes(record.first, now))));
  set(Feature::pause, log1p(static_cast<double>(minutes(to_second(belief.last_critic_at), now))));
  set(Feature::share, belief.share);
  set(Feature::share_low, belief.share_low);
  set(Feature::spread, part(belief.participants, std::max<double>(pulse.mentions, 1)));
  set(Feature::top_writer, part(pulse.writers.top(), pulse.mentions));
  set(Feature::newcomers, 1 - part(pulse.returning, belief.joiners));
  set(Feature::talk, part(pulse.to_others, pulse.critical));
  set(Feature::quoting, part(pulse.quoting, pulse.mentions));
  set(Feature::copies, part(belief.copies, belief.joiners));
  const auto tone = pulse.tone.at(now, Pulse::kToneHalfLives);
  const double posts = static_cast<double>(tone[Pulse::posts]);
  if (posts > 1e-3) {
    set(Feature::arousal, tone[Pulse::anger] / tone[Pulse::posts]);
    set(Feature::they, tone[Pulse::they] / tone[Pulse::posts]);
    set(Feature::action, tone[Pulse::action] / tone[Pulse::posts]);
    set(Feature::first_person, tone[Pulse::first_person] / tone[Pulse::posts] -
                                   part(pulse.critical_first, pulse.critical));
  }
  set(Feature::addressed, pulse.root_addressed ? 1 : 0);
  set(Feature::link, pulse.root_link ? 1 : 0);
  set(Feature::concrete, pulse.root_concrete);
  set(Feature::root, pulse.root_negative);
  if (record.brand < surge.size()) set(Feature::surge, surge[record.brand]);

  // The cascade as it is now, thinned to the critics that are believed.
  const Profile& profile = model->profile;
  Cascade cascade = pulse.cascade;
  const double tau = profile.tau(now);
  cascade.advance(tau, model->kernel);
  cascade.joins *= scale;
  cascade.exposed *= scale;
  for (double& due : cascade.due)
    due *= scale;
  const auto ahead = [&](double hours) {
    return profile.tau(now + static_cast<Second>(hours * 3600)) - tau;
  };
  set(Feature::activity, std::log(ahead(6) / 6));
  // Two of the three ask about the same span.
  constexpr auto at = [](Horizon horizon) { return static_cast<std::size_t>(horizon); };
  constexpr Target notice = kTargets[at(Horizon::notice)], page = kTargets[at(Horizon::page)],
                   major = kTargets[at(Horizon::major)];
  static_assert(page.hours == major.hours && page.further < major.further);
  const auto [more, most] = forecast->probabilities(
      cascade, model->prior, std::array{page.further, major.further}, ahead(page.hours));
  belief.forecast[at(Horizon::page)] = static_cast<float>(more);
  belief.forecast[at(Horizon::major)] = static_cast<float>(most);
  belief.forecast[at(Horizon::notice)] = static_cast<float>(
      forecast->probability(cascade, model->prior, notice.further, ahead(notice.hours)));
  const auto risk = [&](Horizon horizon) {
    Features of = x;
    of[static_cast<std::size_t>(Feature::forecast)] =
        static_cast<float>(log_odds(static_cast<double>(belief.forecast[at(horizon)])));
    if (horizon == Horizon::page) x = of;
    return model->of(horizon).probability(of);
  };
  belief.risk = risk(Horizon::page);
  belief.risk_10 = risk(Horizon::notice);
  belief.risk_100 = risk(Horizon::major);
}

}  // namespace brandwacht::thread
