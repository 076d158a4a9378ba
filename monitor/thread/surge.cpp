#include "monitor/thread/surge.hpp"

#include <algorithm>
#include <cmath>
#include <type_traits>

#include "monitor/thread/share.hpp"

namespace brandwacht::thread {
namespace {

static_assert(std::is_trivially_copyable_v<SurgeState>);

using Hours = std::chrono::duration<double, std::ratio<3600>>;

constexpr int kMostAtOnce = 1'000'000;
constexpr Duration kLongStep = std::chrono::hours{14 * 24};  // no score lasts so long

double factor_of(const SurgeSettings& settings) noexcept {
  return std::max(settings.factor, 1.01);
}
double low_of(const SurgeSettings& settings) noexcept {
  return settings.threshold / 3;
}

}  // namespace

void Surge::forget() {
  state_.since = Time{};
  state_.joiners = state_.bystanders = 0;
  state_.expected = 0;
  state_.threads = state_.threads_beyond = state_.authors = 0;
  state_.author.fill(0);
}

// S falls evenly by `drop` in [begin, end).
void Surge::fall(double drop, Time begin, Time end) {
  const double before = state_.score, low = low_of(settings_);
  state_.score = std::max(0.0, before - drop);
  if (before >= low && state_.score < low) {
    const double share = (before - low) / drop;
    state_.calm_since = begin + std::chrono::duration_cast<Duration>(Hours(end - begin) * share);
  }
}

void Surge::advance(const Baseline& baseline, Time now) {
  now = in_calendar(now);
  if (state_.at == Time{}) state_.at = now;
  if (now <= state_.at) return;
  if (state_.score > 0 && now - state_.at > kLongStep) {
    fall(state_.score, state_.at, state_.at + kLongStep);
    state_.at = now;
  }
  const double factor = factor_of(settings_);
  // Without an excursion there is nothing to follow.
  while (state_.at < now && (state_.score > 0 || state_.open)) {
    const Expectation expectation = baseline.expect(state_.at);
    const bool moves = expectation.until > state_.at;  // not at the end of what a calendar knows
    const Time end = moves ? std::min(now, expectation.until) : now;
    const double expected = expectation.rate * Hours(end - state_.at).count();
    fall((factor - 1) * expected / expectation.dispersion, state_.at, end);
    state_.expected += expected;
    state_.at = end;
  }
  state_.at = now;
  if (state_.score <= 0 && !state_.open && state_.since != Time{}) forget();
}

// True at the author's first time in the excursion. A set that is three quarters full takes nobody
// in: then authors count each time.
bool Surge::is_new(std::uint64_t author) {
  if (author == 0) return true;
  const auto print = static_cast<std::uint32_t>(author >> 32) | 1U;
  auto at = static_cast<std::size_t>(author) % SurgeState::kAuthors;
  for (; state_.author[at] != 0; at = (at + 1) % SurgeState::kAuthors)
    if (state_.author[at] == print) return false;
  if (state_.authors < SurgeState::kAuthors * 3 / 4) {
    state_.author[at] = print;
    ++state_.authors;
  }
  return true;
}

void Surge::count(const SurgeJoiner& joiner, Time now) {
  const int n = std::clamp(joiner.count, 1, kMostAtOnce);
  if (state_.since == Time{}) state_.since = now;
  state_.last_at = std::max(state_.last_at, now);
  constexpr std::int32_t kMost = 2'000'000'000;
  state_.joiners = state_.joiners > kMost - n ? kMost : state_.joiners + n;
  const auto end = state_.thread.begin() + state_.threads;
  const auto found = std::find_if(state_.thread.begin(), end,
                                  [&](const auto& thread) { return thread.key == joiner.thread; });
  if (found != end) {
    found->joiners = found->joiners > kMost - n ? kMost : found->joiners + n;
  } else if (state_.threads < SurgeState::kThreads) {
    state_.thread[state_.threads++] = {joiner.thread, n, now};
  } else {
    state_.threads_beyond += static_cast<std::uint32_t>(n);
  }
}

int Surge::largest() const {
  int most = 0;
  for (std::uint32_t i = 0; i < state_.threads; ++i)
    most = std::max(most, state_.thread[i].joiners);
  return most;
}

// The log likelihood ratio of the whole excursion, without the thread that has most of it. Half the
// threshold is enough: ordinary critics beside a burning thread bring it below 0.
bool Surge::spread(const Expectation& expectation) const {
  const double factor = factor_of(settings_);
  const double others = state_.joiners - largest();
  const double evidence = others * std::log(factor) - (factor - 1) * state_.expected;
  return others >= settings_.min_joiners &&
         evidence >= settings_.threshold / 2 * expectation.dispersion;
}

bool Surge::opens(const Expectation& expectation) const {
  if (!expectation.known || state_.score < settings_.threshold) return false;
  if (state_.joiners < settings_.min_joiners) return false;
  if (static_cast<int>(state_.threads) < settings_.min_threads) return false;
  if (settings_.min_threads > 1 && !spread(expectation)) return false;
  if (!expectation.campaign) return true;
  const Share share = negative_share(state_.joiners, state_.joiners + state_.bystanders,
                                     settings_.sensitivity, settings_.specificity);
  return share.low >= settings_.min_share;
}

std::optional<SurgeDecision> Surge::joined(const SurgeJoiner& joiner, const Baseline& baseline,
                                           Time now, std::optional<std::uint64_t> incident) {
  if (const auto end = tick(baseline, now)) return end;
  now = in_calendar(now);
  if (now - in_calendar(joiner.created_at) > settings_.stale || !is_new(joiner.author))
    return std::nullopt;
  const Expectation expectation = baseline.expect(state_.at);
  count(joiner, now);
  const double rise = std::clamp(joiner.count, 1, kMostAtOnce) * std::log(factor_of(settings_)) /
                      expectation.dispersion;
  const double cap = settings_.threshold * std::max(settings_.headroom, 1.0);
  state_.score = std::min(cap, state_.score + rise);
  if (state_.score >= low_of(settings_)) state_.calm_since = Time{};
  if (state_.open || !opens(expectation)) return std::nullopt;
  state_.open = true;
  state_.opened_at = state_.at;
  state_.incident = incident.value_or(0);
  return SurgeDecision{incident ? SurgeKind::attach : SurgeKind::open, state_.incident};
}

void Surge::bystander(const Baseline& baseline, Time now) {
  advance(baseline, now);
  if (state_.since != Time{} && state_.bystanders < kMostAtOnce * 1000) ++state_.bystanders;
}

std::optional<SurgeDecision> Surge::tick(const Baseline& baseline, Time now) {
  advance(baseline, now);
  if (!state_.open) return std::nullopt;
  const bool low = state_.score < low_of(settings_);
  const bool calm = low && state_.at - state_.calm_since >= settings_.quiet;
  const bool silent = state_.at - state_.last_at >= settings_.silent;
  if (!calm && !silent) return std::nullopt;
  const SurgeDecision decision{SurgeKind::end, state_.incident};
  state_.open = false;
  state_.incident = 0;
  state_.calm_since = Time{};
  state_.score = 0;
  forget();
  return decision;
}

SurgeReport Surge::report() const {
  SurgeReport out;
  out.since = state_.since;
  out.joiners = state_.joiners;
  out.expected = state_.expected;
  out.factor = std::min(1000.0, state_.joiners / std::max(state_.expected, 1e-3));
  out.threads.assign(state_.thread.begin(), state_.thread.begin() + state_.threads);
  std::ranges::stable_sort(out.threads, std::greater{}, &SurgeThread::joiners);
  out.beyond = static_cast<int>(state_.threads_beyond);
  return out;
}

}  // namespace brandwacht::thread
