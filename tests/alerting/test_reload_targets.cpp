// What a reload leaves to each target: its limits, its repeats, its troubles, the vendor's names.
#include <set>

#include "tests/alerting/full_disk.hpp"
#include "tests/alerting/policy_rig.hpp"

namespace brandwacht::alerting {
namespace {

using namespace std::chrono_literals;
using enum IncidentEventKind;
using Kind = Outcome::Kind;

std::vector<std::string> ids(const Rig::Logs& log) {
  std::vector<std::string> out;
  for (const auto& entry : *log)
    out.push_back(entry.page.delivery_id);
  return out;
}

Policy everybody(const std::vector<std::string>& names) {
  return Policy(Routes({}, names));
}

}  // namespace

TEST_CASE("the trouble of a receiver that is removed ends with it") {
  TempDir dir;
  Rig rig(dir / "x.db");
  rig.target("phone",
             [](const Page&, std::size_t) { return outcome(Kind::permanent, "HTTP 401"); });
  const auto chat = rig.target("chat");
  rig.start(everybody({"phone", "chat"}));
  rig.push(news(rig, page));
  REQUIRE(chat->size() == 2);
  CHECK(is_own(chat->back().page.incident));
  const auto same = rig.target("chat");
  rig.reload(everybody({"chat"}));
  REQUIRE(same->size() == 1);
  CHECK(same->back().page.action == Action::resolve);
  CHECK_THAT(same->back().page.incident.title, Catch::Contains("no longer configured"));
  rig.target("chat");
  rig.reload(everybody({"chat"}));
  CHECK(rig.pager->stats().open == 1);
}

TEST_CASE("reloads neither starve nor double what a vendor wants repeated") {
  TempDir dir;
  Rig rig(dir / "x.db");
  NotifierTraits repeats;
  repeats.resend_every = 60s;
  std::vector<Rig::Logs> logs{rig.target("am", accepts, repeats)};
  rig.start(everybody({"am"}));
  rig.push(news(rig, page));
  for (int i = 0; i < 60; ++i) {
    logs.push_back(rig.target("am", accepts, repeats));
    rig.reload(everybody({"am"}));
    rig.advance(10s, 1s);
  }
  std::size_t sent = 0;
  for (const auto& log : logs)
    sent += log->size();
  CHECK(sent >= 10);
  CHECK(sent <= 11);  // ten minutes
}

TEST_CASE("a receiver that takes another's place knows the vendor's names of what is open") {
  TempDir dir;
  Rig rig(dir / "x.db");
  rig.target("slack", [](const Page&, std::size_t) {
    auto out = outcome(Kind::accepted);
    out.receipt = "C1:17";
    return out;
  });
  rig.start(everybody({"slack"}));
  rig.push(news(rig, page));
  rig.remembered.clear();
  rig.target("slack");
  rig.reload(everybody({"slack"}));
  const std::pair<std::string, std::string> first{incident_id(1, 1), "C1:17"};
  CHECK(rig.remembered == std::vector{first});
  rig.push(news(rig, close));
  rig.remembered.clear();
  rig.target("slack");
  rig.reload(everybody({"slack"}));
  CHECK(rig.remembered.empty());  // it is over
}

TEST_CASE("a reload keeps a vendor's limits, unless they are others") {
  TempDir dir;
  Rig rig(dir / "x.db");
  NotifierTraits limited;
  limited.limits = {{1, 60s, RateLimit::Kind::window}};
  rig.target("phone", accepts, limited);
  rig.start(everybody({"phone"}));
  rig.push(news(rig, page, Tier::t2, 12, 1));
  const auto same = rig.target("phone", accepts, limited);
  rig.reload(everybody({"phone"}));
  rig.push(news(rig, page, Tier::t2, 12, 2));
  rig.advance(30s);
  CHECK(same->empty());
  const auto free = rig.target("phone");
  rig.reload(everybody({"phone"}));
  rig.advance(2s);
  CHECK(free->size() == 1);
}

TEST_CASE("a new receiver hears of what comes from now on, and what is open it hears no earlier") {
  TempDir dir;
  Rig rig(dir / "x.db");
  rig.target("phone");
  rig.start(everybody({"phone"}));
  rig.push(news(rig, page, Tier::t2, 12, 1));
  rig.target("phone");
  const auto second = rig.target("second");
  rig.reload(everybody({"phone", "second"}));
  rig.advance(1min, 1s);
  CHECK(second->empty());
  rig.push(news(rig, page, Tier::t2, 12, 2));
  CHECK(second->size() == 1);
  rig.push(news(rig, upgrade, Tier::t1, 40, 1));
  CHECK(second->size() == 2);
}

TEST_CASE("while the disk is full a reload loses nothing either") {
  TempDir dir;
  Rig rig(dir / "x.db");
  bool down = true;
  rig.target("phone", [&](const Page&, std::size_t) {
    return outcome(down ? Kind::retry : Kind::accepted);
  });
  rig.start(everybody({"phone"}));
  rig.push(news(rig, page, Tier::t2, 12, 1));
  Rig::Logs other;
  {
    FullDisk full;
    rig.push(news(rig, page, Tier::t2, 12, 2));
    other = rig.target("other");
    rig.reload(everybody({"other"}));
    rig.advance(30s, 1s);
  }
  rig.advance(30s, 1s);
  std::set<std::string> told;
  for (const auto& id : ids(other))
    CHECK(told.insert(id).second);
  CHECK(told.size() == 2);
}

}  // namespace brandwacht::alerting
