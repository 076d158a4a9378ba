// What a restart remembers of the time before: what a crash cut off, what a vendor's limits have
// already counted, who has a mail, and what was sent without an answer.
#include "alerting/smtp.hpp"
#include "alerting/throttle.hpp"
#include "alerting/twilio.hpp"
#include "tests/alerting/policy_rig.hpp"
#include "tests/alerting/receivers.hpp"
#include "tests/alerting/scripted_mail.hpp"

namespace brandwacht::alerting {
namespace {

using namespace std::chrono_literals;
using enum IncidentEventKind;
using Kind = Outcome::Kind;

// A page that was committed at noon; `begin` starts an attempt of it.
struct Left {
  explicit Left(std::filesystem::path its, std::string target = "phone", std::uint64_t thread = 1,
                IncidentEventKind kind = page)
      : file(std::move(its)), row(invented_row(kind, target, invented_incident(thread))) {
    Write write;
    write.incidents.push_back({invented_event(kind, invented_incident(thread)), "state"});
    write.rows = {row};
    Outbox(file, kNoon).apply(write);
  }
  void mark(RowState state, Time at, std::string progress = {}) const {
    Write write;
    Mark mark{row.page->delivery_id, state, 0, at, at, "scripted"};
    mark.progress = std::move(progress);
    write.marks = {mark};
    Outbox(file, at).apply(write);
  }
  OutboxRow read() const { return Outbox(file, kNoon).pending(row.target, 0, 10).at(0); }

