// How much the table holds, by its own account and by the allocator's.
#include <malloc.h>

#include <random>
#include <set>

#include "monitor/thread/times.hpp"
#include "tests/support/catch.hpp"
#include "tests/thread/build.hpp"

using namespace brandwacht;
using namespace brandwacht::thread;

namespace {

std::size_t allocated() {
  const auto info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kOwnMalloc = true;  // of the sanitizer, which mallinfo2 does not see
#else
constexpr bool kOwnMalloc = false;
#endif

}  // namespace

TEST_CASE("half a million small threads take 576 bytes each, and the table's account is true") {
  constexpr std::size_t threads = 500'000;
  const std::size_t before = allocated();
  Table table{Settings{}};
  std::uint64_t id = threads;
  for (std::uint64_t i = 0; i < threads; ++i) {
    (void)table.observe(observation({.id = i + 1, .author = i}));
    for (std::uint64_t reply = 0; reply < i % 5; ++reply)
      (void)table.observe(observation({.id = ++id, .thread = i + 1, .author = i + reply + 1}));
  }
  CHECK(table.size() == threads);
  CHECK(table.bytes() / threads <= 576);
  if (kOwnMalloc) return;
  const std::size_t real = allocated() - before;
  CHECK(table.bytes() <= real);
  CHECK(table.bytes() >= real / 100 * 90);
}

TEST_CASE("the table stays bounded under twice the threads that it may hold, and gives all back") {
  const std::size_t before = allocated();
  {
    Settings settings;
    settings.max_threads = 50'000;
    settings.max_seen = 200'000;
    settings.max_joiners = 1'000'000;
    Table table{settings};
    std::mt19937_64 random(1);
    for (std::uint64_t id = 1; id <= 500'000; ++id) {
      const std::uint64_t thread =
          id % 5 == 0 ? id : id - 1 - random() % std::min<std::uint64_t>(id, 9);
      (void)table.observe(
          observation({.id = id, .thread = thread + 1, .author = random() % 5'000}));
      if (id % 1000 == 0) *table.decision(key_of(thread + 1)) = {};
    }
    CHECK(table.size() == 50'000);
    CHECK(table.stats().evicted >= 50'000);
    CHECK(table.bytes() / table.size() <= 1024);
    if (!kOwnMalloc) CHECK(table.bytes() <= allocated() - before);
  }
  if (!kOwnMalloc) CHECK(allocated() <= before + 100'000);
}

TEST_CASE(
    "the sorted seconds of a large thread agree with a multiset, in whatever order they come") {
  const auto seed = GENERATE(range(1U, 9U));
  std::mt19937 random(seed);
  Times times;
  std::multiset<Second> reference;
  for (int i = 0; i < 6000; ++i) {
    // Forwards, backwards, at random, and few different ones.
    const Second at = seed % 4 == 0   ? 1000 + static_cast<Second>(i)
                      : seed % 4 == 1 ? 100'000 - static_cast<Second>(i)
                      : seed % 4 == 2 ? static_cast<Second>(1 + random() % 100'000)
                                      : static_cast<Second>(1 + random() % 7);
    times.insert(at);
    reference.insert(at);
    if (random() % 4 == 0) {
      auto gone = reference.lower_bound(static_cast<Second>(random() % 100'000));
      if (gone == reference.end()) gone = reference.begin();
      times.erase(*gone);
      reference.erase(gone);
    }
    if (i % 50 != 0) continue;
    times.erase(200'000);  // not there
    CHECK(times.size() == reference.size());
    CHECK(times.last() == (reference.empty() ? kNever : *reference.rbegin()));
    for (const Second limit :
         {Second{0}, at, at - 1, at + 1, static_cast<Second>(random() % 100'000)})
      CHECK(times.count_after(limit) ==
            static_cast<std::size_t>(std::distance(reference.upper_bound(limit), reference.end())));
  }
}
