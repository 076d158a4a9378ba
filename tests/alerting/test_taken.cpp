// Somebody took an incident in one place: the others show it, and nothing goes round in circles.
#include "alerting/outbox_list.hpp"
#include "tests/alerting/policy_rig.hpp"

namespace brandwacht::alerting {
namespace {

using namespace std::chrono_literals;
using enum IncidentEventKind;
using Kind = Outcome::Kind;

// Without those about our own trouble.
std::vector<Page> pages(const Rig::Logs& log) {
  std::vector<Page> out;
  for (const auto& entry : *log)
    if (!is_own(entry.page.incident)) out.push_back(entry.page);
  return out;
}

std::vector<Page> taken(const Rig::Logs& log) {
  auto out = pages(log);
  std::erase_if(out, [](const Page& page) { return page.action != Action::acknowledge; });
  return out;
}

NotifierTraits shows(NotifierTraits::Acks acks, std::string_view vendor = {}, bool keeps = false) {
  NotifierTraits out;
  out.acks = acks;
  out.vendor = vendor;
  out.keeps_incidents = keeps;
  return out;
}

CommandResult say(Rig& rig, Command::Kind kind, std::string via, std::string key) {
  Command command;
  command.kind = kind;
  command.incident = std::move(key);
  command.who = "Anna (verzonnen)";
  command.via = std::move(via);
  command.at = rig.clock.now();
  return carry_out(rig, std::move(command));
}

}  // namespace

TEST_CASE(
    "who took an incident is shown wherever there is a place for it, once, and wakes nobody") {
  TempDir dir;
  Rig rig(dir / "x.db");
  const auto slack = rig.target("slack", accepts, shows(NotifierTraits::Acks::all, "slack"));
  const auto pd =
      rig.target("pd", accepts, shows(NotifierTraits::Acks::foreign, "pagerduty", true));
  const auto mail = rig.target("mail");
  auto policy = Policy(Routes({}, {"slack", "pd", "mail"}));
  policy.dutch = true;
  policy.roster.calendar = amsterdam();
  rig.start(std::move(policy));
  rig.push(news(rig, page));
  say(rig, Command::Kind::acknowledge, "link", incident_id(1, 1));
  REQUIRE(taken(slack).size() == 1);
  REQUIRE(taken(pd).size() == 1);
  CHECK(taken(mail).empty());
  CHECK(taken(slack).front().note == "Anna (verzonnen) heeft dit tot 13:30");
  CHECK(taken(pd).front().dedup_key == incident_id(1, 1));
  CHECK(taken(slack).front().delivery_id != taken(pd).front().delivery_id);
  rig.advance(1s);
  say(rig, Command::Kind::acknowledge, "link", incident_id(1, 1));  // for longer
  REQUIRE(taken(slack).size() == 2);
  CHECK(taken(slack).front().delivery_id != taken(slack).back().delivery_id);
  rig.advance(10min, 5s);
  CHECK(slack->size() == 3);
  CHECK(mail->size() == 1);
}

TEST_CASE("what was said in PagerDuty is not sent back to it") {
  TempDir dir;
  Rig rig(dir / "x.db");
  const auto pd =
      rig.target("pd", accepts, shows(NotifierTraits::Acks::foreign, "pagerduty", true));
  const auto chat = rig.target("chat", accepts, shows(NotifierTraits::Acks::all, "slack"));
  rig.start();
  rig.push(news(rig, page));
  say(rig, Command::Kind::acknowledge, "pagerduty", incident_id(1, 1));
  CHECK(taken(pd).empty());
  CHECK(taken(chat).size() == 1);
  SECTION("an end neither") {
    say(rig, Command::Kind::resolve, "pagerduty", incident_id(1, 1));
    CHECK(pages(pd).size() == 1);
    CHECK(pages(chat).back().action == Action::resolve);
    CHECK_THAT(pages(chat).back().note, Catch::Contains("Closed by Anna"));
  }
  SECTION("but the keys of other levels that are open there are told") {
    rig.push(news(rig, upgrade, Tier::t1, 40));
    const std::string level = dedup_key(incident_id(1, 1), 1);
    CHECK(pages(pd).back().dedup_key == level);
    say(rig, Command::Kind::acknowledge, "pagerduty", level);
    REQUIRE(taken(pd).size() == 1);
    CHECK(taken(pd).back().dedup_key == incident_id(1, 1));
    say(rig, Command::Kind::resolve, "pagerduty", level);
    CHECK(pages(pd).back().action == Action::resolve);
    CHECK(pages(pd).back().dedup_key == incident_id(1, 1));
  }
}

TEST_CASE("of two services of one vendor nobody knows which it was: both are told") {
  TempDir dir;
  Rig rig(dir / "x.db");
  const auto one =
      rig.target("one", accepts, shows(NotifierTraits::Acks::foreign, "pagerduty", true));
  const auto two =
      rig.target("two", accepts, shows(NotifierTraits::Acks::foreign, "pagerduty", true));
  rig.start();
  rig.push(news(rig, page));
  say(rig, Command::Kind::acknowledge, "pagerduty", incident_id(1, 1));
  CHECK(taken(one).size() == 1);
  CHECK(taken(two).size() == 1);
}

TEST_CASE("an acknowledgement that a chat will not show is in the log and wakes nobody") {
  TempDir dir;
  Rig rig(dir / "x.db");
  const auto chat = rig.target(
      "chat",
      [](const Page& page, std::size_t) {
        return outcome(page.action == Action::acknowledge ? Kind::permanent : Kind::accepted,
                       "message_not_found");
      },
      shows(NotifierTraits::Acks::all, "slack"));
  const auto phone = rig.target("phone");
  rig.start();
  rig.push(news(rig, page));
  carry_out(rig, Command::Kind::acknowledge);
  rig.advance(10min, 5s);
  CHECK(chat->size() == 2);
  CHECK(phone->size() == 1);
  Database db(dir / "x.db");
  OutboxFilter filter;
  filter.state = "dead";
  REQUIRE(list_outbox(db, filter).size() == 1);
  CHECK(list_outbox(db, filter).front().action == "acknowledge");
}

TEST_CASE("an acknowledgement goes after its page, also over a restart, and ends no repeat") {
  TempDir dir;
  NotifierTraits traits = shows(NotifierTraits::Acks::foreign, "pagerduty", true);
  traits.resend_every = 2h;
  {
    Rig rig(dir / "x.db");
    rig.target(
        "pd", [](const Page&, std::size_t) { return outcome(Kind::retry); }, traits);
    rig.start();
    rig.push(news(rig, page));
    say(rig, Command::Kind::acknowledge, "link", incident_id(1, 1));
  }
  Rig rig(dir / "x.db");
  const auto pd = rig.target("pd", accepts, traits);
  rig.start();
  rig.advance(2min, 1s);
  REQUIRE(pd->size() == 2);
  CHECK(pd->front().page.action == Action::trigger);
  CHECK(pd->back().page.action == Action::acknowledge);
  CHECK(pd->back().page.note == "Anna (verzonnen) has it until 12:30");
}

TEST_CASE("PagerDuty hears again of what is acknowledged, or it would end it by itself") {
  TempDir dir;
  Rig rig(dir / "x.db");
  NotifierTraits traits = shows(NotifierTraits::Acks::foreign, "pagerduty", true);
  traits.resend_every = 2h;
  const auto pd = rig.target("pd", accepts, traits);
  rig.start();
  rig.push(news(rig, page));
  carry_out(rig, Command::Kind::acknowledge, "Anna", 5h);
  rig.advance(2h + 1min, 30s);
  REQUIRE(pd->size() == 3);
  CHECK(pd->at(1).page.action == Action::acknowledge);
  CHECK(pd->at(2).page.action == Action::trigger);
}

}  // namespace brandwacht::alerting
