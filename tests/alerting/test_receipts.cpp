// From a vendor's receipt to an acknowledgement by a human.
#include "alerting/receipt_watch.hpp"
#include "alerting/receipts.hpp"
#include "tests/alerting/fakes.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::alerting {
namespace {

using namespace std::chrono_literals;
using enum IncidentEventKind;

Outcome with_receipt(const Page& page, std::size_t) {
  Outcome out = outcome(Outcome::Kind::accepted);
  out.receipt = "r-" + page.delivery_id;
  return out;
}

NotifierTraits asked() {
  NotifierTraits out;
  out.ask_every = 10s;
  return out;
}

Sighting sighted(Sighting::Kind kind) {
  Sighting out;
  out.kind = kind;
  out.who = "phone (invented)";
  out.at = kNoon + 25s;
  return out;
}

const std::string kIncident = invented_incident().id;

}  // namespace

TEST_CASE("a human who takes a page at the vendor has acknowledged the incident") {
  TempDir dir;
  Rig rig(dir / "x.db");
  int times = 0;
  rig.sighting = [&](const std::string& receipt) {
    CHECK(receipt.starts_with("r-" + kIncident));
    return sighted(++times < 3 ? Sighting::Kind::nothing : Sighting::Kind::acknowledged);
  };
  rig.target("phone", with_receipt, asked());
  rig.start();
  rig.push(invented_event(page));
  rig.advance(25s);
  CHECK(times == 2);
  CHECK_FALSE(rig.pager->desk_case(kIncident)->ack);
  rig.advance(10s);
  REQUIRE(rig.pager->desk_case(kIncident)->ack);
  CHECK(rig.pager->desk_case(kIncident)->ack->who == "phone (invented)");
  CHECK(rig.pager->desk_case(kIncident)->ack->via == "phone");
  rig.advance(60s);
  CHECK(times == 3);  // and is not asked for again
}

TEST_CASE("a page on a screen is no acknowledgement, and goes on being asked about") {
  TempDir dir;
  Rig rig(dir / "x.db");
  int times = 0;
  rig.sighting = [&](const std::string&) {
    ++times;
    return sighted(Sighting::Kind::seen);
  };
  rig.target("phone", with_receipt, asked());
  rig.start();
  rig.push(invented_event(page));
  rig.advance(35s);
  CHECK(times == 3);
  CHECK_FALSE(rig.pager->desk_case(kIncident)->ack);
}

TEST_CASE("a receipt that is gone or whose incident is over is asked about no more") {
  for (const bool gone : {true, false}) {
    TempDir dir;
    Rig rig(dir / "x.db");
    int times = 0;
    rig.sighting = [&](const std::string&) {
      ++times;
      return sighted(gone ? Sighting::Kind::gone : Sighting::Kind::nothing);
    };
    rig.target("phone", with_receipt, asked());
    rig.start();
    rig.push(invented_event(page));
    rig.advance(11s);
    CHECK(times == 1);
    if (!gone) rig.push(invented_event(close, invented_incident(), kNoon + 12s));
    rig.advance(60s);
    CHECK(times == 1);
  }
}

TEST_CASE("who takes an incident elsewhere ends the ringing and the asking") {
  TempDir dir;
  Rig rig(dir / "x.db");
  int times = 0;
  rig.sighting = [&](const std::string&) {
    ++times;
    return sighted(Sighting::Kind::nothing);
  };
  rig.target("phone", with_receipt, asked());
  rig.target("chat", with_receipt);  // nothing rings there
  rig.start();
  rig.push(invented_event(page));
  rig.advance(11s);
  CHECK(times == 1);
  CHECK(rig.calmed.empty());
  Command ack;
  ack.incident = kIncident;
  ack.who = "Fatima (invented)";
  ack.via = "slack";
  ack.at = rig.clock.now();
  boost::asio::co_spawn(rig.io, rig.pager->command(std::move(ack)), boost::asio::detached);
  rig.drain();
  REQUIRE(rig.calmed.size() == 1);
  CHECK(rig.calmed[0] == kIncident);
  rig.advance(60s);
  CHECK(times == 1);
}

TEST_CASE("after a restart receipts are remembered, and asked about where nobody took the page") {
  TempDir dir;
  int times = 0;
  for (int start = 0; start < 2; ++start) {
    Rig rig(dir / "x.db");
    rig.sighting = [&](const std::string&) {
      ++times;
      return sighted(Sighting::Kind::nothing);
    };
    rig.target("phone", with_receipt, asked());
    rig.start();
    CHECK(rig.remembered.size() == std::size_t(start));
    if (start == 0) rig.push(invented_event(page));
    if (start == 1) {
      CHECK(rig.remembered[0].first == kIncident);
      CHECK(rig.remembered[0].second.starts_with("r-" + kIncident));
      rig.advance(11s);
    }
  }
  CHECK(times == 1);
}

TEST_CASE("a target that cannot be asked costs no worker, and a stop waits for none") {
  TempDir dir;
  Rig rig(dir / "x.db");
  rig.sighting = [](const std::string&) {
    FAIL_CHECK("it was asked");
    return Sighting{};
  };
  rig.target("chat", with_receipt);
  rig.start();
  rig.push(invented_event(page));
  rig.advance(60s);
  rig.stop();
  CHECK_FALSE(rig.running());
}

TEST_CASE("the watch asks about each in turn and forgets the oldest beyond its bound") {
  ReceiptWatch watch;
  CHECK_FALSE(watch.next());
  for (int i = 0; i < 300; ++i)
    watch.add({"t", "i" + std::to_string(i), "d" + std::to_string(i), "r"});
  CHECK(watch.next()->delivery_id == "d44");
  CHECK(watch.next()->delivery_id == "d45");
  watch.done("d46");
  watch.close("i47");
  CHECK(watch.next()->delivery_id == "d48");
  watch.note_seen("d49");
  CHECK(watch.next()->seen);
}

TEST_CASE("the first message of an incident is the one that counts, and the oldest incident goes") {
  Receipts receipts;
  receipts.keep("a", "1");
  receipts.keep("a", "2");
  receipts.keep("b", "");
  CHECK(receipts.find("a") == "1");
  CHECK(receipts.find("b").empty());
  for (int i = 0; i < 4096; ++i)
    receipts.keep("x" + std::to_string(i), "1");
  CHECK(receipts.find("a").empty());
  CHECK(receipts.find("x4095") == "1");
  receipts.forget("x4095");
  CHECK(receipts.find("x4095").empty());
}

}  // namespace brandwacht::alerting
