#include "monitor/desk/action.hpp"

#include <array>

namespace brandwacht::desk {
namespace {

constexpr std::array<std::string_view, 4> kStrategies{"", "remove", "ignore", "answer"};
constexpr std::array<std::string_view, 6> kOutcomes{
    "open", "satisfied", "silent", "still_angry", "resolved", "unfounded_explained"};
constexpr std::array<std::string_view, 3> kFeedback{"useful", "not_useful", "too_late"};

template <class Enum, std::size_t N>
bool choose(const std::array<std::string_view, N>& names, std::string_view value, Enum& out,
            std::string& fault) {
  std::string known;
  for (std::size_t i = 0; i < N; ++i) {
    if (names[i].empty()) continue;
    if (names[i] == value) {
      out = static_cast<Enum>(i);
      return true;
    }
    known += (known.empty() ? "" : ", ") + std::string(names[i]);
  }
  fault = "'" + std::string(value) + "' is none of " + known;
  return false;
}

}  // namespace

std::string_view to_string(Strategy strategy) noexcept {
  return kStrategies[static_cast<std::size_t>(strategy)];
}
std::string_view to_string(Outcome outcome) noexcept {
  return kOutcomes[static_cast<std::size_t>(outcome)];
}
std::string_view to_string(Feedback feedback) noexcept {
  return kFeedback[static_cast<std::size_t>(feedback)];
}

std::optional<Action> parse_action(std::string_view kind, std::string_view value,
                                   std::string& fault) {
  Action out;
  bool ok = false;
  if (kind == "strategy") {
    out.kind = Action::Kind::strategy;
    ok = choose(kStrategies, value, out.strategy, fault);
  } else if (kind == "outcome") {
    out.kind = Action::Kind::outcome;
    ok = choose(kOutcomes, value, out.outcome, fault);
  } else if (kind == "feedback") {
    out.kind = Action::Kind::feedback;
    ok = choose(kFeedback, value, out.feedback, fault);
  } else if (kind == "reason") {
    out.kind = Action::Kind::reason;
    out.reason = value;
    ok = !value.empty();
    if (!ok) fault = "a reason needs words";
  } else {
    fault = "'" + std::string(kind) + "' is none of strategy, outcome, feedback, reason";
  }
  if (!ok) return std::nullopt;
  return out;
}

}  // namespace brandwacht::desk
