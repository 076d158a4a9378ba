#include "alerting/delivery_log.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include "alerting/incident_json.hpp"
#include "alerting/json.hpp"
#include "alerting/outbox.hpp"
#include "alerting/outbox_rows.hpp"

namespace brandwacht::alerting {
namespace {

std::optional<Time> time_at(const Statement& row, int column) {
  if (row.is_null(column)) return {};
  return Time{Duration{row.integer(column)}};
}

RowState parse_state(std::string_view text) {
  using enum RowState;
  for (const auto state : {queued, sending, accepted, seen, acknowledged, dead})
    if (to_string(state) == text) return state;
  return queued;
}

void count(Database& db, OutboxHealth& out) {
  auto states = db.prepare("SELECT state, count(*) FROM outbox GROUP BY state");
  while (states.step())
    out.rows[states.text(0)] = states.integer(1);
  auto payloads = db.prepare("SELECT payload FROM outbox WHERE payload <> ''");
  while (payloads.step())
    if (!decode_incident(payloads.text(0))) ++out.unreadable;
}

}  // namespace

std::vector<DeliveryRecord> Outbox::deliveries(const DeliveryQuery& query) {
  auto select = db_->prepare(
      "SELECT delivery_id, incident, target, event, state, attempts, at, created, begun, "
      "accepted_at, seen_at, seen_by, note, last_detail FROM outbox WHERE (?1 = '' OR incident = "
      "?1) AND (?2 = '' OR target = ?2) AND (?3 = '' OR state = ?3) ORDER BY seq DESC LIMIT ?4");
  select.bind(1, query.incident)
      .bind(2, query.target)
      .bind(3, query.state ? to_string(*query.state) : std::string_view())
      .bind(4, static_cast<std::int64_t>(query.limit));
  std::vector<DeliveryRecord> out;
  while (select.step()) {
    DeliveryRecord& record = out.emplace_back();
    record.delivery_id = select.text(0);
    record.incident = select.text(1);
    record.target = select.text(2);
    record.event = select.text(3);
    record.state = parse_state(select.text(4));
    record.attempts = static_cast<unsigned>(select.integer(5));
    record.decided = Time{Duration{select.integer(6)}};
    record.queued = Time{Duration{select.integer(7)}};
    record.begun = time_at(select, 8);
    record.accepted = time_at(select, 9);
    record.seen = time_at(select, 10);
    record.seen_by = select.text(11);
    record.note = select.text(12);
    record.detail = select.text(13);
  }
  return out;
}

std::optional<OutboxRow> Outbox::revive(const std::string& delivery_id, Time now) {
  auto update = db_->prepare(
      "UPDATE outbox SET state = 'queued', attempts = 0, finished = NULL, created = ?1, next_due = "
      "?1 WHERE delivery_id = ?2 AND state = 'dead' AND payload <> ''");
  update.bind(1, ticks(now)).bind(2, delivery_id).run();
  if (db_->changes() == 0) return {};
  auto select =
      db_->prepare(fmt::format("SELECT {} FROM outbox WHERE delivery_id = ?1", kRowColumns));
  select.bind(1, delivery_id);
  if (!select.step()) return {};
  return read_row(select);
}

std::string to_json(const DeliveryRecord& record) {
  JsonWriter json;
  json.begin_object()
      .field("delivery", record.delivery_id)
      .field("incident", record.incident)
      .field("target", record.target)
      .field("event", record.event)
      .field("state", to_string(record.state))
      .field("attempts", record.attempts)
      .field("decided", format_rfc3339(record.decided));
  if (record.begun) json.field("begun", format_rfc3339(*record.begun));
  if (record.accepted) {
    const Duration delay = *record.accepted - record.decided;
    json.field("accepted", format_rfc3339(*record.accepted))
        .field("delay_ms", std::chrono::round<std::chrono::milliseconds>(delay).count());
  }
  if (record.seen)
    json.field("seen", format_rfc3339(*record.seen)).field("seen_by", record.seen_by);
  if (!record.note.empty()) json.field("note", record.note);
  if (!record.detail.empty()) json.field("detail", record.detail);
  json.end_object();
  return std::move(json).text();
}

OutboxHealth check_outbox(const std::filesystem::path& file, Time now, bool repair) {
  OutboxHealth out;
  if (!std::filesystem::exists(file))
    throw DatabaseError(SQLITE_CANTOPEN, fmt::format("there is no file {}", file.string()));
  out.verdict = "ok";
  try {
    Database db(file);
    auto check = db.prepare("PRAGMA integrity_check(1)");
    if (check.step()) out.verdict = check.text(0);
    count(db, out);
  } catch (const DatabaseError& error) {
    if (!error.corrupt()) throw;
    out.verdict = error.what();
  }
  out.damaged = out.verdict != "ok";
  if (!out.damaged || !repair) return out;
  Outbox outbox(file, now);
  if (outbox.quarantined().empty()) outbox.start_anew(now);  // only the full check saw it
  out.quarantined = outbox.quarantined();
  return out;
}

}  // namespace brandwacht::alerting
