// Another configuration while incidents are open and pages are on their way. Number 13 of our list
// of complaints: a reload that hangs, or swaps one half.
#include <set>

#include "alerting/outbox_list.hpp"
#include "tests/alerting/policy_rig.hpp"

namespace brandwacht::alerting {
namespace {

using namespace std::chrono_literals;
using enum IncidentEventKind;
using Kind = Outcome::Kind;

constexpr std::string_view kDesk = R"(
[[policy]]
name = "desk"
last = ["b"]
  [[policy.step]]
  notify = ["a"]
  [[policy.step]]
  notify = ["b"]
  after = "10 min"
[[route]]
receivers = ["chat"]
policy = "desk"
)";

// A target whose answers are held back until the test gives them.
class Gate final : public Notifier {
 public:
  struct Shared {
    explicit Shared(boost::asio::any_io_executor executor) : event(executor) {}
    Event event;
    bool open = false;
    Kind answer = Kind::accepted;
    std::vector<Page> asked;
  };
  Gate(std::string name, std::shared_ptr<Shared> shared)
      : name_(std::move(name)), shared_(std::move(shared)) {}
  const std::string& name() const override { return name_; }
  boost::asio::awaitable<Outcome> notify(const Page& page, Time) override {
    const auto shared = shared_;
    shared->asked.push_back(page);
    while (!shared->open)
      co_await shared->event.wait();
    co_return outcome(shared->answer);
  }

 private:
  std::string name_;
  std::shared_ptr<Shared> shared_;
};

std::shared_ptr<Gate::Shared> add_gate(Rig& rig, std::string name) {
  auto shared = std::make_shared<Gate::Shared>(rig.io.get_executor());
  rig.add(std::make_unique<Gate>(std::move(name), shared));
  return shared;
}

void open(Rig& rig, Gate::Shared& gate, Kind answer) {
  gate.answer = answer;
  gate.open = true;
  gate.event.notify_all();
  rig.drain();
}

Policy everybody(const std::vector<std::string>& names) {
  return Policy(Routes({}, names));
}

std::vector<OutboxEntry> dead_rows(const std::filesystem::path& file) {
  Database db(file);
  OutboxFilter filter;
  filter.state = "dead";
  return list_outbox(db, filter);
}

}  // namespace

