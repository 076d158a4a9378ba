// PagerDuty Events API v2. The incident's id is the dedup_key for its whole life, whatever the
// configuration becomes.
//
// PagerDuty answers 202 before anybody is paged, drops a resolve without an open alert silently,
// and notifies nobody of a trigger whose incident is acknowledged.
#pragma once
#include <memory>
#include <string>

#include "alerting/notifier.hpp"

namespace brandwacht::alerting {

struct PagerDutySettings {
  std::string routing_key;  // of the service's Events API v2 integration: 32 characters; secret
  // EU service region: https://events.eu.pagerduty.com/v2/enqueue
  std::string endpoint = "https://events.pagerduty.com/v2/enqueue";
  Duration timeout = std::chrono::seconds{15};
};

PagerDutySettings read_pagerduty(config::Section& section);

// The body of one event; never more than 512 KB.
std::string pagerduty_body(const PagerDutySettings& settings, const Page& page,
                           std::string_view external_url);

// The body of a change event: shown beside incidents for 90 days, notifies nobody.
std::string pagerduty_change_body(const PagerDutySettings& settings, const Change& change,
                                  std::string_view external_url);
// ".../v2/enqueue" -> ".../v2/change/enqueue"; empty: `endpoint` is something else.
std::string pagerduty_change_endpoint(std::string_view endpoint);

std::unique_ptr<Notifier> make_pagerduty(std::string name, PagerDutySettings settings,
                                         const NotifierContext& context);

}  // namespace brandwacht::alerting
