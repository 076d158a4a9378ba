// Pages that nobody can have, and pages for later.
#include "tests/alerting/policy_rig.hpp"

namespace brandwacht::alerting {
namespace {

using namespace std::chrono_literals;
using enum IncidentEventKind;
using Kind = Outcome::Kind;

constexpr std::string_view kSteps = R"(
[[policy]]
name = "desk"
last = ["lead"]
repeat = 0
  [[policy.step]]
  notify = ["a", "b"]
  [[policy.step]]
  notify = ["c"]
  after = "10 min"
[[route]]
receivers = ["chat"]
policy = "desk"
)";
const std::vector<std::string> kNames{"chat", "a", "b", "c", "lead"};

Outcome refuses(const Page& page, std::size_t) {
  return outcome(is_own(page.incident) ? Kind::accepted : Kind::permanent, "HTTP 404");
}

// Without those about our own trouble.
std::vector<Page> pages(const Rig::Logs& log) {
  std::vector<Page> out;
  for (const auto& entry : *log)
    if (!is_own(entry.page.incident)) out.push_back(entry.page);
  return out;
}

}  // namespace

// --- Dead letters

TEST_CASE("a step whose every page is dead is not waited for") {
  TempDir dir;
  Rig rig(dir / "x.db");
  rig.target("chat");
  rig.target("a", refuses);
  rig.target("b", refuses);
  const auto c = rig.target("c"), lead = rig.target("lead");
  rig.start(good_policy(kSteps, kNames));
  rig.push(news(rig, page));
  rig.advance(5s);
  REQUIRE(pages(c).size() == 1);
  CHECK(pages(lead).empty());
  CHECK(c->front().at - kNoon < 5s);
  rig.advance(9min, 5s);
  CHECK(pages(lead).empty());  // the step that reached somebody is waited for
  rig.advance(3min, 5s);
  CHECK(pages(lead).size() == 1);
}

TEST_CASE("while one of a step's pages may still arrive, its delay holds") {
  TempDir dir;
  Rig rig(dir / "x.db");
  rig.target("chat");
  rig.target("a", refuses);
  rig.target("b");
  const auto c = rig.target("c");
  rig.target("lead");
  rig.start(good_policy(kSteps, kNames));
  rig.push(news(rig, page));
  rig.advance(9min, 5s);
  CHECK(pages(c).empty());
  rig.advance(2min, 5s);
  CHECK(pages(c).size() == 1);
}

TEST_CASE("where nobody at all can be reached, the last resort is told at once and once") {
  TempDir dir;
  Rig rig(dir / "x.db");
  rig.target("chat");
  for (const char* name : {"a", "b", "c"})
    rig.target(name, refuses);
  const auto lead = rig.target("lead");
  rig.start(good_policy(kSteps, kNames));
  rig.push(news(rig, page));
  rig.advance(5s);
  CHECK(pages(lead).size() == 1);
  rig.advance(30min, 5s);
  CHECK(pages(lead).size() == 1);
}

TEST_CASE("a dead page of what somebody has by now pulls nothing forward") {
  TempDir dir;
  Rig rig(dir / "x.db");
  rig.settings.target.horizon = 5min;
  rig.target("chat");
  for (const char* name : {"a", "b"})
    rig.target(name, [](const Page&, std::size_t) { return outcome(Kind::retry); });
  const auto c = rig.target("c");
  rig.target("lead");
  rig.start(good_policy(kSteps, kNames));
  rig.push(news(rig, page));
  carry_out(rig, Command::Kind::acknowledge, "Anna", 20min);
  rig.advance(8min, 5s);
  CHECK(rig.pager->stats().delivery.targets.at("a").dead == 1);
  CHECK(pages(c).empty());
}

TEST_CASE("which pages a step waits for is known after a restart") {
  TempDir dir;
  {
    Rig rig(dir / "x.db");
    rig.target("chat");
    rig.target("a", refuses);
    rig.target("b", [](const Page&, std::size_t) { return outcome(Kind::retry); });
    rig.target("c");
    rig.target("lead");
    rig.start(good_policy(kSteps, kNames));
    rig.push(news(rig, page));
    rig.drain();
  }
  Rig rig(dir / "x.db");
  for (const char* name : {"chat", "a"})
    rig.target(name);
  rig.target("b", refuses);
  const auto c = rig.target("c");
  rig.target("lead");
  rig.start(good_policy(kSteps, kNames));
  rig.advance(90s, 1s);
  CHECK(pages(c).size() == 1);
}

