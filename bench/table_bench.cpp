// What one more critic costs, join, forecast and decision together, as a thread grows from 1e3 to
// 1e6 people and as the live threads grow from 1e3 to 1e6. It should not grow with either.
#include <fmt/format.h>
#include <time.h>

#include <array>
#include <chrono>
#include <vector>

#include "bench/figure.hpp"
#include "monitor/thread/table.hpp"

namespace {

using namespace brandwacht;
using namespace brandwacht::bench;

// Of this thread alone: what the machine does beside it is not counted.
std::chrono::nanoseconds cpu_time() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::chrono::seconds{now.tv_sec} + std::chrono::nanoseconds{now.tv_nsec};
}

std::uint64_t mixed(std::uint64_t x) {  // splitmix64: the same numbers everywhere
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

// Nanoseconds of each station, a mention.
struct Cost {
  double observe = 0, belief = 0, decide = 0;
  double sum() const { return observe + belief + decide; }
};

class Crowd {
 public:
  explicit Crowd(std::size_t threads) : table_(settings(threads)) {}

  // One more person in that thread, a critic; the first mention is the root. True: counted.
  bool join(std::uint64_t thread) {
    now_ += std::chrono::microseconds{500};
    thread::Observation seen;
    seen.thread = mixed(thread) | 1;
    seen.mention = people_ == 0 || fresh_ ? seen.thread : mixed(~people_);
    seen.parent = fresh_ ? 0 : seen.thread;
    seen.author = mixed(people_++ ^ 0x5555'0000'0000'0000ULL);
    seen.created_at = seen.received_at = now_;
    seen.negative = 0.9F;
    return table_.observe(seen).new_critic;
  }
  void open(std::uint64_t thread) {
    fresh_ = true;
    join(thread);
    fresh_ = false;
  }

  // `n` mentions, `pick(i)` giving each one's thread: each station's median over blocks, so that
  // what else the machine does is left out. All mentions of a block pass a station together, as the
  // clock itself costs 30 ns.
  template <typename Pick>
  Cost measure(std::size_t n, Pick pick) {
    constexpr std::size_t kBlock = 1000;
    std::vector<double> observe, belief, decide;
    std::vector<thread::Belief> beliefs(kBlock);
    for (std::size_t block = 0; block < n / kBlock; ++block) {
      std::size_t critics = 0;
      observe.push_back(
          time(kBlock, [&](std::size_t i) { critics += join(pick(block * kBlock + i)) ? 1 : 0; }));
      require(critics * 10 >= kBlock * 9 || estimated_, "joiners were not counted");
      belief.push_back(time(kBlock, [&](std::size_t i) {
        beliefs[i] = *table_.belief(mixed(pick(block * kBlock + i)) | 1, now_);
      }));
      decide.push_back(time(kBlock, [&](std::size_t i) {
        if (auto* state = table_.decision(mixed(pick(block * kBlock + i)) | 1))
          said_ += thread::decide(beliefs[i], *state, rules_, now_).has_value() ? 1 : 0;
      }));
      require(beliefs.back().joiners > 0 && beliefs.back().risk > 0, "nothing is believed");
    }
    return {median(observe), median(belief), median(decide)};
  }

  int joiners(std::uint64_t thread) {
    const auto belief = table_.belief(mixed(thread) | 1, now_);
    return belief ? belief->joiners : -1;
  }
  void estimate() { estimated_ = true; }  // past the exact authors: few joiners are seen as new
  const thread::Table& table() const { return table_; }

 private:
  static thread::Settings settings(std::size_t threads) {
    thread::Settings out;
    out.max_threads = 2 * threads + 1000;
    out.max_seen = 8 * threads + 2'000'000;
    return out;
  }
  template <typename Do>
  static double time(std::size_t n, Do one) {
    const auto begun = cpu_time();
    for (std::size_t i = 0; i < n; ++i)
      one(i);
    const std::chrono::duration<double, std::nano> past = cpu_time() - begun;
    return past.count() / static_cast<double>(n);
  }

  thread::Table table_;
  thread::DecisionSettings rules_;
  Time now_ = *parse_rfc3339("2026-03-10T08:00:00Z");
  std::uint64_t people_ = 0, said_ = 0;
  bool fresh_ = false, estimated_ = false;
};

void print(const char* what, std::size_t size, const Cost& cost, double bytes) {
  fmt::print("{:>9} {:<20} {:>6.0f} ns = join {:>5.0f} + forecast {:>5.0f} + decision {:>4.0f}",
             size, what, cost.sum(), cost.observe, cost.belief, cost.decide);
  if (bytes > 0) fmt::print("   {:>6.0f} bytes a thread", bytes);
  fmt::print("\n");
}

constexpr std::array<std::size_t, 4> kSizes{1'000, 10'000, 100'000, 1'000'000};

// Threads of that many people: so many of them that the 20,000 critics who are measured change
// little.
double by_size() {
  std::vector<double> costs;
  for (const std::size_t size : kSizes) {
    const std::size_t threads = std::max<std::size_t>(1, 200'000 / size);
    Crowd crowd(threads);
    for (std::size_t i = 0; i < threads; ++i)
      crowd.open(i);
    for (std::size_t i = 0; i < size * threads; ++i)
      crowd.join(i % threads);
    const auto people = static_cast<double>(size);
    const bool exact = size <= thread::Settings{}.max_thread_authors;
    require(std::abs(crowd.joiners(0) - people) <= (exact ? 0 : 0.2 * people),
            "the joiners of a large thread are wrong");
    if (!exact) crowd.estimate();
    const Cost cost = crowd.measure(20'000, [=](std::size_t i) { return i % threads; });
    print("people in a thread", size, cost, 0);
    figure(fmt::format("critic_ns_size_{}", size), cost.sum(), "ns");
    costs.push_back(cost.sum());
  }
  return costs.back() / costs.front();
}

// Many threads of a root and three people; the next critic comes to any of them.
double by_number() {
  std::vector<double> costs;
  for (const std::size_t number : kSizes) {
    Crowd crowd(number);
    for (std::size_t i = 0; i < number; ++i)
      crowd.open(i);
    for (std::size_t i = 0; i < 3 * number; ++i)
      crowd.join(mixed(i) % number);
    require(crowd.table().size() == number, "threads were lost");
    const double bytes = static_cast<double>(crowd.table().bytes()) / static_cast<double>(number);
    const Cost cost =
        crowd.measure(100'000, [number](std::size_t i) { return mixed(i + 77) % number; });
    print("live threads", number, cost, bytes);
    figure(fmt::format("critic_ns_threads_{}", number), cost.sum(), "ns");
    costs.push_back(cost.sum());
    if (number == kSizes.back()) figure("table_bytes_per_thread", bytes, "bytes");
  }
  return costs.back() / costs.front();
}

}  // namespace

int main() {
  const double size = by_size(), number = by_number();
  fmt::print(
      "a thousandfold thread costs {:.2f} times as much a critic, a thousandfold number {:.2f}\n",
      size, number);
  figure("critic_growth_size", size, "ratio");
  figure("critic_growth_threads", number, "ratio");
}
