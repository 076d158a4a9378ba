#include "monitor/thread/heartbeat.hpp"

#include <algorithm>
#include <cmath>
#include <type_traits>

namespace brandwacht::thread {

namespace {

using Hours = std::chrono::duration<double, std::ratio<3600>>;

constexpr double kRecent = 2;          // hours after which an event counts 1/e in the recent pace
constexpr double kMostDispersion = 2;  // an early expectation's error is no burstiness

}  // namespace

static_assert(std::is_trivially_copyable_v<HeartbeatState>);

Heartbeat::Heartbeat(const Calendar& calendar, HeartbeatSettings settings)
    : settings_(settings), baseline_(calendar, [] {
        BaselineSettings out;
        out.learn_first = std::chrono::hours{6};
        out.young = Duration{};  // here to expect little is the careful way
        return out;
      }()) {}

void Heartbeat::note_gap(Time from, Time to) {
  if (to <= from) return;
  state_.gap[state_.gaps % HeartbeatState::kGaps] = {from, to};
  ++state_.gaps;
}

std::optional<Silence> Heartbeat::event(Time now, int events) {
  now = in_calendar(now);
  if (state_.last_at == Time{}) state_.last_at = now;
  now = std::max(now, state_.last_at);
  std::optional<Silence> out;
  if (state_.silent) {
    out = Silence{Silence::Kind::ended, state_.last_at, expected(now)};
    note_gap(state_.last_at, now);
    baseline_.gap(now);            // the silence teaches nothing
    state_.slot_at = now - kSlot;  // nor does it slow the pace
    state_.silent = false;
  }
  if (events <= 0) return out;
  const bool counts = now - state_.slot_at >= kSlot || state_.slot_at == Time{};
  if (counts) {
    baseline_.add(now, 1);
    const double since = state_.slot_at == Time{} ? 0 : Hours(now - state_.slot_at).count();
    state_.recent = state_.recent * std::exp(-since / kRecent) + 1 / kRecent;
    state_.slot_at = now;
  }
  state_.last_at = now;
  return out;
}

double Heartbeat::expected(Time now) const {
  const double pace = state_.recent * Hours(now - state_.last_at).count();
  return std::min(pace, baseline_.expected(state_.last_at, now));
}

double Heartbeat::p_silent(Time now) const {
  now = in_calendar(now);
  if (state_.last_at == Time{} || now <= state_.last_at) return 1;
  const Expectation expectation = baseline_.expect(now);
  if (!expectation.known) return 1;

  return std::exp(-expected(now) / std::min(expectation.dispersion, kMostDispersion));
}

std::optional<Silence> Heartbeat::tick(Time now) {
  now = in_calendar(now);
  if (state_.silent || now - state_.last_at < settings_.least) return std::nullopt;
  if (p_silent(now) >= settings_.unlikely) {
    baseline_.advance(now);
    return std::nullopt;
  }
  state_.silent = true;
  return Silence{Silence::Kind::began, state_.last_at, expected(now)};
}

void Heartbeat::resume(Time now) {
  now = in_calendar(now);
  if (state_.last_at == Time{} || now <= state_.last_at) return;
  note_gap(state_.last_at, now);
  baseline_.gap(now);
  state_.silent = false;
  state_.last_at = now;
}

double Heartbeat::coverage(Time from, Time to) const {
  from = in_calendar(from), to = in_calendar(to);
  if (to <= from) return 1;
  Duration missed{};
  const auto miss = [&](Time begin, Time end) {
    missed += std::max(Duration{}, std::min(end, to) - std::max(begin, from));
  };
  const auto kept = std::min<std::size_t>(state_.gaps, HeartbeatState::kGaps);
  for (std::size_t i = 0; i < kept; ++i)
    miss(state_.gap[i].from, state_.gap[i].to);
  if (state_.silent) miss(state_.last_at, to);
  return 1 - std::min(1.0, std::chrono::duration<double>(missed) / (to - from));
}

std::optional<SourceGap> Heartbeat::last_gap() const {
  if (state_.gaps == 0) return std::nullopt;
  return state_.gap[(state_.gaps - 1) % HeartbeatState::kGaps];
}

const HeartbeatState& Heartbeat::state() const {
  state_.baseline = baseline_.state();
  return state_;
}

void Heartbeat::restore(const HeartbeatState& state) {
  state_ = state;
  baseline_.restore(state.baseline);
}

}  // namespace brandwacht::thread
