#include "monitor/thread/decision.hpp"

#include <vector>

#include "tests/support/catch.hpp"
#include "tests/thread/build.hpp"

using namespace brandwacht;
using namespace brandwacht::thread;
using Kind = IncidentEventKind;
using State = IncidentState;

namespace {

// A thread that decide() is asked about again and again.
struct Desk {
  Belief belief = burning(8);
  DecisionState state;
  DecisionSettings settings;
  Time now = kNoon;
  std::vector<Decision> said;

  static Belief burning(int joiners, double risk = 0.6) {
    Belief belief;
    belief.risk = belief.risk_10 = risk;
    belief.risk_100 = 0.1;
    belief.joiners = belief.joiners_window = joiners;
    belief.participants = joiners + 1;
    belief.share = 0.9;
    belief.share_low = 0.8;
    return belief;
  }

  void risk(double value) { belief.risk = belief.risk_10 = value; }
  // Asks every 10 s for `span`, with a critic who joined a minute ago.
  void run(Duration span, bool fresh = true) {
    for (const Time end = now + span; now < end; now += seconds{10})
      ask(fresh);
  }
  void ask(bool fresh = true) {
    if (fresh) belief.last_critic_at = now - minutes{1};
    if (const auto decision = decide(belief, state, settings, now)) said.push_back(*decision);
  }
  std::vector<Kind> kinds() const {
    std::vector<Kind> out;
    for (const auto& decision : said)
      out.push_back(decision.kind);
    return out;
  }
  Desk& paged() {
    run(minutes{5});
    REQUIRE(kinds() == std::vector{Kind::page});
    said.clear();
    return *this;
  }
};

}  // namespace

TEST_CASE("a pile-on that holds for the hold time pages once") {
  Desk desk;
  desk.run(seconds{60});
  CHECK(desk.said.empty());
  CHECK(desk.state.state == State::watch);
  desk.ask();
  REQUIRE(desk.kinds() == std::vector{Kind::page});
  CHECK(desk.said[0].tier == Tier::t2);
  CHECK(desk.state.state == State::paged);
  CHECK(desk.state.episode == 1);
  CHECK(desk.state.joiners_at_page == 8);
  CHECK(desk.state.opened_at == desk.now);
  desk.run(hours{2});
  CHECK(desk.said.size() == 1);
}

TEST_CASE("two more joiners stand for the hold") {
  Desk desk;
  desk.ask();
  desk.belief.joiners += 1;
  desk.ask();
  CHECK(desk.said.empty());
  desk.belief.joiners += 1;
  desk.ask();
  CHECK(desk.kinds() == std::vector{Kind::page});
}

TEST_CASE("no page without every part of the condition") {
  Desk desk;
  desk.settings.theta_notify = 2;  // only pages are of interest
  SECTION("risk") {
    desk.risk(0.49);
  }
  SECTION("joiners") {
    desk.belief.joiners = 4;
  }
  SECTION("the share's lower bound") {
    desk.belief.share_low = 0.49;
  }
  SECTION("a critic who joined lately") {
    desk.belief.last_critic_at = kNoon - minutes{31};
  }
  for (int i = 0; i < 500; ++i, desk.now += seconds{10})
    desk.ask(desk.belief.last_critic_at == Time{});
  CHECK(desk.said.empty());
  CHECK(desk.state.episode == 0);
}

TEST_CASE("a condition that lapses must hold anew") {
  Desk desk;
  desk.settings.theta_notify = 2;
  for (int i = 0; i < 20; ++i) {
    desk.risk(0.6);
    desk.run(seconds{40});
    desk.risk(0.45);
    desk.run(seconds{20});
  }
  CHECK(desk.said.empty());
  desk.risk(0.6);
  desk.run(seconds{70});
  CHECK(desk.kinds() == std::vector{Kind::page});
}

TEST_CASE("risk that flaps around theta gives one page") {
  Desk desk;
  desk.settings.theta_notify = 2;
  for (int i = 0; i < 600; ++i) {
    desk.risk(i % 20 < 10 ? 0.52 : 0.48);
    desk.run(seconds{10});
  }
  CHECK(desk.kinds() == std::vector{Kind::page});
}

TEST_CASE("asking again with the same input says nothing new, whatever the state") {
  Desk desk;
  for (const double risk : {0.6, 0.3, 0.1, 0.6, 0.05, 0.3}) {
    for (const auto span : {Duration{minutes{2}}, Duration{hours{2}}, Duration{hours{30}}}) {
      desk.risk(risk);
      desk.now += span;
      const auto before = desk.said.size();
      desk.ask();
      const auto first = desk.said.size();
      CHECK(first <= before + 1);
      for (int i = 0; i < 10; ++i)
        if (const auto again = decide(desk.belief, desk.state, desk.settings, desk.now))
          FAIL("said again: " << to_string(again->kind));
    }
  }
}

