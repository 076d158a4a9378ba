// What a recording showed of each thread, as far as thresholds need it: when its critics came, how
// high its risk rose, and what was said of it at moments that can be held against what happened.
#pragma once
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "monitor/thread/decision.hpp"
#include "monitor/time.hpp"

namespace brandwacht::replay {

// A span of the recording, [from, to).
struct Block {
  Time from{}, to{};
  bool holds(Time at) const { return from <= at && at < to; }
  double weeks() const;
};

// What an incident is: so many distinct critics within so long.
struct Outcome {
  int critics = 30;
  Duration within = std::chrono::hours{24};
};

struct ThreadTrail {
  struct Peak {
    Time at{};
    float risk = 0;
  };
  struct Row {
    Time at{};
    float risk = 0;     // P(at least 30 more critics within 6 h)
    bool grew = false;  // they came
  };
  std::uint64_t key = 0;
  std::vector<Time> critics;  // by arrival, first to last
  std::vector<Peak> peaks;    // each higher than those before; only where a page was possible
  std::vector<Row> rows;      // two a doubling of critics

  Time first() const { return critics.front(); }
  // When it became an incident; nullopt: never.
  std::optional<Time> reached(const Outcome& outcome) const;
  // When the risk first was `theta`; nullopt: never.
  std::optional<Time> crossed(double theta) const;
  // The highest risk before `at`; 0: none.
  double peak_before(Time at) const;
  double peak() const { return peaks.empty() ? 0 : static_cast<double>(peaks.back().risk); }
};

class History {
 public:
  // `gate`: min_joiners and min_share, without which nothing pages, and theta_tier1, which pages
  // whatever theta_page is: such a peak counts as 1.
  explicit History(const thread::DecisionSettings& gate) : gate_(gate) {}

  void critic(std::uint64_t thread, const thread::Belief& belief, Time arrived);
  // The recording is over: what became of each row is known.
  void close();

  const std::vector<ThreadTrail>& threads() const { return threads_; }  // by first critic
  const ThreadTrail* find(std::uint64_t thread) const;

 private:
  thread::DecisionSettings gate_;
  std::vector<ThreadTrail> threads_;
  std::unordered_map<std::uint64_t, std::size_t> index_;
};

}  // namespace brandwacht::replay
