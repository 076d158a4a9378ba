#include "alerting/outbox_write.hpp"

#include "alerting/outbox_rows.hpp"

namespace brandwacht::alerting {
namespace {

// An event that is derived again after a crash must not set its incident back.
constexpr std::string_view kPutIncident =
    "INSERT INTO incidents(id, thread_key, episode, tier, state, joiners, joiners_at_page, "
    "last_event, last_at, closed, snapshot, decision) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) "
    "ON CONFLICT(id) DO UPDATE SET tier = excluded.tier, state = excluded.state, "
    "joiners = excluded.joiners, "
    "joiners_at_page = max(joiners_at_page, excluded.joiners_at_page), "
    "last_event = excluded.last_event, last_at = excluded.last_at, closed = excluded.closed, "
    "snapshot = excluded.snapshot, decision = excluded.decision "
    "WHERE excluded.last_at >= last_at";
constexpr std::string_view kPutRow =
    "INSERT OR IGNORE INTO outbox(delivery_id, dedup_key, target, action, event, at, payload, "
    "state, attempts, next_due, created, incident, note, rank, cuts, begun, tried, progress) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?14, ?8, ?9, ?10, ?11, ?12, ?13, ?15, ?16, ?17, ?18) "
    "RETURNING seq";
// ?7: accepted, ?8: an attempt begins, ?12: it is tried again.
constexpr std::string_view kPutMark =
    "UPDATE outbox SET state = ?1, attempts = ?2, next_due = ?3, finished = ?4, "
    "last_detail = ?5, payload = CASE WHEN ?7 THEN '' ELSE payload END, "
    "begun = CASE WHEN ?8 THEN coalesce(begun, ?9) ELSE begun END, "
    "tried = CASE WHEN ?8 THEN ?9 ELSE tried END, "
    "accepted_at = CASE WHEN ?7 THEN ?9 ELSE accepted_at END, receipt = ?10, "
    "progress = CASE WHEN ?12 THEN ?11 ELSE progress END "
    "WHERE delivery_id = ?6";

}  // namespace

OutboxWriter::OutboxWriter(Database& db)
    : db_(db),
      incident_(db.prepare(kPutIncident)),
      row_(db.prepare(kPutRow)),
      mark_(db.prepare(kPutMark)),
      sent_(db.prepare(
          "INSERT INTO sends(target, at) SELECT target, ?1 FROM outbox WHERE delivery_id = ?2")),
      position_(db.prepare("INSERT OR REPLACE INTO positions(source, cursor) VALUES (?1, ?2)")) {}

std::vector<std::int64_t> OutboxWriter::put(const Write& write) {
  for (const auto& row : write.incidents)
    put_incident(incident_, row);
  std::vector<std::int64_t> out;
  out.reserve(write.rows.size());
  for (const auto& row : write.rows)
    out.push_back(put_row(row_, row));
  put_marks(write.marks);
  put_targets(db_, write.targets);
  put_people(db_, write);
  for (const auto& [source, cursor] : write.positions)
    position_.bind(1, source).bind(2, cursor).run();
  return out;
}

void OutboxWriter::put_marks(const std::vector<Mark>& marks) {
  for (const auto& mark : marks) {
    put_mark(mark_, mark);
    if (mark.state == RowState::sending)
      sent_.bind(1, ticks(mark.at)).bind(2, mark.delivery_id).run();
  }
}

}  // namespace brandwacht::alerting
