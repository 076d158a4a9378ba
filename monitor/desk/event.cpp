#include "monitor/desk/event.hpp"

#include <array>

namespace brandwacht::desk {
namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(What::count_)> kNames{
    "complaint",
    "first_reply",
    "slow",
    "late",
    "unanswered",
    "promised",
    "extended",
    "extended_again",
    "promise_soon",
    "promise_kept",
    "promise_broken",
    "promise_unclear",
    "invited",
    "only_invited",
    "accepted",
    "still_public",
    "follow_up",
    "satisfied",
    "silent",
    "still_angry",
    "recovered",
    "removed",
    "removal_explained",
    "removal_unexplained",
    "removal_unknown",
    "backfire",
    "angrier",
    "compensated",
    "same_reply",
    "exposed",
    "rule",
    "foreign",
    "unlisted",
    "edited",
    "withdrawn",
    "promoted",
    "strategy",
    "outcome",
    "feedback",
};

}  // namespace

std::string_view to_string(What what) noexcept {
  const auto at = static_cast<std::size_t>(what);
  return at < kNames.size() ? kNames[at] : "";
}

std::optional<What> parse_what(std::string_view text) noexcept {
  for (std::size_t i = 0; i < kNames.size(); ++i)
    if (kNames[i] == text) return static_cast<What>(i);
  return std::nullopt;
}

}  // namespace brandwacht::desk
