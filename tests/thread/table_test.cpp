#include "monitor/thread/table.hpp"

#include <stdexcept>

#include "tests/support/catch.hpp"
#include "tests/thread/build.hpp"

using namespace brandwacht;
using namespace brandwacht::thread;

namespace {

Settings small(std::size_t threads) {
  Settings settings;
  settings.max_threads = threads;
  return settings;
}

int joiners(const Table& table, std::uint64_t thread, Time now = kNoon) {
  const auto belief = table.belief(key_of(thread), now);
  return belief ? belief->joiners : -1;
}

}  // namespace

TEST_CASE("one angry author with two hundred posts is one critic") {
  Table table{Settings{}};
  (void)table.observe(observation({.id = 1, .author = 1}));
  for (std::uint64_t i = 2; i < 202; ++i) {
    const auto observed = table.observe(observation({.id = i, .thread = 1, .author = 2}));
    CHECK(observed.new_critic == (i == 2));
  }
  CHECK(joiners(table, 1) == 1);
  CHECK(table.belief(key_of(1), kNoon)->participants == 1);
}

TEST_CASE("the root author and official accounts never count") {
  Table table{Settings{}};
  (void)table.observe(observation({.id = 1, .author = 1}));
  CHECK_FALSE(table.observe(observation({.id = 2, .thread = 1, .author = 1})).new_critic);
  auto brand = observation({.id = 3, .thread = 1, .author = 3});
  brand.official = true;
  CHECK_FALSE(table.observe(brand).new_critic);
  // Once known as official, also where a later source does not say so.
  CHECK_FALSE(table.observe(observation({.id = 4, .thread = 1, .author = 3})).new_critic);
  const auto belief = table.belief(key_of(1), kNoon);
  CHECK(belief->joiners == 0);
  CHECK(belief->participants == 0);
}

TEST_CASE("a root that arrives after its replies takes its author out of the count") {
  const auto others = GENERATE(1, 5, 6, 40, 63, 64, 65, 300);
  CAPTURE(others);
  Table table{Settings{}};
  (void)table.observe(observation({.id = 2, .thread = 1, .author = 1}));
  for (int i = 0; i < others; ++i) {
    const auto number = static_cast<std::uint64_t>(10 + i);
    (void)table.observe(observation({.id = number, .thread = 1, .author = number}));
  }
  CHECK(joiners(table, 1) == others + 1);
  const auto root = table.observe(observation({.id = 1, .author = 1}));
  CHECK_FALSE(root.new_critic);
  CHECK_FALSE(root.new_thread);
  const auto belief = table.belief(key_of(1), kNoon);
  CHECK(belief->joiners == others);
  CHECK(belief->participants == others);
  CHECK(belief->joiners_recent == others);
}

TEST_CASE("a mention counts once, however often it is delivered") {
  Table table{Settings{}};
  const auto reply = observation({.id = 2, .thread = 1, .author = 2});
  CHECK(table.observe(reply).seen == Seen::fresh);
  for (int i = 0; i < 5; ++i) {
    const auto again = table.observe(reply);
    CHECK(again.seen == Seen::duplicate);
    CHECK(again.thread == key_of(1));
    CHECK_FALSE(again.new_critic);
  }
  CHECK(joiners(table, 1) == 1);
  CHECK(table.stats().duplicates == 5);
}

TEST_CASE("an edit can make a critic and never unmakes one") {
  Table table{Settings{}};
  auto reply = observation({.id = 2, .thread = 1, .author = 2, .negative = 0.1F});
  CHECK_FALSE(table.observe(reply).new_critic);
  reply.edit = true;
  reply.negative = 0.8F;
  const auto worse = table.observe(reply);
  CHECK(worse.seen == Seen::edited);
  CHECK(worse.new_critic);
  reply.negative = 0.0F;
  CHECK_FALSE(table.observe(reply).new_critic);
  CHECK(joiners(table, 1) == 1);
  CHECK(table.stats().edits == 2);
}