  std::filesystem::path file;
  OutboxRow row;
};

std::size_t pages(const Rig::Logs& log) {
  return static_cast<std::size_t>(
      std::count_if(log->begin(), log->end(),
                    [](const ScriptedTarget::Log& entry) { return !is_own(entry.page.incident); }));
}

}  // namespace

TEST_CASE("what a crash cut off waits for longer each time, and never for more than ten minutes") {
  CHECK(resend_at(1, kNoon, kNoon) == kNoon + 5s);
  CHECK(resend_at(2, kNoon, kNoon) == kNoon + 30s);
  CHECK(resend_at(3, kNoon, kNoon) == kNoon + 5min);
  CHECK(resend_at(9, kNoon, kNoon) == kNoon + 5min);
  CHECK(resend_at(9, kNoon, kNoon + 8min) == kNoon + 10min);
  CHECK(resend_at(1, kNoon, kNoon + 1h) == kNoon + 1h);
  CHECK(resend_at(1, kNoon + 1h, kNoon) == kNoon + 5s);  // the clock was set back
}

TEST_CASE("a crash counts once for a page, however often the program starts without sending it") {
  TempDir dir;
  const Left left(dir / "x.db");
  left.mark(RowState::sending, kNoon);
  for (int start = 1; start <= 3; ++start) {
    const Time now = kNoon + start * 2s;
    CHECK(Outbox(left.file, now).doubt(now, {}) == 1);
    CHECK(left.read().cuts == 1);
    CHECK(left.read().next_due == now + 5s);  // each start has to prove itself
  }
  left.mark(RowState::sending, kNoon + 20s);
  Outbox(left.file, kNoon).doubt(kNoon + 21s, {});
  CHECK(left.read().cuts == 2);
  CHECK(left.read().next_due == kNoon + 51s);
  CHECK(left.read().page->cut_off == kNoon);
  left.mark(RowState::queued, kNoon + 60s);  // an answer: what follows is an ordinary second try
  CHECK(Outbox(left.file, kNoon).doubt(kNoon + 61s, {}) == 0);
  CHECK(left.read().next_due == kNoon + 60s);
}

TEST_CASE("what a crash cut off is sent once more after five seconds, and delays no other page") {
  TempDir dir;
  const Left left(dir / "x.db");
  left.mark(RowState::sending, kNoon - 1s);
  const Left fresh(dir / "x.db", "phone", 2);
  Rig rig(dir / "x.db");
  const auto phone = rig.target("phone");
  rig.start();
  REQUIRE(phone->size() == 1);
  CHECK(phone->at(0).page.incident.id == incident_id(2, 1));
  // News of the same incident waits behind it.
  rig.push(invented_event(close, invented_incident(1), rig.clock.now()));
  rig.advance(4900ms, 100ms);
  CHECK(phone->size() == 1);
  rig.advance(200ms, 100ms);
  rig.advance(60s);
  REQUIRE(phone->size() == 3);
  CHECK(phone->at(1).page.delivery_id == left.row.page->delivery_id);
  CHECK(phone->at(1).at == kNoon + 5s);
  CHECK(phone->at(2).page.action == Action::resolve);
}

TEST_CASE("a receiver that shows a second page once gets at once what a crash cut off") {
  TempDir dir;
  const Left left(dir / "x.db");
  left.mark(RowState::sending, kNoon - 1s);
  Rig rig(dir / "x.db");
  NotifierTraits traits;
  traits.resend_at_once = true;
  const auto phone = rig.target("phone", accepts, traits);
  rig.start();
  CHECK(phone->size() == 1);
}

TEST_CASE("in a loop of crashes a page is sent again every ten minutes, and so never lost") {
  TempDir dir;
  const Left left(dir / "x.db");
  left.mark(RowState::sending, kNoon);
  std::vector<Time> sent{kNoon};
  // The program starts each half minute and lives for a moment; each attempt kills it.
  for (Time now = kNoon + 30s; now < kNoon + 2h; now += 30s) {
    Outbox(left.file, now).doubt(now, {});
    if (left.read().next_due > now) continue;
    left.mark(RowState::sending, now);
    sent.push_back(now);
  }
  CHECK(sent.size() >= 11);
  CHECK(sent.size() <= 13);
}

TEST_CASE("the answer is on disk before anything else is done with it") {
  TempDir dir;
  Rig rig(dir / "x.db");
  rig.target("phone", [](const Page&, std::size_t) {
    Outcome out = outcome(Kind::accepted, "");
    out.undelivered = "the second mailbox";  // which the others are told of
    return out;
  });
  std::string state;
  rig.target("chat", [&](const Page& own, std::size_t) {
    if (!is_own(own.incident)) return outcome(Kind::accepted);
    Database db(dir / "x.db");
    auto select = db.prepare("SELECT state FROM outbox WHERE target = 'phone' ORDER BY seq");
    if (select.step()) state = select.text(0);
    return outcome(Kind::accepted);
  });
  rig.start();
  rig.push(invented_event(page, invented_incident(1), rig.clock.now()));
  CHECK(state == "accepted");
}

TEST_CASE("a vendor's window counts what was sent before a restart") {
  TempDir dir;
  for (std::uint64_t thread = 1; thread <= 20; ++thread) {
    const Left left(dir / "x.db", "phone", thread);
    const Time at = kNoon - 50s + thread * 1s;
    left.mark(RowState::sending, at);
    left.mark(RowState::accepted, at);
  }
  const auto first_after = [&](std::vector<RateLimit> limits) {
    std::filesystem::copy_file(dir / "x.db", dir / "y.db",
                               std::filesystem::copy_options::overwrite_existing);
    Rig rig(dir / "y.db");
    NotifierTraits traits;
    traits.limits = std::move(limits);
    const auto phone = rig.target("phone", accepts, traits);
    rig.start();
    rig.push(invented_event(page, invented_incident(99), rig.clock.now()));
    rig.advance(2min);
    REQUIRE(phone->size() == 1);
    return phone->at(0).at;
  };
  CHECK(first_after({{21, 60s}}) == kNoon);
  CHECK(first_after({{20, 60s}}) == kNoon + 11s);  // the first one left at noon - 49 s
  CHECK(first_after({{10, 60s}}) == kNoon + 21s);
  // Twenty times 5 s after the first one the bucket is full again: at noon and 51 s.
  CHECK(first_after({{12, 5s, RateLimit::Kind::bucket}}) == kNoon);
  CHECK(first_after({{11, 5s, RateLimit::Kind::bucket}}) == kNoon + 1s);
}

TEST_CASE("Retry-After holds on after a restart, for the pages that come then as well") {
  TempDir dir;
  {
    Rig rig(dir / "x.db");
    rig.target("phone", [](const Page&, std::size_t) {
      Outcome out = outcome(Kind::retry);
      out.wait = 10min;
      out.quota_left = 42;
      return out;
    });
    rig.start();
    rig.push(invented_event(page, invented_incident(1), rig.clock.now()));
  }
  Rig rig(dir / "x.db");  // its clock begins at noon again
  const auto phone = rig.target("phone");
  rig.start();
  CHECK(rig.pager->stats().delivery.targets.at("phone").quota_left == 42);
  rig.push(invented_event(page, invented_incident(2, Tier::t1), rig.clock.now()));
  rig.advance(590s, 10s);
  CHECK(pages(phone) == 0);
  rig.advance(20s, 1s);
  REQUIRE(pages(phone) == 2);
  CHECK(phone->at(0).at == kNoon + 10min);
}

TEST_CASE("a mail to five of whom three have it goes on with two after a restart") {
  TempDir dir;
  const std::vector<std::string> five{"anna@acme.example", "bram@acme.example", "cato@acme.example",
                                      "dirk@acme.example", "eva@acme.example"};
  ScriptedHttp http([](const HttpRequest&) { return answered(200); });
  const auto life = [&](std::vector<Replies> script, Duration lasts) {
    auto shared = std::make_shared<ScriptedMail::Shared>();
    shared->script = std::move(script);
    Rig rig(dir / "x.db");
    rig.add(make_scripted_smtp(five, shared, http));
    rig.start();
    if (rig.pager->open_incidents().empty())
      rig.push(invented_event(page, invented_incident(1), rig.clock.now()));
    rig.advance(lasts);
    rig.stop();
    return shared->mails;
  };
  const auto first = life({{took(), took(), later(), took(), later()}}, 500ms);
  REQUIRE(first.size() == 1);
  CHECK(first[0].to == five);
  const auto second = life({{took(), never()}}, 1min);
  REQUIRE(second.size() == 1);
  CHECK(second[0].to == std::vector<std::string>{"cato@acme.example", "eva@acme.example"});
  CHECK(second[0].message == first[0].message);
  CHECK(Outbox(dir / "x.db", kNoon).pending("mail", 0, 10).empty());
}

TEST_CASE(
    "who was refused before a restart is not asked again, and a name within another is none") {
  ScriptedHttp http([](const HttpRequest&) { return answered(200); });
  auto shared = std::make_shared<ScriptedMail::Shared>();
  shared->script = {{took()}};
  const auto mail =
      make_scripted_smtp({"anna@x.example", "bram+anna@x.example", "z@x.example"}, shared, http);
  Page what = page_about(page);
  what.progress = "+bram+anna@x.example \n-z@x.example 550 no such user\n+gone@x.example \n";
  const Outcome got = attempt(*mail, what);
  CHECK(got.kind == Kind::accepted);
  CHECK_THAT(got.undelivered, Catch::Contains("z***@x.example: 550 no such user"));
  CHECK(shared->mails.at(0).to == std::vector<std::string>{"anna@x.example"});
}

namespace {

TwilioSettings invented_phone() {
  TwilioSettings out;
  out.account_sid = "AC" + std::string(32, 'a');
  out.token = "very-secret-token";
  out.from = "+31970000000";
  out.to = "+31600000000";
  return out;
}

// A Twilio whose list holds nothing, and that takes every text.
struct EmptyList {
  int lists = 0, texts = 0;
  ScriptedHttp http{[this](const HttpRequest& request) {
    ++(request.method == "GET" ? lists : texts);
    return request.method == "GET" ? answered(200, {}, R"({"messages":[]})")
                                   : answered(201, {}, R"({"sid":"SM2"})");
  }};
};

}  // namespace

TEST_CASE("Twilio is asked before a text goes again that a crash or a lost answer left open") {
  EmptyList twilio;
  const auto sms = make_twilio_sms("sms", invented_phone(), lend(twilio.http));
  CHECK(sms->traits().resend_at_once);
  Page cut = page_about(page);
  cut.cut_off = kNoon - 1min;
  CHECK(attempt(*sms, cut).kind == Kind::accepted);
  CHECK(twilio.lists == 1);
  CHECK(twilio.texts == 1);
  CHECK_THAT(twilio.http.requests.at(0).url, Catch::Contains("DateSent%3E=2026-01-01"));

  ScriptedHttp silent([](const HttpRequest&) { return failed(NetFault::ambiguous); });
  const auto before = make_twilio_sms("sms", invented_phone(), lend(silent));
  Page open = page_about(page, invented_incident(2));
  open.progress = attempt(*before, open).progress;
  CHECK_FALSE(open.progress.empty());
  CHECK(attempt(*sms, open, kNoon + 5s).kind == Kind::accepted);
  CHECK(twilio.lists == 2);
}

TEST_CASE("a phone that had its texts for the quarter has had them after a restart as well") {
  TempDir dir;
  for (std::uint64_t thread = 1; thread <= 5; ++thread) {
    const Left left(dir / "x.db", "sms", thread, notify);
    left.mark(RowState::accepted, kNoon - 5min + thread * 1s);
  }
  EmptyList twilio;
  Rig rig(dir / "x.db");
  rig.add(make_twilio_sms("sms", invented_phone(), lend(twilio.http)));
  rig.start();
  rig.push(invented_event(page, invented_incident(8), rig.clock.now()));
  rig.advance(9min, 10s);
  CHECK(twilio.texts == 0);
  rig.push(invented_event(page, invented_incident(9, Tier::t1), rig.clock.now()));
  rig.advance(2s);
  CHECK(twilio.texts == 1);  // T1 is never held back
  rig.advance(2min, 1s);
  CHECK(twilio.texts == 2);
}

TEST_CASE("an outbox of the version before is taken over with what it was sending") {
  TempDir dir;
  const Left left(dir / "x.db");
  left.mark(RowState::sending, kNoon);
  {
    Database db(dir / "x.db");
    for (const char* sql :
         {"DROP TABLE sends", "DROP TABLE targets", "DROP INDEX outbox_accepted",
          "ALTER TABLE outbox DROP COLUMN cuts", "ALTER TABLE outbox DROP COLUMN tried",
          "ALTER TABLE outbox DROP COLUMN progress"})
      db.execute(sql);
    db.set_user_version(2);
  }
  Outbox outbox(dir / "x.db", kNoon + 1s);
  CHECK(outbox.quarantined().empty());
  CHECK(outbox.doubt(kNoon + 1s, {}) == 1);
  const auto rows = outbox.pending("phone", 0, 10);
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].tried == kNoon);
  CHECK(rows[0].next_due == kNoon + 6s);
}

TEST_CASE("a damaged outbox of the version before gives its pages all the same") {
  TempDir dir;
  const Left left(dir / "x.db");
  left.mark(RowState::sending, kNoon);
  Outbox outbox(dir / "x.db", kNoon);
  outbox.start_anew(kNoon + 1s);
  CHECK(outbox.doubt(kNoon + 1s, {}) == 1);
  CHECK(outbox.pending("phone", 0, 10).at(0).next_due == kNoon + 6s);
}

}  // namespace brandwacht::alerting
