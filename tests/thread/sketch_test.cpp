// The sketches that bound a thread's memory, against what they stand for.
#include <cmath>
#include <random>
#include <vector>

#include "monitor/thread/hyperloglog.hpp"
#include "monitor/thread/overflow.hpp"
#include "monitor/thread/print_ring.hpp"
#include "monitor/thread/pulse.hpp"
#include "monitor/thread/space_saving.hpp"
#include "tests/support/catch.hpp"

using namespace brandwacht::thread;

TEST_CASE("HyperLogLog counts distinct keys within its error and repetitions not at all") {
  for (const int count : {100, 10'000, 1'000'000}) {
    double squares = 0;
    const int runs = count > 100'000 ? 5 : 40;
    for (int run = 0; run < runs; ++run) {
      HyperLogLog sketch;
      double grown = 0;
      for (int i = 0; i < count; ++i)
        grown += sketch.add(static_cast<std::uint64_t>(run) * 10'000'019 +
                            static_cast<std::uint64_t>(i));
      CHECK(grown == Approx(sketch.estimate()));
      for (int i = 0; i < std::min(count, 1000); ++i)
        CHECK(sketch.add(static_cast<std::uint64_t>(run) * 10'000'019 +
                         static_cast<std::uint64_t>(i)) == 0);
      squares += std::pow(sketch.estimate() / count - 1, 2);
    }
    CHECK(std::sqrt(squares / runs) < 0.10);
  }
}

TEST_CASE("Space-Saving keeps whoever writes more than a quarter, and never counts him too low") {
  std::mt19937 random(3);
  SpaceSaving<4> sketch;
  std::uint32_t busy = 0;
  for (int i = 0; i < 3000; ++i) {
    if (random() % 10 < 4) {
      sketch.add(7);
      ++busy;
    } else {
      sketch.add(1000 + random() % 500);
    }
  }
  CHECK(sketch.top() >= busy);
  CHECK(sketch.top() <= busy + 3000 / 4);
}

TEST_CASE("the ring sees near copies, forgets after eight and never calls a short text a copy") {
  PrintRing ring;
  CHECK_FALSE(ring.add(0));
  CHECK_FALSE(ring.add(0));
  CHECK_FALSE(ring.add(0xffff0000ffff0000));
  CHECK(ring.add(0xffff0000ffff0000));
  CHECK(ring.add(0xffff0000ffff0007));        // three bits
  CHECK_FALSE(ring.add(0xffff0000ffff00f0));  // four
  for (std::uint64_t i = 1; i <= 8; ++i)
    (void)ring.add(i * 0x123456789abcdefULL);
  CHECK_FALSE(ring.add(0xffff0000ffff0000));
}

TEST_CASE("moving sums are the same for every order and halve as told") {
  using Sums = MovingSums<2>;
  constexpr Sums::HalfLives half{600, 3600};
  std::vector<Second> times;
  std::mt19937 random(1);
  for (int i = 0; i < 200; ++i)
    times.push_back(1'000'000 + static_cast<Second>(random() % 7200));
  Sums forward, backward;
  for (const Second at : times)
    forward.add(at, {1, 2}, half);
  for (auto at = times.rbegin(); at != times.rend(); ++at)
    backward.add(*at, {1, 2}, half);
  const Second now = 1'010'000;
  for (std::size_t i = 0; i < 2; ++i)
    CHECK(forward.at(now, half)[i] == Approx(backward.at(now, half)[i]).epsilon(1e-3));
  Sums one;
  one.add(5000, {1, 1}, half);
  CHECK(one.at(5600, half)[0] == Approx(0.5));
  CHECK(one.at(5600 + 3000, half)[1] == Approx(0.5));
}

TEST_CASE("authors without room are counted to a tenth, with the minute of the new ones") {
  Overflow rest;
  double grown = 0;
  const Second start = 3'000'000;
  for (std::uint32_t i = 0; i < 50'000; ++i)
    grown += rest.join(i, i % 2 == 0 ? start + i / 20 : kNever);
  CHECK(rest.participants() == Approx(50'000).epsilon(0.15));
  CHECK(rest.critics() == Approx(25'000).epsilon(0.15));
  CHECK(grown == Approx(rest.critics()).epsilon(0.001));
  const Second now = start + 2500;
  const Pace pace = rest.pace({now + 120, now - 3600, now - 600, now - 1200});
  CHECK(pace.window == Approx(25'000).epsilon(0.15));
  CHECK(pace.recent == Approx(6'000).epsilon(0.3));
  CHECK(pace.before == Approx(6'000).epsilon(0.3));
}
