// The pitfalls of the escalation model that are about one thread's decision; beliefs are set, not
// computed. Others of them stand where their part is tested; all are named "pitfall NN".
#include <cmath>
#include <vector>

#include "monitor/thread/condition.hpp"
#include "monitor/thread/decision.hpp"
#include "tests/support/catch.hpp"
#include "tests/thread/build.hpp"

using namespace brandwacht;
using namespace brandwacht::thread;
using Kind = IncidentEventKind;
using State = IncidentState;

namespace {

struct Desk {
  Belief belief;
  DecisionState state;
  DecisionSettings settings;
  Time now = kNoon;
  std::vector<Decision> said;

  Desk() {
    belief.risk = 0.6;
    belief.risk_100 = 0.1;
    belief.joiners = belief.joiners_window = belief.joiners_recent = 8;
    belief.participants = 9;
    belief.share = 0.9;
    belief.share_low = 0.8;
    belief.first_at = kNoon - hours{1};
  }
  void ask() {
    belief.last_at = belief.last_critic_at = now - seconds{20};
    if (const auto decision = decide(belief, state, settings, now)) said.push_back(*decision);
  }
  void run(Duration span) {
    for (const Time end = now + span; now < end; now += seconds{10})
      ask();
  }
  std::vector<Kind> kinds() const {
    std::vector<Kind> out;
    for (const auto& decision : said)
      out.push_back(decision.kind);
    return out;
  }
  void set(Feature feature, double value) {
    belief.features[static_cast<std::size_t>(feature)] = static_cast<float>(value);
  }
};

}  // namespace

TEST_CASE("pitfall 01: a crowd that is not negative pages at no risk") {
  Desk desk;
  desk.belief.joiners = 30;
  desk.belief.participants = 300;
  desk.belief.share = desk.belief.share_low = 0;
  desk.belief.risk = desk.belief.risk_10 = desk.belief.risk_100 = 0.99;
  desk.run(hours{3});
  CHECK(desk.said.empty());
}

TEST_CASE("pitfall 02: copies are one voice, and a raid pages all the same") {
  Desk desk;
  SECTION("eight of one text are one voice") {
    desk.belief.copies = 7;
    desk.run(hours{1});
    CHECK(desk.said.empty());
  }
  SECTION("four copies beside five voices page") {
    desk.belief.joiners = 9;
    desk.belief.copies = 4;
    desk.run(minutes{2});
    CHECK(desk.kinds() == std::vector{Kind::page});
  }
  SECTION("twenty of one text page") {
    desk.belief.joiners = 20;
    desk.belief.copies = 19;
    desk.run(minutes{2});
    CHECK(desk.kinds() == std::vector{Kind::page});
  }
}

TEST_CASE("pitfall 03: one loud author, or two who quarrel, notify once and never page") {
  Desk desk;
  desk.belief.joiners = 2;
  desk.belief.participants = 2;
  desk.belief.posts = 40;
  desk.belief.critical_posts = 38;
  desk.belief.top_posts = 20;
  desk.set(Feature::arousal, 0.7);
  SECTION("angry") {
    desk.run(hours{5});
    REQUIRE(desk.kinds() == std::vector{Kind::notify});
    CHECK(desk.said[0].tier == Tier::t3);
    CHECK(desk.said[0].why == Why::smoulder);
  }
  SECTION("not angry") {
    desk.set(Feature::arousal, 0.2);
    desk.run(hours{1});
    CHECK(desk.said.empty());
  }
  SECTION("not critical") {
    desk.belief.critical_posts = 3;
    desk.run(hours{1});
    CHECK(desk.said.empty());
  }
  SECTION("few posts") {
    desk.belief.top_posts = 7;
    desk.run(hours{1});
    CHECK(desk.said.empty());
  }
}

