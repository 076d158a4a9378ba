#include "alerting/retry_after.hpp"
#include "alerting/target_queue.hpp"
#include "tests/alerting/builders.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::alerting {
namespace {

using namespace std::chrono_literals;
using enum IncidentEventKind;
using Kind = Outcome::Kind;

// A queue and its two clocks, moved by hand.
struct Bench {
  explicit Bench(TargetSettings settings = seeded(), NotifierTraits traits = {})
      : queue(settings, traits) {}

  static TargetSettings seeded() {
    TargetSettings out;
    out.seed = 3;
    return out;
  }
  void add(IncidentEventKind kind, std::uint64_t thread, Tier tier = Tier::t2, int joiners = 12) {
    auto row = invented_row(kind, "phone", invented_incident(thread, tier, joiners), now);
    row.seq = ++seq;
    queue.add(std::move(row), now, steady);
  }
  void pass(Duration span) {
    now += span;
    steady += span;
  }
  Step next() const { return queue.next(steady); }
  Verdict attempt(Kind kind, std::optional<Duration> wait = {}) {
    const Step step = next();
    REQUIRE(step.kind == Step::Kind::send);
    queue.begin(step, now, steady);
    Outcome outcome;
    outcome.kind = kind;
    outcome.wait = wait;
    outcome.detail = "scripted";
    return queue.finish(outcome, now, steady);
  }
  std::string sent() {  // the delivery id of what goes now, accepted
    const Step step = next();
    if (step.kind != Step::Kind::send) return "nothing";
    attempt(Kind::accepted);
    return step.page->delivery_id;
  }

  TargetQueue queue;
  Time now = kNoon;
  Clock::Steady steady{1h};
  std::int64_t seq = 0;
};

std::string id(IncidentEventKind kind, std::uint64_t thread, Tier tier = Tier::t2,
               int joiners = 12) {
  return delivery_id(invented_event(kind, invented_incident(thread, tier, joiners)), "phone");
}

}  // namespace

TEST_CASE("an empty queue has nothing to do") {
  CHECK(Bench{}.next().kind == Step::Kind::idle);
}

TEST_CASE("resolves and T1 go first, then T2, then T3") {
  Bench bench;
  bench.add(notify, 1, Tier::t3);
  bench.add(page, 2, Tier::t2);
  bench.add(page, 3, Tier::t1);
  bench.add(close, 4, Tier::t3);
  CHECK(bench.sent() == id(page, 3, Tier::t1));
  CHECK(bench.sent() == id(close, 4, Tier::t3));
  CHECK(bench.sent() == id(page, 2));
  CHECK(bench.sent() == id(notify, 1, Tier::t3));
  CHECK(bench.sent() == "nothing");
}

TEST_CASE("a resolve never overtakes the trigger of its incident") {
  Bench bench;
  bench.add(notify, 9, Tier::t3);
  bench.add(page, 1);
  bench.add(close, 1);
  CHECK(bench.sent() == id(page, 1));
  CHECK(bench.sent() == id(close, 1));
  bench.add(page, 2);
  bench.attempt(Kind::retry);  // T3 of thread 9 waits behind this one
  bench.add(close, 2);
  bench.pass(59s);
  CHECK(bench.sent() == id(page, 2));
  CHECK(bench.sent() == id(close, 2));
}

TEST_CASE("a resolve is sent even when its trigger was refused") {
  Bench bench;
  bench.add(page, 1);
  bench.add(close, 1);
  CHECK(bench.attempt(Kind::permanent).dead);
  CHECK(bench.sent() == id(close, 1));
}

TEST_CASE("a page that fails is tried again with the same id and growing waits") {
  Bench bench;
  bench.add(page, 1);
  Duration longest{0};
  for (unsigned attempt = 0; attempt < 12; ++attempt) {
    const auto verdict = bench.attempt(attempt % 2 == 0 ? Kind::retry : Kind::ambiguous);
    REQUIRE(verdict.marks.size() == 1);
    CHECK(verdict.marks[0].state == RowState::queued);
    CHECK(verdict.marks[0].attempts == attempt + 1);
    const Step step = bench.next();
    REQUIRE(step.kind == Step::Kind::wait);
    const auto wait = std::chrono::duration_cast<Duration>(step.until - bench.steady);
    CHECK(wait >= 1s);
    CHECK(wait <= std::min<Duration>(60s, 1s * (2 << attempt)));
    longest = std::max(longest, wait);
    bench.queue.complaint(bench.steady);
    bench.pass(wait);
  }
  CHECK(longest > 15s);
  CHECK(bench.sent() == id(page, 1));
}

