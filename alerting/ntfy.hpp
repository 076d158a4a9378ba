// ntfy, published as JSON: docs.ntfy.sh/publish
//
// A message of more than 4096 bytes silently becomes an attachment, and an empty one the word
// "triggered". A topic is all the protection that it has on a public server: it is a secret.
#pragma once
#include <memory>
#include <string>

#include "alerting/message.hpp"
#include "alerting/notifier.hpp"

namespace brandwacht::alerting {

struct NtfySettings {
  std::string server = "https://ntfy.sh";
  std::string topic;          // 1 to 64 letters, digits, '-' and '_'; secret
  std::string authorization;  // the header: "Bearer tk_..." or "Basic ..."; secret; may be empty
  Duration timeout = std::chrono::seconds{15};
};

NtfySettings read_ntfy(config::Section& section);

// Where the buttons of a notification lead; empty: no such button.
struct NtfyButtons {
  std::string acknowledge;  // one POST there acknowledges
  std::string ask;          // a page that asks first; shown if there is no `acknowledge`
};

// At most 8 000 bytes, of which the message has at most 4 000.
std::string ntfy_body(const std::string& topic, const Page& page, const Voice& voice,
                      const NtfyButtons& buttons);

std::unique_ptr<Notifier> make_ntfy(std::string name, NtfySettings settings,
                                    const NotifierContext& context);

}  // namespace brandwacht::alerting
