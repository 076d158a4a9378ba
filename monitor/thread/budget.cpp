#include "monitor/thread/budget.hpp"

#include <algorithm>
#include <type_traits>

namespace brandwacht::thread {
namespace {

static_assert(std::is_trivially_copyable_v<BudgetState>);

using What = PageVerdict::What;
using Ring = BudgetState::Ring;

void push(Ring& ring, Time now) {
  ring.at[ring.size++ % BudgetState::kKept] = now;
}

bool within(Time at, Duration window, Time now) {
  return now <= at || now - at < window;
}

// In the window that ends now. What is noted later than `now`, before the clock stepped back,
// counts.
int count_in(const Ring& ring, const Rate& rate, Time now) {
  const auto size = std::min<std::size_t>(ring.size, BudgetState::kKept);
  return static_cast<int>(std::count_if(ring.at.begin(), ring.at.begin() + size,
                                        [&](Time at) { return within(at, rate.window, now); }));
}

bool is_spent(const Ring& ring, const Rate& rate, Time now) {
  return rate.limited() && count_in(ring, rate, now) >= rate.count;
}

int count_author(const BudgetState& state, std::uint64_t key, const Rate& rate, Time now) {
  const auto size = std::min<std::size_t>(state.authors, BudgetState::kKept);
  return static_cast<int>(
      std::count_if(state.author.begin(), state.author.begin() + size, [&](const auto& author) {
        return author.key == key && within(author.at, rate.window, now);
      }));
}

}  // namespace

PageVerdict Budget::would(const PageRequest& request, Time now) const {
  now = in_calendar(now);
  if (request.tier == Tier::t1) return {What::page, PageReason::tier1, {}};
  if (request.tier != Tier::t2) return {What::notify, PageReason::tier, {}};
  const Rate& author = settings_.per_author;
  if (!request.again && request.root_author != 0 && author.limited() &&
      count_author(state_, request.root_author, author, now) >= author.count)
    return {What::notify, PageReason::author, {}};
  if (request.rule) {
    if (is_spent(state_.rules, settings_.rule_pages, now))
      return {What::notify, PageReason::rules_spent, {}};
    return {};
  }
  if (is_spent(state_.pages, settings_.pages, now)) return {What::notify, PageReason::spent, {}};
  if (!calendar_->is_night(now)) return {};
  const Time morning = calendar_->morning(now);
  // Not a number is not small.
  if (!request.again && request.risk_100 < settings_.night_wait)
    return {What::defer, PageReason::night, morning};
  if (is_spent(state_.nights, settings_.night, now))
    return {What::defer, PageReason::night_spent, morning};
  return {};
}

void Budget::note(const PageRequest& request, Time now) {
  now = in_calendar(now);
  push(request.rule ? state_.rules : state_.pages, now);
  if (!request.rule && calendar_->is_night(now)) push(state_.nights, now);
  if (request.root_author != 0 && !request.again)
    state_.author[state_.authors++ % BudgetState::kKept] = {request.root_author, now};
}

PageVerdict Budget::ask(const PageRequest& request, Time now) {
  const PageVerdict verdict = would(request, now);
  if (verdict.what == What::page) note(request, now);
  return verdict;
}

Spent Budget::spent(Time now) const {
  return {count_in(state_.pages, settings_.pages, now),
          count_in(state_.nights, settings_.night, now),
          count_in(state_.rules, settings_.rule_pages, now)};
}

}  // namespace brandwacht::thread
