#include "alerting/outbox.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "alerting/incident_json.hpp"
#include "alerting/outbox_rows.hpp"

namespace brandwacht::alerting {

std::string_view to_string(RowState state) noexcept {
  switch (state) {
    case RowState::queued:
      return "queued";
    case RowState::sending:
      return "sending";
    case RowState::accepted:
      return "accepted";
    case RowState::seen:
      return "seen";
    case RowState::acknowledged:
      return "acknowledged";
    case RowState::dead:
      return "dead";
  }
  return "queued";
}

std::string delivery_id(const IncidentEvent& event, std::string_view target) {
  return fmt::format("{}-{}-{}-{}-{}", event.incident.id, to_string(event.kind),
                     to_string(event.incident.tier), event.incident.joiners, target);
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
      "state, attempts, next_due, created, incident, note) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'queued', ?8, ?9, ?10, ?11, ?12) RETURNING seq");
  std::vector<std::int64_t> out;
  out.reserve(write.rows.size());
  for (const auto& row : write.rows)
    out.push_back(put_row(insert, row));
  auto update = db_->prepare(
      "UPDATE outbox SET state = ?1, attempts = ?2, next_due = ?3, finished = ?4, "
      "last_detail = ?5, payload = CASE WHEN ?7 THEN '' ELSE payload END, "
      "begun = CASE WHEN ?8 THEN coalesce(begun, ?9) ELSE begun END, "
      "accepted_at = CASE WHEN ?7 THEN ?9 ELSE accepted_at END, receipt = ?10 "
      "WHERE delivery_id = ?6");
  for (const auto& mark : write.marks)
    put_mark(update, mark);
  put_people(*db_, write);
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
  auto told = db_->prepare(
      "SELECT DISTINCT target, dedup_key FROM outbox WHERE incident = ?1 AND action = 'trigger' "
      "ORDER BY target, dedup_key");
  auto desk = db_->prepare("SELECT json FROM cases WHERE incident = ?1");
  auto select = db_->prepare(
      fmt::format("SELECT {} FROM incidents WHERE closed = 0 ORDER BY id", kIncidentColumns));
  std::vector<StoredIncident> out;
  while (select.step()) {
    StoredIncident stored = read_incident(select);
    told.bind(1, select.text(0));
    while (told.step()) {
      stored.told.emplace_back(told.text(0), told.text(1));
      if (stored.targets.empty() || stored.targets.back() != told.text(0))
        stored.targets.push_back(told.text(0));
    }
    told.reset();
    desk.bind(1, select.text(0));
    if (desk.step()) stored.desk = decode_case(desk.text(0)).value_or(Case{});
    desk.reset();
    stored.desk.incident = select.text(0);
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

std::vector<Silence> Outbox::silences(Time now) {
  auto select = db_->prepare("SELECT json FROM silences WHERE until > ?1 ORDER BY rowid");
  select.bind(1, ticks(now));
  std::vector<Silence> out;
  while (select.step())
    if (auto silence = decode_silence(select.text(0))) out.push_back(std::move(*silence));
  return out;
}

std::string Outbox::incident_of_delivery(const std::string& delivery_id) {
  auto select = db_->prepare("SELECT incident FROM outbox WHERE delivery_id = ?1");
  select.bind(1, delivery_id);
  return select.step() ? select.text(0) : std::string();
}

int Outbox::prune(Time until) {
  Transaction transaction(*db_);
  auto rows = db_->prepare(
      "DELETE FROM outbox WHERE finished < ?1 "
      "AND incident NOT IN (SELECT id FROM incidents WHERE closed = 0)");
  rows.bind(1, ticks(until)).run();
  int count = db_->changes();
  auto incidents = db_->prepare(
      "DELETE FROM incidents WHERE closed = 1 AND last_at < ?1 "
      "AND id NOT IN (SELECT incident FROM outbox)");
  incidents.bind(1, ticks(until)).run();
  count += db_->changes();
  db_->execute("DELETE FROM cases WHERE incident NOT IN (SELECT id FROM incidents)");
  auto silences = db_->prepare("DELETE FROM silences WHERE until < ?1");
  silences.bind(1, ticks(until)).run();
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
