#include "tests/alerting/policy_rig.hpp"

namespace brandwacht::alerting {
namespace {

using namespace std::chrono_literals;
using enum IncidentEventKind;
using Minutes = std::vector<long>;

// anna, after 10 min bram, after 15 min chris; once more; then everybody.
constexpr std::string_view kDesk = R"(
[[person]]
name = "anna"
receivers = ["a"]
  [[person.contact]]
  tier = ["T1"]
  receivers = ["a", "a_voice"]
[[person]]
name = "bram"
receivers = ["b"]
[[policy]]
name = "desk"
repeat = 1
ack_for = "30 min"
wait = "20 min"
last = ["lead"]
  [[policy.step]]
  notify = ["anna"]
  [[policy.step]]
  notify = ["bram"]
  after = "10 min"
[[route]]
tier = ["T1", "T2"]
receivers = ["chat"]
policy = "desk"
[[route]]
receivers = ["chat"]
)";
const std::vector<std::string> kReceivers{"a", "a_voice", "b", "chat", "lead"};

struct Desk {
  explicit Desk(std::filesystem::path file, std::string_view toml = kDesk,
                NotifierTraits chat_traits = {}, Duration later = {})
      : rig(std::move(file)) {
    rig.clock.step_wall(later);
    a = rig.target("a");
    voice = rig.target("a_voice");
    b = rig.target("b");
    chat = rig.target("chat", accepts, chat_traits);
    lead = rig.target("lead");
    rig.start(good_policy(toml, kReceivers));
  }
  void wait(Duration span) { rig.advance(span, 30s); }

  Rig rig;
  Rig::Logs a, voice, b, chat, lead;
};

Silence silence_of(const Desk& desk, Duration span) {
  Silence out;
  out.match.brands = {"acme"};
  out.from = desk.rig.clock.now();
  out.until = out.from + span;
  out.author = "Bram";
  out.comment = "drill";
  return out;
}

std::string set_silence(Desk& desk, Silence silence) {
  std::string id;
  boost::asio::co_spawn(desk.rig.io, desk.rig.pager->silence(std::move(silence)),
                        [&](std::exception_ptr, std::string made) { id = std::move(made); });
  desk.rig.drain();
  return id;
}

}  // namespace

TEST_CASE(
    "desk rule 26: nobody acknowledges, so primary, secondary, again, and at the end the lead") {
  TempDir dir;
  Desk desk(dir / "x.db");
  desk.rig.push(news(desk.rig, page));
  desk.wait(3h);
  CHECK(minutes(desk.a) == Minutes{0, 30});
  CHECK(minutes(desk.b) == Minutes{10, 40});
  CHECK(minutes(desk.lead) == Minutes{60});
  CHECK(minutes(desk.chat) == Minutes{0});
  CHECK(desk.voice->empty());
  CHECK(desk.rig.pager->stats().untaken == 1);
  CHECK_THAT(desk.b->at(0).page.note, Catch::Contains("desk"));
  // Who was told before, people by their name.
  CHECK_THAT(desk.a->at(0).page.note, !Catch::Contains("Told before"));
  CHECK_THAT(desk.b->at(0).page.note, Catch::EndsWith("Told before: chat, anna"));
  CHECK_THAT(desk.lead->at(0).page.note, Catch::EndsWith("Told before: chat, anna, bram"));
  CHECK_FALSE(desk.lead->at(0).page.note.empty());
  CHECK(desk.a->at(0).page.delivery_id != desk.a->at(1).page.delivery_id);
  CHECK(desk.a->at(0).page.dedup_key == desk.a->at(1).page.dedup_key);
}