TEST_CASE("Retry-After holds the whole target for as long as it says, at most an hour") {
  Bench bench;
  bench.add(page, 1);
  bench.attempt(Kind::retry, 120s);
  bench.add(page, 2, Tier::t1);
  CHECK(bench.next().kind == Step::Kind::wait);
  CHECK(bench.next().until == bench.steady + 120s);
  bench.pass(120s);
  CHECK(bench.sent() == id(page, 2, Tier::t1));
  bench.attempt(Kind::retry, 48h);
  bench.queue.complaint(bench.steady + 1h);
  CHECK(bench.next().until == bench.steady + kLongestRetryAfter);
}

TEST_CASE("a page that alone is refused does not hold up the others") {
  Bench bench;
  bench.add(page, 1, Tier::t1);
  for (int i = 0; i < 6; ++i) {  // by now it waits long
    bench.attempt(Kind::retry);
    bench.pass(60s);
  }
  bench.queue.complaint(bench.steady);
  bench.attempt(Kind::retry);
  bench.add(page, 2);
  bench.pass(bench.next().until - bench.steady < 61s ? 61s : 0s);
  CHECK(bench.queue.size() == 2);
  bool second = false;
  for (int i = 0; i < 100 && !second; ++i) {
    const Step step = bench.next();
    if (step.kind == Step::Kind::send) {
      second = step.page->delivery_id == id(page, 2);
      bench.attempt(second ? Kind::accepted : Kind::retry);
    }
    bench.pass(1s);
  }
  CHECK(second);
}

TEST_CASE("a dead server is asked once per wait, not once per page") {
  Bench bench;
  for (std::uint64_t i = 1; i <= 50; ++i)
    bench.add(page, i);
  int attempts = 0;
  for (int second = 0; second < 600; ++second) {
    bench.queue.complaint(bench.steady);
    if (bench.next().kind == Step::Kind::send) {
      bench.attempt(Kind::retry);
      ++attempts;
    }
    bench.pass(1s);
  }
  CHECK(attempts > 8);
  CHECK(attempts < 60);
}

TEST_CASE("a page is dead when nobody took it within the horizon, after one last attempt") {
  Bench bench;
  bench.add(page, 1);
  std::optional<std::string> dead;
  Time last{};
  while (!dead && bench.now < kNoon + 30h) {
    bench.queue.complaint(bench.steady);
    const Step step = bench.next();
    if (step.kind == Step::Kind::send) {
      last = bench.now;
      dead = bench.attempt(Kind::retry).dead;
    } else {
      bench.pass(std::chrono::ceil<Duration>(step.until - bench.steady));
    }
  }
  REQUIRE(dead);
  CHECK_THAT(*dead, Catch::Contains("24 h") && Catch::Contains("scripted"));
  CHECK(last == kNoon + 24h);
  CHECK(bench.next().kind == Step::Kind::idle);
}

TEST_CASE("a page that is older than the horizon at a start is tried once") {
  Bench bench;
  auto row = invented_row(page, "phone");
  row.created = kNoon - 72h;
  bench.queue.add(row, bench.now, bench.steady);
  CHECK(bench.attempt(Kind::retry).dead);
}

TEST_CASE("a wall clock that was wrong delays a stored page by an hour at most") {
  Bench bench;
  auto row = invented_row(page, "phone");
  row.next_due = kNoon + 24h * 365;
  bench.queue.add(row, bench.now, bench.steady);
  bench.queue.complaint(bench.steady + 1h);
  CHECK(bench.next().until == bench.steady + kLongestRetryAfter);
  bench.pass(1h);
  CHECK(bench.next().kind == Step::Kind::send);
}

TEST_CASE("a target that wants nothing more loses everything at once") {
  Bench bench;
  bench.add(page, 1);
  bench.add(page, 2);
  const Step step = bench.next();
  bench.queue.begin(step, bench.now, bench.steady);
  Outcome gone;
  gone.kind = Kind::permanent;
  gone.disable = true;
  const auto verdict = bench.queue.finish(gone, bench.now, bench.steady);
  CHECK(verdict.disabled);
  CHECK(verdict.marks.size() == 2);
  CHECK(bench.next().kind == Step::Kind::idle);
}

