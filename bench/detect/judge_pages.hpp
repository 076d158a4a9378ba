// Pages against what really happened (escalation-model section 7).
#pragma once
#include <span>

#include "bench/detect/watch.hpp"

namespace brandwacht::bench {

struct Score {
  double precision = 0;  // pages of a thread that is or becomes an incident
  double recall = 0;     // incidents that were paged, early or late
  double early = 0;      // before they were incidents
  double lead = 0;       // minutes from the page to that, median over the paged; late ones below 0
  double a_week = 0, worst_week = 0, night_a_week = 0;  // pages; night: 22 to 7 h UTC
  int incidents = 0;
};
// Of the test weeks.
Score judge(std::span<const Page> pages, const Recorded& recorded);

}  // namespace brandwacht::bench