TEST_CASE("an acknowledgement stops the steps, and its end pages anew from the first") {
  TempDir dir;
  Desk desk(dir / "x.db");
  desk.rig.push(news(desk.rig, page));
  desk.wait(5min);
  CHECK(carry_out(desk.rig, Command::Kind::acknowledge).kind == CommandResult::Kind::done);
  CHECK(desk.rig.pager->live().at(0).state == IncidentState::acknowledged);
  desk.wait(29min);
  CHECK(desk.b->empty());
  CHECK(minutes(desk.a) == Minutes{0});
  desk.wait(2min);
  CHECK(minutes(desk.a) == Minutes{0, 35});
  CHECK(minutes(desk.chat) == Minutes{0, 35});
  CHECK_THAT(desk.a->back().page.note, Catch::Contains("Anna"));
  desk.wait(10min);
  CHECK(minutes(desk.b) == Minutes{45});
}

TEST_CASE("who gives it back has the next one paged at once") {
  TempDir dir;
  Desk desk(dir / "x.db");
  desk.rig.push(news(desk.rig, page));
  carry_out(desk.rig, Command::Kind::acknowledge);
  desk.wait(2min);
  CHECK(carry_out(desk.rig, Command::Kind::unacknowledge).kind == CommandResult::Kind::done);
  CHECK(minutes(desk.a) == Minutes{0, 2});
  CHECK(carry_out(desk.rig, Command::Kind::unacknowledge).kind == CommandResult::Kind::nothing);
}

TEST_CASE("growth does not disturb who has it, a higher tier does") {
  TempDir dir;
  Desk desk(dir / "x.db");
  desk.rig.push(news(desk.rig, page));
  carry_out(desk.rig, Command::Kind::acknowledge);
  desk.rig.push(news(desk.rig, upgrade, Tier::t2, 24));
  CHECK(desk.a->size() == 1);
  desk.rig.push(news(desk.rig, upgrade, Tier::t1, 40));
  CHECK(desk.a->size() == 2);
  CHECK(desk.voice->size() == 1);  // the way to her that is for T1
  CHECK_THAT(desk.voice->back().page.note, Catch::Contains("T1"));
  CHECK_THAT(desk.voice->back().page.note, Catch::Contains("Told before: chat, anna"));
  CHECK_FALSE(desk.rig.pager->desk_case(incident_id(1, 1))->ack);
  desk.wait(11min);
  CHECK(desk.b->size() == 1);
}

TEST_CASE("the next step can be asked for, until there is none") {
  TempDir dir;
  Desk desk(dir / "x.db");
  desk.rig.push(news(desk.rig, page));
  CHECK(carry_out(desk.rig, Command::Kind::escalate).kind == CommandResult::Kind::done);
  CHECK(minutes(desk.b) == Minutes{0});
  for (int i = 0; i < 3; ++i)
    carry_out(desk.rig, Command::Kind::escalate);
  CHECK(minutes(desk.lead) == Minutes{0});
  CHECK(carry_out(desk.rig, Command::Kind::escalate).kind == CommandResult::Kind::nothing);
}

TEST_CASE("an end stops the steps and reaches whoever heard, and nobody else") {
  TempDir dir;
  Desk desk(dir / "x.db");
  desk.rig.push(news(desk.rig, page));
  desk.wait(1min);
  desk.rig.push(news(desk.rig, close));
  desk.wait(2h);
  CHECK(desk.a->back().page.action == Action::resolve);
  CHECK(desk.chat->back().page.action == Action::resolve);
  CHECK(desk.b->empty());
  CHECK(desk.lead->empty());
}

TEST_CASE("what cools is not escalated, and what heats up again is") {
  TempDir dir;
  Desk desk(dir / "x.db");
  desk.rig.push(news(desk.rig, page));
  desk.wait(1min);
  desk.rig.push(news(desk.rig, cool));
  desk.wait(1h);
  CHECK(desk.b->empty());
  desk.rig.push(news(desk.rig, upgrade, Tier::t2, 30));
  desk.wait(21min);
  CHECK(desk.b->size() == 1);
}

