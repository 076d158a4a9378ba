#include "alerting/contact_limits.hpp"

#include <algorithm>

namespace brandwacht::alerting {
using namespace std::chrono_literals;

ContactLimits::ContactLimits(std::vector<ContactLimit> limits) : limits_(std::move(limits)) {}

Duration ContactLimits::wait(Time now) const {
  Duration out{0};
  for (const auto& limit : limits_) {
    if (sent_.size() < limit.count) continue;
    const Time oldest = sent_[sent_.size() - limit.count];  // of the last `count`
    out = std::max(out, std::min(oldest + limit.within - now, limit.within));
  }
  return out;
}

void ContactLimits::note(Time now) {
  std::size_t most = 0;
  for (const auto& limit : limits_)
    most = std::max(most, limit.count);
  sent_.push_back(now);
  while (sent_.size() > most)
    sent_.pop_front();
}

std::vector<ContactLimit> sms_limits() {
  return {{5, 15min}, {11, 1h}, {21, 3h}};
}

std::vector<ContactLimit> voice_limits() {
  return {{3, 15min}, {7, 1h}, {15, 3h}};
}

}  // namespace brandwacht::alerting
