// How the outbox's structs lie in the columns of its tables. Internal to alerting/outbox.cpp.
#pragma once
#include <cstdint>
#include <string_view>

#include "alerting/outbox.hpp"

namespace brandwacht::alerting {

// What the readers expect, in this order.
inline constexpr std::string_view kRowColumns =
    "seq, delivery_id, dedup_key, target, action, event, at, payload, attempts, next_due, created, "
    "incident, note, state, cuts, begun, tried, progress";
inline constexpr std::string_view kRowColumnsOfFirst =  // of a file with schema 1
    "seq, delivery_id, dedup_key, target, action, event, at, payload, attempts, next_due, created, "
    "dedup_key, '', state, 0, NULL, NULL, ''";
inline constexpr std::string_view kRowColumnsOfSecond =
    "seq, delivery_id, dedup_key, target, action, event, at, payload, attempts, next_due, created, "
    "incident, note, state, 0, begun, NULL, ''";
inline constexpr std::string_view kIncidentColumns =
    "id, snapshot, last_event, last_at, decision, joiners_at_page, thread_key, episode, tier";

inline std::int64_t ticks(Time time) {
  return time.time_since_epoch().count();
}

// A snapshot that was damaged on the disk becomes the bare id with a title that says so: the page
// still goes out.
OutboxRow read_row(const Statement& row);
StoredIncident read_incident(const Statement& row);  // without `targets`

// Bind the parameters of the statements in alerting/outbox_write.cpp and run them.
void put_incident(Statement& insert, const IncidentRow& row);
std::int64_t put_row(Statement& insert, const OutboxRow& row);  // the new seq; 0: was there before
void put_mark(Statement& update, const Mark& mark);
void put_targets(Database& db, const std::vector<TargetMark>& targets);
// Cases, silences and sightings.
void put_people(Database& db, const Write& write);

}  // namespace brandwacht::alerting
