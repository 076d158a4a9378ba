// How many pages there may be (escalation-model sections 5 and 8, pitfalls 18 and 19). When a
// budget is spent, what would have paged notifies instead; tier 1 always pages. Pure but for its
// state.
#pragma once
#include <array>
#include <cstdint>

#include "monitor/calendar.hpp"
#include "monitor/incident.hpp"
#include "monitor/rate.hpp"
#include "monitor/time.hpp"

namespace brandwacht::thread {

struct BudgetSettings {
  Rate pages;  // by forecast and by surge; tier 1 counts, but always pages
  Rate night;  // of these, at night
  Rate rule_pages = {5, std::chrono::hours{168}};  // promise broken, private data, threat
  Rate per_author = {2, std::chrono::hours{168}};  // about threads of one root author
  // At night a T2 waits for the morning when P(at least 100 further critics by then) is below this.
  double night_wait = 0.1;
};

struct PageRequest {
  Tier tier = Tier::t2;
  bool rule = false;              // needs no probability
  bool again = false;             // of an incident that has paged: no author cap, and no waiting
  std::uint64_t root_author = 0;  // 0: not known, or of a brand's surge
  double risk_100 = 1;            // P(at least 100 further critics by the morning)
};

enum class PageReason : std::uint8_t {
  within,       // page: within every budget
  tier1,        // page: tier 1 always does
  tier,         // notify: T3 and T4 never page
  spent,        // notify: the budget of pages is spent
  rules_spent,  // notify: that of the rules
  author,       // notify: enough pages about this author's threads
  night,        // defer: it can wait for the morning
  night_spent   // defer: the night's budget is spent
};

struct PageVerdict {
  enum class What : std::uint8_t { page, notify, defer } what = What::page;
  PageReason reason = PageReason::within;
  Time until{};  // of defer: ask again then
};

// Kept by the store over a restart as it is. Rings of the last pages: a rate is at most
// Rate::kMost, so nothing that counts is lost.
struct BudgetState {
  static constexpr std::size_t kKept = 256;
  struct Ring {
    std::array<Time, kKept> at{};
    std::uint32_t size = 0;  // ever
  };
  struct Author {
    std::uint64_t key = 0;
    Time at{};
  };
  Ring pages, nights, rules;
  std::array<Author, kKept> author{};
  std::uint32_t authors = 0;  // ever
};

struct Spent {
  int pages = 0, nights = 0, rules = 0;  // in the window of each that ends now
};

// One desk: whoever is on call for several brands has one budget. A clock that steps back forgives
// nothing. The calendar must outlive it.
class Budget {
 public:
  Budget(const Calendar& calendar, BudgetSettings settings)
      : calendar_(&calendar), settings_(settings) {}

  PageVerdict would(const PageRequest& request, Time now) const;
  PageVerdict ask(const PageRequest& request, Time now);  // the same, and notes a page
  Spent spent(Time now) const;

  const BudgetSettings& settings() const noexcept { return settings_; }
  // What is spent stays spent.
  void retune(const BudgetSettings& settings) { settings_ = settings; }
  const BudgetState& state() const noexcept { return state_; }
  void restore(const BudgetState& state) noexcept { state_ = state; }

 private:
  void note(const PageRequest& request, Time now);

  const Calendar* calendar_;
  BudgetSettings settings_;
  BudgetState state_;
};

}  // namespace brandwacht::thread
