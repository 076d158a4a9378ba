// A dead source looks calm (escalation-model section 8, pitfall 12). Each source has a heartbeat:
// how many events it brings in an ordinary hour, how unlikely its present silence is, and which
// spans were not seen (pitfall 11).
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "monitor/thread/baseline.hpp"
#include "monitor/time.hpp"

namespace brandwacht::thread {

struct HeartbeatSettings {
  double unlikely = 1e-3;  // P(no event | expected) below which a silence is an alarm
  Duration least = std::chrono::minutes{1};  // no silence shorter than this is one
};

struct SourceGap {
  Time from{}, to{};  // the last event before it, the first behind it
};

// Kept by the store over a restart as it is.
struct HeartbeatState {
  static constexpr std::size_t kGaps = 16;

  BaselineState baseline;
  Time last_at{};          // the last event; Time{}: none yet
  Time slot_at{};          // the last event that counted
  double recent = 0;       // events an hour when it came, over the last hours
  bool silent = false;     // the alarm was given, and the source is not back
  std::uint32_t gaps = 0;  // ever; the last kGaps of them are kept
  std::array<SourceGap, kGaps> gap{};
};

struct Silence {
  enum class Kind : std::uint8_t { began, ended } kind = Kind::began;
  Time since{};         // the last event before it
  double expected = 0;  // slots with an event that should have come since
};

// One source. Events within kSlot count once, so that a source that is asked every five minutes and
// brings fifty at once is not expected to bring ten a minute. What is expected of a silence is the
// less of what the baseline says and of the pace at which it began: neither a busy afternoon nor a
// source that is new makes a quiet night an alarm. Arrival times, not those of the posts: a source
// that brings old posts is alive. Pure but for its state; a `now` that steps back is taken as the
// last one.
class Heartbeat {
 public:
  static constexpr Duration kSlot = std::chrono::seconds{10};

  explicit Heartbeat(const Calendar& calendar, HeartbeatSettings settings = {});

  std::optional<Silence> event(Time now, int events = 1);  // `ended` after an alarm
  std::optional<Silence> tick(Time now);                   // `began`, once
  // The daemon itself was away until `now`: no alarm, but a gap.
  void resume(Time now);

  bool silent() const noexcept { return state_.silent; }
  double p_silent(Time now) const;  // P(no event since the last | expected); 1: nothing is known
  // The share of [from, to) in which the source was heard: the coverage that a page shows. Gaps
  // that are no longer kept count as seen.
  double coverage(Time from, Time to) const;
  std::optional<SourceGap> last_gap() const;

  const HeartbeatState& state() const;
  void restore(const HeartbeatState& state);

 private:
  double expected(Time now) const;
  void note_gap(Time from, Time to);

  HeartbeatSettings settings_;
  Baseline baseline_;
  mutable HeartbeatState state_;  // its baseline is filled in when asked for
};

}  // namespace brandwacht::thread