TEST_CASE("what a human ended is told as over once, and pages anew when it grows") {
  TempDir dir;
  NotifierTraits vendor;
  vendor.keeps_incidents = true;
  Desk desk(dir / "x.db", kDesk, vendor);
  desk.rig.push(news(desk.rig, page));
  CHECK(carry_out(desk.rig, Command::Kind::resolve).kind == CommandResult::Kind::done);
  REQUIRE(desk.chat->size() == 2);
  CHECK(desk.chat->back().page.action == Action::resolve);
  desk.wait(2h);
  CHECK(desk.b->empty());
  desk.rig.push(news(desk.rig, upgrade, Tier::t2, 24));
  REQUIRE(desk.chat->size() == 3);
  CHECK(desk.chat->back().page.dedup_key == dedup_key(incident_id(1, 1), 1));
  CHECK(desk.a->back().page.action == Action::trigger);
  CHECK(desk.a->back().page.dedup_key == incident_id(1, 1));
  desk.rig.push(news(desk.rig, close, Tier::t2, 24));
  CHECK(desk.chat->back().page.action == Action::resolve);
}

TEST_CASE("every key that a vendor opened is ended") {
  TempDir dir;
  NotifierTraits vendor;
  vendor.keeps_incidents = true;
  Desk desk(dir / "x.db", kDesk, vendor);
  desk.rig.push(news(desk.rig, page));
  desk.rig.push(news(desk.rig, upgrade, Tier::t1, 20));
  desk.rig.push(news(desk.rig, close, Tier::t1, 20));
  std::map<std::string, int> open;
  for (const auto& entry : *desk.chat)
    open[entry.page.dedup_key] += entry.page.action == Action::trigger ? 1 : -1;
  CHECK(open.size() == 2);
  for (const auto& [key, count] : open)
    CHECK(count == 0);
  CHECK(desk.a->size() == 3);  // one key: one end
}

TEST_CASE("a silence keeps quiet until it ends, then what is still open is told") {
  TempDir dir;
  Desk desk(dir / "x.db");
  set_silence(desk, silence_of(desk, 15min));
  desk.rig.push(news(desk.rig, page));
  desk.wait(14min);
  CHECK(desk.a->empty());
  CHECK(desk.rig.pager->stats().quiet == 1);
  desk.wait(2min);
  CHECK(minutes(desk.a) == Minutes{15});
  CHECK_FALSE(desk.a->back().page.note.empty());
  desk.wait(10min);
  CHECK(minutes(desk.b) == Minutes{25});
}

TEST_CASE("a silence that is ended early lets its incidents speak at once") {
  TempDir dir;
  Desk desk(dir / "x.db");
  const auto id = set_silence(desk, silence_of(desk, 4h));
  desk.rig.push(news(desk.rig, page));
  desk.wait(90s);
  boost::asio::co_spawn(desk.rig.io, desk.rig.pager->expire_silence(id), boost::asio::detached);
  desk.rig.drain();
  CHECK(desk.a->size() == 1);
}

TEST_CASE("what came and went within a silence is never heard of") {
  TempDir dir;
  Desk desk(dir / "x.db");
  set_silence(desk, silence_of(desk, 1h));
  desk.rig.push(news(desk.rig, page));
  desk.rig.push(news(desk.rig, close));
  desk.wait(2h);
  CHECK(desk.chat->empty());
}

TEST_CASE("a silence in the middle pauses the steps") {
  TempDir dir;
  Desk desk(dir / "x.db");
  desk.rig.push(news(desk.rig, page));
  desk.wait(5min);
  set_silence(desk, silence_of(desk, 30min));
  desk.wait(29min);
  CHECK(desk.b->empty());
  desk.wait(2min);
  CHECK(minutes(desk.b) == Minutes{35});
}

TEST_CASE("maintenance is quiet by the desk's clock, and only for what it matches") {
  TempDir dir;
  Desk desk(dir / "x.db", std::string(kDesk) + R"(
[[maintenance]]
name = "web shop"
from = "2026-01-01 13:00"
to = "2026-01-01 13:20"
tier = ["T2"]
)");
  desk.rig.push(news(desk.rig, page));
  desk.rig.push(news(desk.rig, page, Tier::t1, 40, 2));
  CHECK(desk.a->size() == 1);
  CHECK(desk.a->at(0).page.incident.tier == Tier::t1);
  desk.wait(21min);
  CHECK(minutes(desk.a).back() == 20);
}

