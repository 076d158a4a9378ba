// What really happened in an invented stream: which threads became incidents, and when.
#pragma once
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "bench/stream/event.hpp"

namespace brandwacht::bench {

struct IncidentRule {
  int people = 30;
  Duration within = std::chrono::hours{24};
};

// A thread is an incident when `people` distinct people other than the root's author and the brand
// wrote negatively in it within `within`; bots are nobody.
class Truth {
 public:
  void add(const Event& event);

  struct Joiner {
    std::uint64_t author;
    Time at;  // of the first negative post
  };
  struct Thread {
    std::uint64_t root_author = 0;
    Cause cause = Cause::ordinary;
    Time first{};
    std::vector<Joiner> joiners;  // by author once, in order of arrival
  };
  const std::unordered_map<std::uint64_t, Thread>& threads() const noexcept { return threads_; }
  // When that person joined who made it one; Time{}: never.
  static Time incident_at(const Thread& thread, const IncidentRule& rule = {});
  std::unordered_map<std::uint64_t, Time> incidents(const IncidentRule& rule = {}) const;

 private:
  std::unordered_map<std::uint64_t, Thread> threads_;
  std::unordered_map<std::uint64_t, std::uint32_t> places_;  // of (thread, author) in joiners
};

}  // namespace brandwacht::bench
