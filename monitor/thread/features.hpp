// What the calibrated risk is computed from: a few numbers of a thread, each bounded, each O(1)
// (escalation-model section 4).
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace brandwacht::thread {

// What a forecast is asked: at least `further` more critics within `hours`.
struct Target {
  int further;
  double hours;
};
enum class Horizon : std::uint8_t { notice, page, major, count_ };
inline constexpr std::size_t kHorizons = static_cast<std::size_t>(Horizon::count_);
inline constexpr std::array<Target, kHorizons> kTargets{{{10, 2}, {30, 6}, {100, 6}}};

enum class Feature : std::uint8_t {
  forecast,      // logit of the cascade's own probability, the one of the horizon asked for
  joiners,       // ln(1 + J*), critics corrected for the scorer's errors
  fast,          // ln(1 + critics, fading with a half-life of 20 min)
  slow,          // the same with 3 h
  recent,        // ln(1 + critics in the last 10 min)
  acceleration,  // ln((1 + last 10 min) / (1 + the 10 min before)), at most 8fold
  age,           // ln(1 + minutes since the thread began)
  pause,         // ln(1 + minutes since the last critic)
  activity,      // ln of the public's mean activity over the coming 6 h, 1 being the week's mean
  share,         // J*/A, the negative part of the participants
  share_low,     // its lower bound
  spread,        // distinct authors a post: low in a quarrel
  top_writer,    // the part of the posts that the busiest author wrote
  newcomers,     // the part of the critics never seen with this brand before
  talk,          // the part of critical posts that answer others than the root
  quoting,       // the part of the posts that came by a quote
  arousal,       // mean anger of critical posts of the last hour
  first_person,  // "I": its part in the last hour less its part in all
  they,          // "they", mean of the last hour
  action,        // calls on others, mean of the last hour
  addressed,     // the root names an account of the brand
  link,          // the root has a link
  concrete,      // the root says what a desk could look into
  root,          // the root is negative
  copies,        // the part of the critics whose text was just there
  surge,         // ln of the brand's critics over the expected, now; 0: as expected
  count_
};
inline constexpr std::size_t kFeatures = static_cast<std::size_t>(Feature::count_);

using Features = std::array<float, kFeatures>;

std::string_view to_string(Feature feature) noexcept;
// The sign that a weight may have: +1, -1, or 0 for either.
int allowed_sign(Feature feature) noexcept;

}  // namespace brandwacht::thread
