#include "alerting/command.hpp"
#include "tests/alerting/fakes.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::alerting {
namespace {

using namespace std::chrono_literals;
using enum IncidentEventKind;
namespace asio = boost::asio;

Command says(const Rig& rig, Command::Kind kind, std::uint64_t thread = 1) {
  Command out;
  out.kind = kind;
  out.incident = incident_id(thread, 1);
  out.who = "Anna (verzonnen)";
  out.via = "test";
  out.at = rig.clock.now();
  return out;
}

CommandResult carry_out(Rig& rig, Command command) {
  CommandResult out;
  asio::co_spawn(rig.io, rig.pager->command(std::move(command)),
                 [&](std::exception_ptr error, CommandResult result) {
                   if (error) std::abort();
                   out = std::move(result);
                 });
  rig.drain();
  return out;
}

Silence quiet(const Rig& rig, Duration span) {
  Silence out;
  out.match.brands = {"acme"};
  out.match.tiers = {Tier::t3};
  out.from = rig.clock.now();
  out.until = out.from + span;
  out.author = "Bram (verzonnen)";
  out.comment = "onderhoud";
  return out;
}

}  // namespace

TEST_CASE("a key of a level leads back to its incident, and other text stays itself") {
  const std::string id = incident_id(0xABCD, 3);
  CHECK(dedup_key(id, 0) == id);
  CHECK(incident_of(dedup_key(id, 0)) == id);
  CHECK(incident_of(dedup_key(id, 12)) == id);
  CHECK(dedup_key(id, 1) != dedup_key(id, 2));
  CHECK(incident_of("bw-L") == "bw-L");
  CHECK(incident_of("bw-Lx") == "bw-Lx");
  CHECK(incident_of("").empty());
}

TEST_CASE("an acknowledgement has an owner, a way, a time and an end, and outlives a restart") {
  TempDir dir;
  {
    Rig rig(dir / "x.db");
    rig.target("phone");
    rig.start();
    rig.push(invented_event(page, invented_incident(1), rig.clock.now()));
    auto ack = says(rig, Command::Kind::acknowledge);
    ack.expires = 20min;
    CHECK(carry_out(rig, ack).kind == CommandResult::Kind::done);
    CHECK(carry_out(rig, says(rig, Command::Kind::acknowledge, 2)).kind ==
          CommandResult::Kind::unknown);
  }
  Rig rig(dir / "x.db");
  rig.target("phone");
  rig.start();
  const auto desk = rig.pager->desk_case(incident_id(1, 1));
  REQUIRE(desk);
  REQUIRE(desk->ack);
  CHECK(desk->ack->who == "Anna (verzonnen)");
  CHECK(desk->ack->via == "test");
  CHECK(desk->ack->at == kNoon);
  CHECK(desk->ack->until == kNoon + 20min);
  CHECK(carry_out(rig, says(rig, Command::Kind::unacknowledge)).kind == CommandResult::Kind::done);
  CHECK(carry_out(rig, says(rig, Command::Kind::unacknowledge)).kind ==
        CommandResult::Kind::nothing);
}

TEST_CASE("an end by hand is told to everyone who heard of the incident") {
  TempDir dir;
  Rig rig(dir / "x.db");
  const auto phone = rig.target("phone");
  rig.start();
  rig.push(invented_event(page, invented_incident(1), rig.clock.now()));
  CHECK(carry_out(rig, says(rig, Command::Kind::resolve)).kind == CommandResult::Kind::done);
  REQUIRE(phone->size() == 2);
  CHECK(phone->back().page.action == Action::resolve);
  CHECK(phone->back().page.dedup_key == phone->front().page.dedup_key);
}

TEST_CASE("silences are kept over a restart until they are over or ended") {
  TempDir dir;
  std::string id;
  {
    Rig rig(dir / "x.db");
    rig.target("phone");
    rig.start();
    const auto given = [&](std::exception_ptr, std::string made) { id = std::move(made); };
    asio::co_spawn(rig.io, rig.pager->silence(quiet(rig, 1h)), given);
    asio::co_spawn(rig.io, rig.pager->silence(quiet(rig, 1min)), asio::detached);
    rig.drain();
    CHECK(rig.pager->silences().size() == 2);
    rig.advance(2min, 10s);
    CHECK(rig.pager->silences().size() == 1);
  }
  Rig rig(dir / "x.db");
  rig.target("phone");
  rig.clock.step_wall(2min);
  rig.start();
  const auto silences = rig.pager->silences();
  REQUIRE(silences.size() == 1);
  CHECK(silences.at(0).id == id);
  CHECK(silences.at(0).match.tiers == std::vector<Tier>{Tier::t3});
  CHECK(silences.at(0).author == "Bram (verzonnen)");
  CHECK(silences.at(0).comment == "onderhoud");
  CommandResult ended;
  const auto keep = [&](std::exception_ptr, CommandResult result) { ended = std::move(result); };
  asio::co_spawn(rig.io, rig.pager->expire_silence(id), keep);
  rig.drain();
  CHECK(ended.kind == CommandResult::Kind::done);
  CHECK(rig.pager->silences().empty());
}

TEST_CASE("a vendor's receipt stays with its row, and a human who saw the page is noted there") {
  TempDir dir;
  Rig rig(dir / "x.db");
  const auto phone = rig.target("phone", [](const Page&, std::size_t) {
    auto out = outcome(Outcome::Kind::accepted);
    out.receipt = "r-1";
    return out;
  });
  rig.start();
  rig.push(invented_event(page, invented_incident(1), rig.clock.now()));
  const std::string delivery = phone->at(0).page.delivery_id;
  asio::co_spawn(rig.io,
                 rig.pager->seen(delivery, RowState::acknowledged, "Anna", "phone", kNoon + 5s),
                 asio::detached);
  asio::co_spawn(rig.io, rig.pager->seen(delivery, RowState::seen, "Bram", "phone", kNoon + 9s),
                 asio::detached);
  rig.drain();
  CHECK(rig.pager->desk_case(incident_id(1, 1))->ack->who == "Anna");
  rig.stop();
  Database db(dir / "x.db");
  auto select = db.prepare("SELECT state, receipt, seen_by, begun, accepted_at FROM outbox");
  REQUIRE(select.step());
  CHECK(select.text(0) == "acknowledged");  // a look after that takes nothing back
  CHECK(select.text(1) == "r-1");
  CHECK(select.text(2) == "Anna");
  CHECK(select.integer(3) == kNoon.time_since_epoch().count());
  CHECK(select.integer(4) == kNoon.time_since_epoch().count());
}

}  // namespace brandwacht::alerting
