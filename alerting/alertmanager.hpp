// Prometheus Alertmanager, API v2.
//
// Labels are an alert's identity there: alertname, incident, brand, platform and severity. Severity
// changes when an incident is upgraded, and it is a label all the same: as an annotation it could
// not be routed on, and Alertmanager would notify nobody of an upgrade before its repeat_interval
// (4 h), because nothing new fires. So every message holds one alert per severity, the present one
// firing and the others resolved. A resolved alert that never fired is ignored there. Another page
// of the same tier with more critics only changes annotations, which notifies at the next
// repeat_interval.
//
// Alertmanager forgets alerts that are not sent again, and a member that was down when one was
// resolved must hear of it later: the delivery repeats what fires every minute and a resolve for 15
// min.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "alerting/message.hpp"
#include "alerting/notifier.hpp"

namespace brandwacht::alerting {

struct AlertmanagerSettings {
  // Every member of the cluster, without path: "http://10.0.0.1:9093". All get everything, as
  // Prometheus does it; never a load balancer.
  std::vector<std::string> urls;
  std::string authorization;  // the Authorization header, e.g. "Bearer ..."; secret; may be empty
  Duration resend_every = std::chrono::minutes{1};
  Duration timeout = std::chrono::seconds{10};
};

AlertmanagerSettings read_alertmanager(config::Section& section);

// `resend_every` sets how long the alert fires without being sent again: ten times that, so that a
// restart resolves nothing.
std::string alertmanager_body(const Page& page, Time now, Duration resend_every,
                              const Voice& voice);

std::unique_ptr<Notifier> make_alertmanager(std::string name, AlertmanagerSettings settings,
                                            const NotifierContext& context);

}  // namespace brandwacht::alerting