TEST_CASE("while a surge is open the small ones of its brand are quiet, and afterwards not") {
  TempDir dir;
  Desk desk(dir / "x.db", std::string(kDesk) + R"(
[[inhibit]]
source = { surge = true }
target = { tier = ["T3"] }
)");
  auto surge = news(desk.rig, page, Tier::t2, 50, 9);
  surge.incident.surge = true;
  desk.rig.push(surge);
  const auto before = desk.chat->size();
  desk.rig.push(news(desk.rig, notify, Tier::t3, 5, 2));
  CHECK(desk.chat->size() == before);
  auto elsewhere = news(desk.rig, notify, Tier::t3, 5, 3);
  elsewhere.incident.brand = "other";
  desk.rig.push(elsewhere);
  CHECK(desk.chat->size() == before + 1);
  surge.kind = close;
  desk.rig.push(surge);
  desk.wait(90s);
  CHECK(desk.chat->back().page.incident.id == incident_id(2, 1));
}

TEST_CASE("a restart loses no step, no acknowledgement and no owner") {
  TempDir dir;
  {
    Desk desk(dir / "x.db");
    desk.rig.push(news(desk.rig, page, Tier::t2, 12, 1));
    desk.rig.push(news(desk.rig, page, Tier::t2, 12, 2));
    carry_out(desk.rig, Command::Kind::acknowledge, "Anna", 20min, 2);
    desk.wait(4min);
  }
  Desk desk(dir / "x.db", kDesk, {}, 4min);
  desk.rig.push(invented_event(page, invented_incident(1)));  // derived again
  CHECK(desk.a->empty());
  CHECK(desk.rig.pager->desk_case(incident_id(2, 1))->ack->who == "Anna");
  desk.wait(5min);
  CHECK(desk.b->empty());
  desk.wait(8min);
  CHECK(desk.b->size() == 1);
  desk.wait(10min);
  CHECK(desk.a->size() == 1);  // what Anna had, and let go of
  CHECK(desk.a->at(0).page.incident.id == incident_id(2, 1));
}

TEST_CASE("a wall clock that is set moves the appointments with it") {
  for (const Duration step : {Duration(-1h), Duration(1h)}) {
    TempDir dir;
    Desk desk(dir / "x.db");
    desk.rig.push(news(desk.rig, page));
    desk.wait(1min);
    desk.rig.clock.step_wall(step);
    desk.wait(8min);
    CHECK(desk.b->empty());
    desk.wait(2min);
    CHECK(desk.b->size() == 1);
  }
}

TEST_CASE("a step that reaches nobody now is left out without waiting") {
  TempDir dir;
  Desk desk(dir / "x.db", R"(
[[policy]]
name = "desk"
  [[policy.step]]
  notify = ["a"]
  hours = ["night"]
  [[policy.step]]
  notify = ["b"]
[[route]]
policy = "desk"
)");
  desk.rig.push(news(desk.rig, page));
  CHECK(desk.a->empty());
  CHECK(minutes(desk.b) == Minutes{0});
}

TEST_CASE("where nobody is on call the last resort hears at once, and why") {
  TempDir dir;
  Desk desk(dir / "x.db", R"(
[[policy]]
name = "desk"
last = ["lead"]
  [[policy.step]]
  notify = ["a"]
  hours = ["night"]
[[route]]
policy = "desk"
)");
  desk.rig.push(news(desk.rig, page));
  CHECK(desk.a->empty());
  REQUIRE(minutes(desk.lead) == Minutes{0});
  CHECK_THAT(desk.lead->back().page.note, Catch::Contains("on call"));
}