TEST_CASE("a delete lowers nothing, and what was deleted is not counted again") {
  Table table{Settings{}};
  const auto reply = observation({.id = 2, .thread = 1, .author = 2});
  (void)table.observe(reply);
  CHECK(table.remove(key_of(2), kNoon) == key_of(1));
  CHECK(joiners(table, 1) == 1);
  CHECK(table.observe(reply).seen == Seen::tombstoned);
  CHECK_FALSE(table.remove(key_of(2), kNoon));
  CHECK(table.stats().removed == 1);
  CHECK(table.stats().removed_before_create == 0);
}

TEST_CASE("a delete that overtakes its create leaves a tombstone") {
  Table table{Settings{}};
  CHECK_FALSE(table.remove(key_of(2), kNoon));
  const auto late = table.observe(observation({.id = 2, .thread = 1, .author = 2}));
  CHECK(late.seen == Seen::tombstoned);
  CHECK_FALSE(late.new_critic);
  CHECK(table.size() == 0);
  CHECK(table.stats().removed_before_create == 1);
}

TEST_CASE("a quote of a tracked mention and what is below it count in the quoted thread") {
  Table table{Settings{}};
  (void)table.observe(observation({.id = 1, .author = 1}));
  (void)table.observe(observation({.id = 2, .thread = 1, .author = 2}));
  CHECK(table.tracked(key_of(3), key_of(2)) == 7U);
  const auto quote = table.observe(observation({.id = 3, .author = 3, .quoted = 2}));
  CHECK(quote.thread == key_of(1));
  CHECK(quote.new_critic);
  CHECK_FALSE(quote.new_thread);
  CHECK(table.tracked(key_of(3), 0) == 7U);
  const auto below = table.observe(observation({.id = 4, .thread = 3, .author = 4}));
  CHECK(below.thread == key_of(1));
  CHECK(joiners(table, 1) == 3);
  CHECK_FALSE(table.belief(key_of(3), kNoon));
  CHECK(table.size() == 1);
}

TEST_CASE("a quote of something untracked begins its own thread") {
  Table table{Settings{}};
  CHECK_FALSE(table.tracked(key_of(3), key_of(2)));
  const auto quote = table.observe(observation({.id = 3, .author = 3, .quoted = 2}));
  CHECK(quote.thread == key_of(3));
  CHECK(quote.new_thread);
  CHECK_FALSE(table.tracked(key_of(2), 0));
}

TEST_CASE("posts that quote each other stay two posts in one thread") {
  Table table{Settings{}};
  (void)table.observe(observation({.id = 1, .author = 1, .quoted = 2}));
  (void)table.observe(observation({.id = 2, .author = 2, .quoted = 1}));
  (void)table.observe(observation({.id = 3, .thread = 1, .author = 3}));
  (void)table.observe(observation({.id = 4, .thread = 2, .author = 4}));
  (void)table.observe(observation({.id = 5, .author = 5, .quoted = 5}));
  CHECK(table.size() == 2);
}

TEST_CASE("a chain of a thousand quotes is one thread") {
  Table table{Settings{}};
  (void)table.observe(observation({.id = 1, .author = 1}));
  for (std::uint64_t i = 2; i <= 1000; ++i)
    (void)table.observe(observation({.id = i, .author = i, .quoted = i - 1}));
  CHECK(table.size() == 1);
  CHECK(joiners(table, 1) == 999);
}

TEST_CASE("an answer that names no thread counts with what it answers") {
  Table table{Settings{}};
  (void)table.observe(observation({.id = 1, .author = 1}));
  auto answer = observation({.id = 2, .author = 2});
  answer.parent = key_of(1);
  CHECK(table.observe(answer).thread == key_of(1));
  CHECK(joiners(table, 1) == 1);
  CHECK(table.tracked(key_of(3), 0, key_of(2)) == 7U);
}

