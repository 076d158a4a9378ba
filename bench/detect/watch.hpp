// An invented stream through the product's table, and what each way to decide would have done.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

#include "bench/stream/stream.hpp"
#include "bench/stream/truth.hpp"
#include "monitor/thread/table.hpp"

namespace brandwacht::bench {

// A stream that can be played again. It takes a third of the time to keep it that it takes to make
// it anew, and 100 MB.
struct Recorded {
  std::vector<Event> events;
  Truth truth;
  std::unordered_map<std::uint64_t, Time> incidents;  // by origin
  Time begin{}, split{}, end{};                       // training weeks, then test weeks
};
Recorded record(std::uint64_t seed, int training_weeks, int test_weeks,
                const StreamSettings& settings = {});

thread::Observation observation_of(const Event& event);

// What a rule sees of a critic who joined, or of any other post.
struct Look {
  const Event& event;
  const thread::Observed& observed;
  const thread::Belief* belief;  // nullptr: no new critic
};
// Everything before `until` through a table that believes with `model`.
void watch(const Recorded& recorded, Time until, std::shared_ptr<const thread::Model> model,
           const std::function<void(const Look&)>& look);

struct Page {
  std::uint64_t origin = 0;
  Time at{};
};

// The product: observe, believe, decide, tick; the pages that it sent (not upgrades).
std::vector<Page> product_pages(const Recorded& recorded, Time until,
                                std::shared_ptr<const thread::Model> model,
                                const thread::DecisionSettings& settings);

}  // namespace brandwacht::bench
