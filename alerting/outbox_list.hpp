// The outbox read for people: what was owed to whom, and what became of it. Blocking, on a
// connection of its own; used on the store's pool thread, or offline.
#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "alerting/outbox.hpp"
#include "monitor/database.hpp"

namespace brandwacht::alerting {

// One row of the delivery log.
struct OutboxEntry {
  std::int64_t seq = 0;
  std::string delivery_id, incident, target, action, event, state, detail, note, seen_by;
  unsigned attempts = 0;
  Time at{}, created{}, next_due{};  // of the decision; of the commit
  std::optional<Time> finished, accepted, seen;
};

struct OutboxFilter {
  std::string state, target, incident;  // empty: any
  std::int64_t before = 0;              // seq; 0: from the newest
  std::size_t limit = 50;
};

// Newest first.
std::vector<OutboxEntry> list_outbox(Database& db, const OutboxFilter& filter);
std::optional<OutboxEntry> outbox_entry(Database& db, std::int64_t seq);

// Makes a dead row owed again, as new; nullopt: there is no dead row with that number.
std::optional<OutboxRow> revive(Database& db, std::int64_t seq, Time now);

struct OutboxReport {
  std::vector<std::string> faults;          // of the file, each a sentence; empty: good
  std::map<std::string, std::size_t> rows;  // by state
  std::size_t open_incidents = 0, silences = 0;
  std::size_t damaged_pages = 0;  // whose details cannot be read; they go out as a bare number
  std::string quarantined;        // where the damaged file went
  bool good() const { return faults.empty() && damaged_pages == 0; }
};

// Looks at the file while no daemon runs, and changes nothing. With `repair`: a damaged file is set
// aside and what can still be read of it taken over, as the daemon does at its start. Throws
// DatabaseError when the file cannot be opened at all.
OutboxReport check_outbox(const std::filesystem::path& file, bool repair, Time now);

}  // namespace brandwacht::alerting
