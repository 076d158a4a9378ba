#include "bench/stream/stream.hpp"

#include <algorithm>

namespace brandwacht::bench {

std::string_view to_string(Cause cause) noexcept {
  constexpr std::string_view names[]{"ordinary", "hot",    "quarrel", "outage",
                                     "campaign", "praise", "raid"};
  return names[static_cast<std::size_t>(cause)];
}

Stream::Stream(std::uint64_t seed, StreamSettings settings)
    : settings_(settings), random_(seed), salt_(mix(seed + 0x632be59bd9b4e019ULL)), hours_(kRing) {
  double sum = 0;
  for (std::size_t k = 0; k < 4; ++k) {
    modes_[k] = sum += settings_.reaction[k];
    mean_[k] = settings_.half_life[k] / 0.6931471805599453;
  }
  for (double& mode : modes_)
    mode /= sum;
  const auto source = [&](double a_week) {
    const double every = a_week > 0 ? 168 / a_week : 1e18;
    return Source{every * random_.exponential(), every};
  };
  threads_ = source(settings_.roots * 7);
  outages_ = source(settings_.outages);
  campaigns_ = source(settings_.campaigns);
  raids_ = source(settings_.raids);
}

const Event* Stream::next() {
  while (hour_ < 0 || at_ == order_.size()) {
    if (++hour_ >= std::int64_t{168} * settings_.weeks) {
      --hour_;
      return nullptr;
    }
    fill(hour_);
  }
  return &hours_[static_cast<std::size_t>(hour_ % kRing)][order_[at_++].second];
}

// Begins what begins in this hour, and sorts what arrives in it. Whatever begins later arrives
// later.
void Stream::fill(std::int64_t hour) {
  hours_[static_cast<std::size_t>((hour + kRing - 1) % kRing)].clear();
  const double until = week_.tau((hour + 1) * Week::kHour);
  const auto run = [&](Source& source, auto begin) {
    while (source.next < until) {
      begin(source.next);
      source.next += source.every * random_.exponential();
    }
  };
  run(threads_, [&](double tau) { begin_thread(tau); });
  run(outages_, [&](double tau) { begin_outage(tau); });
  run(campaigns_, [&](double tau) { begin_campaign(tau); });
  run(raids_, [&](double tau) { raid(tau); });
  const auto& here = hours_[static_cast<std::size_t>(hour % kRing)];
  order_.clear();
  at_ = 0;
  for (std::uint32_t i = 0; i < here.size(); ++i)
    order_.emplace_back((here[i].received_at - Week::kBegin).count(), i);
  std::ranges::sort(order_);
}

void Stream::put(Event event) {
  // To rounding, nothing arrives before the hour that is made now.
  event.received_at = std::max(event.received_at, Week::kBegin + std::chrono::hours{hour_});
  const std::int64_t hour = (event.received_at - Week::kBegin).count() / Week::kHour;
  if (hour < hour_ + kRing - 1) hours_[static_cast<std::size_t>(hour % kRing)].push_back(event);
}

// What arrives with certainty is told of with a certainty that varies.
float Stream::score(bool critical) {
  const bool flagged =
      critical ? random_.chance(settings_.sensitivity) : !random_.chance(settings_.specificity);
  const double u = random_.uniform();
  const double certain = 1 - u * u;  // mostly near 1
  return static_cast<float>(flagged ? 0.5 + 0.49 * certain : 0.499 - 0.49 * certain);
}

void Stream::post(Event event) {
  event.negative = score(event.critical);
  const auto span = [&](double seconds) {
    return Duration{static_cast<std::int64_t>(seconds * 1e6)};
  };
  const double lag =
      random_.chance(settings_.late) ? random_.between(300, 5400) : 3 * random_.exponential();
  event.received_at = event.created_at + span(lag);
  put(event);
  if (random_.chance(settings_.duplicates)) {
    Event again = event;
    again.again = true;
    again.received_at += span(600 * random_.exponential());
    put(again);
  }
  if (event.id == event.origin) return;  // a root stays, as the one thing that all others name
  if (random_.chance(settings_.edits)) {
    Event edit = event;
    edit.kind = MentionKind::edit;
    edit.negative = score(event.critical);
    edit.received_at += span(900 * random_.exponential());
    put(edit);
  }
  if (random_.chance(settings_.removals)) {
    Event removal = event;
    removal.kind = MentionKind::remove;
    removal.negative = 0;
    removal.received_at += span(7200 * random_.exponential());
    put(removal);
  }
}

}  // namespace brandwacht::bench