TEST_CASE("a step's only receiver that leaves the configuration is not waited for either") {
  TempDir dir;
  Rig rig(dir / "x.db");
  const auto slow = [](const Page&, std::size_t) { return outcome(Kind::retry); };
  rig.target("chat");
  rig.target("a", slow);
  rig.target("b", slow);
  rig.target("c");
  rig.target("lead");
  rig.start(good_policy(kSteps, kNames));
  rig.push(news(rig, page));
  rig.target("chat");
  const auto c = rig.target("c");
  rig.target("lead");
  std::string without(kSteps);
  without.replace(without.find(R"(["a", "b"])"), 10, R"(["chat"])");
  rig.reload(good_policy(without, {"chat", "c", "lead"}));
  rig.advance(5s);
  CHECK(pages(c).size() == 1);
}

// --- A page for later

TEST_CASE(
    "what is owed for later outlives a stop, is no trouble while it waits, and can be hurried") {
  TempDir dir;
  auto incident = invented_incident(7);
  incident.thread = "brandwacht:test:phone:1";
  std::string id;
  const auto owe = [&](Rig& rig, IncidentEventKind kind, Time when,
                       std::optional<Outcome> accepted) {
    boost::asio::co_spawn(
        rig.io,
        rig.pager->owe(invented_event(kind, incident, when), "phone", when, std::move(accepted)),
        [&](std::exception_ptr, std::string made) { id = std::move(made); });
    rig.drain();
  };
  {
    Rig rig(dir / "x.db");
    const auto phone = rig.target("phone");
    rig.target("other");
    rig.start();
    auto sent = outcome(Kind::accepted);
    sent.receipt = "C1:17";
    owe(rig, page, rig.clock.now(), sent);
    owe(rig, close, rig.clock.now() + 10min, {});
    rig.advance(8min, 5s);
    CHECK(phone->empty());
    SECTION("somebody took the test") {
      rig.pager->hasten("phone", id);
      rig.drain();
      REQUIRE(phone->size() == 1);
      CHECK(phone->front().page.action == Action::resolve);
      return;
    }
  }
  Rig rig(dir / "x.db");
  rig.clock.step_wall(9min);
  const auto phone = rig.target("phone"), other = rig.target("other");
  rig.start();
  CHECK(rig.remembered.size() == 1);  // the vendor's name of the message that ends
  rig.advance(30s, 1s);
  CHECK(phone->empty());
  rig.advance(40s, 1s);
  REQUIRE(phone->size() == 1);
  CHECK(phone->front().page.action == Action::resolve);
  CHECK(phone->front().page.dedup_key == incident.id);
  CHECK(other->empty());
  CHECK(rig.pager->live().empty());
}

TEST_CASE("the end of a test of a receiver that is gone is told to nobody else") {
  TempDir dir;
  auto incident = invented_incident(7);
  incident.thread = "brandwacht:test:phone:1";
  Rig rig(dir / "x.db");
  rig.target("phone");
  rig.start();
  const Time later = rig.clock.now() + 10min;
  boost::asio::co_spawn(rig.io,
                        rig.pager->owe(invented_event(close, incident, later), "phone", later, {}),
                        [](std::exception_ptr, std::string) {});
  rig.drain();
  const auto other = rig.target("other");
  rig.reload(Policy(Routes({}, {"other"})));
  rig.advance(15min, 5s);
  CHECK(other->empty());
}

TEST_CASE("what a notifier learnt is there after a restart") {
  TempDir dir;
  {
    Rig rig(dir / "x.db");
    rig.target("phone");
    rig.start();
    CHECK(rig.pager->kept("new number of x").empty());
    rig.pager->keep("new number of x", "1 2");
    CHECK(rig.pager->kept("new number of x") == "1 2");
  }
  Rig rig(dir / "x.db");
  rig.target("phone");
  rig.start();
  CHECK(rig.pager->kept("new number of x") == "1 2");
}

}  // namespace brandwacht::alerting