TEST_CASE("tier one comes from the risk of a hundred more") {
  Desk desk;
  desk.belief.risk_100 = 0.5;
  SECTION("also where the risk of thirty is below its threshold") {
    desk.settings.theta_page = 0.9;
  }
  SECTION("and with both") {}
  desk.run(minutes{5});
  REQUIRE(desk.kinds() == std::vector{Kind::page});
  CHECK(desk.said[0].tier == Tier::t1);
}

TEST_CASE("a tier that rises upgrades at once, and only once") {
  Desk desk;
  desk.paged();
  desk.belief.risk_100 = 0.6;
  desk.ask();
  REQUIRE(desk.kinds() == std::vector{Kind::upgrade});
  CHECK(desk.said[0].tier == Tier::t1);
  for (int i = 0; i < 100; ++i) {
    desk.belief.risk_100 = i % 2 == 0 ? 0.2 : 0.8;
    desk.run(minutes{1});
  }
  CHECK(desk.said.size() == 1);
  CHECK(desk.state.tier == Tier::t1);
}

TEST_CASE("half as many joiners again page again, but not within 15 min") {
  Desk desk;
  desk.paged();
  const Time page = desk.state.paged_at;
  desk.belief.joiners = 11;
  desk.run(minutes{30});
  CHECK(desk.said.empty());
  desk.belief.joiners = 12;
  desk.ask();
  REQUIRE(desk.kinds() == std::vector{Kind::upgrade});
  CHECK(desk.state.paged_at - page >= minutes{15});
  desk.belief.joiners = 40;
  desk.run(minutes{14});
  CHECK(desk.said.size() == 1);
  desk.run(minutes{2});
  CHECK(desk.said.size() == 2);
  CHECK(desk.said[1].tier == Tier::t2);
}

TEST_CASE("an acknowledged incident does not page the same tier again") {
  Desk desk;
  desk.paged();
  desk.state.state = State::acknowledged;
  desk.belief.joiners = 80;
  desk.run(hours{2});
  CHECK(desk.said.empty());
  CHECK(desk.state.state == State::acknowledged);
  desk.belief.risk_100 = 0.7;
  desk.ask();
  REQUIRE(desk.kinds() == std::vector{Kind::upgrade});
  CHECK(desk.said[0].tier == Tier::t1);
  CHECK(desk.state.state == State::paged);
}

TEST_CASE("an acknowledged incident cools and closes as any other") {
  Desk desk;
  desk.paged();
  desk.state.state = State::acknowledged;
  desk.risk(0.01);
  desk.run(hours{30}, false);
  CHECK(desk.kinds() == std::vector{Kind::cool, Kind::close});
}

TEST_CASE("an incident cools after an hour of calm and closes a day after its last critic") {
  Desk desk;
  desk.paged();
  const Time last_critic = desk.belief.last_critic_at;
  desk.risk(0.1);
  const Time calm = desk.now;
  desk.run(minutes{59}, false);
  CHECK(desk.said.empty());
  desk.run(minutes{2}, false);
  REQUIRE(desk.kinds() == std::vector{Kind::cool});
  CHECK(desk.state.state == State::cooling);
  CHECK(desk.state.decided_at - calm == hours{1});
  desk.run(last_critic + hours{24} - desk.now, false);
  CHECK(desk.said.size() == 1);
  desk.run(minutes{2}, false);
  CHECK(desk.kinds() == std::vector{Kind::cool, Kind::close});
  CHECK(desk.state.state == State::closed);
  CHECK_FALSE(is_open(desk.state));
  desk.run(hours{100}, false);
  CHECK(desk.said.size() == 2);
}

TEST_CASE("risk between a third of theta and theta neither cools nor pages") {
  Desk desk;
  desk.paged();
  desk.risk(0.3);
  desk.run(hours{3});
  CHECK(desk.said.empty());
  CHECK(desk.state.state == State::paged);
  // Calm must be of one piece.
  for (int i = 0; i < 6; ++i) {
    desk.risk(0.1);
    desk.run(minutes{50});
    desk.risk(0.2);
    desk.run(minutes{1});
  }
  CHECK(desk.said.empty());
}

TEST_CASE("a revival while cooling returns to paged and speaks only for half as many again") {
  Desk desk;
  desk.paged();
  desk.risk(0.1);
  desk.run(hours{2}, false);
  REQUIRE(desk.state.state == State::cooling);
  desk.said.clear();
  desk.risk(0.6);
  desk.belief.joiners = 9;
  desk.run(hours{1});
  CHECK(desk.said.empty());
  CHECK(desk.state.state == State::paged);
  desk.belief.joiners = 12;
  desk.run(minutes{1});
  CHECK(desk.kinds() == std::vector{Kind::upgrade});
  CHECK(desk.state.episode == 1);
}

