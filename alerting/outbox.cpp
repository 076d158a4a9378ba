#include "alerting/outbox.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sqlite3.h>

#include <algorithm>
#include <functional>

#include "alerting/incident_json.hpp"
#include "alerting/outbox_rows.hpp"

namespace brandwacht::alerting {
namespace {

constexpr std::string_view kSchema = R"sql(
CREATE TABLE incidents(
  id TEXT PRIMARY KEY,
  thread_key INTEGER NOT NULL,
  episode INTEGER NOT NULL,
  tier INTEGER NOT NULL,
  state TEXT NOT NULL,
  joiners INTEGER NOT NULL,
  joiners_at_page INTEGER NOT NULL,
  last_event TEXT NOT NULL,
  last_at INTEGER NOT NULL,       -- microseconds since 1970, like every time here
  closed INTEGER NOT NULL,
  snapshot TEXT NOT NULL,         -- JSON, alerting/incident_json.hpp
  decision BLOB NOT NULL);        -- thread::DecisionState, as the line gave it
CREATE TABLE outbox(
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  delivery_id TEXT NOT NULL UNIQUE,
  dedup_key TEXT NOT NULL,        -- incidents.id
  target TEXT NOT NULL,
  action TEXT NOT NULL,
  event TEXT NOT NULL,
  at INTEGER NOT NULL,
  payload TEXT NOT NULL,          -- the incident as it was; emptied once accepted
  state TEXT NOT NULL,            -- queued, sending, accepted, dead
  attempts INTEGER NOT NULL,
  next_due INTEGER NOT NULL,
  created INTEGER NOT NULL,
  finished INTEGER,
  last_detail TEXT NOT NULL DEFAULT '');
CREATE INDEX outbox_pending ON outbox(target, seq) WHERE finished IS NULL;
CREATE INDEX outbox_key ON outbox(dedup_key);
CREATE TABLE positions(source TEXT PRIMARY KEY, cursor TEXT NOT NULL);
)sql";

// Reads forward until the damage, then backward from the end, so that one bad page in the middle
// costs only itself. Rows may come twice.
void read_both_ways(Database& db, fmt::string_view sql, std::string_view columns,
                    const std::function<void(const Statement&)>& each) {
  for (const char* order : {"ASC", "DESC"}) {
    try {
      auto select = db.prepare(fmt::vformat(
          sql, fmt::make_format_args(fmt::arg("columns", columns), fmt::arg("order", order))));
      while (select.step())
        each(select);
      return;
    } catch (const DatabaseError& error) {
      spdlog::critical("outbox: {}", error.what());
    }
  }
}

// Microseconds keep two quarantines of one second apart.
std::filesystem::path quarantine_name(const std::filesystem::path& file, Time now) {
  return file.string() + fmt::format(".corrupt-{:%Y%m%dT%H%M%S}.{:06}Z",
                                     std::chrono::floor<std::chrono::seconds>(now),
                                     ticks(now) % 1'000'000);
}

}  // namespace

std::string_view to_string(RowState state) noexcept {
  switch (state) {
    case RowState::queued:
      return "queued";
    case RowState::sending:
      return "sending";
    case RowState::accepted:
      return "accepted";
    case RowState::dead:
      return "dead";
  }
  return "queued";
}

std::string delivery_id(const IncidentEvent& event, std::string_view target) {
  return fmt::format("{}-{}-{}-{}-{}", event.incident.id, to_string(event.kind),
                     to_string(event.incident.tier), event.incident.joiners, target);
}

Outbox::Outbox(std::filesystem::path file, Time now) : file_(std::move(file)) {
  try {
    open();
  } catch (const DatabaseError& error) {
    if (!error.corrupt()) throw;
    spdlog::critical("outbox: {}", error.what());
    start_anew(now);
  }
}

void Outbox::open() {
  db_ = std::make_unique<Database>(file_);
  check();
  migrate();
}

void Outbox::check() {
  auto statement = db_->prepare("PRAGMA quick_check(1)");
  const std::string verdict = statement.step() ? statement.text(0) : "no answer";
  if (verdict != "ok")
    throw DatabaseError(SQLITE_CORRUPT,
                        fmt::format("database {} is damaged: {}", file_.string(), verdict));
}

