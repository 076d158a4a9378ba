// What was promised, on disk: incidents and the pages that they owe to each target. Blocking; used
// on the store's pool thread only (alerting/store.hpp is its face on the line).
//
// A page's row is committed before its first send and keeps its delivery id for life, so that a
// crash at any moment costs at most one duplicate, and that one carries the same keys.
#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "alerting/case.hpp"
#include "alerting/notifier.hpp"
#include "alerting/receipt_watch.hpp"
#include "alerting/silence.hpp"
#include "monitor/database.hpp"

namespace brandwacht::alerting {

enum class RowState : std::uint8_t {
  queued,
  sending,   // an attempt began
  unsure,    // the program ended during an attempt: nobody knows whether it arrived
  accepted,  // by the vendor
  seen,      // on somebody's screen, where the vendor tells
  acknowledged,
  dead,  // refused for good, or nobody took it within the horizon
};
std::string_view to_string(RowState state) noexcept;

// One page for one target.
struct OutboxRow {
  std::int64_t seq = 0;  // order of commits; 0: not on disk
  std::string target;
  std::shared_ptr<const Page> page;
  unsigned attempts = 0;
  Time created{}, next_due{};
  RowState state = RowState::queued;
  unsigned cuts = 0;                 // attempts that a crash cut off
  std::optional<Time> begun, tried;  // its first attempt, its last one
};

// When a page is sent again of which a crash cut off `cuts` attempts, the last one begun at
// `tried`; the program starts at `now`. Each may have arrived, and only who is still up after the
// next one learns whether that did: so it waits until the program has shown that it stays up, for 5
// s, then 30 s, then 5 min. One that never stays up for so long sends it all the same, ten minutes
// after the last attempt: a duplicate is better than silence.
Time resend_at(unsigned cuts, Time tried, Time now);

// The id of the delivery of `event` to `target`: made of what the event is, never of when or where
// it was processed, so that the same event derived again after a crash is the same delivery.
// `stamp` tells the steps of a policy, and the ends of several keys, from each other.
std::string delivery_id(const IncidentEvent& event, std::string_view target,
                        std::string_view stamp = {});

struct IncidentRow {
  IncidentEvent event;   // the last one
  std::string decision;  // the caller's bytes
};

struct Mark {
  std::string delivery_id;
  RowState state = RowState::queued;
  unsigned attempts = 0;
  Time next_due{};
  Time at{};
  std::string detail;
  std::string receipt{};   // of an accepted page
  std::string progress{};  // of one that is tried again
};

// What a vendor said about itself rather than about a page.
struct TargetMark {
  std::string target;
  std::optional<Time> held_until{};          // its Retry-After
  std::optional<std::int64_t> quota_left{};  // Outcome::quota_left
};

// Somebody saw or acknowledged an accepted page.
struct SightingMark {
  std::string delivery_id;
  RowState state = RowState::seen;
  std::string who;
  Time at{};
};

// Of a page among those of other incidents: 0 resolves and T1, 1 T2, 2 the rest. Lower goes first.
int rank(const Page& page);

// What one transaction stores.
struct Write {
  std::vector<IncidentRow> incidents;
  std::vector<OutboxRow> rows;
  std::vector<Mark> marks;
  std::map<std::string, std::string> positions;  // of sources: name and cursor
  std::vector<Case> cases;
  std::vector<Silence> silences;
  std::vector<SightingMark> sightings;
  std::vector<TargetMark> targets;

  bool empty() const {
    return incidents.empty() && rows.empty() && marks.empty() && positions.empty() &&
           cases.empty() && silences.empty() && sightings.empty() && targets.empty();
  }
};

struct StoredIncident {
  Incident incident;
  IncidentEventKind last_event = IncidentEventKind::page;
  Time last_at{};
  std::string decision;
  int joiners_at_page = 0;           // at the last page, notification or upgrade
  std::vector<std::string> targets;  // that were sent a trigger for it
  // The same with the dedup keys under which they know it.
  std::vector<std::pair<std::string, std::string>> told;
  Case desk;
};

// What a target's limits have to know of the time before a restart, oldest first.
struct TargetHistory {
  std::vector<Time> sent;      // attempts
  std::vector<Time> accepted;  // pages
  std::optional<Time> held_until;
  std::optional<std::int64_t> quota_left;
};

// The file is damaged; also where a damaged header makes one that we may write look read-only, or
// its tables unknown.
bool beyond_use(const std::filesystem::path& file, const DatabaseError& error);

class Outbox {
 public:
  static constexpr std::int64_t kSchemaVersion = 3;

  // Opens or makes the file. A damaged file is renamed to <file>.corrupt-<UTC time>, what can still
  // be read of it is taken over, and a new one is begun: `quarantined()` then names it. Throws
  // DatabaseError when the file cannot be opened or was written by a newer version.
  Outbox(std::filesystem::path file, Time now);

  // Stores all or nothing. For each row: its seq, or 0 where this delivery was stored before.
  std::vector<std::int64_t> apply(const Write& write);
  // The same for several, in their order: all of them or none.
  std::vector<std::vector<std::int64_t>> apply_all(const std::vector<const Write*>& writes);

  // Rows still to be delivered to `target` with seq > `after`: incidents by their most urgent page,
  // and oldest first among equals and within an incident.
  std::vector<OutboxRow> pending(const std::string& target, std::int64_t after, std::size_t limit);
  // The same for targets that are not in `known`.
  std::vector<OutboxRow> orphans(const std::vector<std::string>& known);
  std::vector<StoredIncident> open_incidents();
  std::map<std::string, std::string> positions();
  std::vector<Silence> silences(Time now);            // that are not over
  std::vector<Case> closed_cases(std::size_t limit);  // the newest
  // Once at a start, before pending(): what was `sending` is unsure, and waits as resend_at() says,
  // but for targets in `at_once`. Gives the number of pages that are unsure.
  int doubt(Time now, const std::vector<std::string>& at_once);
  TargetHistory history(const std::string& target, Time since);
  // The incident that a delivery was about; empty: there is no such delivery.
  std::string incident_of_delivery(const std::string& delivery_id);
  // Of triggers of incidents that are open or of which something is still owed, oldest first;
  // `second`: it is open, and nobody has taken that page yet.
  std::vector<std::pair<Receipt, bool>> receipts();
  // Deletes what is over since before `until`, and attempts of before `sends`. Gives the number of
  // rows of the former.
  int prune(Time until, Time sends = {});
  // Removes posts for which `gone` is true from every snapshot. Gives the number of snapshots
  // changed.
  int erase_evidence(const std::function<bool(const Evidence&)>& gone);

  const std::string& quarantined() const noexcept { return quarantined_; }
  // Sets the damaged file aside and begins a new one, as at the start.
  void start_anew(Time now);

 private:
  void open();
  void check();
  void migrate();
  bool tables_are_ours();
  void salvage(const std::filesystem::path& damaged);

  std::filesystem::path file_;
  std::unique_ptr<Database> db_;
  std::string quarantined_;
};

}  // namespace brandwacht::alerting
