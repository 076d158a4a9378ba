// What the desk itself says of a thread or a page. Values: whoever takes them from a person (the
// API, a command) parses them here and gives them to the line, which keeps and logs them.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "monitor/desk/case.hpp"

namespace brandwacht::desk {

enum class Feedback : std::uint8_t { useful, not_useful, too_late };

struct Action {
  enum class Kind : std::uint8_t { strategy, outcome, feedback, reason };
  Kind kind{};
  std::uint64_t thread = 0;  // key; of an incident: Incident::thread_key
  std::string incident;      // its id; empty: said of a thread
  std::string who;
  Strategy strategy = Strategy::none;
  Outcome outcome = Outcome::open;
  Feedback feedback = Feedback::useful;
  std::string reason;  // why a post was removed: stands in the removal log. No text of a post
};

std::string_view to_string(Strategy strategy) noexcept;  // "remove", "ignore", "answer", ""
std::string_view to_string(Outcome outcome) noexcept;    // "open", ..., "unfounded_explained"
std::string_view to_string(Feedback feedback) noexcept;  // "useful", "not_useful", "too_late"

// From two words, as a command or an API gives them: {"strategy","answer"}, {"outcome",
// "unfounded_explained"}, {"feedback","too_late"}, {"reason","abuse: see our house rules"}.
// Nullopt: there is no such word; `fault` says which are.
std::optional<Action> parse_action(std::string_view kind, std::string_view value,
                                   std::string& fault);

}  // namespace brandwacht::desk