TEST_CASE("a revival after closing is the next episode and pages again") {
  Desk desk;
  desk.paged();
  desk.risk(0.01);
  desk.run(hours{30}, false);
  REQUIRE(desk.state.state == State::closed);
  desk.said.clear();
  desk.risk(0.6);
  desk.run(minutes{5});
  REQUIRE(desk.kinds() == std::vector{Kind::page});
  CHECK(desk.state.episode == 2);
  CHECK(desk.state.joiners_at_page == 8);
}

TEST_CASE("a smaller risk notifies once, and a page that follows belongs to the same episode") {
  Desk desk;
  desk.belief = Desk::burning(3, 0.3);
  desk.run(hours{1});
  REQUIRE(desk.kinds() == std::vector{Kind::notify});
  CHECK(desk.said[0].tier == Tier::t3);
  CHECK(desk.state.state == State::watch);
  CHECK(desk.state.episode == 1);
  desk.belief = Desk::burning(8, 0.6);
  desk.run(minutes{5});
  REQUIRE(desk.kinds() == std::vector{Kind::notify, Kind::page});
  CHECK(desk.state.episode == 1);
  desk.risk(0.3);
  desk.run(minutes{30});
  CHECK(desk.said.size() == 2);
}

TEST_CASE("a thread of which nobody was told falls back without a word") {
  Desk desk;
  desk.run(seconds{30});
  CHECK(desk.state.state == State::watch);
  desk.risk(0.1);
  desk.ask();
  CHECK(desk.said.empty());
  CHECK(desk.state.state == State::calm);
}

TEST_CASE("a notice needs three joiners and a negative crowd") {
  Desk desk;
  desk.belief = Desk::burning(3, 0.4);
  SECTION("two joiners are a quarrel") {
    desk.belief.joiners = 2;
  }
  SECTION("a happy crowd") {
    desk.belief.share = 0.2;
  }
  desk.run(hours{1});
  CHECK(desk.said.empty());
}

TEST_CASE("what was only notified cools, closes, and may page while it cools") {
  Desk desk;
  desk.belief = Desk::burning(3, 0.3);
  desk.run(minutes{1});
  desk.risk(0.05);
  desk.run(hours{2}, false);
  REQUIRE(desk.kinds() == std::vector{Kind::notify, Kind::cool});
  CHECK(desk.said[1].tier == Tier::t3);
  SECTION("closes") {
    desk.run(hours{30}, false);
    CHECK(desk.kinds() == std::vector{Kind::notify, Kind::cool, Kind::close});
  }
  SECTION("pages") {
    desk.belief = Desk::burning(8, 0.6);
    desk.run(minutes{3});
    CHECK(desk.kinds() == std::vector{Kind::notify, Kind::cool, Kind::page});
    CHECK(desk.state.episode == 1);
  }
}

TEST_CASE("a wall clock that steps makes no storm of pages and leaves nothing stuck") {
  const auto jump = GENERATE(Duration{hours{-1}}, Duration{hours{1}}, Duration{hours{-48}},
                             Duration{hours{48}}, Duration{seconds{-1}});
  Desk desk;
  SECTION("while the page is held back") {
    desk.run(seconds{30});
    desk.now += jump;
    desk.run(minutes{2});
    CHECK(desk.kinds() == std::vector{Kind::page});
  }
  SECTION("while paged") {
    desk.paged();
    desk.now += jump;
    desk.run(hours{1});
    CHECK(desk.said.empty());
    desk.belief.joiners = 12;
    desk.run(minutes{20});
    CHECK(desk.kinds() == std::vector{Kind::upgrade});
  }
  SECTION("while calm is measured, and with critics stamped by the wrong clock") {
    desk.paged();
    desk.risk(0.01);
    desk.run(minutes{30}, false);
    desk.now += jump;
    desk.run(hours{30}, false);
    CHECK(desk.kinds() == std::vector{Kind::cool, Kind::close});
  }
  SECTION("to and fro") {
    desk.paged();
    for (int i = 0; i < 200; ++i) {
      desk.now += i % 2 == 0 ? jump : -jump;
      desk.run(seconds{20});
    }
    CHECK(desk.said.empty());
    CHECK(desk.state.state == State::paged);
  }
}

TEST_CASE("the state is small and can be stored as bytes") {
  STATIC_REQUIRE(sizeof(DecisionState) <= 64);
  STATIC_REQUIRE(std::is_trivially_copyable_v<DecisionState>);
}
