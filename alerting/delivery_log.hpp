// What became of every page: the delivery log, as the outbox tells it.
#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "monitor/time.hpp"

namespace brandwacht::alerting {

enum class RowState : std::uint8_t;

struct DeliveryRecord {
  std::string delivery_id, incident, target, event;
  RowState state{};
  unsigned attempts = 0;
  Time decided{};                      // the line's decision, or the policy's step
  Time queued{};                       // committed
  std::optional<Time> begun;           // the first attempt: its first byte left
  std::optional<Time> accepted, seen;  // by the vendor, by a human
  std::string seen_by, note;
  std::string detail;  // of the last attempt that failed
};

struct DeliveryQuery {
  std::string incident, target;  // empty: any
  std::optional<RowState> state;
  std::size_t limit = 100;  // the newest come first
};

// {"delivery","incident","target","event","state","attempts","decided","begun","accepted",
//  "delay_ms":...}: delay is from the decision to the vendor's acceptance.
std::string to_json(const DeliveryRecord& record);

struct OutboxHealth {
  bool damaged = false;
  std::string verdict;                       // SQLite's, or what else is wrong; "ok"
  std::map<std::string, std::int64_t> rows;  // by state
  std::int64_t unreadable = 0;               // pages whose details cannot be read any more
  std::string quarantined;                   // where the damaged file is kept, after a repair
};

// Looks at the file; with `repair` a damaged one is set aside and what can be read of it taken
// over. Blocking. With a daemon running, look only. Throws DatabaseError where there is no such
// file.
OutboxHealth check_outbox(const std::filesystem::path& file, Time now, bool repair);

}  // namespace brandwacht::alerting
