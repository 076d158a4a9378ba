// Everything of one thread but who joined it: the cascade, moving sums of how its critics write,
// and what its root and the brand did. Fixed size, beside the thread's record.
#pragma once
#include <array>
#include <cmath>
#include <cstdint>
#include <type_traits>

#include "monitor/thread/cascade.hpp"
#include "monitor/thread/print_ring.hpp"
#include "monitor/thread/seconds.hpp"
#include "monitor/thread/space_saving.hpp"

namespace brandwacht::thread {

// Sums in which what happened fades, each with its own half-life, in seconds of real time. Exact
// for any order of arrival, like Cascade.
template <std::size_t N>
class MovingSums {
 public:
  using Values = std::array<float, N>;
  using HalfLives = std::array<float, N>;

  void add(Second at, const Values& what, const HalfLives& half_lives) noexcept {
    if (at_ == kNever) at_ = at;
    if (at > at_) {
      fade(at, half_lives);
      for (std::size_t i = 0; i < N; ++i)
        values_[i] += what[i];
      return;
    }
    const auto late = static_cast<float>(at_ - at);
    for (std::size_t i = 0; i < N; ++i)
      values_[i] += what[i] * std::exp2(-late / half_lives[i]);
  }
  Values at(Second now, const HalfLives& half_lives) const noexcept {
    Values out = values_;
    if (at_ == kNever || now <= at_) return out;
    decay(out, static_cast<float>(now - at_), half_lives);
    return out;
  }
  void merge(const MovingSums& other, const HalfLives& half_lives) noexcept {
    if (other.at_ != kNever) add(other.at_, other.values_, half_lives);
  }

 private:
  void fade(Second to, const HalfLives& half_lives) noexcept {
    decay(values_, static_cast<float>(to - at_), half_lives);
    at_ = to;
  }
  static void decay(Values& values, float span, const HalfLives& half_lives) noexcept {
    float left = 1;
    for (std::size_t i = 0; i < N; ++i) {
      if (i == 0 || half_lives[i] != half_lives[i - 1]) left = std::exp2(-span / half_lives[i]);
      values[i] *= left;
    }
  }

  Values values_{};
  Second at_ = kNever;
};

struct Pulse {
  // Joiners: fast (20 min) and slow (3 h). A joiner whose time moves takes his part along.
  enum Rate : std::size_t { fast, slow, rates_ };
  static constexpr MovingSums<rates_>::HalfLives kRateHalfLives{1200, 10'800};
  // Posts of critics: their weight, and of that the angry, the first person singular, "they", calls
  // on others. One hour.
  enum Tone : std::size_t { posts, anger, first_person, they, action, tones_ };
  static constexpr MovingSums<tones_>::HalfLives kToneHalfLives{3600, 3600, 3600, 3600, 3600};

  static constexpr float kUnsure = 0.35F;

  Cascade cascade;
  MovingSums<rates_> joiners;
  MovingSums<tones_> tone;
  SpaceSaving<4> writers;            // by posts, root author and officials excluded
  PrintRing prints;                  // of critics
  std::uint32_t mentions = 0;        // posts, root and officials excluded
  std::uint32_t critical = 0;        // of those, by a critic when he wrote it
  std::uint32_t critical_first = 0;  // of those, in the first person singular
  std::uint32_t to_others = 0;       // of those, not in answer to the root
  std::uint32_t copies = 0;          // critics who joined with a text that was just there
  std::uint32_t returning = 0;       // critics known to this brand from other threads
  std::uint32_t quoting = 0;         // mentions that came by a quote
  Second root_at = kNever;           // of the root, else of the first mention: what the cascade has
  Second answered_first = kNever, answered_last = kNever;  // by an official account
  Second threat_at = kNever;                               // the strongest threat of half an hour
  Second exposed_at = kNever;  // the last official post with private data
  float threat = 0;
  float unsure_sum = 0;          // of P(negative) over posts between kUnsure and 1 - kUnsure
  std::uint32_t unsure = 0;      // their number
  std::uint16_t removed = 0;     // posts deleted
  std::uint16_t root_posts = 0;  // negative, by the root's author, without the root
  bool root_seen = false, root_addressed = false, root_link = false;
  float root_concrete = 0, root_negative = 0;

  // What another thread adds whose authors were folded in one by one: all but cascade, joiners and
  // root.
  void merge(const Pulse& other) noexcept;
};
static_assert(std::is_trivially_copyable_v<Pulse> && sizeof(Pulse) <= 320);

}  // namespace brandwacht::thread