void Outbox::migrate() {
  const std::int64_t version = db_->user_version();
  if (version == kSchemaVersion) return;
  if (version != 0)
    throw DatabaseError(
        SQLITE_ERROR, fmt::format("database {} has schema {}, this program knows {}: it was "
                                  "written by a newer version; install that or move the file away",
                                  file_.string(), version, kSchemaVersion));
  Transaction transaction(*db_);
  db_->execute(kSchema);
  db_->set_user_version(kSchemaVersion);
  transaction.commit();
}

void Outbox::start_anew(Time now) {
  db_.reset();
  const auto aside = quarantine_name(file_, now);
  for (const char* suffix : {"", "-wal", "-shm"}) {
    std::error_code ignored;  // the last two need not exist
    std::filesystem::rename(file_.string() + suffix, aside.string() + suffix, ignored);
  }
  quarantined_ = aside.string();
  spdlog::critical("outbox: {} was damaged and is kept as {}; starting with a new one",
                   file_.string(), quarantined_);
  open();
  salvage(aside);
}

// Best effort: a page of the old file that can be read goes out. What cannot be read is lost, which
// the log says.
void Outbox::salvage(const std::filesystem::path& damaged) {
  Write kept;
  try {
    Database old(damaged);
    read_both_ways(
        old, "SELECT {columns} FROM outbox NOT INDEXED WHERE finished IS NULL ORDER BY seq {order}",
        kRowColumns, [&](const Statement& row) { kept.rows.push_back(read_row(row)); });
    read_both_ways(
        old, "SELECT {columns} FROM incidents NOT INDEXED WHERE closed = 0 ORDER BY rowid {order}",
        kIncidentColumns, [&](const Statement& row) {
          StoredIncident stored = read_incident(row);
          IncidentEvent event{stored.last_event, stored.last_at, std::move(stored.incident)};
          kept.incidents.push_back({std::move(event), std::move(stored.decision)});
        });
    read_both_ways(old, "SELECT {columns} FROM positions NOT INDEXED ORDER BY rowid {order}",
                   "source, cursor",
                   [&](const Statement& row) { kept.positions.emplace(row.text(0), row.text(1)); });
  } catch (const DatabaseError& error) {
    spdlog::critical("outbox: {}", error.what());
  }
  // Reading from both ends leaves them out of order.
  std::sort(kept.rows.begin(), kept.rows.end(),
            [](const OutboxRow& a, const OutboxRow& b) { return a.seq < b.seq; });
  apply(kept);
  spdlog::critical("outbox: took over {} open incidents and {} undelivered pages from {}",
                   kept.incidents.size(), kept.rows.size(), damaged.string());
}

std::vector<std::int64_t> Outbox::apply(const Write& write) {
  Transaction transaction(*db_);
  // An event that is derived again after a crash must not set its incident back.
  auto incident = db_->prepare(
      "INSERT INTO incidents(id, thread_key, episode, tier, state, joiners, joiners_at_page, "
      "last_event, last_at, closed, snapshot, decision) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) "
      "ON CONFLICT(id) DO UPDATE SET tier = excluded.tier, state = excluded.state, "
      "joiners = excluded.joiners, joiners_at_page = max(joiners_at_page, "
      "excluded.joiners_at_page), "
      "last_event = excluded.last_event, last_at = excluded.last_at, closed = excluded.closed, "
      "snapshot = excluded.snapshot, decision = excluded.decision "
      "WHERE excluded.last_at >= last_at");
  for (const auto& row : write.incidents)
    put_incident(incident, row);
  auto insert = db_->prepare(
      "INSERT OR IGNORE INTO outbox(delivery_id, dedup_key, target, action, event, at, payload, "
      "state, attempts, next_due, created) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'queued', ?8, ?9, ?10) RETURNING seq");
  std::vector<std::int64_t> out;
  out.reserve(write.rows.size());
  for (const auto& row : write.rows)
    out.push_back(put_row(insert, row));
  auto update = db_->prepare(
      "UPDATE outbox SET state = ?1, attempts = ?2, next_due = ?3, finished = ?4, "
      "last_detail = ?5, payload = CASE WHEN ?7 THEN '' ELSE payload END WHERE delivery_id = ?6");
  for (const auto& mark : write.marks)
    put_mark(update, mark);
  auto position = db_->prepare("INSERT OR REPLACE INTO positions(source, cursor) VALUES (?1, ?2)");
  for (const auto& [source, cursor] : write.positions)
    position.bind(1, source).bind(2, cursor).run();
  transaction.commit();
  return out;
}