TEST_CASE("pitfall 03: a slow burn notifies, and cools when it has burnt out") {
  Desk desk;
  desk.belief.risk = desk.belief.risk_10 = 0.05;
  desk.belief.joiners = 12;
  desk.belief.participants = 14;
  desk.belief.first_at = kNoon - hours{5};
  desk.set(Feature::joiners, std::log1p(12));
  desk.set(Feature::slow, std::log1p(3));
  desk.run(minutes{30});
  CHECK(desk.said.empty());
  desk.run(hours{3});
  REQUIRE(desk.kinds() == std::vector{Kind::notify});
  CHECK(desk.said[0].why == Why::smoulder);
  desk.set(Feature::slow, std::log1p(1));
  desk.run(hours{3});
  CHECK(desk.kinds() == std::vector{Kind::notify, Kind::cool});
}

TEST_CASE("T3 is asked of the risk of ten more, not of thirty") {
  Desk desk;
  desk.belief.joiners = 3;
  desk.belief.risk_10 = 0.2;
  desk.run(hours{1});
  CHECK(desk.said.empty());
  desk.belief.risk_10 = 0.3;
  desk.belief.risk = 0.01;
  desk.run(hours{5});
  CHECK(desk.kinds() == std::vector{Kind::notify});
}

TEST_CASE("a page waits once for a reply of the brand while fewer join, ten minutes at most") {
  Desk desk;
  desk.belief.answered_at = kNoon - minutes{1};
  desk.belief.joiners_recent = 3;
  desk.belief.joiners_before = 5;
  SECTION("until ten minutes after the reply") {
    desk.run(minutes{8});
    CHECK(desk.said.empty());
    CHECK(desk.state.waits == Wait::answer);
    desk.run(minutes{2});
    CHECK(desk.kinds() == std::vector{Kind::page});
    CHECK(desk.state.waits == Wait::nothing);
  }
  SECTION("until more join again, and another reply does not stop it a second time") {
    desk.run(minutes{4});
    CHECK(desk.said.empty());
    desk.belief.joiners_recent = 6;
    desk.belief.risk = 0.1;
    desk.ask();
    desk.belief.risk = 0.6;
    desk.belief.joiners_recent = 3;
    desk.belief.answered_at = desk.now;
    desk.run(minutes{2});
    CHECK(desk.kinds() == std::vector{Kind::page});
  }
  SECTION("not while as many join as before") {
    desk.belief.joiners_recent = 8;
    desk.run(minutes{2});
    CHECK(desk.kinds() == std::vector{Kind::page});
  }
  SECTION("never in tier 1") {
    desk.belief.risk_100 = 0.7;
    desk.run(minutes{2});
    CHECK(desk.kinds() == std::vector{Kind::page});
  }
  SECTION("not for an old reply") {
    desk.belief.answered_at = kNoon - minutes{20};
    desk.run(minutes{2});
    CHECK(desk.kinds() == std::vector{Kind::page});
  }
  SECTION("and no step of the clock makes it wait longer") {
    desk.run(minutes{3});
    desk.now -= hours{48};
    desk.run(minutes{13});
    CHECK(desk.kinds() == std::vector{Kind::page});
  }
}

TEST_CASE("a threat and private data are T1 at once, whatever the crowd, and once") {
  Desk desk;
  desk.belief.joiners = 1;
  desk.belief.risk = desk.belief.risk_10 = 0.01;
  desk.belief.share = desk.belief.share_low = 0;
  SECTION("a threat") {
    desk.belief.threat = 0.95;
    desk.belief.threat_at = kNoon;
  }
  SECTION("private data in the brand's own post") {
    desk.belief.exposed_at = kNoon;
  }
  desk.ask();
  REQUIRE(desk.kinds() == std::vector{Kind::page});
  CHECK(desk.said[0].tier == Tier::t1);
  CHECK(is_rule(desk.said[0].why));
  desk.belief.joiners = 4;  // a rule does not page again for a crowd
  desk.run(hours{40});
  REQUIRE(desk.said.size() >= 2);
  CHECK(desk.said[1].kind == Kind::cool);
  CHECK(desk.state.episode == 1);
}