TEST_CASE(
    "complaint 13: a storm of a hundred reloads loses no page, doubles none, changes no key and "
    "says nothing by itself") {
  TempDir dir;
  Rig rig(dir / "x.db");
  rig.settings.target.backoff = {30s, 30s};
  const std::vector<std::string> names{"chat", "a", "b", "flaky"};
  bool down = true;
  std::map<std::string, int> accepted;
  std::set<std::string> keys;
  const auto script = [&](const Page& page, std::size_t) {
    keys.insert(page.dedup_key);
    ++accepted[page.delivery_id];
    return outcome(Kind::accepted);
  };
  const auto flaky = [&](const Page& page, std::size_t attempt) {
    return down ? outcome(Kind::retry) : script(page, attempt);
  };
  std::vector<Rig::Logs> a, b, chat, tries;
  const auto targets = [&] {
    chat.push_back(rig.target("chat", script));
    a.push_back(rig.target("a", script));
    b.push_back(rig.target("b", script));
    tries.push_back(rig.target("flaky", flaky));
  };
  const std::string with_quiet = std::string(kDesk) + R"(
[[maintenance]]
name = "another brand"
brand = ["other"]
from = "2026-01-01"
to = "2026-01-02"
)";
  std::string routed = with_quiet;
  routed.replace(routed.find(R"(["chat"])"), 8, R"(["chat", "flaky"])");
  targets();
  rig.start(good_policy(routed, names));

  rig.push(news(rig, page, Tier::t2, 12, 1));  // nobody takes it
  rig.push(news(rig, page, Tier::t2, 12, 2));  // acknowledged
  rig.push(news(rig, page, Tier::t1, 30, 3));  // ended by hand
  auto quiet = news(rig, page, Tier::t2, 12, 4);
  quiet.incident.brand = "other";
  rig.push(quiet);  // kept back by maintenance
  carry_out(rig, Command::Kind::acknowledge, "Anna", 60min, 2);
  carry_out(rig, Command::Kind::resolve, "Anna", {}, 3);
  const auto before = accepted;
  const auto keys_before = keys;
  const auto desk = rig.pager->desk_case(incident_id(1, 1));
  REQUIRE(desk);

  for (int i = 0; i < 100; ++i) {
    targets();
    rig.reload(good_policy(routed, names));
    if (i % 10 == 9) rig.advance(1s);
  }
  CHECK(accepted == before);
  CHECK(rig.pager->stats().delivery.targets.at("flaky").waiting == 4);  // 1, 2 and both of 3
  const auto still = rig.pager->desk_case(incident_id(1, 1));
  REQUIRE(still);
  CHECK(encode(*still) == encode(*desk));
  CHECK(rig.pager->desk_case(incident_id(2, 1))->ack->who == "Anna");
  CHECK(rig.pager->desk_case(incident_id(4, 1))->owed);

  down = false;
  rig.advance(9min, 1s);
  CHECK(rig.pager->stats().delivery.targets.at("flaky").waiting == 0);
  for (const auto& log : b)
    CHECK(log->empty());
  rig.advance(2min, 1s);  // the second step, ten minutes after the first one, reloads or not
  REQUIRE(b.back()->size() == 1);
  CHECK(b.back()->front().page.incident.id == incident_id(1, 1));
  CHECK(std::chrono::round<std::chrono::minutes>(b.back()->front().at - kNoon) == 10min);
  for (const auto& [id, count] : accepted) {
    INFO(id);
    CHECK(count == 1);
  }
  CHECK(std::includes(keys_before.begin(), keys_before.end(), keys.begin(), keys.end()));
  rig.push(news(rig, close, Tier::t2, 12, 1));
  CHECK(chat.back()->back().page.action == Action::resolve);
  CHECK(a.back()->size() == 1);  // of the last of its kind: the resolve
  CHECK(dead_rows(dir / "x.db").empty());
}

TEST_CASE("an attempt that is under way at a reload ends as it began, and is not made twice") {
  TempDir dir;
  Rig rig(dir / "x.db");
  const auto gate = add_gate(rig, "phone");
  rig.start(everybody({"phone"}));
  rig.push(news(rig, page));
  REQUIRE(gate->asked.size() == 1);
  const auto fresh = rig.target("phone");
  rig.reload(everybody({"phone"}));
  CHECK(fresh->empty());
  SECTION("accepted: that was it") {
    open(rig, *gate, Kind::accepted);
    rig.advance(3min, 1s);
    CHECK(fresh->empty());
  }
  SECTION("refused for now: the new one goes on, with the same id") {
    open(rig, *gate, Kind::retry);
    rig.advance(3min, 1s);
    REQUIRE(fresh->size() == 1);
    CHECK(fresh->front().page.delivery_id == gate->asked.front().delivery_id);
  }
}

TEST_CASE("a page under way to a receiver that is removed is waited for before others are told") {
  TempDir dir;
  Rig rig(dir / "x.db");
  const auto gate = add_gate(rig, "phone");
  rig.start(everybody({"phone"}));
  rig.push(news(rig, page));
  const auto other = rig.target("other");
  rig.reload(everybody({"other"}));
  CHECK(other->empty());
  SECTION("accepted: nobody else is told") {
    open(rig, *gate, Kind::accepted);
    rig.advance(1min, 1s);
    CHECK(other->empty());
    CHECK(dead_rows(dir / "x.db").empty());
  }
  SECTION("not accepted, for whatever reason: the routes of now") {
    open(rig, *gate, GENERATE(Kind::retry, Kind::permanent, Kind::ambiguous));
    rig.advance(1min, 1s);
    REQUIRE(other->size() == 1);
    CHECK(other->front().page.dedup_key == incident_id(1, 1));
    REQUIRE(dead_rows(dir / "x.db").size() == 1);
    CHECK_THAT(dead_rows(dir / "x.db").front().detail, Catch::Contains("no longer configured"));
  }
  SECTION("it comes back under its name meanwhile: it is the same target still") {
    const auto again = rig.target("phone");
    rig.target("other");
    rig.reload(everybody({"phone", "other"}));
    open(rig, *gate, Kind::retry);
    rig.advance(3min, 1s);
    CHECK(again->size() == 1);
    CHECK(other->empty());
    CHECK(dead_rows(dir / "x.db").empty());
  }
}

