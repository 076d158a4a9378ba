// What one transaction does with the outbox's tables. Internal to alerting/outbox.cpp.
#pragma once
#include <cstdint>
#include <vector>

#include "alerting/outbox.hpp"

namespace brandwacht::alerting {

// Prepared once for a transaction, which is the caller's.
class OutboxWriter {
 public:
  explicit OutboxWriter(Database& db);
  // For each row: its seq, or 0 where this delivery was stored before.
  std::vector<std::int64_t> put(const Write& write);

 private:
  void put_marks(const std::vector<Mark>& marks);

  Database& db_;
  Statement incident_, row_, mark_, sent_, position_;
};

}  // namespace brandwacht::alerting
