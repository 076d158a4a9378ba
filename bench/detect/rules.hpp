// What the product is measured against: rules of one number each, that page a thread when it first
// reaches their threshold.
#pragma once
#include <deque>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "bench/detect/watch.hpp"

namespace brandwacht::bench {

enum class Rule : std::uint8_t {
  brand_hour,    // the brand's negative posts this hour over the mean of the previous 24 h
  posts_hour,    // a thread's negative posts in 60 min
  joiners,       // its distinct negative joiners
  joiners_hour,  // those of the last 60 min
  counts,        // the first version's logistic of counts
  forecast,      // the cascade's probability, not calibrated
  risk,          // what the product believes, without its decision
  count_
};
inline constexpr std::size_t kRules = static_cast<std::size_t>(Rule::count_);
std::string_view to_string(Rule rule) noexcept;
// As a part of a figure's name.
std::string_view short_name(Rule rule) noexcept;

// How high a thread stood, whenever it stood higher than before: enough for every threshold.
class Climbs {
 public:
  void add(std::uint64_t origin, Time at, double value);
  // The pages at a threshold, each thread once.
  std::vector<Page> pages(double threshold) const;
  // The lowest threshold that pages at most `most` threads before `until`.
  double threshold(Time until, std::size_t most) const;

 private:
  struct Step {
    Time at;
    double value;
  };
  std::unordered_map<std::uint64_t, std::vector<Step>> threads_;
};

// All rules over the whole stream at once.
class Rules {
 public:
  void look(const Look& look);
  const Climbs& of(Rule rule) const { return climbs_[static_cast<std::size_t>(rule)]; }

 private:
  struct Post {
    Time at;
    std::uint64_t origin;
  };
  void hear(const Event& event);

  Climbs& at(Rule rule) { return climbs_[static_cast<std::size_t>(rule)]; }

  Climbs climbs_[kRules];
  std::deque<Post> hour_, day_;  // negative posts of the last hour, and of the 24 h before it
  std::unordered_map<std::uint64_t, int> in_hour_;
};

}  // namespace brandwacht::bench
