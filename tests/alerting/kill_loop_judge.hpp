// The oracle of the kill loop.
#pragma once
#include <fmt/format.h>

#include <iostream>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/alerting/kill_loop_script.hpp"
#include "tests/alerting/kill_loop_sink.hpp"

namespace brandwacht::alerting {
namespace {

int faults = 0;
void fault(const std::string& text) {
  if (++faults <= 20) std::cerr << "FAULT: " << text << '\n';
}

// `first`: when each delivery arrived for the first time.
void judge_order(const std::map<std::string, std::size_t>& first) {
  for (const char* target : kTargets)
    for (int index = 0; index < static_cast<int>(first.size()); ++index) {
      if (index % 3 == 0) continue;  // the first of its incident
      const auto before = first.find(delivery_id(scripted(index - 1, {}), target));
      const auto after = first.find(delivery_id(scripted(index, {}), target));
      if (after == first.end()) continue;
      if (before == first.end() || before->second > after->second)
        fault(after->first + " overtook what came before");
    }
}

// Steps and acknowledgements. `acks`: incidents and when they were acknowledged.
int judge_steps(const std::vector<Arrival>& arrivals, const std::map<std::string, Time>& acks) {
  std::map<std::string, Time> at;
  for (const Arrival& arrival : arrivals)
    at.try_emplace(arrival.delivery, arrival.at);
  int steps = 0;
  for (int index = 0; index < static_cast<int>(at.size()); index += 3) {
    const IncidentEvent first = scripted(index, {});
    const auto ack = acks.find(first.incident.id);
    const auto step = at.find(delivery_id(first, "c", "L0r0s1"));
    steps += step != at.end() ? 1 : 0;
    // Times are told to the millisecond.
    if (ack != acks.end() && step != at.end() &&
        step->second > std::chrono::floor<std::chrono::milliseconds>(ack->second))
      fault(step->first + " was decided although somebody had it");
    const auto page = at.find(delivery_id(first, "a"));
    const auto next = at.find(delivery_id(scripted(index + 1, {}), "a"));
    const bool waited =
        page != at.end() && next != at.end() && next->second - page->second > kEnough;
    if (waited && !is_acknowledged(index) && step == at.end())
      fault(page->first + " lost its next step");
  }
  return steps;
}

void judge(const std::vector<Arrival>& arrivals, const std::set<std::string>& promised, int kills,
           const std::map<std::string, Time>& acks, int most_duplicates) {
  std::map<std::string, int> count;
  std::map<std::string, std::string> dedup;
  std::set<std::pair<std::string, std::string>> lives;
  std::map<std::string, std::size_t> first;
  for (std::size_t i = 0; i < arrivals.size(); ++i) {
    const Arrival& arrival = arrivals[i];
    ++count[arrival.delivery];
    first.try_emplace(arrival.delivery, i);
    if (!lives.emplace(arrival.delivery, arrival.life).second)
      fault(arrival.delivery + " came twice within " + arrival.life);
    if (dedup.try_emplace(arrival.delivery, arrival.dedup).first->second != arrival.dedup)
      fault(arrival.delivery + " changed its dedup key");
  }
  judge_order(first);
  for (const auto& id : promised)
    if (!count.contains(id)) fault(id + " was promised and never came");
  int duplicates = 0, most = 0;
  for (const auto& [id, times] : count) {
    duplicates += times - 1;
    most = std::max(most, times - 1);
    if (times - 1 > most_duplicates) fault(fmt::format("{} came {} times", id, times));
  }
  const int steps = judge_steps(arrivals, acks);
  if (duplicates > kills * static_cast<int>(kReceivers.size()))
    fault(fmt::format("{} duplicates for {} kills", duplicates, kills));
  std::cout << fmt::format(
      "{} kills, {} deliveries promised, {} arrived, {} duplicates (most for one: {}), {} "
      "acknowledgements, {} steps to the next person\n",
      kills, promised.size(), count.size(), duplicates, most, acks.size(), steps);
  if (promised.size() < static_cast<std::size_t>(kills))
    fault("the child made too little progress to prove anything");
}

}  // namespace
}  // namespace brandwacht::alerting
