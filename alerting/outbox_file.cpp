// The outbox's file: its tables over the versions, and what happens when it is damaged.
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <functional>

#include "alerting/outbox.hpp"
#include "alerting/outbox_rows.hpp"

namespace brandwacht::alerting {
namespace {

// What each version added to the one before.
constexpr std::array<std::string_view, Outbox::kSchemaVersion> kSteps{R"sql(
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
)sql",
                                                                      R"sql(
ALTER TABLE outbox ADD COLUMN incident TEXT NOT NULL DEFAULT '';  -- incidents.id
UPDATE outbox SET incident = dedup_key;
ALTER TABLE outbox ADD COLUMN note TEXT NOT NULL DEFAULT '';      -- why this target, why now
ALTER TABLE outbox ADD COLUMN rank INTEGER NOT NULL DEFAULT 2;    -- alerting/outbox.hpp
ALTER TABLE outbox ADD COLUMN receipt TEXT NOT NULL DEFAULT '';   -- the vendor's own id
ALTER TABLE outbox ADD COLUMN begun INTEGER;                      -- the first attempt
ALTER TABLE outbox ADD COLUMN accepted_at INTEGER;                -- by the vendor
ALTER TABLE outbox ADD COLUMN seen_at INTEGER;                    -- by a human
ALTER TABLE outbox ADD COLUMN seen_by TEXT NOT NULL DEFAULT '';
DROP INDEX outbox_key;
CREATE INDEX outbox_incident ON outbox(incident);
CREATE TABLE cases(incident TEXT PRIMARY KEY, json TEXT NOT NULL);
CREATE TABLE silences(id TEXT PRIMARY KEY, until INTEGER NOT NULL, json TEXT NOT NULL);
)sql",
                                                                      R"sql(
ALTER TABLE outbox ADD COLUMN cuts INTEGER NOT NULL DEFAULT 0;    -- attempts that a crash cut off
ALTER TABLE outbox ADD COLUMN tried INTEGER;                      -- the last attempt
ALTER TABLE outbox ADD COLUMN progress TEXT NOT NULL DEFAULT '';  -- the receiver's own words
UPDATE outbox SET tried = next_due WHERE state = 'sending';
CREATE TABLE sends(target TEXT NOT NULL, at INTEGER NOT NULL);    -- attempts of the last days
CREATE INDEX sends_of ON sends(target, at);
CREATE INDEX outbox_accepted ON outbox(target, accepted_at) WHERE accepted_at IS NOT NULL;
CREATE TABLE targets(name TEXT PRIMARY KEY, held_until INTEGER, quota_left INTEGER);
)sql"};

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

// What people said: it may not be lost either.
void salvage_people(Database& old, Write& kept) {
  read_both_ways(old, "SELECT {columns} FROM cases NOT INDEXED ORDER BY rowid {order}", "json",
                 [&](const Statement& row) {
                   if (auto one = decode_case(row.text(0))) kept.cases.push_back(std::move(*one));
                 });
  read_both_ways(old, "SELECT {columns} FROM silences NOT INDEXED ORDER BY rowid {order}", "json",
                 [&](const Statement& row) {
                   if (auto one = decode_silence(row.text(0)))
                     kept.silences.push_back(std::move(*one));
                 });
}

}  // namespace

bool beyond_use(const std::filesystem::path& file, const DatabaseError& error) {
  if (error.corrupt()) return true;
  const int code = error.code() & 0xFF;
  const bool odd = code == SQLITE_READONLY ||
                   (code == SQLITE_ERROR &&
                    std::string_view(error.what()).find("newer version") == std::string_view::npos);
  const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
  return odd && ::access(file.c_str(), R_OK | W_OK) == 0 &&
         ::access(folder.c_str(), W_OK | X_OK) == 0;
}

Outbox::Outbox(std::filesystem::path file, Time now) : file_(std::move(file)) {
  try {
    open();
  } catch (const DatabaseError& error) {
    if (!beyond_use(file_, error)) throw;
    spdlog::critical("outbox: {}", error.what());
    start_anew(now);
  }
}

void Outbox::open() {
  db_ = std::make_unique<Database>(file_);
  // Every so many pages of the log (16 MB) one commit brings them into the file and is slow for it:
  // at SQLite's own 1,000 that is one commit in a hundred, and so the p99 of all.
  db_->execute("PRAGMA wal_autocheckpoint = 4000");
  check();
  migrate();
  if (!tables_are_ours())
    throw DatabaseError(SQLITE_CORRUPT,
                        fmt::format("database {} has tables that are not ours", file_.string()));
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
  if (tables_are_ours()) {
    db_->set_user_version(kSchemaVersion);
    return;
  }
  if (version < 0 || version > kSchemaVersion)
    throw DatabaseError(
        SQLITE_ERROR, fmt::format("database {} has schema {}, this program knows {}: it was "
                                  "written by a newer version; install that or move the file away",
                                  file_.string(), version, kSchemaVersion));
  Transaction transaction(*db_);
  for (auto step = static_cast<std::size_t>(version); step < kSteps.size(); ++step)
    db_->execute(kSteps[step]);
  db_->set_user_version(kSchemaVersion);
  transaction.commit();
}

// Every table and index that we make is there to the letter. With another number it is the number
// that fell over; without one of them, the description of a table.
bool Outbox::tables_are_ours() {
  const auto tables = [](Database& db) {
    std::vector<std::string> out;
    auto select = db.prepare("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL");
    while (select.step())
      out.push_back(select.text(0));
    std::sort(out.begin(), out.end());
    return out;
  };
  Database fresh(":memory:");
  for (const auto step : kSteps)
    fresh.execute(step);
  const auto wanted = tables(fresh), there = tables(*db_);
  return std::includes(there.begin(), there.end(), wanted.begin(), wanted.end());
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
    const auto version = old.user_version();
    const bool first = version < 2;
    read_both_ways(
        old, "SELECT {columns} FROM outbox NOT INDEXED WHERE finished IS NULL ORDER BY seq {order}",
        first          ? kRowColumnsOfFirst
        : version == 2 ? kRowColumnsOfSecond
                       : kRowColumns,
        [&](const Statement& row) { kept.rows.push_back(read_row(row)); });
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
    if (!first) salvage_people(old, kept);
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

}  // namespace brandwacht::alerting