TEST_CASE(
    "what waits for a receiver that is removed is dead, and pages where the routes lead now") {
  TempDir dir;
  Rig rig(dir / "x.db");
  rig.target("phone", [](const Page&, std::size_t) { return outcome(Kind::retry, "HTTP 503"); });
  rig.start(everybody({"phone"}));
  rig.push(news(rig, page, Tier::t2, 12, 1));
  rig.push(news(rig, page, Tier::t1, 30, 2));
  rig.advance(6min, 5s);  // long enough to be a trouble of its own
  const auto other = rig.target("other");
  rig.reload(everybody({"other"}));
  CHECK(other->size() == 2);
  const auto dead = dead_rows(dir / "x.db");
  REQUIRE(dead.size() == 2);
  CHECK(dead.front().detail == "the receiver is no longer configured");
  rig.advance(5min, 5s);
  CHECK(other->size() == 2);
  // From now on it is the one that hears of them.
  rig.push(news(rig, close, Tier::t1, 30, 2));
  REQUIRE(other->size() == 3);
  CHECK(other->back().page.action == Action::resolve);
  CHECK(other->back().page.dedup_key == incident_id(2, 1));
  CHECK(rig.pager->stats().delivery.targets.contains("other"));
  CHECK_FALSE(rig.pager->stats().delivery.targets.contains("phone"));
}

TEST_CASE(
    "a page that no route of the new configuration wants reaches everybody rather than nobody") {
  TempDir dir;
  Rig rig(dir / "x.db");
  rig.target("phone", [](const Page&, std::size_t) { return outcome(Kind::retry); });
  rig.start(everybody({"phone"}));
  rig.push(news(rig, page));
  const auto lead = rig.target("lead");
  rig.reload(good_policy("[[route]]\nbrand = [\"other\"]\nreceivers = [\"lead\"]\n", {"lead"}));
  CHECK(lead->size() == 1);
}

TEST_CASE("what somebody has by now is not paged anew because a receiver is gone") {
  TempDir dir;
  Rig rig(dir / "x.db");
  rig.target("phone", [](const Page&, std::size_t) { return outcome(Kind::retry); });
  rig.start(everybody({"phone"}));
  rig.push(news(rig, page));
  carry_out(rig, Command::Kind::acknowledge, "Anna", 20min);
  const auto other = rig.target("other");
  rig.reload(everybody({"other"}));
  CHECK(other->empty());
  CHECK(dead_rows(dir / "x.db").size() == 1);
  rig.advance(25min, 5s);
  CHECK(other->size() == 1);  // the acknowledgement ran out
}

TEST_CASE("steps, people and delays are those of the new configuration, from the same place") {
  TempDir dir;
  Rig rig(dir / "x.db");
  for (const char* name : {"chat", "a", "b"})
    rig.target(name);
  rig.start(good_policy(kDesk, {"chat", "a", "b"}));
  rig.push(news(rig, page));
  rig.advance(2min, 5s);
  rig.target("chat");
  const auto a = rig.target("a"), c = rig.target("c");
  std::string other(kDesk);
  other.replace(other.find(R"(notify = ["b"])"), 14, R"(notify = ["c"])");
  other.replace(other.find(R"(last = ["b"])"), 12, R"(last = ["c"])");
  rig.reload(good_policy(other, {"chat", "a", "c"}));
  CHECK(a->empty());
  CHECK(c->empty());
  rig.advance(9min, 5s);
  REQUIRE(c->size() == 1);
  CHECK(minutes(c) == std::vector<long>{10});
  carry_out(rig, Command::Kind::acknowledge, "Anna", 20min);
  rig.target("chat");
  const auto a2 = rig.target("a");
  rig.target("c");
  rig.reload(good_policy(other, {"chat", "a", "c"}));
  rig.advance(15min, 5s);
  CHECK(a2->empty());
  rig.advance(10min, 5s);
  CHECK(a2->size() == 1);  // the acknowledgement ran out
}

}  // namespace brandwacht::alerting
