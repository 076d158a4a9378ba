// One thread as the desk sees it: who waits since when, what was promised, what became of it. Plain
// numbers, kept by a snapshot as they lie in memory. Time{} means "not".
#pragma once
#include <array>
#include <cstdint>
#include <type_traits>

#include "monitor/time.hpp"

namespace brandwacht::desk {

// What has been said of a case already: each is said once (a promise: once each).
enum Told : std::uint32_t {
  kSlow = 1U << 0,
  kLate = 1U << 1,
  kUnanswered = 1U << 2,
  kPromiseSoon = 1U << 3,
  kStillPublic = 1U << 4,
  kExposed = 1U << 5,
  kRule = 1U << 6,
  kForeign = 1U << 7,
  kOnlyInvited = 1U << 8,
};

enum class Promise : std::uint8_t { none, standing, kept, broken };
// What came of it. `unfounded` is said by the desk and not seen: the thread is watched on.
enum class Outcome : std::uint8_t {
  open,
  satisfied,
  silent,
  still_angry,
  resolved,
  unfounded_explained
};
enum class Strategy : std::uint8_t { none, remove, ignore, answer };
// House rules that a post may break.
enum Rule : std::uint8_t { kAbuse = 1, kThreat = 2, kHate = 4, kSpam = 8 };

struct Voiced {  // how badly one author wrote here last
  std::uint64_t author = 0;
  float worst = 0;
};

struct Case {
  std::uint64_t thread = 0;
  std::uint32_t brand = 0;
  std::uint32_t told = 0;      // bits of Told
  std::uint64_t author = 0;    // of the first complaint
  std::uint64_t platform = 0;  // hash of its name
  Time touched_at{};

  Time asked_at{};     // the first complaint that awaits an answer
  Time open_since{};   // the oldest one without an official post behind it
  Time first_reply{};  // to it
  Time last_official{};
  Time slow_at{}, late_at{}, unanswered_at{};

  Time promised_at{}, promised_by{}, soon_at{};
  Time asked_solved{};  // the brand asked whether it is solved
  Time invited_at{}, accepted_at{};
  Time recovered_at{};
  Time removed_at{}, reason_until{};

  std::array<Voiced, 4> voices{};
  std::int32_t still_public = 0;
  std::int32_t angrier = 0;
  std::int32_t removals = 0;
  std::int32_t backfires = 0;
  std::uint8_t extensions = 0;
  Promise promise = Promise::none;
  Outcome outcome = Outcome::open;
  Strategy strategy = Strategy::none;
  std::uint8_t rules = 0;     // that its root may break
  bool own = false;           // the brand began the thread
  bool before = false;        // began before we watched, or came late: its clock says nothing
  bool vague = false;         // nothing to look into yet: no clock runs
  bool exposed = false;       // somebody's private data stands in it
  bool compensated = false;   // in public
  bool invited_only = false;  // the brand's only answer so far is an invitation

  bool waits() const noexcept { return open_since != Time{}; }
};
static_assert(std::is_trivially_copyable_v<Case>);

}  // namespace brandwacht::desk
