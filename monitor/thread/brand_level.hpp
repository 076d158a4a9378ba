// The settings of what is decided above single threads: the desk's calendar, a brand's surge and
// its planned campaigns, topics, heartbeats of sources, budgets. Each part is explained in its own
// header; config/brandwacht.toml says what each setting does to the desk.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "monitor/calendar.hpp"
#include "monitor/thread/baseline.hpp"
#include "monitor/thread/budget.hpp"
#include "monitor/thread/heartbeat.hpp"
#include "monitor/thread/surge.hpp"
#include "monitor/thread/topics.hpp"

namespace brandwacht::thread {

struct PlannedCampaign {
  std::string brand;  // empty: every brand
  Campaign campaign;
};

struct BrandLevelSettings {
  Calendar calendar;
  bool surges = true;  // say when a brand as a whole has a surge
  SurgeSettings surge;
  BaselineSettings baseline;  // its campaigns are those below
  std::vector<PlannedCampaign> campaigns;
  TopicSettings topics;
  HeartbeatSettings heartbeat;
  BudgetSettings budget;

  BaselineSettings baseline_of(std::string_view brand) const {
    BaselineSettings out = baseline;
    for (const PlannedCampaign& planned : campaigns)
      if (planned.brand.empty() || planned.brand == brand)
        out.campaigns.push_back(planned.campaign);
    return out;
  }
};

}  // namespace brandwacht::thread
