#include "monitor/thread/pulse.hpp"

#include <algorithm>

namespace brandwacht::thread {

void Pulse::merge(const Pulse& other) noexcept {
  tone.merge(other.tone, kToneHalfLives);
  writers.merge(other.writers);
  mentions += other.mentions;
  critical += other.critical;
  critical_first += other.critical_first;
  to_others += other.to_others;
  copies += other.copies;
  returning += other.returning;
  quoting += other.quoting;
  unsure += other.unsure;
  unsure_sum += other.unsure_sum;
  removed = static_cast<std::uint16_t>(std::min(65'535, removed + other.removed));
  if (other.answered_first != kNever)
    answered_first = answered_first == kNever ? other.answered_first
                                              : std::min(answered_first, other.answered_first);
  root_posts = static_cast<std::uint16_t>(std::min(65'535, root_posts + other.root_posts));
  exposed_at = std::max(exposed_at, other.exposed_at);
  if (other.threat > threat) {
    threat = other.threat;
    threat_at = other.threat_at;
  }
  answered_last = std::max(answered_last, other.answered_last);
}

}  // namespace brandwacht::thread
