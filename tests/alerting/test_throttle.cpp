#include "alerting/throttle.hpp"

#include <set>

#include "alerting/target_queue.hpp"
#include "tests/alerting/policy_rig.hpp"

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

struct Vendor {
  const char* name;
  std::vector<RateLimit> limits;
};

const std::vector<Vendor> kVendors{
    {"pagerduty", {{120, 60s}}},
    {"ntfy", {{60, 5s, RateLimit::Kind::bucket}}},
    {"telegram", {{20, 60s}, {1, 1s}}},
    {"slack", {{1, 1s}}},
};

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

TEST_CASE("a storm of 10,000 pages respects every vendor's limit and order") {
  for (const Vendor& vendor : kVendors) {
    INFO(vendor.name);
    TempDir dir;
    Outbox outbox(dir / "x.db", kNoon);
    Write all;
    for (int i = 0; i < 10'000; ++i) {
      auto incident = invented_incident(static_cast<std::uint64_t>(i) + 1, tier_of(i));
      incident.evidence.clear();
      auto row = invented_row(page, "phone", incident);
      if (i % 1000 == 777) {  // over again: the end must come behind its page
        all.rows.push_back(row);
        row = invented_row(close, "phone", incident);
      }
      all.rows.push_back(std::move(row));
    }
    const auto seqs = outbox.apply(all);
    TargetSettings settings;
    settings.seed = 7;
    NotifierTraits traits;
    traits.limits = vendor.limits;
    TargetQueue queue(settings, traits);
    Steady now = kStart;
    const auto wall = [&] { return kNoon + std::chrono::duration_cast<Duration>(now - kStart); };
    for (std::size_t i = 0; i < all.rows.size(); ++i) {
      auto row = all.rows[i];
      row.seq = seqs[i];
      queue.add(std::move(row), kNoon, now);
    }
    std::vector<Steady> sent;
    std::vector<int> ranks;
    std::set<std::string> triggered;
    Write marks;
    std::size_t most = 0;
    while (sent.size() < all.rows.size()) {
      if (queue.wants_more()) {
        outbox.apply(std::exchange(marks, {}));
        auto rows = outbox.pending("phone", 0, queue.batch());
        const bool last = rows.size() < queue.batch();
        queue.refill(std::move(rows), last, wall(), now);
      }
      most = std::max(most, queue.size());
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
      sent.push_back(now);
      ranks.push_back(rank(*step.page));
      queue.begin(step, wall(), now);
      auto verdict = queue.finish(outcome(Outcome::Kind::accepted), wall(), now);
      for (auto& mark : verdict.marks)
        marks.marks.push_back(std::move(mark));
    }
    for (const RateLimit& limit : vendor.limits) {
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
    CHECK(most <= 3 * settings.limit);
  }
}

TEST_CASE("a receiver that is stalled for an hour delays no other by more than 100 ms") {
  TempDir dir;
  Rig rig(dir / "x.db");
  const auto stalled = rig.target("stalled", accepts, {}, true);
  const auto phone = rig.target("phone");
  const auto chat = rig.target("chat");
  rig.start();
  std::map<std::string, Time> decided;
  for (std::uint64_t thread = 1; thread <= 60; ++thread) {
    const auto event = news(rig, page, Tier::t2, 12, thread);
    decided[event.incident.id] = event.at;
    rig.push(event);
    rig.advance(1min, 20s);
  }
  for (const auto& log : {phone, chat}) {
    std::size_t pages = 0;
    for (const auto& entry : *log) {
      if (is_own(entry.page.incident)) continue;  // the complaint about the stalled one
      ++pages;
      CHECK(entry.at - decided.at(entry.page.incident.id) <= 100ms);
    }
    CHECK(pages == 60);
  }
  CHECK(stalled->size() == 1);
}

}  // namespace brandwacht::alerting
