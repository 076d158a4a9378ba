#include "alerting/outbox.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "alerting/incident_json.hpp"
#include "alerting/outbox_rows.hpp"
#include "alerting/outbox_write.hpp"

namespace brandwacht::alerting {

namespace {

constexpr Duration kStayFirst = std::chrono::seconds{5}, kStaySecond = std::chrono::seconds{30},
                   kStayLater = std::chrono::minutes{5}, kLongestDoubt = std::chrono::minutes{10};
constexpr std::int64_t kMostHistory = 2'000;  // more than any vendor's window counts

}  // namespace

std::string_view to_string(RowState state) noexcept {
  switch (state) {
    case RowState::queued:
      return "queued";
    case RowState::sending:
      return "sending";
    case RowState::unsure:
      return "unsure";
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

int rank(const Page& page) {
  if (page.action == Action::resolve || page.incident.tier == Tier::t1) return 0;
  return page.incident.tier == Tier::t2 ? 1 : 2;
}

Time resend_at(unsigned cuts, Time tried, Time now) {
  const Duration stay = cuts <= 1 ? kStayFirst : cuts == 2 ? kStaySecond : kStayLater;
  return std::min(now + stay, std::max(now, tried + kLongestDoubt));
}

std::string delivery_id(const IncidentEvent& event, std::string_view target,
                        std::string_view stamp) {
  return fmt::format("{}-{}-{}-{}{}{}-{}", event.incident.id, to_string(event.kind),
                     to_string(event.incident.tier), event.incident.joiners,
                     stamp.empty() ? "" : "-", stamp, target);
}

std::vector<std::int64_t> Outbox::apply(const Write& write) {
  return apply_all({&write}).front();
}

std::vector<std::vector<std::int64_t>> Outbox::apply_all(const std::vector<const Write*>& writes) {
  Transaction transaction(*db_);
  OutboxWriter writer(*db_);
  std::vector<std::vector<std::int64_t>> out;
  for (const Write* write : writes)
    out.push_back(writer.put(*write));
  transaction.commit();
  return out;
}

std::vector<OutboxRow> Outbox::pending(const std::string& target, std::int64_t after,
                                       std::size_t limit) {
  auto select =
      db_->prepare(fmt::format("SELECT {} FROM outbox JOIN (SELECT incident AS of, min(rank) AS "
                               "first FROM outbox WHERE finished IS NULL AND target = ?1 GROUP BY "
                               "incident) ON incident = of WHERE finished IS NULL AND target = ?1 "
                               "AND seq > ?2 ORDER BY first, seq LIMIT ?3",
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

int Outbox::doubt(Time now, const std::vector<std::string>& at_once) {
  Transaction transaction(*db_);
  db_->execute("UPDATE outbox SET state = 'unsure', cuts = cuts + 1 WHERE state = 'sending'");
  auto select = db_->prepare("SELECT seq, target, cuts, tried FROM outbox WHERE state = 'unsure'");
  std::vector<std::pair<std::int64_t, Time>> due;
  while (select.step()) {
    const bool soon = std::find(at_once.begin(), at_once.end(), select.text(1)) != at_once.end();
    const Time tried = select.is_null(3) ? now : Time{Duration{select.integer(3)}};
    const auto cuts = static_cast<unsigned>(select.integer(2));
    due.emplace_back(select.integer(0), soon ? now : resend_at(cuts, tried, now));
  }
  auto update = db_->prepare("UPDATE outbox SET next_due = ?1 WHERE seq = ?2");
  for (const auto& [seq, at] : due)
    update.bind(1, ticks(at)).bind(2, seq).run();
  transaction.commit();
  return static_cast<int>(due.size());
}

TargetHistory Outbox::history(const std::string& target, Time since) {
  TargetHistory out;
  const auto read = [&](std::string_view sql, std::vector<Time>& times) {
    auto select = db_->prepare(sql);
    select.bind(1, target).bind(2, ticks(since)).bind(3, kMostHistory);
    while (select.step())
      times.emplace_back(Duration{select.integer(0)});
    std::reverse(times.begin(), times.end());
  };
  read("SELECT at FROM sends WHERE target = ?1 AND at > ?2 ORDER BY at DESC LIMIT ?3", out.sent);
  read(
      "SELECT accepted_at FROM outbox WHERE target = ?1 AND accepted_at > ?2 "
      "ORDER BY accepted_at DESC LIMIT ?3",
      out.accepted);
  auto select = db_->prepare("SELECT held_until, quota_left FROM targets WHERE name = ?1");
  select.bind(1, target);
  if (!select.step()) return out;
  if (!select.is_null(0)) out.held_until = Time{Duration{select.integer(0)}};
  if (!select.is_null(1)) out.quota_left = select.integer(1);
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

std::vector<Case> Outbox::closed_cases(std::size_t limit) {
  auto select = db_->prepare(
      "SELECT json FROM cases JOIN incidents ON id = incident WHERE incidents.closed = 1 "
      "ORDER BY last_at DESC LIMIT ?1");
  select.bind(1, static_cast<std::int64_t>(limit));
  std::vector<Case> out;
  while (select.step())
    if (auto one = decode_case(select.text(0))) out.push_back(std::move(*one));
  return out;
}

std::string Outbox::incident_of_delivery(const std::string& delivery_id) {
  auto select = db_->prepare("SELECT incident FROM outbox WHERE delivery_id = ?1");
  select.bind(1, delivery_id);
  return select.step() ? select.text(0) : std::string();
}

std::vector<std::pair<Receipt, bool>> Outbox::receipts() {
  auto select = db_->prepare(
      "SELECT target, incident, delivery_id, receipt, state, event, "
      "incident IN (SELECT id FROM incidents WHERE closed = 0) AS open FROM outbox "
      "WHERE receipt <> '' AND action = 'trigger' "
      "AND (open OR incident IN (SELECT incident FROM outbox WHERE finished IS NULL)) ORDER BY "
      "seq");
  std::vector<std::pair<Receipt, bool>> out;
  while (select.step()) {
    Receipt one{select.text(0), select.text(1), select.text(2), select.text(3),
                select.text(4) == to_string(RowState::seen)};
    const bool open = one.seen || select.text(4) == to_string(RowState::accepted);
    const bool rings = select.text(5) != to_string(IncidentEventKind::cool);
    out.emplace_back(std::move(one), open && rings && select.integer(6) != 0);
  }
  return out;
}

int Outbox::prune(Time until, Time sends) {
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
  auto attempts = db_->prepare("DELETE FROM sends WHERE at < ?1");
  attempts.bind(1, ticks(sends)).run();
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
