#include "alerting/throttle.hpp"

#include <map>
#include <set>

#include "alerting/target_queue.hpp"
#include "tests/alerting/policy_rig.hpp"
#include "tests/alerting/vendors.hpp"

namespace brandwacht::alerting {
namespace {

using namespace std::chrono_literals;
using enum IncidentEventKind;
using Steady = Throttle::Steady;

constexpr Steady kStart{1h};

// When each of `count` requests begins, if all want to at once.
std::vector<Steady> burst(const std::vector<RateLimit>& limits, int count) {
  Throttle throttle(limits);
  std::vector<Steady> out;
  Steady now = kStart;
  for (int i = 0; i < count; ++i) {
    now = std::max(now, throttle.next());
    throttle.take(now);
    out.push_back(now);
  }
  return out;
}

bool keeps_window(const std::vector<Steady>& sent, std::size_t requests, Duration per) {
  for (std::size_t i = requests; i < sent.size(); ++i)
    if (sent[i] - sent[i - requests] < per) return false;
  return true;
}

// A bucket of `requests` tokens that gains one each `per`, counted in the plainest way.
bool keeps_bucket(const std::vector<Steady>& sent, double requests, Duration per) {
  double tokens = requests;
  Steady last = sent.front();
  for (const Steady at : sent) {
    tokens = std::min(requests, tokens + std::chrono::duration<double>(at - last) /
                                             std::chrono::duration<double>(per));
    last = at;
    if (tokens < 1 - 1e-9) return false;
    tokens -= 1;
  }
  return true;
}

// What the vendors publish (the pages are named in each receiver's header), by names of vendors().
// A call waits for the one before it to stop ringing; mail has a limit of our own.
const std::map<std::string, std::vector<RateLimit>> kPublished{
    {"pagerduty", {{120, 60s}}},        {"ntfy", {{60, 5s, RateLimit::Kind::bucket}}},
    {"telegram", {{20, 60s}, {1, 1s}}},  // of a group
    {"slack (bot)", {{1, 1s}}},         {"slack (incoming webhook)", {{1, 1s}}},
    {"teams", {{4, 1s}, {60, 30s}}},    {"twilio_sms", {{1, 1s}}},
    {"twilio_voice", {{1, 30s}}},
};

// As the receiver itself wants it, without reminders of what it has accepted.
NotifierTraits traits_of(const Vendor& vendor) {
  ScriptedHttp http([](const HttpRequest&) { return answered(200); });
  NotifierTraits out = vendor.make(http, "https://vendor.example")->traits();
  out.resend_every = Duration{0};
  return out;
}

// Tiers of the storm: mostly notices, some pages, and a few that are urgent and come late.
Tier tier_of(int index) {
  if (index % 500 == 499) return Tier::t1;
  return index % 10 == 0 ? Tier::t2 : Tier::t3;
}

}  // namespace

TEST_CASE("a window lets so many through and then waits for the first to leave it") {
  const auto sent = burst({{20, 60s}}, 41);
  CHECK(sent[19] == kStart);
  CHECK(sent[20] == kStart + 60s);
  CHECK(sent[39] == kStart + 60s);
  CHECK(sent[40] == kStart + 120s);
}

TEST_CASE("a bucket lets a burst through and then one at a time, and fills again") {
  Throttle throttle({{3, 5s, RateLimit::Kind::bucket}});
  for (int i = 0; i < 3; ++i) {
    CHECK(throttle.next() <= kStart);
    throttle.take(kStart);
  }
  CHECK(throttle.next() == kStart + 5s);
  throttle.take(kStart + 5s);
  CHECK(throttle.next() == kStart + 10s);
  CHECK(keeps_bucket(burst({{60, 5s, RateLimit::Kind::bucket}}, 500), 60, 5s));
}

TEST_CASE("all limits hold at once, a quota of the day among them") {
  const auto sent = burst({{1, 1s}, {20, 60s}, {100, 24h}}, 250);
  CHECK(keeps_window(sent, 1, 1s));
  CHECK(keeps_window(sent, 20, 60s));
  CHECK(keeps_window(sent, 100, 24h));
  CHECK(sent[100] == kStart + 24h);
  CHECK(burst({}, 5).back() == kStart);
}

namespace {

// What a storm of 10,000 pages became: when each was sent, and how urgent it was.
struct Storm {
  std::vector<Steady> sent;
  std::vector<int> ranks;
};

// Mostly notices; one in a thousand is over again, and its end must come behind its page.
std::vector<OutboxRow> stormy_rows() {
  std::vector<OutboxRow> out;
  for (int i = 0; i < 10'000; ++i) {
    auto incident = invented_incident(static_cast<std::uint64_t>(i) + 1, tier_of(i));
    incident.evidence.clear();
    out.push_back(invented_row(page, "phone", incident));
    if (i % 1000 == 777) out.push_back(invented_row(close, "phone", incident));
  }
  return out;
}

Storm storm(const NotifierTraits& traits) {
  TempDir dir;
  Outbox outbox(dir / "x.db", kNoon);
  Write all;
  all.rows = stormy_rows();
  const auto seqs = outbox.apply(all);
  TargetSettings settings;
  settings.seed = 7;
  TargetQueue queue(settings, traits);
  Steady now = kStart;
  const auto wall = [&] { return kNoon + std::chrono::duration_cast<Duration>(now - kStart); };
  for (std::size_t i = 0; i < all.rows.size(); ++i) {
    auto row = all.rows[i];
    row.seq = seqs[i];
    queue.add(std::move(row), kNoon, now);
  }
  Storm out;
  std::set<std::string> triggered;
  Write marks;
  while (out.sent.size() < all.rows.size()) {
    if (queue.wants_more()) {
      outbox.apply(std::exchange(marks, {}));
      auto rows = outbox.pending("phone", 0, queue.batch());
      const bool last = rows.size() < queue.batch();
      queue.refill(std::move(rows), last, wall(), now);
    }
    REQUIRE(queue.size() <= 3 * settings.limit);
    const Step step = queue.next(now);
    REQUIRE(step.kind != Step::Kind::idle);
    if (step.kind == Step::Kind::wait) {
      now = std::max(now, step.until);
      queue.complaint(now);  // or it stays due
      continue;
    }
    if (step.page->action == Action::trigger)
      triggered.insert(step.page->dedup_key);
    else
      REQUIRE(triggered.contains(step.page->dedup_key));
    out.sent.push_back(now);
    out.ranks.push_back(rank(*step.page));
    queue.begin(step, wall(), now);
    auto verdict = queue.finish(outcome(Outcome::Kind::accepted), wall(), now);
    for (auto& mark : verdict.marks)
      marks.marks.push_back(std::move(mark));
  }
  return out;
}

}  // namespace

TEST_CASE("a storm of 10,000 pages respects every vendor's limit and order") {
  std::vector<std::pair<NotifierTraits, Storm>> storms;  // vendors that want the same share one
  std::size_t proved = 0;
  for (const Vendor& vendor : vendors()) {
    const auto published = kPublished.find(vendor.name);
    if (published == kPublished.end()) continue;
    ++proved;
    INFO(vendor.name);
    const NotifierTraits traits = traits_of(vendor);
    auto same = std::find_if(storms.begin(), storms.end(), [&](const auto& one) {
      return one.first.spacing == traits.spacing && one.first.limits == traits.limits;
    });
    if (same == storms.end()) same = storms.insert(same, {traits, storm(traits)});
    const auto& [sent, ranks] = same->second;
    for (const RateLimit& limit : published->second) {
      if (limit.kind == RateLimit::Kind::window)
        CHECK(keeps_window(sent, limit.requests, limit.per));
      else
        CHECK(keeps_bucket(sent, limit.requests, limit.per));
    }
    // All that is urgent was there from the start: it goes before everything else, but for what an
    // end has to wait for.
    const auto urgent = static_cast<long>(10'000 / 500 + 10);
    CHECK(std::count(ranks.begin(), ranks.begin() + urgent + 10, 0) >= urgent);
    CHECK(std::is_sorted(ranks.begin() + urgent + 10, ranks.end()));
  }
  CHECK(proved == kPublished.size());
}

TEST_CASE("a receiver that is stalled for an hour delays no other by more than 100 ms") {
  TempDir dir;
  Rig rig(dir / "x.db");
  const auto stalled = rig.target("stalled", accepts, {}, true);
  NotifierTraits slow;  // it takes every page, each after a quarter of an hour
  slow.spacing = 15min;
  const auto late = rig.target("late", accepts, slow);
  const auto phone = rig.target("phone");
  const auto chat = rig.target("chat");
  rig.start();
  std::map<std::pair<std::string, Action>, Time> decided;
  const auto happens = [&](IncidentEventKind kind, Tier tier, std::uint64_t thread) {
    const auto event = news(rig, kind, tier, 12, thread);
    decided[{event.incident.id, kind == close ? Action::resolve : Action::trigger}] = event.at;
    rig.push(event);
  };
  for (std::uint64_t thread = 1; thread <= 60; ++thread) {
    happens(page, thread % 4 == 0 ? Tier::t1 : Tier::t2, thread);
    if (thread > 2) happens(close, Tier::t2, thread - 2);
    rig.advance(1min, 20s);
  }
  for (const auto& log : {phone, chat}) {
    std::size_t pages = 0, ends = 0;
    for (const auto& entry : *log) {
      if (is_own(entry.page.incident)) continue;  // the complaint about the stalled one
      ++(entry.page.action == Action::resolve ? ends : pages);
      CHECK(entry.at - decided.at({entry.page.incident.id, entry.page.action}) <= 100ms);
    }
    CHECK(pages == 60);
    CHECK(ends == 58);
  }
  CHECK(late->size() <= 5);
  CHECK(stalled->size() == 1);
}

}  // namespace brandwacht::alerting
