#include "alerting/inbound_store.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "alerting/signature.hpp"

namespace brandwacht::alerting {
namespace {

constexpr std::int64_t kVersion = 1;
constexpr std::string_view kSchema = R"sql(
CREATE TABLE links(nonce TEXT PRIMARY KEY, who TEXT NOT NULL, at INTEGER NOT NULL);
CREATE TABLE events(number TEXT PRIMARY KEY, at INTEGER NOT NULL);
)sql";

std::int64_t ticks(Time time) {
  return time.time_since_epoch().count();
}

}  // namespace

InboundStore::InboundStore(const std::filesystem::path& file, Time now) {
  try {
    open(file);
    return;
  } catch (const DatabaseError& error) {
    db_.reset();
    if (!error.corrupt()) throw;
    spdlog::critical("inbound: {}", error.what());
  }
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  const auto aside = fmt::format("{}.corrupt-{}", file.string(), seconds);
  for (const char* suffix : {"", "-wal", "-shm"}) {
    std::error_code ignored;  // the last two need not exist
    std::filesystem::rename(file.string() + suffix, aside + suffix, ignored);
  }
  spdlog::critical(
      "inbound: {} was damaged and is kept as {}; links that were used before can be "
      "used once more",
      file.string(), aside);
  open(file);
}

void InboundStore::open(const std::filesystem::path& file) {
  db_ = std::make_unique<Database>(file);
  const auto version = db_->user_version();
  if (version == 0) {
    Transaction transaction(*db_);
    db_->execute(kSchema);
    db_->set_user_version(kVersion);
    transaction.commit();
  } else if (version != kVersion) {
    throw DatabaseError(1, fmt::format("{} was written by a newer version; install that or move "
                                       "the file away",
                                       file.string()));
  }
}

std::optional<LinkUse> InboundStore::used(std::string_view nonce) {
  auto select = db_->prepare("SELECT who, at FROM links WHERE nonce = ?1");
  select.bind(1, to_hex(nonce));
  if (!select.step()) return {};
  return LinkUse{select.text(0), Time{Duration{select.integer(1)}}};
}

void InboundStore::use(std::string_view nonce, const LinkUse& use) {
  auto insert = db_->prepare("INSERT OR IGNORE INTO links(nonce, who, at) VALUES (?1, ?2, ?3)");
  insert.bind(1, to_hex(nonce)).bind(2, use.who).bind(3, ticks(use.at)).run();
}

bool InboundStore::first_time(std::string_view number, Time now) {
  auto insert = db_->prepare("INSERT OR IGNORE INTO events(number, at) VALUES (?1, ?2)");
  // Hashed: a number comes from outside and may be long.
  insert.bind(1, to_hex(sha256(number))).bind(2, ticks(now)).run();
  return db_->changes() > 0;
}

void InboundStore::forget(std::string_view number) {
  auto remove = db_->prepare("DELETE FROM events WHERE number = ?1");
  remove.bind(1, to_hex(sha256(number))).run();
}

void InboundStore::prune(Time until) {
  for (const char* sql : {"DELETE FROM links WHERE at < ?1", "DELETE FROM events WHERE at < ?1"}) {
    auto remove = db_->prepare(sql);
    remove.bind(1, ticks(until)).run();
  }
}

}  // namespace brandwacht::alerting
