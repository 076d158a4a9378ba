// A generic webhook, signed as Standard Webhooks 1.0.0 says.
//
//   {"type":"incident.page","timestamp":"...","data":{"incident","tier","state","brand","platform","thread","url","title",
//    "risk","calibrated","critics","critics_last_hour","people","first_at","opened_at","link","reasons":[...],"posts":[...]}}
//
// Types: incident.page, .notify, .upgrade, .cool, .close. `webhook-id` is the same for all tries of
// one delivery.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "alerting/notifier.hpp"

namespace brandwacht::alerting {

struct WebhookSettings {
  std::string url;
  std::vector<std::string>
      keys;  // decoded; each signs, so that the receiver may rotate. Empty: unsigned.
  Duration timeout = std::chrono::seconds{15};
};

// `secret_file` (or `secret`) holds one or more "whsec_..." with white space between.
WebhookSettings read_webhook(config::Section& section);

// At most 20 000 bytes.
std::string webhook_body(const Page& page, std::string_view external_url);

std::unique_ptr<Notifier> make_webhook(std::string name, WebhookSettings settings,
                                       const NotifierContext& context);

}  // namespace brandwacht::alerting
