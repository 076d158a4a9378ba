// What a human says about an incident, whichever way it came: a button, a link, a reply, the
// command line. Pager::command() carries it out.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "monitor/time.hpp"

namespace brandwacht::alerting {

struct Command {
  enum class Kind : std::uint8_t {
    acknowledge,    // somebody has it: nobody else is paged until it expires or the tier rises
    unacknowledge,  // nobody has it any longer: whoever is on call is paged anew, at once
    resolve,        // it is over: every target is told so; should it grow again, it pages anew
    escalate,       // the next step of its policy now
  };
  Kind kind = Kind::acknowledge;
  std::string incident;  // Incident::id; a dedup key that a vendor gave back does as well
  std::string who;       // a person's name, as it is shown to others; redacted by nobody
  std::string via;       // "slack", "link", "cli", ...
  Time at{};
  std::optional<Duration> expires;  // of an acknowledgement; absent: what the policy says
};
std::string_view to_string(Command::Kind kind) noexcept;
std::optional<Command::Kind> parse_command_kind(std::string_view text) noexcept;

struct CommandResult {
  enum class Kind : std::uint8_t {
    done,
    unknown,  // there is no such open incident
    nothing,  // it is so already
  };
  Kind kind = Kind::done;
  std::string text;  // one sentence, English
};

// A page that must wake somebody where the vendor swallows news of what was acknowledged there has
// a key of its own: "<incident>-L<level>". Level 0 is the incident's id itself.
std::string dedup_key(std::string_view incident, int level);
std::string_view incident_of(std::string_view dedup_key) noexcept;

}  // namespace brandwacht::alerting
