// A program of the desk's own: for the pager that nobody else has.
//
//   argv      as it stands in `command`: no shell, so nothing in a post can become a command
//   stdin     the JSON of the webhook receiver (alerting/webhook.hpp)
//   environ   PATH, LANG, and BRANDWACHT_ACTION, _EVENT, _INCIDENT, _DELIVERY, _TIER; nothing of
//   the daemon's exit      0: taken; 75 (EX_TEMPFAIL): try again; anything else: never try again,
//   tell another
//             receiver. After `timeout` it and all that it started are killed: whether it paged is
//             then not known, and it is run again with the same BRANDWACHT_DELIVERY.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "alerting/notifier.hpp"

namespace brandwacht::alerting {

struct CommandSettings {
  std::vector<std::string> command;  // [0] is an absolute path
  Duration timeout = std::chrono::seconds{30};
};

CommandSettings read_command(config::Section& section);

std::unique_ptr<Notifier> make_command(std::string name, CommandSettings settings,
                                       const NotifierContext& context);

}  // namespace brandwacht::alerting
