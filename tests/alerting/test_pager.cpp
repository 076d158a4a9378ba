#include "tests/alerting/fakes.hpp"
#include "tests/alerting/full_disk.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::alerting {
namespace {

using namespace std::chrono_literals;
using enum IncidentEventKind;
using Kind = Outcome::Kind;
namespace asio = boost::asio;

IncidentEvent event_at(const Rig& rig, IncidentEventKind kind, std::uint64_t thread = 1,
                       Tier tier = Tier::t2, int joiners = 12) {
  return invented_event(kind, invented_incident(thread, tier, joiners), rig.clock.now());
}

std::vector<std::string> ids(const Rig::Logs& log) {
  std::vector<std::string> out;
  for (const auto& entry : *log)
    out.push_back(entry.page.delivery_id);
  return out;
}

}  // namespace

TEST_CASE("a page reaches every target, is stored as accepted and counted") {
  TempDir dir;
  Rig rig(dir / "x.db");
  const auto phone = rig.target("phone");
  const auto chat = rig.target("chat");
  std::vector<std::string> committed;
  rig.settings.committed = [&](const IncidentEvent& event) {
    committed.push_back(event.incident.id);
  };
  rig.settings.decision_state = [](const Incident& incident) { return "state of " + incident.id; };
  rig.start();
  rig.push(event_at(rig, page));
  REQUIRE(phone->size() == 1);
  REQUIRE(chat->size() == 1);
  CHECK(phone->at(0).page.dedup_key == incident_id(1, 1));
  CHECK(phone->at(0).page.delivery_id != chat->at(0).page.delivery_id);
  CHECK(committed == std::vector<std::string>{incident_id(1, 1)});
  const auto stats = rig.pager->stats();
  CHECK(stats.events == 1);
  CHECK(stats.open == 1);
  CHECK(stats.delivery.targets.at("phone").accepted == 1);
  CHECK(stats.delivery.latency.total == 2);
  CHECK(stats.delivery.latency.at_most(0) == 2);
  rig.stop();
  Outbox outbox(dir / "x.db", kNoon);
  CHECK(outbox.pending("phone", 0, 10).empty());
  CHECK(outbox.open_incidents().at(0).decision == "state of " + incident_id(1, 1));
}

TEST_CASE("a row is on disk as queued and then as sending before its first attempt") {
  TempDir dir;
  Rig rig(dir / "x.db");
  std::string state;
  rig.target("phone", [&](const Page& page, std::size_t) {
    Database db(dir / "x.db");
    auto select = db.prepare("SELECT state FROM outbox WHERE delivery_id = ?1");
    select.bind(1, page.delivery_id);
    if (select.step()) state = select.text(0);
    return outcome(Kind::accepted);
  });
  rig.start();
  rig.push(event_at(rig, page));
  CHECK(state == "sending");
}

TEST_CASE("a stalled target delays no other") {
  TempDir dir;
  Rig rig(dir / "x.db");
  const auto stalled = rig.target("stalled", accepts, {}, true);
  const auto phone = rig.target("phone");
  rig.start();
  for (std::uint64_t thread = 1; thread <= 5; ++thread)
    rig.push(event_at(rig, page, thread));
  CHECK(stalled->size() == 1);
  CHECK(phone->size() == 5);
  CHECK(rig.clock.now() == kNoon);
  rig.advance(30min, 10s);
  CHECK(rig.pager->stats().delivery.targets.at("stalled").oldest >= 30min);
}

TEST_CASE("a storm of 500s is ridden out with the same keys and few attempts") {
  TempDir dir;
  Rig rig(dir / "x.db");
  const auto phone = rig.target("phone", [&](const Page&, std::size_t) {
    return outcome(rig.clock.now() < kNoon + 10min ? Kind::retry : Kind::accepted);
  });
  rig.start();
  rig.push(event_at(rig, page));
  rig.advance(12min);
  const auto sent = ids(phone);
  CHECK(sent.size() > 8);
  CHECK(sent.size() < 60);
  CHECK(std::count(sent.begin(), sent.end(), sent.front()) == static_cast<long>(sent.size()));
  CHECK(rig.pager->stats().delivery.targets.at("phone").accepted == 1);
}

