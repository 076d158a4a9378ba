// What people complain of in other programs (Alertmanager, GoAlert, Vector, ...), as tests. The
// numbers are those of our own list; 13 is in test_reload.cpp, others that are missing here are
// tested by a receiver's file.
#include <fstream>
#include <random>
#include <set>

#include "alerting/outbox_list.hpp"
#include "tests/alerting/full_disk.hpp"
#include "tests/alerting/policy_rig.hpp"

namespace brandwacht::alerting {
namespace {

using namespace std::chrono_literals;
using enum IncidentEventKind;
using Kind = Outcome::Kind;

std::string read_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_file(const std::filesystem::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

// A store with open incidents, pages that wait, a case and a silence, closed cleanly.
std::string furnished(const std::filesystem::path& file, int incidents = 6) {
  Outbox outbox(file, kNoon);
  Write write;
  for (int i = 1; i <= incidents; ++i) {
    auto incident = invented_incident(static_cast<std::uint64_t>(i));
    write.incidents.push_back({invented_event(page, incident), "state"});
    write.rows.push_back(invented_row(page, "phone", incident));
    Case one;
    one.incident = incident.id;
    write.cases.push_back(std::move(one));
  }
  Silence silence;
  silence.id = "s-1";
  silence.match.brands = {"another"};
  silence.until = kNoon + 1h;
  write.silences.push_back(silence);
  outbox.apply(write);
  return {};
}

constexpr std::string_view kSteps = R"(
[[policy]]
name = "desk"
  [[policy.step]]
  notify = ["a"]
  [[policy.step]]
  notify = ["b"]
[[route]]
receivers = ["pd"]
policy = "desk"
)";

NotifierTraits vendor() {
  NotifierTraits out;
  out.keeps_incidents = true;
  return out;
}

// As PagerDuty treats a key: what is acknowledged there notifies nobody, what is resolved opens
// anew.
struct Vendor {
  std::map<std::string, std::string> incidents;  // key and state
  int notifications = 0;

  ScriptedTarget::Script script() {
    return [this](const Page& page, std::size_t) {
      auto& state = incidents[page.dedup_key];
      if (page.action == Action::resolve) {
        state = "resolved";
      } else if (state.empty() || state == "resolved") {
        state = "triggered";
        ++notifications;
      }
      return outcome(Kind::accepted);
    };
  }
};

}  // namespace

TEST_CASE("complaint 01: whichever bit falls over, the daemon starts and pages") {
  TempDir dir;
  furnished(dir / "good.db");
  const std::string good = read_file(dir / "good.db");
  REQUIRE(good.size() > 10'000);
  std::mt19937 random(4711);
  std::size_t delivered = 0, files = 0, quarantined = 0;
  // One bit of each byte of the header, and then anywhere.
  for (std::size_t i = 0; i < 100 + 150; ++i) {
    const std::size_t bit = i < 100 ? i * 8 + i % 8 : random() % (good.size() * 8);
    std::string bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << (bit % 8)));
    TempDir own;
    write_file(own / "x.db", bad);
    Rig rig(own / "x.db");
    const auto phone = rig.target("phone");
    INFO("bit " << bit);
    REQUIRE_NOTHROW(rig.start());
    rig.push(news(rig, page, Tier::t1, 30, 99));
    const bool paged = std::any_of(phone->begin(), phone->end(), [](const auto& entry) {
      return entry.page.incident.id == incident_id(99, 1);
    });
    REQUIRE(paged);
    REQUIRE_FALSE(rig.pager->degraded());
    rig.stop();
    ++files;
    if (i >= 100) delivered += phone->size() - 1;
    for (const auto& entry : std::filesystem::directory_iterator(own.path()))
      if (entry.path().string().find(".corrupt-") != std::string::npos &&
          entry.path().string().ends_with("Z"))
        ++quarantined;
  }
  // Of what was owed before nearly all goes out. A damaged header can cost a file's pages: they
  // stay in the quarantined file.
  CHECK(delivered > 150 * 6 * 9 / 10);
  CHECK(quarantined > 0);  // and the damage is real
  CHECK(quarantined < files);
}

TEST_CASE(
    "complaint 01: a store that was cut off anywhere is taken over as far as it can be read") {
  TempDir dir;
  furnished(dir / "good.db");
  const std::string good = read_file(dir / "good.db");
  for (std::size_t part = 0; part <= 16; ++part) {
    TempDir own;
    write_file(own / "x.db", good.substr(0, good.size() * part / 16));
    Rig rig(own / "x.db");
    const auto phone = rig.target("phone");
    REQUIRE_NOTHROW(rig.start());
    rig.push(news(rig, page, Tier::t1, 30, 99));
    CHECK_FALSE(phone->empty());
    CHECK_FALSE(rig.pager->degraded());
  }
}