TEST_CASE("only those who stand below a root that was seen belong to it without naming the brand") {
  Table table{Settings{}};
  (void)table.observe(observation({.id = 2, .thread = 1, .author = 2}));
  CHECK_FALSE(table.member(key_of(1), 0, 0));
  CHECK(table.member(key_of(1), key_of(2), 0) == 7U);
  CHECK(table.member(key_of(9), 0, key_of(2)) == 7U);
  (void)table.observe(observation({.id = 1, .author = 1}));
  CHECK(table.member(key_of(1), 0, 0) == 7U);
  CHECK_FALSE(table.member(key_of(9), 0, 0));
  CHECK(table.owner(key_of(1)) == 7U);
  CHECK_FALSE(table.owner(key_of(9)));
}

TEST_CASE("an open incident keeps its thread when a quote would fold it away") {
  Table table{Settings{}};
  (void)table.observe(observation({.id = 3, .author = 3, .quoted = 1}));
  (void)table.observe(observation({.id = 4, .thread = 3, .author = 4}));
  table.decision(key_of(3))->state = IncidentState::paged;
  (void)table.observe(observation({.id = 1, .author = 1}));
  CHECK(joiners(table, 3) == 1);
  CHECK(table.observe(observation({.id = 5, .thread = 3, .author = 5})).thread == key_of(3));
  CHECK(table.open() == std::vector{key_of(3)});
}

TEST_CASE("windows count by event time, to the second") {
  Table table{Settings{}};
  std::uint64_t id = 2;
  for (const int age : {0, 599, 600, 1199, 1200, 3599, 3600, 7200}) {
    auto reply = observation({.id = id, .thread = 1, .author = id, .at = kNoon - seconds{age}});
    reply.received_at = kNoon;
    (void)table.observe(reply);
    ++id;
  }
  const auto belief = table.belief(key_of(1), kNoon);
  CHECK(belief->joiners == 8);
  CHECK(belief->joiners_window == 6);
  CHECK(belief->joiners_recent == 2);
  CHECK(belief->joiners_before == 2);
  CHECK(belief->first_at == kNoon - hours{2});
  CHECK(belief->last_critic_at == kNoon);
  CHECK(table.belief(key_of(1), kNoon + seconds{1})->joiners_recent == 1);
  CHECK(table.belief(key_of(1), kNoon + hours{2})->joiners_window == 0);
  // A clock an hour behind: what lies ahead of it is in no window, and still counted.
  CHECK(table.belief(key_of(1), kNoon - hours{1})->joiners_window == 2);
  CHECK(table.belief(key_of(1), kNoon - hours{1})->joiners == 8);
}

TEST_CASE("impossible event times are clamped and counted") {
  Table table{Settings{}};
  auto future = observation({.id = 2, .thread = 1, .author = 2});
  future.created_at = kNoon + minutes{1};
  (void)table.observe(future);
  CHECK(table.stats().clamped_future == 0);
  future = observation({.id = 3, .thread = 1, .author = 3});
  future.created_at = kNoon + hours{24 * 365};
  (void)table.observe(future);
  CHECK(table.stats().clamped_future == 1);
  auto past = observation({.id = 4, .thread = 1, .author = 4});
  past.created_at = Time{};
  (void)table.observe(past);
  CHECK(table.stats().clamped_past == 1);
  past = observation({.id = 5, .thread = 1, .author = 5});
  past.created_at = past.received_at = Time::min();
  (void)table.observe(past);
  const auto belief = table.belief(key_of(1), kNoon);
  CHECK(belief->last_at == kNoon);
  CHECK(belief->joiners == 4);
  CHECK(belief->joiners_recent == 3);
  (void)table.belief(key_of(1), Time::max());
  (void)table.belief(key_of(1), Time::min());
}

