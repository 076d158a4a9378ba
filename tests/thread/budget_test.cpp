#include "monitor/thread/budget.hpp"

#include <cmath>

#include "tests/support/catch.hpp"

using namespace brandwacht;
using namespace brandwacht::thread;
using namespace std::chrono_literals;
using What = PageVerdict::What;

namespace {

Time utc(std::string_view text) {
  const auto time = parse_rfc3339(text);
  REQUIRE(time);
  return *time;
}
Rate rate(std::string_view text) {
  return parse_rate(text).value.value();
}

struct Desk {
  Calendar calendar;
  Budget budget;
  Time now = utc("2026-06-01T10:00:00Z");  // noon there

  explicit Desk(BudgetSettings settings)
      : calendar([] {
          Calendar out;
          out.zone = Zone::find("Europe/Amsterdam").value();
          return out;
        }()),
        budget(calendar, settings) {}
  PageVerdict ask(const PageRequest& request = {}) { return budget.ask(request, now); }
};

BudgetSettings pages(std::string_view whole, std::string_view night = "unlimited") {
  BudgetSettings settings;
  settings.pages = rate(whole);
  settings.night = rate(night);
  return settings;
}

PageRequest of(Tier tier) {
  PageRequest request;
  request.tier = tier;
  return request;
}

}  // namespace

TEST_CASE("when the week's budget is spent T2 notifies, and tier 1 always pages") {
  Desk desk(pages("2/week"));
  CHECK(desk.ask().what == What::page);
  CHECK(desk.ask().what == What::page);
  CHECK(desk.ask().reason == PageReason::spent);
  CHECK(desk.ask().what == What::notify);
  for (int i = 0; i < 300; ++i)
    CHECK(desk.ask(of(Tier::t1)).what == What::page);
  desk.now += 168h - 1us;
  CHECK(desk.ask().what == What::notify);
  desk.now += 1us;
  CHECK(desk.ask().what == What::page);
  CHECK(desk.budget.spent(desk.now).pages == 1);
}

TEST_CASE("no week has more pages than the budget, whenever it begins") {
  Desk desk(pages("2/week"));
  std::vector<Time> said;
  for (int hour = 0; hour < 24 * 70; ++hour, desk.now += 1h)
    if (desk.ask().what == What::page) said.push_back(desk.now);
  CHECK(said.size() == 20);
  for (std::size_t i = 2; i < said.size(); ++i)
    CHECK(said[i] - said[i - 2] >= 168h);
}

TEST_CASE("half a page a week is one in two weeks") {
  Desk desk(pages("0.5/week"));
  CHECK(desk.ask().what == What::page);
  desk.now += 13 * 24h;
  CHECK(desk.ask().what == What::notify);
  desk.now += 24h;
  CHECK(desk.ask().what == What::page);
}

TEST_CASE("T3 and T4 never page, and a budget of nothing leaves tier 1") {
  Desk desk(pages("0/week"));
  CHECK(desk.ask(of(Tier::t3)).reason == PageReason::tier);
  CHECK(desk.ask(of(Tier::t4)).what == What::notify);
  CHECK(desk.ask().what == What::notify);
  CHECK(desk.ask(of(Tier::t1)).reason == PageReason::tier1);
}

TEST_CASE("rules have a budget of their own") {
  BudgetSettings settings = pages("1/week");
  settings.rule_pages = rate("2/week");
  Desk desk(settings);
  PageRequest rule;
  rule.rule = true;
  CHECK(desk.ask().what == What::page);
  CHECK(desk.ask().what == What::notify);
  CHECK(desk.ask(rule).what == What::page);
  CHECK(desk.ask(rule).what == What::page);
  CHECK(desk.ask(rule).reason == PageReason::rules_spent);
  CHECK(desk.budget.spent(desk.now).pages == 1);
  CHECK(desk.budget.spent(desk.now).rules == 2);
  rule.tier = Tier::t1;  // a threat
  CHECK(desk.ask(rule).what == What::page);
}

TEST_CASE("one author's threads page a few times a week, tier 1 aside") {
  Desk desk(pages("unlimited"));
  PageRequest farmed, other;
  farmed.root_author = 1;
  other.root_author = 2;
  CHECK(desk.ask(farmed).what == What::page);
  CHECK(desk.ask(farmed).what == What::page);
  CHECK(desk.ask(farmed).reason == PageReason::author);
  CHECK(desk.ask(other).what == What::page);
  PageRequest again = farmed;
  again.again = true;  // of a thread that has paged
  CHECK(desk.ask(again).what == What::page);
  PageRequest grave = farmed;
  grave.tier = Tier::t1;
  CHECK(desk.ask(grave).what == What::page);
  desk.now += 169h;
  CHECK(desk.ask(farmed).what == What::page);
}

TEST_CASE("at night T2 waits for the morning when little can happen until then") {
  Desk desk(pages("unlimited"));
  desk.now = utc("2026-06-01T23:30:00Z");  // 01:30 there
  PageRequest request;
  request.risk_100 = 0.02;
  const PageVerdict verdict = desk.ask(request);
  CHECK(verdict.what == What::defer);
  CHECK(verdict.reason == PageReason::night);
  CHECK(verdict.until == utc("2026-06-02T05:00:00Z"));
  CHECK(desk.budget.spent(desk.now).pages == 0);
  request.risk_100 = 0.3;
  CHECK(desk.ask(request).what == What::page);
  request.risk_100 = std::nan("");
  CHECK(desk.ask(request).what == What::page);
  request.risk_100 = 0.02;
  desk.now = verdict.until;
  CHECK(desk.ask(request).what == What::page);
}

TEST_CASE("nights have a budget within the whole, and what is over it waits") {
  Desk desk(pages("5/week", "1/week"));
  desk.now = utc("2026-06-01T23:30:00Z");
  CHECK(desk.ask().what == What::page);
  CHECK(desk.ask().reason == PageReason::night_spent);
  CHECK(desk.ask().until == utc("2026-06-02T05:00:00Z"));
  CHECK(desk.ask(of(Tier::t1)).what == What::page);
  CHECK(desk.budget.spent(desk.now).nights == 2);
  desk.now = utc("2026-06-02T10:00:00Z");
  CHECK(desk.ask().what == What::page);
  CHECK(desk.budget.spent(desk.now).pages == 3);
}

TEST_CASE("a clock that steps forgives nothing and forgets nothing for good") {
  Desk desk(pages("1/week"));
  CHECK(desk.ask().what == What::page);
  desk.now -= 24h;
  CHECK(desk.ask().what == What::notify);
  for (const Time time : {Time::min(), Time::max()})
    CHECK_NOTHROW(desk.budget.would({}, time));
  desk.now += 24h + 167h;
  CHECK(desk.ask().what == What::notify);
}

TEST_CASE("a restored ledger answers as before") {
  Desk one(pages("3/week", "1/week")), two(pages("3/week", "1/week"));
  for (int i = 0; i < 5; ++i, one.now += 11h)
    (void)one.ask();
  two.budget.restore(one.budget.state());
  for (int i = 0; i < 40; ++i, one.now += 7h) {
    two.now = one.now;
    CHECK(one.ask().what == two.ask().what);
  }
}
