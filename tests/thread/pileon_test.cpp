// Table, risk and decision together, on invented threads.
#include <algorithm>
#include <random>

#include "monitor/thread/decision.hpp"
#include "tests/support/catch.hpp"
#include "tests/thread/build.hpp"

using namespace brandwacht;
using namespace brandwacht::thread;
using Kind = IncidentEventKind;

namespace {

// One thread below root 1, as the line would drive it: a decision on each new critic and every 5 s.
struct Fire {
  Table table{Settings{}};
  DecisionSettings settings;
  Time now = kNoon;
  std::uint64_t next_id = 2;
  std::vector<Decision> said;

  Fire() { (void)table.observe(observation({.id = 1, .author = 1, .negative = 0.9F})); }

  void ask() {
    const auto belief = table.belief(key_of(1), now);
    if (!belief) return;
    if (const auto decision = decide(*belief, *table.decision(key_of(1)), settings, now))
      said.push_back(*decision);
  }
  void wait(Duration span) {
    for (const Time end = now + span; now < end;) {
      now = std::min(end, now + Duration{seconds{5}});
      if (table.has_open()) ask();
    }
  }
  void reply(std::uint64_t author, float negative, Duration late = {}) {
    auto made = observation(
        {.id = next_id++, .thread = 1, .author = author, .at = now, .negative = negative});
    made.created_at -= late;
    if (table.observe(made).new_critic) ask();
  }
  long pages() const {
    return std::ranges::count_if(said, [](const Decision& decision) {
      return decision.kind == Kind::page || decision.kind == Kind::upgrade;
    });
  }
};

}  // namespace

TEST_CASE("ten critics in ten minutes page before the tenth") {
  Fire fire;
  std::uint64_t author = 10;
  while (fire.pages() == 0 && author < 20) {
    fire.reply(author++, 0.9F);
    fire.wait(minutes{1});
  }
  CHECK(fire.pages() == 1);
  CHECK(author - 10 <= 9);
}

TEST_CASE("eight critics among nine participants page") {
  Fire fire;
  fire.reply(9, 0.1F);
  for (std::uint64_t author = 10; author < 18; ++author) {
    fire.wait(seconds{40});
    fire.reply(author, 0.9F);
  }
  fire.wait(minutes{3});
  CHECK(fire.pages() == 1);
}

TEST_CASE("pitfall 03: a quarrel of two never pages, however long") {
  Fire fire;
  for (int i = 0; i < 400; ++i) {
    fire.reply(static_cast<std::uint64_t>(i % 2 == 0 ? 1 : 2 + i / 2 % 2), 0.95F);
    fire.wait(seconds{20});
  }
  CHECK(fire.said.empty());
  CHECK(fire.table.belief(key_of(1), fire.now)->joiners == 2);
}

TEST_CASE("pitfall 01: three hundred happy people never page") {
  // The scorer takes one in ten for a critic (specificity 0.9).
  const auto seed = GENERATE(range(1U, 60U));
  CAPTURE(seed);
  std::mt19937 random(seed);
  Fire fire;
  for (std::uint64_t author = 10; author < 310; ++author) {
    fire.reply(author, random() % 10 == 0 ? 0.7F : 0.1F);
    fire.wait(seconds{10});
  }
  CHECK(fire.pages() == 0);
}

TEST_CASE("a pile-on of an hour gives one page and few upgrades") {
  Fire fire;
  for (std::uint64_t author = 10; author < 130; ++author) {
    fire.reply(author, 0.9F);
    fire.wait(seconds{30});
  }
  CHECK(std::ranges::count(fire.said, Kind::page, &Decision::kind) == 1);
  CHECK(std::ranges::count(fire.said, Kind::upgrade, &Decision::kind) <= 5);
  CHECK(fire.table.decision(key_of(1))->episode == 1);
  fire.said.clear();
  fire.wait(hours{30});
  REQUIRE(fire.said.size() == 2);
  CHECK(fire.said[0].kind == Kind::cool);
  CHECK(fire.said[1].kind == Kind::close);
  CHECK_FALSE(fire.table.has_open());
}

TEST_CASE("pitfall 11: a gap that is filled afterwards is not a burst") {
  Fire fire;
  fire.now += hours{3};
  for (std::uint64_t author = 10; author < 40; ++author)
    fire.reply(author, 0.9F, minutes{90});
  fire.wait(minutes{10});
  CHECK(fire.pages() == 0);
  for (std::uint64_t author = 50; author < 80; ++author)
    fire.reply(author, 0.9F, minutes{31});
  fire.wait(minutes{10});
  CHECK(fire.pages() == 0);
  // One fresh critic on top of the last hour's is enough.
  fire.reply(90, 0.9F);
  fire.wait(minutes{2});
  CHECK(fire.pages() == 1);
}

TEST_CASE("a wall clock that steps by an hour during a pile-on makes no storm") {
  const auto jump = GENERATE(Duration{hours{-1}}, Duration{hours{1}});
  Fire fire;
  for (std::uint64_t author = 10; author < 100; ++author) {
    fire.reply(author, 0.9F);
    fire.wait(seconds{20});
    if (author == 13 || author == 40) fire.now += jump;
  }
  CHECK(std::ranges::count(fire.said, Kind::page, &Decision::kind) == 1);
  CHECK(fire.pages() <= 6);
  fire.wait(hours{60});
  CHECK(fire.table.decision(key_of(1))->state == IncidentState::closed);
}