TEST_CASE("complaint 02: a changed configuration changes no key and orphans no incident") {
  TempDir dir;
  std::string key;
  {
    Rig rig(dir / "x.db");
    const auto pd = rig.target("pd", accepts, vendor());
    rig.target("a");
    rig.target("b");
    rig.start(good_policy(kSteps, {"pd", "a", "b"}));
    rig.push(news(rig, page));
    rig.push(news(rig, upgrade, Tier::t1, 30));
    key = pd->back().page.dedup_key;
  }
  Rig rig(dir / "x.db");  // a renamed receiver, other routes, no policy, a silence by configuration
  const auto renamed = rig.target("pagerduty", accepts, vendor());
  const auto chat = rig.target("chat");
  rig.start(good_policy(R"(
[[route]]
brand = ["acme"]
receivers = ["pagerduty"]
[[route]]
receivers = ["chat"]
)",
                        {"pagerduty", "chat"}));
  CHECK(renamed->empty());  // nothing begins anew
  rig.push(news(rig, upgrade, Tier::t1, 60));
  REQUIRE(renamed->size() == 1);
  CHECK(renamed->back().page.dedup_key == key);
  rig.push(news(rig, close, Tier::t1, 60));
  std::set<std::string> ended;
  for (const auto& entry : *renamed)
    if (entry.page.action == Action::resolve) ended.insert(entry.page.dedup_key);
  CHECK(ended == std::set<std::string>{incident_id(1, 1), key});
  CHECK(chat->empty());
}

TEST_CASE("complaint 03: a throttled target is asked when it said, and with the same key") {
  TempDir dir;
  Rig rig(dir / "x.db");
  std::vector<Time> asked;
  const auto phone = rig.target("phone", [&](const Page&, std::size_t attempt) {
    asked.push_back(rig.clock.now());
    auto out = outcome(attempt <= 3 ? Kind::retry : Kind::accepted, "HTTP 429");
    if (attempt <= 3) out.wait = std::chrono::seconds(30) * static_cast<int>(attempt);
    return out;
  });
  const auto other = rig.target("other");
  rig.start();
  rig.push(news(rig, page));
  rig.advance(5min);
  REQUIRE(asked.size() == 4);
  CHECK(asked[1] - asked[0] == 30s);
  CHECK(asked[2] - asked[1] == 60s);
  CHECK(asked[3] - asked[2] == 90s);
  CHECK(phone->front().page.delivery_id == phone->back().page.delivery_id);
  CHECK(other->size() == 1);
}

TEST_CASE("complaint 05: a resolve passes every silence, maintenance and inhibition") {
  TempDir dir;
  Rig rig(dir / "x.db");
  Vendor pd;
  rig.target("pd", pd.script(), vendor());
  rig.target("a");
  rig.target("b");
  rig.start(good_policy(std::string(kSteps) + R"(
[[maintenance]]
name = "later"
from = "2026-01-01 13:05"
to = "2026-01-01 18:00"
[[inhibit]]
source = { surge = true }
target = { tier = ["T2"] }
)",
                        {"pd", "a", "b"}));
  rig.push(news(rig, page));
  auto surge = news(rig, page, Tier::t1, 90, 9);
  surge.incident.surge = true;
  rig.push(surge);
  Silence silence;
  silence.match.brands = {"acme"};
  silence.from = rig.clock.now();
  silence.until = rig.clock.now() + 5h;
  boost::asio::co_spawn(rig.io, rig.pager->silence(silence), boost::asio::detached);
  rig.advance(10min, 30s);
  rig.push(news(rig, close));
  CHECK(pd.incidents.at(incident_id(1, 1)) == "resolved");
}

TEST_CASE("complaint 06: what grows after an acknowledgement or an end pages somebody anew") {
  TempDir dir;
  Rig rig(dir / "x.db");
  Vendor pd;
  rig.target("pd", pd.script(), vendor());
  rig.start();
  rig.push(news(rig, page));
  CHECK(pd.notifications == 1);
  pd.incidents[incident_id(1, 1)] = "acknowledged";  // there, by somebody
  SECTION("a higher tier, even where we were not told of the acknowledgement") {
    rig.push(news(rig, upgrade, Tier::t1, 40));
    CHECK(pd.notifications == 2);
  }
  SECTION("an acknowledgement that ran out") {
    carry_out(rig, Command::Kind::acknowledge, "Anna", 10min);
    rig.advance(11min, 30s);
    CHECK(pd.notifications == 2);
  }
  SECTION("growth after an end by hand") {
    carry_out(rig, Command::Kind::resolve);
    pd.incidents[incident_id(1, 1)] = "acknowledged";  // the vendor may reopen as it likes
    rig.push(news(rig, upgrade, Tier::t2, 24));
    CHECK(pd.notifications == 2);
  }
  rig.push(news(rig, close, Tier::t1, 99));
  for (const auto& [key, state] : pd.incidents)
    CHECK(state == "resolved");
}