TEST_CASE("an unlikely threat, and an old one, are none") {
  Desk desk;
  desk.belief.joiners = 1;
  desk.belief.risk = 0.01;
  desk.belief.threat = 0.8;
  desk.belief.threat_at = kNoon;
  desk.run(hours{1});
  desk.belief.threat = 0.99;
  desk.belief.threat_at = kNoon - hours{1};
  desk.run(hours{1});
  CHECK(desk.said.empty());
}

TEST_CASE("pitfall 11: critics who all came long ago do not page alone") {
  Desk desk;
  desk.belief.last_critic_at = kNoon - minutes{31};
  for (int i = 0; i < 100; ++i, desk.now += minutes{1})
    if (const auto decision = decide(desk.belief, desk.state, desk.settings, desk.now))
      FAIL("said " << to_string(decision->kind));
}

TEST_CASE("what the desk does not let out is asked for again, and said once at most") {
  Desk desk;
  const auto ask = [&](Instead what, Time until) -> std::optional<Decision> {
    desk.belief.last_critic_at = desk.now;
    const DecisionState before = desk.state;
    const auto wanted = decide(desk.belief, desk.state, desk.settings, desk.now);
    desk.now += seconds{10};
    if (!wanted) return std::nullopt;
    return instead_of(*wanted, what, desk.belief, before, desk.state, until, desk.now);
  };
  int notices = 0;
  SECTION("a notice") {
    for (int i = 0; i < 500; ++i)
      if (const auto said = ask(Instead::notice, {})) {
        ++notices;
        CHECK(said->kind == Kind::notify);
        CHECK(said->tier == Tier::t3);
      }
    CHECK(notices == 1);
    CHECK(desk.state.refused);
    desk.ask();  // there is a budget again
    REQUIRE(desk.kinds() == std::vector{Kind::page});
    CHECK(desk.state.episode == 1);
  }
  SECTION("nothing, for another incident says it") {
    for (int i = 0; i < 500; ++i)
      CHECK_FALSE(ask(Instead::incident, {}));
    CHECK(desk.state.episode == 0);
    CHECK(desk.state.state == State::watch);
    desk.ask();
    CHECK(desk.kinds() == std::vector{Kind::page});
  }
  SECTION("nothing until the morning") {
    const Time morning = kNoon + hours{8};
    for (int i = 0; i < 500; ++i)
      CHECK_FALSE(ask(Instead::morning, morning));
    CHECK(desk.state.waits == Wait::morning);
    CHECK(desk.state.wait_until == morning);
    desk.belief.risk = 0.01;
    desk.run(hours{9});
    REQUIRE(desk.kinds().size() >= 1);
    CHECK(desk.said[0].kind == Kind::notify);
    CHECK(desk.said[0].why == Why::morning);
  }
}

TEST_CASE("an incident rises for what lies outside of its thread, once") {
  Desk desk;
  desk.run(minutes{2});
  REQUIRE(desk.kinds() == std::vector{Kind::page});
  CHECK_FALSE(raise(desk.belief, desk.state, Tier::t2, Why::surge, desk.now));
  const auto up = raise(desk.belief, desk.state, Tier::t1, Why::several, desk.now);
  REQUIRE(up);
  CHECK(up->kind == Kind::upgrade);
  CHECK(up->tier == Tier::t1);
  CHECK_FALSE(raise(desk.belief, desk.state, Tier::t1, Why::several, desk.now));
  desk.belief.risk = 0.01;
  for (int i = 0; i < 20; ++i) {  // another thread burns: it does not cool
    desk.run(minutes{30});
    keep_warm(desk.state);
  }
  CHECK(desk.kinds() == std::vector{Kind::page});
  CHECK(desk.state.state == State::paged);
}