TEST_CASE("Retry-After is honoured to the moment") {
  TempDir dir;
  Rig rig(dir / "x.db");
  const auto phone = rig.target("phone", [](const Page&, std::size_t attempt) {
    auto out = outcome(attempt == 1 ? Kind::retry : Kind::accepted);
    if (attempt == 1) out.wait = 90s;
    return out;
  });
  rig.start();
  rig.push(event_at(rig, page));
  rig.advance(89s);
  CHECK(phone->size() == 1);
  rig.advance(2s);
  REQUIRE(phone->size() == 2);
  CHECK(phone->at(1).at == kNoon + 90s);
}

TEST_CASE("an ambiguous answer leads to one more attempt with the same delivery id") {
  TempDir dir;
  Rig rig(dir / "x.db");
  const auto phone = rig.target("phone", [](const Page&, std::size_t attempt) {
    return outcome(attempt == 1 ? Kind::ambiguous : Kind::accepted);
  });
  rig.start();
  rig.push(event_at(rig, page));
  rig.advance(5s);
  REQUIRE(phone->size() == 2);
  CHECK(phone->at(0).page.delivery_id == phone->at(1).page.delivery_id);
}

TEST_CASE("a page that is refused for good is told through the other targets, once") {
  TempDir dir;
  Rig rig(dir / "x.db");
  bool broken = true;
  const auto phone = rig.target("phone", [&](const Page&, std::size_t) {
    return outcome(broken ? Kind::permanent : Kind::accepted, "HTTP 401");
  });
  const auto chat = rig.target("chat");
  rig.start();
  rig.push(event_at(rig, page, 1));
  rig.push(event_at(rig, page, 2));
  REQUIRE(chat->size() == 3);
  const Page told =
      chat->at(1).page.incident.platform == kOwnPlatform ? chat->at(1).page : chat->at(0).page;
  CHECK_THAT(told.incident.title, Catch::Contains("'phone'") && Catch::Contains("HTTP 401"));
  CHECK(told.event == page);
  CHECK(rig.pager->stats().delivery.targets.at("phone").dead == 2);
  CHECK(rig.pager->stats().open == 2);
  broken = false;
  rig.push(event_at(rig, page, 3));
  const auto& last = chat->back().page;
  CHECK(last.action == Action::resolve);
  CHECK(last.dedup_key == told.dedup_key);
}

TEST_CASE("targets that all refuse do not make each other loop") {
  TempDir dir;
  Rig rig(dir / "x.db");
  const auto refuse = [](const Page&, std::size_t) { return outcome(Kind::permanent, "HTTP 403"); };
  const auto phone = rig.target("phone", refuse);
  const auto chat = rig.target("chat", refuse);
  rig.start();
  rig.push(event_at(rig, page));
  rig.advance(1h, 10s);
  CHECK(phone->size() == 2);  // the page, and the complaint about the other
  CHECK(chat->size() == 2);
}

TEST_CASE("a target that is down for five minutes is told through the others") {
  TempDir dir;
  Rig rig(dir / "x.db");
  rig.target("phone", [](const Page&, std::size_t) { return outcome(Kind::retry, "no route"); });
  const auto chat = rig.target("chat");
  rig.start();
  rig.push(event_at(rig, page));
  rig.advance(4min + 59s);
  CHECK(chat->size() == 1);
  rig.advance(2s);
  REQUIRE(chat->size() == 2);
  CHECK_THAT(chat->at(1).page.incident.title, Catch::Contains("no route"));
  rig.advance(1h, 10s);
  CHECK(chat->size() == 2);
}

TEST_CASE("a 410 stops a target for good and what comes later is dead at once") {
  TempDir dir;
  Rig rig(dir / "x.db");
  const auto hook = rig.target("hook", [](const Page&, std::size_t) {
    auto out = outcome(Kind::permanent, "HTTP 410");
    out.disable = true;
    return out;
  });
  rig.start();
  rig.push(event_at(rig, page, 1));
  rig.push(event_at(rig, page, 2));
  CHECK(hook->size() == 1);
  CHECK(rig.pager->stats().delivery.targets.at("hook").disabled);
  CHECK(rig.pager->stats().delivery.targets.at("hook").dead == 2);
}

