// A seeded stream of invented events about one brand, in order of arrival, with its truth: for
// benches and property tests. The same numbers on every compiler; 2 million events a second.
#pragma once
#include <cstdint>
#include <utility>
#include <vector>

#include "bench/stream/event.hpp"
#include "bench/stream/random.hpp"
#include "bench/stream/settings.hpp"
#include "bench/stream/week.hpp"

namespace brandwacht::bench {

class Stream {
 public:
  explicit Stream(std::uint64_t seed, StreamSettings settings = {});

  // The next event by arrival; nullptr: the weeks are over. Valid until the next call.
  const Event* next();

  static Time begin() { return Week::kBegin; }
  Time end() const { return Week::kBegin + std::chrono::hours{168 * settings_.weeks}; }
  const Week& week() const noexcept { return week_; }
  // The brand's own account.
  static constexpr std::uint64_t kOfficial = 1;

 private:
  // What a thread is made from.
  struct Plan {
    Cause cause = Cause::ordinary;
    double begin = 0;  // operational
    double ratio = 0, decay = 0;
    double mark = 1;      // of the root
    double critical = 0;  // part of the posts
  };
  struct Node {
    double tau, mark;
    std::uint64_t id, thread, author;
  };
  struct Source {
    double next, every;  // operational hours
  };

  void fill(std::int64_t hour);
  void begin_thread(double tau);
  void begin_outage(double tau);
  void begin_campaign(double tau);
  void grow(const Plan& plan);
  void quarrel(double tau);
  void raid(double tau);
  void answer(const Node& root, Cause cause);
  Node root(const Plan& plan);
  Event reply(const Node& to, std::uint64_t origin, double tau, bool critical) const;
  std::uint64_t author();
  std::uint64_t new_id() noexcept { return mix(++ids_ + salt_) | 1; }
  float score(bool critical);
  double delay();
  double ratio_at(const Plan& plan, double tau) const;
  // Draws the score, and what becomes of the event on its way.
  void post(Event event);
  void put(Event event);

  StreamSettings settings_;
  Week week_;
  Random random_;
  std::uint64_t salt_, ids_ = 0, people_ = 0;
  double modes_[4], mean_[4];
  Source threads_, outages_, campaigns_, raids_;
  std::vector<Node> nodes_;
  // A ring of hours, each with what arrives in it.
  static constexpr std::int64_t kRing = 512;
  std::vector<std::vector<Event>> hours_;
  std::vector<std::pair<std::int64_t, std::uint32_t>> order_;  // of the current hour
  std::int64_t hour_ = -1;
  std::size_t at_ = 0;
};

}  // namespace brandwacht::bench