TEST_CASE("complaint 07: a desk on its own has steps, turns and acknowledgements") {
  TempDir dir;
  Rig rig(dir / "x.db");
  const auto anna = rig.target("anna_phone");
  const auto bram = rig.target("bram_phone");
  rig.start(good_policy(R"(
[[person]]
name = "anna"
receivers = ["anna_phone"]
[[person]]
name = "bram"
receivers = ["bram_phone"]
[[rotation]]
name = "primary"
people = ["anna", "bram"]
handover = "Mon 09:00"
start = "2025-12-29"
[[policy]]
name = "desk"
last = ["anna", "bram"]
  [[policy.step]]
  notify = ["primary"]
  [[policy.step]]
  notify = ["bram"]
  after = "5 min"
[[route]]
policy = "desk"
)",
                        {"anna_phone", "bram_phone"}));
  rig.push(news(rig, page));
  CHECK(anna->size() == 1);
  rig.advance(6min, 30s);
  CHECK(bram->size() == 1);
  carry_out(rig, Command::Kind::acknowledge, "bram");
  rig.advance(25min, 30s);
  CHECK(anna->size() + bram->size() == 2);
  rig.advance(10min, 30s);
  CHECK(anna->size() == 2);  // forgotten: it begins anew
}

TEST_CASE("complaint 12: neither a full disk nor damage while running stops a page") {
  TempDir dir;
  Rig rig(dir / "x.db");
  const auto phone = rig.target("phone");
  rig.start();
  rig.push(news(rig, page, Tier::t2, 12, 1));
  {
    FullDisk full;
    rig.push(news(rig, page, Tier::t2, 12, 2));
    CHECK(phone->size() == 2);
    CHECK(rig.pager->degraded());
  }
  rig.advance(10s);
  CHECK_FALSE(rig.pager->degraded());
  {
    Database other(dir / "x.db");
    other.execute("PRAGMA writable_schema = ON");
    other.execute("UPDATE sqlite_master SET rootpage = 99999 WHERE name = 'outbox'");
    other.execute("PRAGMA schema_version = 77");
  }
  rig.push(news(rig, page, Tier::t2, 12, 3));
  rig.advance(10s);
  CHECK(phone->size() == 3);
  CHECK_FALSE(rig.pager->degraded());
}

TEST_CASE("complaint 14: nothing is given up without a count, a dead letter and an alarm") {
  TempDir dir;
  Rig rig(dir / "x.db");
  rig.settings.target.horizon = 1h;
  bool down = true;
  const auto phone = rig.target("phone", [&](const Page&, std::size_t) {
    return outcome(down ? Kind::retry : Kind::accepted, "no route to host");
  });
  const auto chat = rig.target("chat");
  rig.start();
  rig.push(news(rig, page));
  rig.advance(2h, 5s);
  CHECK(rig.pager->stats().delivery.targets.at("phone").dead == 1);
  REQUIRE(chat->size() == 2);
  CHECK(is_own(chat->back().page.incident));
  Database db(dir / "x.db");
  OutboxFilter filter;
  filter.state = "dead";
  const auto dead = list_outbox(db, filter);
  REQUIRE(dead.size() == 1);
  CHECK_THAT(dead.at(0).detail, Catch::Contains("no route to host"));
  // And it can be tried anew by hand.
  down = false;
  auto row = revive(db, dead.at(0).seq, rig.clock.now());
  REQUIRE(row);
  rig.pager->deliver(std::move(*row));
  rig.drain();
  rig.advance(2min);
  CHECK(phone->back().page.delivery_id == dead.at(0).delivery_id);
  CHECK(rig.pager->stats().delivery.targets.at("phone").accepted == 1);
}

TEST_CASE("complaint 15: under a limit the urgent goes first, and every page shows its delay") {
  TempDir dir;
  Rig rig(dir / "x.db");
  NotifierTraits limited;
  limited.limits = {{2, 60s, RateLimit::Kind::window}};
  const auto phone = rig.target("phone", accepts, limited);
  rig.start();
  for (std::uint64_t i = 1; i <= 6; ++i)
    rig.push(news(rig, notify, Tier::t3, 5, i));
  rig.push(news(rig, page, Tier::t1, 50, 9));
  rig.advance(1min, 1s);
  REQUIRE(phone->size() == 4);
  CHECK(phone->at(2).page.incident.tier == Tier::t1);
  rig.advance(5min, 1s);
  REQUIRE(phone->size() == 7);
  Database db(dir / "x.db");
  const auto log = list_outbox(db, {});
  REQUIRE(log.size() == 7);
  CHECK(log.front().incident == incident_id(9, 1));
  CHECK(log.front().at == kNoon);
  CHECK(log.front().begun == kNoon + 60s);
  CHECK(log.front().accepted == kNoon + 60s);
}

}  // namespace brandwacht::alerting