TEST_CASE("who heard of an incident hears its end, whatever the routes say of the tier") {
  TempDir dir;
  Rig rig(dir / "x.db");
  const auto phone = rig.target("phone");
  const auto chat = rig.target("chat");
  Route t1, rest;
  t1.tiers = {Tier::t1};
  t1.receivers = {"phone"};
  rest.receivers = {"chat"};
  rig.start({t1, rest});
  rig.push(event_at(rig, page, 1, Tier::t2));
  CHECK(phone->empty());
  rig.push(event_at(rig, upgrade, 1, Tier::t1, 20));
  CHECK(phone->size() == 1);
  CHECK(chat->size() == 2);
  rig.push(event_at(rig, close, 1, Tier::t1, 20));
  CHECK(phone->back().page.action == Action::resolve);
  CHECK(chat->back().page.action == Action::resolve);
  CHECK(rig.pager->stats().open == 0);
}

TEST_CASE("cooling is only told to targets that want updates") {
  TempDir dir;
  Rig rig(dir / "x.db");
  NotifierTraits updates;
  updates.updates = true;
  const auto phone = rig.target("phone");
  const auto hook = rig.target("hook", accepts, updates);
  rig.start();
  rig.push(event_at(rig, page));
  rig.push(event_at(rig, cool));
  CHECK(phone->size() == 1);
  REQUIRE(hook->size() == 2);
  CHECK(hook->at(1).page.event == cool);
  CHECK(hook->at(1).page.action == Action::trigger);
}

TEST_CASE(
    "after a restart what was not accepted is sent with the same keys and open incidents are "
    "known") {
  TempDir dir;
  std::vector<std::string> before;
  {
    Rig rig(dir / "x.db");
    const auto phone =
        rig.target("phone", [](const Page&, std::size_t) { return outcome(Kind::retry); });
    rig.start();
    rig.push(event_at(rig, page));
    before = ids(phone);
  }
  Rig rig(dir / "x.db");
  const auto phone = rig.target("phone");
  rig.start();
  rig.advance(3s);
  CHECK(ids(phone) == std::vector<std::string>{before.at(0)});
  REQUIRE(rig.pager->open_incidents().size() == 1);
  CHECK(rig.pager->open_incidents().at(0).incident.id == incident_id(1, 1));
  rig.push(invented_event(page, invented_incident(1)));  // derived again
  CHECK(phone->size() == 1);
  CHECK(rig.pager->stats().repeated == 1);
  rig.push(event_at(rig, close));
  CHECK(phone->back().page.action == Action::resolve);
}

TEST_CASE("a page for a renamed receiver goes where the routes lead now, and so does its end") {
  TempDir dir;
  {
    Rig rig(dir / "x.db");
    rig.target("old", [](const Page&, std::size_t) { return outcome(Kind::retry); });
    rig.start();
    rig.push(event_at(rig, page));
  }
  Rig rig(dir / "x.db");
  const auto renamed = rig.target("renamed");
  rig.start();
  REQUIRE(renamed->size() == 1);
  CHECK(renamed->at(0).page.dedup_key == incident_id(1, 1));
  rig.push(event_at(rig, close));
  REQUIRE(renamed->size() == 2);
  CHECK(renamed->at(1).page.action == Action::resolve);
}

TEST_CASE("a complaint about a receiver ends when the receiver is removed") {
  TempDir dir;
  {
    Rig rig(dir / "x.db");
    rig.target("old", [](const Page&, std::size_t) { return outcome(Kind::permanent); });
    rig.target("phone");
    rig.start();
    rig.push(event_at(rig, page));
    CHECK(rig.pager->live().size() == 1);  // not the complaint
  }
  Rig rig(dir / "x.db");
  const auto phone = rig.target("phone");
  rig.start();
  REQUIRE(phone->size() == 1);
  CHECK(phone->at(0).page.action == Action::resolve);
  CHECK_THAT(phone->at(0).page.incident.title, Catch::Contains("no longer configured"));
  CHECK(rig.pager->stats().open == 1);
}