TEST_CASE("a page that waits too long is complained of once, and again after the next success") {
  Bench bench;
  bench.add(page, 1);
  bench.attempt(Kind::retry);
  CHECK_FALSE(bench.queue.complaint(bench.steady));
  bench.pass(5min);
  const auto complaint = bench.queue.complaint(bench.steady);
  REQUIRE(complaint);
  CHECK_THAT(*complaint, Catch::Contains("5 min") && Catch::Contains("scripted"));
  CHECK_FALSE(bench.queue.complaint(bench.steady));
  bench.attempt(Kind::accepted);
  bench.add(page, 2);
  bench.pass(6min);
  CHECK(bench.queue.complaint(bench.steady));
}

TEST_CASE("a target that asks for silence is complained of in time all the same") {
  Bench bench;
  bench.add(page, 1);
  bench.attempt(Kind::retry, 1h);
  CHECK(bench.next().until == bench.steady + 5min);
}

TEST_CASE("the rate limit of a vendor spaces its requests") {
  NotifierTraits traits;
  traits.spacing = 500ms;
  Bench bench(Bench::seeded(), traits);
  bench.add(page, 1);
  bench.add(page, 2);
  bench.attempt(Kind::accepted);
  REQUIRE(bench.next().kind == Step::Kind::wait);
  CHECK(bench.next().until == bench.steady + 500ms);
}

TEST_CASE("what fires is repeated, what is resolved for a while, and neither is ever dead") {
  NotifierTraits traits;
  traits.resend_every = 1min;
  traits.resolved_for = 15min;
  Bench bench(Bench::seeded(), traits);
  bench.add(page, 1);
  bench.attempt(Kind::accepted);
  int triggers = 0, resolves = 0;
  const auto run = [&](int minutes, int& count, Kind kind) {
    for (int i = 0; i < minutes * 60; ++i) {
      if (bench.next().kind == Step::Kind::send) {
        CHECK(bench.next().repeat);
        const auto verdict = bench.attempt(kind);
        CHECK(verdict.marks.empty());
        CHECK_FALSE(verdict.dead);
        ++count;
      }
      bench.pass(1s);
    }
  };
  run(60, triggers, Kind::accepted);
  CHECK(triggers >= 58);
  CHECK(triggers <= 60);
  bench.add(close, 1);
  CHECK(bench.sent() == id(close, 1));
  run(60, resolves, Kind::accepted);
  CHECK(resolves >= 14);
  CHECK(resolves <= 16);
  CHECK(bench.next().kind == Step::Kind::idle);
}

TEST_CASE("memory is bounded, the rest is read from disk in order") {
  auto settings = Bench::seeded();
  settings.limit = 4;
  Bench bench(settings);
  for (std::uint64_t i = 1; i <= 10; ++i)
    bench.add(page, i);
  CHECK(bench.queue.size() == 4);
  CHECK(bench.queue.last_seq() == 4);
  CHECK_FALSE(bench.queue.wants_more());
  bench.attempt(Kind::accepted);
  bench.attempt(Kind::accepted);
  REQUIRE(bench.queue.wants_more());
  std::vector<OutboxRow> rows{invented_row(page, "phone", invented_incident(5)),
                              invented_row(page, "phone", invented_incident(6))};
  rows[0].seq = 5;
  rows[1].seq = 6;
  bench.queue.refill(rows, false, bench.now, bench.steady);
  CHECK(bench.queue.last_seq() == 6);
  CHECK(bench.sent() == id(page, 3));
  CHECK(bench.sent() == id(page, 4));
  CHECK(bench.sent() == id(page, 5));
}

TEST_CASE("the same delivery is owed once") {
  Bench bench;
  bench.add(page, 1);
  bench.add(page, 1);
  CHECK(bench.queue.size() == 1);
}

TEST_CASE("a deleted post vanishes from what waits") {
  Bench bench;
  bench.add(page, 1);
  bench.queue.erase_evidence([](const Evidence&) { return true; });
  CHECK(bench.next().page->incident.evidence.empty());
}

}  // namespace brandwacht::alerting
