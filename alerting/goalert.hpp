// GoAlert's generic API integration (target/goalert: genericapi/handler.go): POST of a form with
// token, summary (at most 1 KiB), details (6 KiB), action and dedup. An alert with the same dedup
// that is open is not opened twice, and notifies nobody anew; action=close closes it. 204: taken.
#pragma once
#include <memory>
#include <string>

#include "alerting/message.hpp"
#include "alerting/notifier.hpp"

namespace brandwacht::alerting {

struct GoAlertSettings {
  std::string url;    // of GoAlert itself: https://goalert.example.com
  std::string token;  // the integration key; secret
  Duration timeout = std::chrono::seconds{15};
};

GoAlertSettings read_goalert(config::Section& section);

// The token goes in the body, never in the URL, which proxies log.
std::string goalert_form(const GoAlertSettings& settings, const Page& page, const Voice& voice);

std::unique_ptr<Notifier> make_goalert(std::string name, GoAlertSettings settings,
                                       const NotifierContext& context);

}  // namespace brandwacht::alerting