TEST_CASE("a complaint that was open at a restart ends with the first success") {
  TempDir dir;
  {
    Rig rig(dir / "x.db");
    rig.target("phone", [](const Page&, std::size_t) { return outcome(Kind::permanent); });
    rig.target("chat");
    rig.start();
    rig.push(event_at(rig, page));
  }
  Rig rig(dir / "x.db");
  rig.target("phone");
  const auto chat = rig.target("chat");
  rig.start();
  rig.push(event_at(rig, page, 2));
  REQUIRE(chat->size() == 2);
  CHECK(chat->back().page.action == Action::resolve);
  CHECK(is_own(chat->back().page.incident));
}

TEST_CASE("a deleted post vanishes from memory and disk before its page is sent again") {
  TempDir dir;
  {
    Rig rig(dir / "x.db");
    const auto phone =
        rig.target("phone", [](const Page&, std::size_t) { return outcome(Kind::retry); });
    rig.start();
    rig.push(event_at(rig, page));
    CHECK(phone->at(0).page.incident.evidence.size() == 1);
    asio::co_spawn(rig.io, rig.pager->erase_author(7), asio::detached);
    rig.drain();
    rig.advance(3s);
    REQUIRE(phone->size() > 1);
    CHECK(phone->back().page.incident.evidence.empty());
    CHECK(rig.pager->live().at(0).evidence.empty());
  }
  CHECK(Outbox(dir / "x.db", kNoon).pending("phone", 0, 1).at(0).page->incident.evidence.empty());
}

TEST_CASE("firing alerts are repeated where the target asks for it, also after a restart") {
  TempDir dir;
  NotifierTraits traits;
  traits.resend_every = 1min;
  traits.resolved_for = 15min;
  {
    Rig rig(dir / "x.db");
    const auto am = rig.target("am", accepts, traits);
    rig.start();
    rig.push(event_at(rig, page));
    rig.advance(5min + 1s);
    CHECK(am->size() == 6);
  }
  Rig rig(dir / "x.db");
  const auto am = rig.target("am", accepts, traits);
  rig.start();
  rig.advance(2min + 1s);
  CHECK(am->size() == 2);
  rig.push(event_at(rig, close));
  rig.advance(1h, 10s);
  CHECK(am->size() >= 2 + 1 + 14);
  CHECK(am->size() <= 2 + 1 + 16);
  CHECK(am->back().page.action == Action::resolve);
}

TEST_CASE("an event that no route matches is counted") {
  TempDir dir;
  Rig rig(dir / "x.db");
  rig.target("phone");
  Route t1;
  t1.tiers = {Tier::t1};
  t1.receivers = {"phone"};
  rig.start({t1});
  rig.push(event_at(rig, page, 1, Tier::t2));
  CHECK(rig.pager->stats().unrouted == 1);
}

TEST_CASE("a stop finishes what is due and leaves the rest on disk") {
  TempDir dir;
  Rig rig(dir / "x.db");
  const auto phone = rig.target("phone");
  const auto down =
      rig.target("down", [](const Page&, std::size_t) { return outcome(Kind::retry); });
  rig.target("stalled", accepts, {}, true);
  rig.start();
  rig.events.force_push(event_at(rig, page));
  rig.stop();
  CHECK_FALSE(rig.ended);
  CHECK(phone->size() == 1);
  CHECK(down->size() == 1);
  CHECK(rig.clock.now() - kNoon >= 10s);  // the stalled one got its time
  CHECK(rig.clock.now() - kNoon < 12s);
  Outbox outbox(dir / "x.db", kNoon);
  CHECK(outbox.pending("phone", 0, 9).empty());
  CHECK(outbox.pending("down", 0, 9).size() == 1);
  CHECK(outbox.pending("stalled", 0, 9).size() == 1);
}

TEST_CASE("a pager that is cancelled ends at once, joins everything and keeps what it owes") {
  TempDir dir;
  Rig rig(dir / "x.db");
  rig.target("stalled", accepts, {}, true);
  rig.target("down", [](const Page&, std::size_t) { return outcome(Kind::retry); });
  rig.start();
  rig.push(event_at(rig, page));
  rig.cancel.emit(asio::cancellation_type::terminal);
  rig.drain();
  CHECK_FALSE(rig.running());
  REQUIRE(rig.ended);
  CHECK(is_cancelled(rig.ended));
  CHECK(rig.clock.now() == kNoon);
  CHECK(Outbox(dir / "x.db", kNoon).pending("stalled", 0, 9).size() == 1);
}

