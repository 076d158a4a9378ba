#include "alerting/command.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace brandwacht::alerting {

std::string_view to_string(Command::Kind kind) noexcept {
  switch (kind) {
    case Command::Kind::acknowledge:
      return "acknowledge";
    case Command::Kind::unacknowledge:
      return "unacknowledge";
    case Command::Kind::resolve:
      return "resolve";
    case Command::Kind::escalate:
      return "escalate";
  }
  return "acknowledge";
}

std::optional<Command::Kind> parse_command_kind(std::string_view text) noexcept {
  using enum Command::Kind;
  for (const auto kind : {acknowledge, unacknowledge, resolve, escalate})
    if (to_string(kind) == text) return kind;
  return {};
}

std::string dedup_key(std::string_view incident, int level) {
  return level == 0 ? std::string(incident) : fmt::format("{}-L{}", incident, level);
}

std::string_view incident_of(std::string_view dedup_key) noexcept {
  const auto mark = dedup_key.rfind("-L");
  if (mark == std::string_view::npos || mark + 2 == dedup_key.size()) return dedup_key;
  const auto digits = dedup_key.substr(mark + 2);
  const bool level =
      std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
  return level ? dedup_key.substr(0, mark) : dedup_key;
}

}  // namespace brandwacht::alerting