TEST_CASE("the coldest thread goes first") {
  Table table{small(3)};
  for (std::uint64_t i = 1; i <= 3; ++i)
    (void)table.observe(observation({.id = i, .author = i, .at = kNoon + seconds{i}}));
  (void)table.observe(observation({.id = 10, .thread = 1, .author = 9, .at = kNoon + seconds{5}}));
  (void)table.observe(observation({.id = 4, .author = 4, .at = kNoon + seconds{6}}));
  CHECK(table.size() == 3);
  CHECK(table.stats().evicted == 1);
  CHECK_FALSE(table.tracked(key_of(2), 0));
  CHECK(table.tracked(key_of(1), 0));
  CHECK_FALSE(table.belief(key_of(2), kNoon));
  CHECK(table.decision(key_of(2)) == nullptr);
}

TEST_CASE("a thread with an open decision goes only when nothing else is left") {
  Table table{small(3)};
  for (std::uint64_t i = 1; i <= 3; ++i) {
    (void)table.observe(observation({.id = i, .author = i}));
    if (i < 3) table.decision(key_of(i))->state = IncidentState::watch;
  }
  for (std::uint64_t i = 4; i <= 50; ++i) {
    (void)table.observe(observation({.id = i, .author = i}));
    CHECK(table.tracked(key_of(1), 0));
    CHECK(table.tracked(key_of(2), 0));
  }
  CHECK(table.open() == (key_of(1) < key_of(2) ? std::vector{key_of(1), key_of(2)}
                                               : std::vector{key_of(2), key_of(1)}));
  table.decision(key_of(50))->state = IncidentState::paged;
  (void)table.observe(observation({.id = 51, .author = 51}));
  CHECK_FALSE(table.tracked(key_of(1), 0));
  CHECK(table.tracked(key_of(2), 0));
  CHECK(table.size() == 3);
  // Once closed, it is as any other.
  table.decision(key_of(2))->state = IncidentState::closed;
  table.decision(key_of(50))->state = IncidentState::calm;
  CHECK(table.open().empty());
  CHECK_FALSE(table.has_open());
  for (std::uint64_t i = 60; i <= 63; ++i)
    (void)table.observe(observation({.id = i, .author = i}));
  CHECK_FALSE(table.tracked(key_of(2), 0));
}

TEST_CASE("a thread without an event for three days goes, one with an open decision stays") {
  Table table{Settings{}};
  for (std::uint64_t i = 1; i <= 10; ++i)
    (void)table.observe(observation({.id = i, .author = i}));
  table.decision(key_of(4))->state = IncidentState::cooling;
  for (std::uint64_t i = 20; i <= 40; ++i)
    (void)table.observe(observation({.id = i, .author = i, .at = kNoon + hours{73}}));
  CHECK(table.size() == 21 + 1);
  CHECK(table.tracked(key_of(4), 0));
  CHECK(table.has_open());
}

TEST_CASE("a thread that comes back knows its last episode") {
  Table table{small(2)};
  (void)table.observe(observation({.id = 1, .author = 1}));
  table.decision(key_of(1))->state = IncidentState::closed;
  table.decision(key_of(1))->episode = 3;
  for (std::uint64_t i = 2; i <= 9; ++i)
    (void)table.observe(observation({.id = i, .author = i}));
  REQUIRE(table.decision(key_of(1)) == nullptr);
  (void)table.observe(observation({.id = 10, .thread = 1, .author = 1}));
  REQUIRE(table.decision(key_of(1)) != nullptr);
  CHECK(table.decision(key_of(1))->episode == 3);
}

TEST_CASE("a restored incident is open again, with or without its mentions") {
  DecisionState state;
  state.state = IncidentState::paged;
  state.episode = 2;
  state.opened_at = state.decided_at = kNoon;
  Table table{Settings{}};
  (void)table.observe(observation({.id = 1, .author = 1}));
  table.restore(key_of(1), state);
  table.restore(key_of(2), state, 9);
  table.restore(key_of(3), state);
  CHECK(table.open().size() == 2);
  CHECK(table.owner(key_of(2)) == 9U);
  CHECK(table.belief(key_of(2), kNoon)->first_at == kNoon);
  (void)table.observe(observation({.id = 30, .thread = 3, .author = 1}));
  CHECK(table.open().size() == 3);
  CHECK(table.decision(key_of(3))->episode == 2);
}

