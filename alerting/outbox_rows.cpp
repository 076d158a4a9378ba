#include "alerting/outbox_rows.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "alerting/incident_json.hpp"

namespace brandwacht::alerting {
namespace {

Time time_of(std::int64_t count) {
  return Time{Duration{count}};
}

bool pages(IncidentEventKind kind) {
  return kind != IncidentEventKind::cool && kind != IncidentEventKind::close;
}

// A page whose details were damaged on the disk still goes out.
Incident remains(const std::string& id) {
  Incident out;
  out.id = id;
  out.title = fmt::format("Incident {}: its details were damaged on disk, look at the board", id);
  return out;
}

}  // namespace

OutboxRow read_row(const Statement& row) {
  OutboxRow out;
  auto page = std::make_shared<Page>();
  out.seq = row.integer(0);
  page->delivery_id = row.text(1);
  page->dedup_key = row.text(2);
  out.target = row.text(3);
  for (const auto action : {Action::resolve, Action::acknowledge})
    if (row.text(4) == to_string(action)) page->action = action;
  page->event = parse_event_kind(row.text(5)).value_or(IncidentEventKind::page);
  page->at = time_of(row.integer(6));
  auto incident = decode_incident(row.text(7));
  if (!incident) spdlog::error("outbox: the payload of {} is damaged", page->delivery_id);
  page->incident = incident ? std::move(*incident) : remains(row.text(11));
  out.attempts = static_cast<unsigned>(row.integer(8));
  out.next_due = time_of(row.integer(9));
  out.created = time_of(row.integer(10));
  page->note = row.text(12);
  const auto time = [&](int column) {
    return row.is_null(column) ? std::optional<Time>() : time_of(row.integer(column));
  };
  const std::string state = row.text(13);
  for (const auto open : {RowState::sending, RowState::unsure})
    if (state == to_string(open)) out.state = open;
  out.cuts = static_cast<unsigned>(row.integer(14));
  out.begun = time(15);
  out.tried = time(16);
  page->progress = row.text(17);
  if (out.state == RowState::unsure) page->cut_off = out.begun.value_or(out.created);
  out.page = std::move(page);
  return out;
}

StoredIncident read_incident(const Statement& row) {
  StoredIncident out;
  auto incident = decode_incident(row.text(1));
  out.incident = incident ? std::move(*incident) : remains(row.text(0));
  if (!incident) {  // the columns still tell the line what it must know
    out.incident.thread_key = static_cast<std::uint64_t>(row.integer(6));
    out.incident.episode = static_cast<int>(row.integer(7));
    out.incident.tier = static_cast<Tier>(std::clamp<std::int64_t>(row.integer(8), 1, 4));
  }
  out.last_event = parse_event_kind(row.text(2)).value_or(IncidentEventKind::page);
  out.last_at = time_of(row.integer(3));
  out.decision = row.text(4);
  out.joiners_at_page = static_cast<int>(row.integer(5));
  return out;
}

void put_incident(Statement& insert, const IncidentRow& row) {
  const Incident& incident = row.event.incident;
  insert.bind(1, incident.id)
      .bind(2, static_cast<std::int64_t>(incident.thread_key))
      .bind(3, std::int64_t{incident.episode})
      .bind(4, static_cast<std::int64_t>(incident.tier))
      .bind(5, to_string(incident.state))
      .bind(6, std::int64_t{incident.joiners})
      .bind(7, std::int64_t{pages(row.event.kind) ? incident.joiners : 0})
      .bind(8, to_string(row.event.kind))
      .bind(9, ticks(row.event.at))
      .bind(10, std::int64_t{row.event.kind == IncidentEventKind::close})
      .bind(11, encode(incident))
      .bind(12, row.decision)
      .run();
}

// Gives the new seq, or 0 where the delivery was there already.
std::int64_t put_row(Statement& insert, const OutboxRow& row) {
  const Page& page = *row.page;
  insert.bind(1, page.delivery_id)
      .bind(2, page.dedup_key)
      .bind(3, row.target)
      .bind(4, to_string(page.action))
      .bind(5, to_string(page.event))
      .bind(6, ticks(page.at))
      .bind(7, encode(page.incident))
      .bind(8, std::int64_t{row.attempts})
      .bind(9, ticks(row.next_due))
      .bind(10, ticks(row.created))
      .bind(11, page.incident.id)
      .bind(12, page.note)
      .bind(13, std::int64_t{rank(page)})
      .bind(14, to_string(row.state))
      .bind(15, std::int64_t{row.cuts})
      .bind(18, page.progress);
  for (const auto& [index, time] : {std::pair{16, row.begun}, {17, row.tried}}) {
    if (time)
      insert.bind(index, ticks(*time));
    else
      insert.bind_null(index);
  }
  const std::int64_t seq = insert.step() ? insert.integer(0) : 0;
  insert.run();
  return seq;
}

void put_mark(Statement& update, const Mark& mark) {
  update.bind(1, to_string(mark.state))
      .bind(2, std::int64_t{mark.attempts})
      .bind(3, ticks(mark.next_due))
      .bind(5, mark.detail)
      .bind(6, mark.delivery_id)
      .bind(7, std::int64_t{mark.state == RowState::accepted})
      .bind(8, std::int64_t{mark.state == RowState::sending})
      .bind(9, ticks(mark.at))
      .bind(10, mark.receipt)
      .bind(11, mark.progress)
      .bind(12, std::int64_t{mark.state == RowState::queued});
  if (mark.state == RowState::accepted || mark.state == RowState::dead)
    update.bind(4, ticks(mark.at));
  else
    update.bind_null(4);
  update.run();
}

void put_targets(Database& db, const std::vector<TargetMark>& targets) {
  auto put = db.prepare(
      "INSERT INTO targets(name, held_until, quota_left) VALUES (?1, ?2, ?3) "
      "ON CONFLICT(name) DO UPDATE SET held_until = coalesce(excluded.held_until, held_until), "
      "quota_left = coalesce(excluded.quota_left, quota_left)");
  for (const auto& mark : targets) {
    put.bind(1, mark.target).bind_null(2).bind_null(3);
    if (mark.held_until) put.bind(2, ticks(*mark.held_until));
    if (mark.quota_left) put.bind(3, *mark.quota_left);
    put.run();
  }
}

void put_people(Database& db, const Write& write) {
  auto put_case = db.prepare("INSERT OR REPLACE INTO cases(incident, json) VALUES (?1, ?2)");
  for (const auto& one : write.cases)
    put_case.bind(1, one.incident).bind(2, encode(one)).run();
  auto put_silence =
      db.prepare("INSERT OR REPLACE INTO silences(id, until, json) VALUES (?1, ?2, ?3)");
  for (const auto& silence : write.silences)
    put_silence.bind(1, silence.id).bind(2, ticks(silence.until)).bind(3, encode(silence)).run();
  // Nobody unsees a page, and one that was not accepted cannot be seen.
  auto see = db.prepare(
      "UPDATE outbox SET state = ?1, seen_by = ?2, seen_at = ?3 WHERE delivery_id = ?4 AND "
      "(state = 'accepted' OR (state = 'seen' AND ?1 = 'acknowledged'))");
  for (const auto& mark : write.sightings)
    see.bind(1, to_string(mark.state))
        .bind(2, mark.who)
        .bind(3, ticks(mark.at))
        .bind(4, mark.delivery_id)
        .run();
}

}  // namespace brandwacht::alerting
