#include "alerting/throttle.hpp"

#include <algorithm>

namespace brandwacht::alerting {

Throttle::Throttle(const std::vector<RateLimit>& limits) {
  for (const auto& rule : limits)
    if (rule.requests > 0) limits_.push_back({rule, {}, Steady::min()});
}

Throttle::Steady Throttle::next() const {
  Steady out = Steady::min();
  for (const Limit& limit : limits_) {
    if (limit.rule.kind == RateLimit::Kind::window) {
      if (limit.sent.size() >= limit.rule.requests)
        out = std::max(out, limit.sent.front() + limit.rule.per);
    } else if (limit.full != Steady::min()) {
      // The virtual scheduling of GCRA (ITU-T I.371): the bucket is full again at `full`.
      out = std::max(out, limit.full - (limit.rule.requests - 1) * limit.rule.per);
    }
  }
  return out;
}

void Throttle::take(Steady now) {
  for (Limit& limit : limits_) {
    if (limit.rule.kind == RateLimit::Kind::bucket) {
      limit.full = std::max(limit.full, now) + limit.rule.per;
      continue;
    }
    limit.sent.push_back(now);
    if (limit.sent.size() > limit.rule.requests) limit.sent.pop_front();
  }
}

}  // namespace brandwacht::alerting