TEST_CASE("a first step may wait, and an end within that time is told to nobody") {
  constexpr std::string_view kLater = R"(
[[policy]]
name = "desk"
  [[policy.step]]
  notify = ["a"]
  after = "5 min"
[[route]]
policy = "desk"
)";
  TempDir dir;
  Desk desk(dir / "x.db", kLater);
  desk.rig.push(news(desk.rig, page));
  desk.wait(4min);
  CHECK(desk.a->empty());
  desk.wait(2min);
  CHECK(minutes(desk.a) == Minutes{5});
  desk.rig.push(news(desk.rig, page, Tier::t2, 12, 2));
  desk.rig.push(news(desk.rig, close, Tier::t2, 12, 2));
  desk.wait(10min);
  CHECK(desk.a->size() == 2);  // nothing of the second, but the first goes its round
}

TEST_CASE("every look says what each stage said of it") {
  const auto policy = good_policy(kDesk, kReceivers);
  World world;
  Silence silence;
  silence.id = "s-1";
  silence.from = kNoon;
  silence.until = kNoon + 1h;
  silence.author = "Bram";
  silence.comment = "drill";
  world.silences = {silence};
  Passage passage;
  passage.event = invented_event(page);
  passage.now = kNoon;
  passage = pass(policy, world, std::move(passage));
  std::vector<std::string_view> stages;
  for (const auto& verdict : passage.verdicts)
    stages.push_back(verdict.stage);
  CHECK(stages ==
        std::vector<std::string_view>{"route", "over", "inhibit", "maintenance", "silence"});
  CHECK_THAT(in_words(passage.verdicts), Catch::Contains("route 1 leads to chat, policy desk") &&
                                             Catch::Contains("Bram silences it until"));
  CHECK(passage.tell.empty());
  CHECK(passage.desk.owed);
}

TEST_CASE("what would be told is foreseen as it then happens") {
  TempDir dir;
  Desk desk(dir / "x.db");
  const auto steps = foresee(good_policy(kDesk, kReceivers), {}, news(desk.rig, page));
  std::vector<std::string> names;
  std::map<std::string, Minutes> expected;
  for (const auto& step : steps) {
    names.push_back(step.step);
    for (const auto& to : step.tell)
      expected[to.receiver].push_back(
          std::chrono::round<std::chrono::minutes>(step.at - kNoon).count());
  }
  CHECK(names == std::vector<std::string>{"step 1", "step 2", "round 2, step 1", "round 2, step 2",
                                          "nobody took it"});
  desk.rig.push(news(desk.rig, page));
  desk.wait(3h);
  CHECK(expected["a"] == minutes(desk.a));
  CHECK(expected["b"] == minutes(desk.b));
  CHECK(expected["chat"] == minutes(desk.chat));
  CHECK(expected["lead"] == minutes(desk.lead));
}

TEST_CASE("an acknowledgement without any policy holds, ends and pages anew as well") {
  TempDir dir;
  Rig rig(dir / "x.db");
  const auto phone = rig.target("phone");
  rig.start();
  rig.push(news(rig, page));
  carry_out(rig, Command::Kind::acknowledge);
  rig.push(news(rig, upgrade, Tier::t2, 24));
  CHECK(phone->size() == 1);
  rig.advance(31min, 30s);
  CHECK(minutes(phone) == Minutes{0, 30});
}

TEST_CASE("a policy that left the configuration leaves its incidents to the routes") {
  TempDir dir;
  {
    Desk desk(dir / "x.db");
    desk.rig.push(news(desk.rig, page));
    desk.wait(1min);
  }
  Desk desk(dir / "x.db", "[[route]]\nreceivers = [\"lead\"]\n");
  desk.rig.push(news(desk.rig, upgrade, Tier::t1, 30));
  CHECK(desk.lead->size() == 1);
  CHECK(desk.chat->size() == 1);  // it heard of it
  desk.rig.push(news(desk.rig, close, Tier::t1, 30));
  CHECK(desk.a->back().page.action == Action::resolve);
  CHECK(desk.lead->back().page.action == Action::resolve);
}

}  // namespace brandwacht::alerting
