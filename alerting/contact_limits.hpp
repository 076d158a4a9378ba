// How often one person's phone may be rung or texted. What wakes nobody any more because it always
// rings is as lost as what was never sent; what is T1 is never held back.
//
// The figures are GoAlert's (engine/message/ratelimit.go), which were found in practice.
#pragma once
#include <deque>
#include <optional>
#include <vector>

#include "monitor/time.hpp"

namespace brandwacht::alerting {

struct ContactLimit {
  std::size_t count = 0;
  Duration within{0};
};

class ContactLimits {
 public:
  explicit ContactLimits(std::vector<ContactLimit> limits);

  // How long one more has to wait at `now`; zero: not at all. A clock that steps back waits for no
  // longer than the longest limit.
  Duration wait(Time now) const;
  void note(Time now);  // one was sent

 private:
  std::vector<ContactLimit> limits_;
  std::deque<Time> sent_;  // within the longest limit
};

std::vector<ContactLimit> sms_limits();    // 5 in 15 min, 11 an hour, 21 in 3 h
std::vector<ContactLimit> voice_limits();  // 3 in 15 min, 7 an hour, 15 in 3 h

}  // namespace brandwacht::alerting
