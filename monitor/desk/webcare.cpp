// Time, removals and what the desk itself says. Posts are in webcare_posts.cpp, official replies in
// webcare_replies.cpp.
#include "monitor/desk/webcare.hpp"

#include <algorithm>
#include <cmath>

#include "monitor/text/fold.hpp"
#include "monitor/text/redact.hpp"

namespace brandwacht::desk {
namespace {

using namespace std::chrono_literals;

constexpr Duration kAfterGap = 10min;
constexpr std::size_t kReasonLength = 200;  // code points

// The earliest of what is still to come of a case; Time::max(): nothing.
Time next(const Case& one, const Settings& settings) {
  Time out = Time::max();
  const auto unless = [&](std::uint32_t told, Time at) {
    if ((one.told & told) == 0 && at != Time{}) out = std::min(out, at);
  };
  if (one.waits()) {
    if (one.first_reply == Time{}) {
      unless(kSlow, one.slow_at);
      unless(kLate, one.late_at);
    }
    unless(kUnanswered, one.unanswered_at);
  }
  if (one.promise == Promise::standing) {
    unless(kPromiseSoon, one.soon_at);
    unless(0, one.promised_by + settings.promise_grace);
  }
  if (one.outcome == Outcome::open && one.asked_solved != Time{})
    unless(0, one.asked_solved + settings.follow_up);
  unless(0, one.reason_until);
  return out;
}

}  // namespace

Webcare::Webcare(Settings settings, const std::vector<std::string>& brands)
    : settings_(std::move(settings)),
      names_(brands),
      cases_(settings_.max_cases),
      recent_(kRecent),
      removed_at_(brands.size()) {
  for (std::string& name : names_)
    for (char& c : name)
      c = text::ascii_lower(c);
}

Event& Webcare::say(What what, const Case& one, std::uint64_t mention, Time now) {
  ++counts_[static_cast<std::size_t>(what)];
  Event& event = events_.emplace_back();
  event.what = what;
  event.at = now;
  event.brand = one.brand;
  event.thread = one.thread;
  event.mention = mention;
  return event;
}

void Webcare::settle(Case& one) {
  Time at = next(one, settings_);
  // What fell due while nobody looked waits for what a source has still to bring.
  if (at != Time::max() && at < seen_from_) at = seen_from_;
  cases_.due(one, at);
  if (changed_.size() < 2 * settings_.max_cases) changed_.insert(one.thread);
}

void Webcare::tick(Time now) {
  while (const auto thread = cases_.take_due(now)) {
    Case& one = *cases_.find(*thread);
    act_on_time(one, now);
    settle(one);
  }
}

void Webcare::act_on_time(Case& one, Time now) {
  const auto first = [&one](std::uint32_t told) {
    const bool yes = (one.told & told) == 0;
    one.told |= told;
    return yes;
  };
  const auto over = [now](Time at) { return at != Time{} && now >= at; };
  if (one.waits()) {
    if (one.first_reply == Time{} && over(one.slow_at) && first(kSlow)) {
      Event& event = say(What::slow, one, 0, now);
      event.due = one.late_at;
      event.span = age(one, now);
    }
    if (one.first_reply == Time{} && over(one.late_at) && first(kLate))
      say(What::late, one, 0, now).span = age(one, now);
    if (over(one.unanswered_at) && first(kUnanswered))
      say(What::unanswered, one, 0, now).span = age(one, now);
  }
  if (one.promise == Promise::standing) {
    if (over(one.promised_by + settings_.promise_grace)) {
      one.promise = Promise::broken;
      Event& event = say(What::promise_broken, one, 0, now);
      event.due = one.promised_by;
      event.count = one.extensions;
    } else if (over(one.soon_at) && first(kPromiseSoon)) {
      say(What::promise_soon, one, 0, now).due = one.promised_by;
    }
  }
  if (one.outcome == Outcome::open && one.asked_solved != Time{} &&
      over(one.asked_solved + settings_.follow_up)) {
    one.outcome = Outcome::silent;
    (void)say(What::silent, one, 0, now);
  }
  if (over(one.reason_until)) {
    one.reason_until = {};
    say(What::removal_unexplained, one, 0, now).count = one.removals;
  }
}

void Webcare::removed(const Removal& removal, Time now) {
  if (!removal.official) return;  // an author took back what was his
  const Recent& recent = recent_[removal.mention % kRecent];
  // Whose it was cannot be said: it may be the brand's own of long ago, so nobody is blamed.
  const bool known = removal.thread != 0 && recent.mention == removal.mention;
  if (!known || recent.own) {
    Case of;
    of.brand = removal.brand;
    of.thread = removal.thread;
    (void)say(known ? What::withdrawn : What::removal_unknown, of, removal.mention, now);
    return;
  }
  Case& one = cases_.touch(removal.thread, removal.brand);
  one.touched_at = now;
  one.removed_at = now;
  one.reason_until = now + settings_.removal_reason;
  ++one.removals;
  one.strategy = Strategy::remove;
  const std::uint8_t rules = recent.rules;
  (void)gone_.push({now, one.thread, recent.author, one.brand});
  if (one.brand < removed_at_.size()) removed_at_[one.brand] = now;
  Event& event = say(What::removed, one, removal.mention, now);
  event.count = one.removals;
  event.text = (rules & kThreat) != 0  ? "threat"
               : (rules & kHate) != 0  ? "hate"
               : (rules & kAbuse) != 0 ? "abuse"
               : (rules & kSpam) != 0  ? "spam"
                                       : "complaint";
  settle(one);
}

void Webcare::act(const Action& action, std::uint32_t brand, Time now) {
  Case& one = cases_.touch(action.thread, brand);
  one.touched_at = now;
  const auto log = [&](What what, std::string_view text) {
    Event& event = say(what, one, 0, now);
    event.text = text;
    event.incident = action.incident;
  };
  switch (action.kind) {
    case Action::Kind::strategy:
      one.strategy = action.strategy;
      log(What::strategy, to_string(action.strategy));
      break;
    case Action::Kind::outcome:
      one.outcome = action.outcome;
      // The thread is watched on; what was promised is done with.
      if (action.outcome != Outcome::open) keep_promise(one, 0, now, now);
      log(What::outcome, to_string(action.outcome));
      break;
    case Action::Kind::feedback:
      log(What::feedback, to_string(action.feedback));
      break;
    case Action::Kind::reason:
      one.reason_until = {};
      log(What::removal_explained, text::redact(action.reason, kReasonLength));
      break;
  }
  settle(one);
}

double Webcare::weight(std::uint64_t thread, Time now) const {
  const Case* one = cases_.find(thread);
  if (one == nullptr || !one->waits() || one->before || one->late_at == Time{}) return 0;
  const double full =
      std::max<double>(1, static_cast<double>((one->late_at - one->open_since).count()));
  const auto part = static_cast<double>((now - one->open_since).count()) / full;
  return settings_.unanswered_weight * std::clamp(part, 0.0, 1.0);
}

Duration Webcare::age(const Case& one, Time now) const {
  if (!one.waits()) return Duration{};
  return open_between(settings_.hours, settings_.calendar, one.open_since, now);
}

std::vector<Case> Webcare::board(std::size_t most) const {
  std::vector<Case> out;
  for (const Case& one : cases_.all())
    if ((one.waits() && !one.vague) || one.promise == Promise::standing ||
        one.promise == Promise::broken)
      out.push_back(one);
  const auto since = [](const Case& one) { return one.waits() ? one.open_since : one.promised_at; };
  std::ranges::stable_sort(out, {}, since);
  if (out.size() > most) out.resize(most);
  return out;
}

Webcare::Standing Webcare::standing(Time now) const {
  Standing out;
  for (const Case& one : cases_.all()) {
    if (one.promise == Promise::standing) ++out.promised;
    if (!one.waits() || one.vague) continue;
    ++out.waiting;
    out.oldest = std::max(out.oldest, age(one, now));
  }
  return out;
}

int Webcare::precedents(std::uint32_t brand, Duration span, Time now) const {
  return static_cast<int>(std::ranges::count_if(compensations_.at, [&](const Given& given) {
    return given.at != Time{} && given.brand == brand && now - given.at <= span;
  }));
}

void Webcare::gap(Time now) {
  seen_from_ = now + kAfterGap;
  std::vector<std::uint64_t> threads;
  for (const Case& one : cases_.all())
    threads.push_back(one.thread);
  for (const std::uint64_t thread : threads)
    settle(*cases_.find(thread));
}

std::vector<Case> Webcare::take_changed() {
  std::vector<Case> out;
  for (const std::uint64_t thread : changed_)
    if (const Case* one = cases_.find(thread)) out.push_back(*one);
  changed_.clear();
  return out;
}

void Webcare::restore(const Case& one) {
  Case& place = cases_.touch(one.thread, one.brand);
  place = one;
  settle(place);
}

}  // namespace brandwacht::desk
