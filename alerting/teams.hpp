// Microsoft Teams by way of a Workflow ("When a Teams webhook request is received"), which takes
// Adaptive Cards only: learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/
// how-to/connectors-using and adaptivecards.io/explorer
//
// A workflow belongs to a person and stops with that person's account. It can change no message:
// what cools or is over is a message of its own. Teams takes about 28 KB, and twice that if it must
// guess the encoding, so the charset is named. Connectors of the old kind answer HTTP 200 with the
// real status in a sentence.
#pragma once
#include <memory>
#include <string>

#include "alerting/message.hpp"
#include "alerting/notifier.hpp"

namespace brandwacht::alerting {

struct TeamsSettings {
  std::string url;  // of the workflow; secret
  Duration timeout = std::chrono::seconds{15};
};

TeamsSettings read_teams(config::Section& section);

// The card in its envelope; at most 27 000 bytes. `ack_link`: empty for none.
std::string teams_body(const Page& page, const Voice& voice, std::string_view ack_link);

std::unique_ptr<Notifier> make_teams(std::string name, TeamsSettings settings,
                                     const NotifierContext& context);

}  // namespace brandwacht::alerting
