#include <algorithm>

#include "monitor/daemon/daemon.hpp"
#include "monitor/daemon/metrics.hpp"

namespace brandwacht::daemon {
namespace {

double seconds(Time time) {
  return std::chrono::duration<double>(time.time_since_epoch()).count();
}

void write_line(MetricsWriter& out, const line::Line& line) {
  const auto& stats = line.stats();
  const auto count = [](std::uint64_t n) { return static_cast<double>(n); };
  out.counter("mentions_received_total", "Mentions given to the line, of any kind",
              count(stats.received));
  out.counter("mentions_unmatched_total",
              "Mentions about no brand and in no tracked thread, dropped at once",
              count(stats.unmatched));
  out.counter("mentions_matched_total", "Mentions scored and counted", count(stats.matched));
  out.counter("mentions_negative_total", "Mentions scored as negative", count(stats.negative));
  out.counter("mentions_official_total", "Mentions by accounts of the brands",
              count(stats.official));
  out.counter("critics_total", "Distinct negative authors that joined a thread",
              count(stats.critics));
  out.counter("authors_gone_total", "Accounts whose texts were erased because the platform said so",
              count(stats.author_gone));
  for (std::size_t i = 0; i < stats.events.size(); ++i)
    out.counter("incident_events_total", "What incidents did", count(stats.events[i]),
                {{"event", to_string(static_cast<IncidentEventKind>(i))}});
  const auto& table = line.table().stats();
  out.counter("mentions_duplicate_total", "Mentions seen before", count(table.duplicates));
  out.counter("mentions_edited_total", "Edits that were scored again", count(table.edits));
  out.counter("mentions_removed_total", "Deletes", count(table.removed));
  out.counter("mentions_removed_before_create_total", "Deletes that came before their mention",
              count(table.removed_before_create));
  out.counter("threads_evicted_total",
              "Threads forgotten because the table was full or they were old",
              count(table.evicted));
  out.counter("times_clamped_total", "Mentions with an impossible time",
              count(table.clamped_future), {{"reason", "future"}});
  out.counter("times_clamped_total", "Mentions with an impossible time", count(table.clamped_past),
              {{"reason", "past"}});
  out.gauge("threads", "Live threads", count(line.threads()));
  out.gauge("threads_memory_bytes", "Heap held for live threads and their evidence",
            count(line.bytes()));
}

void write_desk(MetricsWriter& out, const desk::Webcare& webcare, Time now) {
  for (std::size_t i = 0; i < static_cast<std::size_t>(desk::What::count_); ++i) {
    const auto what = static_cast<desk::What>(i);
    out.counter("desk_events_total", "What happened at the desk: replies, promises, removals",
                static_cast<double>(webcare.count(what)), {{"event", to_string(what)}});
  }
  const desk::Webcare::Standing standing = webcare.standing(now);
  out.gauge("desk_waiting", "Threads with a complaint that has no reply",
            static_cast<double>(standing.waiting));
  out.gauge("desk_waiting_oldest_seconds", "Opening hours that the first of them waits",
            std::chrono::duration<double>(standing.oldest).count());
  out.gauge("desk_promises_standing", "Promised answers that are not due yet",
            static_cast<double>(standing.promised));
}

void write_sources(MetricsWriter& out,
                   const std::vector<std::unique_ptr<connectors::Connector>>& sources) {
  using Stats = connectors::ConnectorStats;
  const auto each = [&](std::string_view name, std::string_view help, bool gauge, auto value) {
    for (const auto& source : sources) {
      const double number = static_cast<double>(value(source->stats()));
      gauge ? out.gauge(name, help, number, {{"source", source->name()}})
            : out.counter(name, help, number, {{"source", source->name()}});
    }
  };
  each("source_events_total", "Well-formed events read", false,
       [](const Stats& s) { return s.events; });
  each("source_received_bytes_total", "Bytes received", false,
       [](const Stats& s) { return s.bytes; });
  each("source_connects_total", "Successful connections", false,
       [](const Stats& s) { return s.connects; });
  each("source_failures_total", "Failed or lost connections", false,
       [](const Stats& s) { return s.failures; });
  each("source_undecodable_total", "Frames that could not be decompressed", false,
       [](const Stats& s) { return s.undecodable; });
  each("source_connected", "1 while connected", true,
       [](const Stats& s) { return s.connected ? 1 : 0; });
  each("source_last_event_timestamp_seconds", "When the last event came; 0: none yet", true,
       [](const Stats& s) { return seconds(s.last_event); });
  each("source_lag_seconds", "How far the last event was behind when it came", true,
       [](const Stats& s) {
         return s.last_created == Time{}
                    ? 0.0
                    : std::max(0.0, seconds(s.last_event) - seconds(s.last_created));
       });
}

void write_faults(MetricsWriter& out, const std::map<std::string, Faults, std::less<>>& faults,
                  const std::vector<std::unique_ptr<connectors::Connector>>& sources) {
  // Every label set exists from the start, so that a rate() sees the first fault.
  std::map<std::string, Faults, std::less<>> all = faults;
  all.try_emplace("http");
  for (const auto& source : sources)
    all.try_emplace(source->name());
  for (const auto& [source, counts] : all)
    for (std::size_t i = 1; i < counts.size(); ++i)
      out.counter("lines_rejected_total", "Lines and events that are no mention",
                  static_cast<double>(counts[i]),
                  {{"source", source}, {"reason", to_string(static_cast<LineFault>(i))}});
}

void write_pager(MetricsWriter& out, const alerting::PagerStats& stats) {
  const auto& targets = stats.delivery.targets;
  using Target = alerting::TargetStats;
  constexpr std::pair<std::string_view, std::uint64_t Target::*> kResults[] = {
      {"accepted", &Target::accepted},
      {"retry", &Target::retry},
      {"permanent", &Target::permanent},
      {"ambiguous", &Target::ambiguous}};
  for (const auto& [name, target] : targets)
    for (const auto& [result, member] : kResults)
      out.counter("notifications_total", "Attempts to deliver a page, by how they ended",
                  static_cast<double>(target.*member), {{"target", name}, {"result", result}});
  for (const auto& [name, target] : targets)
    out.counter("pages_partial_total", "Pages that some recipients of a target will never get",
                static_cast<double>(target.partial), {{"target", name}});
  for (const auto& [name, target] : targets)
    out.counter("pages_dead_total", "Pages that a target will never take",
                static_cast<double>(target.dead), {{"target", name}});
  for (const auto& [name, target] : targets)
    out.counter("pages_dropped_total", "Pages lost because disk and memory were both full",
                static_cast<double>(target.dropped), {{"target", name}});
  for (const auto& [name, target] : targets)
    if (target.quota_left)
      out.gauge("vendor_quota_left", "Messages that the target's vendor still takes this month",
                static_cast<double>(*target.quota_left), {{"target", name}});
  for (const auto& [name, target] : targets)
    out.gauge("outbox_waiting", "Pages on their way", static_cast<double>(target.waiting),
              {{"target", name}});
  for (const auto& [name, target] : targets)
    out.gauge("outbox_oldest_seconds", "Age of the page that waits longest",
              std::chrono::duration<double>(target.oldest).count(), {{"target", name}});
  const auto& latency = stats.delivery.latency;
  out.histogram("page_latency_seconds", "From the decision to the receiver's acceptance",
                {latency.kBounds.begin(), latency.kBounds.end()},
                {latency.counts.begin(), latency.counts.end()}, latency.sum);
  out.counter("events_unrouted_total", "Incident events that no route leads anywhere",
              static_cast<double>(stats.unrouted));
  out.counter("events_quiet_total",
              "Incident events kept back by a silence, maintenance or a larger incident",
              static_cast<double>(stats.quiet));
  out.counter("incidents_untaken_total", "Policies that ended without an acknowledgement",
              static_cast<double>(stats.untaken));
  out.counter("store_failures_total", "Failed writes of the outbox",
              static_cast<double>(stats.store_failures));
  out.gauge("store_degraded", "1 while pages cannot be stored and are sent from memory",
            stats.degraded ? 1 : 0);
  out.gauge("incidents_open", "Incidents that are not closed", static_cast<double>(stats.open));
}

}  // namespace

namespace {

void write_recorder(MetricsWriter& out, const Recorder& recorder) {
  const auto count = [](std::uint64_t n) { return static_cast<double>(n); };
  out.counter("recorded_mentions_total", "Mentions written to the recording",
              count(recorder.stored()));
  out.counter("recorded_mentions_dropped_total",
              "Mentions missing in the recording because it could not be written in time",
              count(recorder.dropped()));
  out.counter("recorded_mentions_erased_total",
              "Recorded mentions whose words were erased for a delete or a vanished author",
              count(recorder.erased()));
  out.counter("recording_torn_total", "Segments whose torn end was set aside at the start",
              count(recorder.torn()));
  out.gauge("recording_failed", "1 while the recording cannot be written",
            recorder.failed().empty() ? 0 : 1);
}

}  // namespace

std::string Daemon::metrics() const {
  MetricsWriter out;
  out.gauge("build_info", "The version that runs", 1, {{"version", BRANDWACHT_VERSION}});
  out.gauge("start_timestamp_seconds", "When the daemon started", seconds(started_));
  const ReloadStats& reloads = reloads_.stats();
  out.gauge("config_last_reload_successful", "1 while the last configuration that was read is good",
            reloads.last_good ? 1 : 0);
  out.gauge("config_last_reload_success_timestamp_seconds",
            "When the configuration in force was read", seconds(reloads.last_good_at));
  out.counter("config_reloads_total", "Configurations read again, by what became of them",
              static_cast<double>(reloads.good), {{"result", "good"}});
  out.counter("config_reloads_total", "Configurations read again, by what became of them",
              static_cast<double>(reloads.refused), {{"result", "refused"}});
  out.gauge("ready", "1 when /readyz says so", readiness().ready ? 1 : 0);
  for (const auto& [watchdog, at] : probe_arrivals_)
    out.gauge("last_end_to_end_probe_timestamp_seconds",
              "When a post of our own last came through the whole line to a watchdog", seconds(at),
              {{"watchdog", watchdog}});
  write_line(out, *line_);
  write_desk(out, line_->webcare(), clock_.now());
  write_sources(out, connectors_);
  for (const auto& source : connectors_)
    out.gauge("source_silent", "1 while a source brings nothing where it should",
              heartbeats_.silent(source->name()) ? 1 : 0, {{"source", source->name()}});
  write_faults(out, intake_->faults(), connectors_);
  write_pager(out, pager_->stats());
  for (const auto& [what, count] : face_->counts())
    out.counter("inbound_total", "Pressed links and calls of hooks, by what became of them",
                static_cast<double>(count), {{"via", what.first}, {"result", what.second}});
  out.counter("journal_entries_stored_total", "Learnt mentions written to the journal",
              static_cast<double>(journal_->stored()));
  out.counter("journal_entries_dropped_total",
              "Learnt mentions lost to memory because the journal failed",
              static_cast<double>(journal_->dropped()));
  out.gauge("journal_failed", "1 while the journal cannot be written",
            journal_->failed().empty() ? 0 : 1);
  if (recorder_) write_recorder(out, *recorder_);
  out.gauge("events_waiting", "Incident events not yet stored",
            static_cast<double>(events_.size()));
  return out.text();
}

}  // namespace brandwacht::daemon
