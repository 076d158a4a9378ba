// Dead man's switches: what raises the alarm when we no longer can.
//
//   [[watchdog]]
//   type = "healthchecks"            # or "goalert", "alertmanager", "metric"
//   url_file = "healthchecks-url"    # the ping URL is a secret
//
// A watchdog is a receiver of our own invented post (monitor/probe.hpp) and of nothing else. The
// post goes through match, score, thread and decision, the queue of events, the store and the
// delivery like any page; only when it comes out at this end, and in time, the watchdog is told
// that we live. Nothing here is a timer: where the line, the queue or the disk stalls, the pings
// stop.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "alerting/notifier.hpp"

namespace brandwacht::alerting {

// When a probe last came through to each watchdog, for the metrics. Outlives the watchdogs.
using ProbeArrivals = std::map<std::string, Time>;

struct WatchdogSettings {
  enum class Type : std::uint8_t {
    healthchecks,  // healthchecks.io or one's own: GET of the ping URL
    goalert,       // a heartbeat monitor: POST of its URL
    alertmanager,  // an alert "BrandwachtWatchdog" that fires for as long as probes come through
    metric,        // only probe_last_end_to_end_timestamp_seconds, for an alert in Prometheus
  };
  Type type = Type::metric;
  std::string name;
  std::string url;                // secret
  std::vector<std::string> urls;  // of Alertmanager: every member
  Duration timeout = std::chrono::seconds{10};
};

struct Watchdogs {
  std::vector<WatchdogSettings> list;
  // One post a minute; for all watchdogs the same.
  Duration every = std::chrono::minutes{1};
  // A probe that took longer proves nothing and pings nobody.
  Duration within = std::chrono::seconds{30};
};

// Reads every [[watchdog]] and [probe]. `taken`: names of receivers.
Watchdogs read_watchdogs(config::Section& root, const std::vector<std::string>& taken);

std::vector<std::unique_ptr<Notifier>> make_watchdogs(const Watchdogs& watchdogs,
                                                      const NotifierContext& context,
                                                      ProbeArrivals& arrivals);

}  // namespace brandwacht::alerting