TEST_CASE("on a full disk pages go out from memory, readiness says so, and all is stored later") {
  TempDir dir;
  Rig rig(dir / "x.db");
  const auto phone = rig.target("phone");
  int committed = 0;
  rig.settings.committed = [&](const IncidentEvent&) { ++committed; };
  rig.start();
  {
    FullDisk full;
    rig.push(event_at(rig, page, 1));
    rig.push(event_at(rig, page, 2));
    rig.advance(30s);
    CHECK(phone->size() == 2);
    CHECK(rig.pager->degraded());
    CHECK(rig.pager->stats().store_failures > 2);
    CHECK(committed == 0);
  }
  rig.advance(10s);
  CHECK_FALSE(rig.pager->degraded());
  rig.push(event_at(rig, page, 3));
  CHECK(committed == 1);
  CHECK(phone->size() == 3);
  rig.stop();
  Outbox outbox(dir / "x.db", kNoon);
  CHECK(outbox.open_incidents().size() == 3);
  CHECK(outbox.pending("phone", 0, 9).empty());
}

TEST_CASE("a daemon that starts on a full disk pages all the same") {
  TempDir dir;
  FullDisk full;
  Rig rig(dir / "x.db");
  const auto phone = rig.target("phone");
  rig.start();
  CHECK(rig.pager->degraded());
  rig.push(event_at(rig, page));
  CHECK(phone->size() == 1);
}

TEST_CASE("a path that cannot work is refused at the start") {
  TempDir dir;
  Rig rig(dir / "absent" / "x.db");
  rig.target("phone");
  CHECK_THROWS_WITH(rig.start(), Catch::Contains("absent"));
}

TEST_CASE("a file damaged while we run is set aside and paging goes on") {
  TempDir dir;
  Rig rig(dir / "x.db");
  const auto phone = rig.target("phone");
  rig.start();
  {
    Database other(dir / "x.db");  // what SQLite finds is no longer what we made
    other.execute("PRAGMA writable_schema = ON");
    other.execute("UPDATE sqlite_master SET rootpage = 99999 WHERE name = 'outbox'");
    other.execute("PRAGMA schema_version = 77");
  }
  rig.push(event_at(rig, page));
  rig.advance(10s);
  CHECK(phone->size() == 1);
  CHECK_FALSE(rig.pager->degraded());
  rig.stop();
  CHECK(Outbox(dir / "x.db", kNoon).open_incidents().size() == 1);
}

TEST_CASE("positions are never stored before what they led to, and soon without events") {
  TempDir dir;
  {
    Rig rig(dir / "x.db");
    rig.target("phone");
    rig.start();
    rig.events.force_push(event_at(rig, page));
    rig.pager->position("jetstream", "41");
    rig.drain();
    rig.pager->position("jetstream", "42");
    rig.advance(2s);
  }
  Rig rig(dir / "x.db");
  rig.target("phone");
  rig.start();
  CHECK(rig.pager->positions().at("jetstream") == "42");
}

TEST_CASE("a wall clock that steps back by an hour delays no page") {
  TempDir dir;
  Rig rig(dir / "x.db");
  const auto phone = rig.target("phone", [](const Page&, std::size_t attempt) {
    return outcome(attempt < 3 ? Kind::retry : Kind::accepted);
  });
  rig.start();
  rig.push(event_at(rig, page));
  rig.clock.step_wall(-1h);
  rig.advance(10s);
  CHECK(phone->size() == 3);
}

TEST_CASE("a receiver that throws is tried again") {
  TempDir dir;
  Rig rig(dir / "x.db");
  const auto phone = rig.target("phone", [](const Page&, std::size_t attempt) {
    if (attempt == 1) throw std::runtime_error("a bug");
    return outcome(Kind::accepted);
  });
  rig.start();
  rig.push(event_at(rig, page));
  rig.advance(3s);
  CHECK(phone->size() == 2);
}

}  // namespace brandwacht::alerting