TEST_CASE("a thread beyond its cap says so, stays bounded and estimates the rest") {
  Settings settings;
  settings.max_thread_authors = 500;
  Table table{settings};
  for (std::uint64_t i = 2; i <= 3000; ++i)
    (void)table.observe(observation({.id = i, .thread = 1, .author = i}));
  const auto belief = table.belief(key_of(1), kNoon);
  CHECK(belief->saturated);
  CHECK(belief->joiners == Approx(2999).epsilon(0.15));
  CHECK(belief->participants == Approx(2999).epsilon(0.15));
  CHECK(table.stats().joiners_saturated == 2999 - 500);
}

TEST_CASE("author entries are bounded over all threads") {
  Settings settings;
  settings.max_joiners = 100;
  Table table{settings};
  for (std::uint64_t i = 0; i < 5000; ++i)
    (void)table.observe(observation({.id = 1000 + i, .thread = 1 + i / 50, .author = i}));
  CHECK(table.size() <= 3);
  CHECK(joiners(table, 100) == 50);
  // One thread alone: it saturates instead of evicting itself.
  for (std::uint64_t i = 0; i < 500; ++i)
    (void)table.observe(observation({.id = 90'000 + i, .thread = 777, .author = i}));
  CHECK(joiners(table, 777) == Approx(500).epsilon(0.2));
  CHECK(table.belief(key_of(777), kNoon)->saturated);
}

TEST_CASE("what is remembered of mentions is bounded, the newest quarter at least") {
  Settings settings;
  settings.max_seen = 1000;
  Table table{settings};
  for (std::uint64_t i = 2; i <= 20'000; ++i)
    (void)table.observe(observation({.id = i, .thread = 1, .author = 5}));
  for (std::uint64_t i = 19'750; i <= 20'000; ++i)
    CHECK(table.observe(observation({.id = i, .thread = 1, .author = 5})).seen == Seen::duplicate);
  CHECK(table.observe(observation({.id = 2, .thread = 1, .author = 5})).seen == Seen::fresh);
  CHECK(table.bytes() < 1'000'000);
}

TEST_CASE("the hottest threads are those with the most critics in the window") {
  Table table{Settings{}};
  std::uint64_t id = 1000;
  for (std::uint64_t thread = 1; thread <= 20; ++thread) {
    for (std::uint64_t i = 0; i <= thread; ++i, ++id) {
      // Thread 20 had its critics the day before.
      const Time at = thread == 20 ? kNoon - hours{24} : kNoon;
      (void)table.observe(observation({.id = id, .thread = thread, .author = i, .at = at}));
    }
  }
  (void)table.observe(observation({.id = 30, .author = 30}));  // no critic: not on the board
  const auto hot = table.hottest(3, kNoon);
  REQUIRE(hot.size() == 3);
  CHECK(hot[0].first == key_of(19));
  CHECK(hot[1].first == key_of(18));
  CHECK(hot[2].first == key_of(17));
  CHECK(hot[0].second.joiners_window == 20);
  CHECK(table.hottest(100, kNoon).size() == 19);
  CHECK(table.hottest(0, kNoon).empty());
}

TEST_CASE("settings that make no sense are refused with their name") {
  Settings settings;
  SECTION("threads") {
    settings.max_threads = 0;
  }
  SECTION("joiners") {
    settings.max_joiners = 0;
  }
  SECTION("seen") {
    settings.max_seen = 0;
  }
  SECTION("window") {
    settings.window = Duration{5};
  }
  SECTION("a scorer no better than chance") {
    settings.sensitivity = 0.1;
  }
  CHECK_THROWS_AS(Table(settings), std::invalid_argument);
}
