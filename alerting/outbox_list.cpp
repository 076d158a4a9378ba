#include "alerting/outbox_list.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include "alerting/incident_json.hpp"
#include "alerting/outbox_rows.hpp"

namespace brandwacht::alerting {
namespace {

constexpr std::string_view kColumns =
    "seq, delivery_id, incident, target, action, event, state, last_detail, note, seen_by, "
    "attempts, "
    "at, created, next_due, finished, accepted_at, seen_at, begun";

Time time_of(std::int64_t count) {
  return Time{Duration{count}};
}

std::optional<Time> maybe_time(const Statement& row, int column) {
  if (row.is_null(column)) return {};
  return time_of(row.integer(column));
}

OutboxEntry read_entry(const Statement& row) {
  OutboxEntry out;
  out.seq = row.integer(0);
  out.delivery_id = row.text(1);
  out.incident = row.text(2);
  out.target = row.text(3);
  out.action = row.text(4);
  out.event = row.text(5);
  out.state = row.text(6);
  out.detail = row.text(7);
  out.note = row.text(8);
  out.seen_by = row.text(9);
  out.attempts = static_cast<unsigned>(row.integer(10));
  out.at = time_of(row.integer(11));
  out.created = time_of(row.integer(12));
  out.next_due = time_of(row.integer(13));
  out.finished = maybe_time(row, 14);
  out.accepted = maybe_time(row, 15);
  out.seen = maybe_time(row, 16);
  out.begun = maybe_time(row, 17);
  return out;
}

void check_file(Database& db, OutboxReport& report) {
  auto check = db.prepare("PRAGMA integrity_check(20)");
  while (check.step())
    if (const std::string line = check.text(0); line != "ok") report.faults.push_back(line);
}

void count(Database& db, OutboxReport& report) {
  auto states = db.prepare("SELECT state, count(*) FROM outbox GROUP BY state");
  while (states.step())
    report.rows[states.text(0)] = static_cast<std::size_t>(states.integer(1));
  auto open = db.prepare("SELECT count(*) FROM incidents WHERE closed = 0");
  if (open.step()) report.open_incidents = static_cast<std::size_t>(open.integer(0));
  auto silences = db.prepare("SELECT count(*) FROM silences");
  if (silences.step()) report.silences = static_cast<std::size_t>(silences.integer(0));
  auto pages = db.prepare("SELECT payload FROM outbox WHERE finished IS NULL");
  while (pages.step())
    report.damaged_pages += decode_incident(pages.text(0)) ? 0 : 1;
}

OutboxReport look(const std::filesystem::path& file) {
  OutboxReport out;
  try {
    Database db(file);
    check_file(db, out);
    const auto version = db.user_version();
    if (version > Outbox::kSchemaVersion || version < 0)
      throw DatabaseError(SQLITE_ERROR,
                          fmt::format("{} has schema {}: it was written by a newer version",
                                      file.string(), version));
    if (version == Outbox::kSchemaVersion) count(db, out);
  } catch (const DatabaseError& error) {
    if (!error.corrupt()) throw;
    out.faults.emplace_back(error.what());
  }
  return out;
}

}  // namespace

std::vector<OutboxEntry> list_outbox(Database& db, const OutboxFilter& filter) {
  auto select = db.prepare(fmt::format(
      "SELECT {} FROM outbox WHERE (?1 = '' OR state = ?1) AND (?2 = '' OR target = ?2) AND "
      "(?3 = '' OR incident = ?3) AND (?4 = 0 OR seq < ?4) ORDER BY seq DESC LIMIT ?5",
      kColumns));
  select.bind(1, filter.state).bind(2, filter.target).bind(3, filter.incident);
  select.bind(4, filter.before).bind(5, static_cast<std::int64_t>(filter.limit));
  std::vector<OutboxEntry> out;
  while (select.step())
    out.push_back(read_entry(select));
  return out;
}

std::optional<OutboxEntry> outbox_entry(Database& db, std::int64_t seq) {
  auto select = db.prepare(fmt::format("SELECT {} FROM outbox WHERE seq = ?1", kColumns));
  select.bind(1, seq);
  if (!select.step()) return {};
  return read_entry(select);
}

std::optional<OutboxRow> revive(Database& db, std::int64_t seq, Time now) {
  Transaction transaction(db);
  auto update = db.prepare(
      "UPDATE outbox SET state = 'queued', attempts = 0, cuts = 0, next_due = ?2, created = ?2, "
      "finished = "
      "NULL "
      "WHERE seq = ?1 AND state = 'dead'");
  update.bind(1, seq).bind(2, ticks(now)).run();
  std::optional<OutboxRow> out;
  if (db.changes() > 0) {
    auto select = db.prepare(fmt::format("SELECT {} FROM outbox WHERE seq = ?1", kRowColumns));
    select.bind(1, seq);
    if (select.step()) out = read_row(select);
  }
  transaction.commit();
  return out;
}

OutboxReport check_outbox(const std::filesystem::path& file, bool repair, Time now) {
  OutboxReport before = look(file);
  if (!repair || before.faults.empty()) return before;
  Outbox outbox(file, now);  // sets aside what does not even open
  if (outbox.quarantined().empty()) outbox.start_anew(now);
  OutboxReport after = look(file);
  after.quarantined = outbox.quarantined();
  return after;
}

}  // namespace brandwacht::alerting
