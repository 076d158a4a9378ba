#include "alerting/policy_words.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace brandwacht::alerting {

std::string clock_of(const Zone& zone, Time time) {
  const LocalTime local = zone.local(time);
  const auto minutes = std::chrono::floor<std::chrono::minutes>(local.since_midnight).count();
  return fmt::format("{:02}:{:02}", minutes / 60, minutes % 60);
}

std::string step_words(bool dutch, const std::string& policy, int step, int round) {
  const std::string again = round == 0 ? std::string()
                            : dutch    ? fmt::format(", ronde {}", round + 1)
                                       : fmt::format(", round {}", round + 1);
  if (dutch)
    return fmt::format("Stap {} van '{}'{}: nog niemand heeft het opgepakt", step, policy, again);
  return fmt::format("Step {} of '{}'{}: nobody has taken it yet", step, policy, again);
}

std::string nobody_took_it(bool dutch) {
  return dutch ? "Niemand heeft het opgepakt: daarom hoort iedereen het nu"
               : "Nobody took it: so everybody is told now";
}

std::string nobody_on_call(bool dutch) {
  return dutch ? "Niemand heeft nu dienst: daarom hoort iedereen het"
               : "Nobody is on call now: so everybody is told";
}

std::string given_back(bool dutch, const Acknowledgement& ack) {
  const std::string span = format_span(ack.until - ack.at);
  return dutch ? fmt::format("{} had het {} in handen, en het staat nog open", ack.who, span)
               : fmt::format("{} had it for {}, and it is still open", ack.who, span);
}

std::string broke_through(bool dutch, const Acknowledgement& ack, Tier tier) {
  return dutch ? fmt::format("{} heeft het opgepakt als {}; nu is het {}", ack.who,
                             to_string(ack.tier), to_string(tier))
               : fmt::format("{} took it as {}; now it is {}", ack.who, to_string(ack.tier),
                             to_string(tier));
}

std::string grew_again(bool dutch, const std::string& who) {
  return dutch ? fmt::format("{} had het afgesloten; het groeit weer", who)
               : fmt::format("{} had ended it; it grows again", who);
}

std::string was_quiet(bool dutch) {
  return dutch ? "Tot nu toe gedempt, en het staat nog open" : "Silenced until now, and still open";
}

std::string has_it(bool dutch, const Acknowledgement& ack, const Zone& zone) {
  const std::string until = clock_of(zone, ack.until);
  return dutch ? fmt::format("{} heeft dit tot {}", ack.who, until)
               : fmt::format("{} has it until {}", ack.who, until);
}

std::string told_before(bool dutch, const std::vector<std::string>& whom) {
  constexpr std::size_t kMost = 4;
  const std::size_t shown = std::min(kMost, whom.size());
  std::string names = fmt::to_string(
      fmt::join(whom.begin(), whom.begin() + static_cast<std::ptrdiff_t>(shown), ", "));
  if (whom.size() > shown)
    names += fmt::format(fmt::runtime(dutch ? " en {} meer" : " and {} more"), whom.size() - shown);
  return fmt::format("{}: {}", dutch ? "Al gewaarschuwd" : "Told before", names);
}

std::string ended_by(bool dutch, const std::string& who) {
  return dutch ? fmt::format("Gesloten door {}", who) : fmt::format("Closed by {}", who);
}

}  // namespace brandwacht::alerting