std::vector<OutboxRow> Outbox::pending(const std::string& target, std::int64_t after,
                                       std::size_t limit) {
  auto select =
      db_->prepare(fmt::format("SELECT {} FROM outbox WHERE finished IS NULL AND target = ?1 "
                               "AND seq > ?2 ORDER BY seq LIMIT ?3",
                               kRowColumns));
  select.bind(1, target).bind(2, after).bind(3, static_cast<std::int64_t>(limit));
  std::vector<OutboxRow> out;
  while (select.step())
    out.push_back(read_row(select));
  return out;
}

std::vector<OutboxRow> Outbox::orphans(const std::vector<std::string>& known) {
  auto select = db_->prepare(
      fmt::format("SELECT {} FROM outbox WHERE finished IS NULL ORDER BY seq", kRowColumns));
  std::vector<OutboxRow> out;
  while (select.step())
    if (std::find(known.begin(), known.end(), select.text(3)) == known.end())
      out.push_back(read_row(select));
  return out;
}

std::vector<StoredIncident> Outbox::open_incidents() {
  auto targets = db_->prepare(
      "SELECT DISTINCT target FROM outbox WHERE dedup_key = ?1 AND action = 'trigger' "
      "ORDER BY target");
  auto select = db_->prepare(
      fmt::format("SELECT {} FROM incidents WHERE closed = 0 ORDER BY id", kIncidentColumns));
  std::vector<StoredIncident> out;
  while (select.step()) {
    StoredIncident stored = read_incident(select);
    targets.bind(1, select.text(0));
    while (targets.step())
      stored.targets.push_back(targets.text(0));
    targets.reset();
    out.push_back(std::move(stored));
  }
  return out;
}

std::map<std::string, std::string> Outbox::positions() {
  auto select = db_->prepare("SELECT source, cursor FROM positions");
  std::map<std::string, std::string> out;
  while (select.step())
    out.emplace(select.text(0), select.text(1));
  return out;
}

int Outbox::prune(Time until) {
  Transaction transaction(*db_);
  auto rows = db_->prepare(
      "DELETE FROM outbox WHERE finished < ?1 "
      "AND dedup_key NOT IN (SELECT id FROM incidents WHERE closed = 0)");
  rows.bind(1, ticks(until)).run();
  int count = db_->changes();
  auto incidents = db_->prepare(
      "DELETE FROM incidents WHERE closed = 1 AND last_at < ?1 "
      "AND id NOT IN (SELECT dedup_key FROM outbox)");
  incidents.bind(1, ticks(until)).run();
  count += db_->changes();
  transaction.commit();
  return count;
}

int Outbox::erase_evidence(const std::function<bool(const Evidence&)>& gone) {
  int count = 0;
  Transaction transaction(*db_);
  for (const auto& [select_sql, update_sql] :
       {std::pair{"SELECT rowid, snapshot FROM incidents",
                  "UPDATE incidents SET snapshot = ?1 WHERE rowid = ?2"},
        std::pair{"SELECT seq, payload FROM outbox WHERE payload <> ''",
                  "UPDATE outbox SET payload = ?1 WHERE seq = ?2"}}) {
    auto select = db_->prepare(select_sql);
    std::vector<std::pair<std::int64_t, std::string>> changed;
    while (select.step()) {
      auto incident = decode_incident(select.text(1));
      if (incident && std::erase_if(incident->evidence, gone) > 0)
        changed.emplace_back(select.integer(0), encode(*incident));
    }
    auto update = db_->prepare(update_sql);
    for (const auto& [row, json] : changed)
      update.bind(1, json).bind(2, row).run();
    count += static_cast<int>(changed.size());
  }
  transaction.commit();
  return count;
}

}  // namespace brandwacht::alerting
