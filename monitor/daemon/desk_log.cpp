#include "monitor/daemon/desk_log.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sqlite3.h>

#include <bit>
#include <cstring>
#include <iterator>
#include <optional>

#include "monitor/archive.hpp"
#include "monitor/daemon/set_aside.hpp"
#include "monitor/pool.hpp"

namespace brandwacht::daemon {
namespace {

constexpr std::int64_t kSchema = 1;
// Of desk::Case as it lies in memory; its size is part of it.
constexpr std::int64_t kCaseForm = 1'000'000 + static_cast<std::int64_t>(sizeof(desk::Case));

std::int64_t micros(Time time) {
  return time.time_since_epoch().count();
}
Time time(std::int64_t value) {
  return Time{Duration{value}};
}

std::string to_hex(std::string_view bytes) {
  std::string out;
  out.reserve(2 * bytes.size());
  for (const char byte : bytes)
    fmt::format_to(std::back_inserter(out), "{:02x}", static_cast<unsigned char>(byte));
  return out;
}

std::optional<std::string> from_hex(std::string_view hex) {
  const auto digit = [](char c) -> int {
    if (c >= '0' && c <= '9') return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  };
  if (hex.size() % 2 != 0) return std::nullopt;
  std::string out;
  out.reserve(hex.size() / 2);
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const int high = digit(hex[i]), low = digit(hex[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(16 * high + low);
  }
  return out;
}

std::string to_hex(const desk::Case& one) {
  return to_hex(std::string_view(reinterpret_cast<const char*>(&one), sizeof one));
}

std::optional<desk::Case> case_of(std::string_view hex) {
  const auto bytes = from_hex(hex);
  if (!bytes || bytes->size() != sizeof(desk::Case)) return std::nullopt;
  desk::Case out;
  std::memcpy(static_cast<void*>(&out), bytes->data(), sizeof out);
  return out;
}

std::string to_hex(const StoredMemory& memory) {
  ArchiveWriter out;
  out.put(std::uint64_t{memory.brands.size()});
  for (const std::string& brand : memory.brands)
    out.put_text(brand);
  out.put_text(memory.bytes);
  return to_hex(out.take());
}

}  // namespace

DeskStore::DeskStore(const std::filesystem::path& file) : db_(file) {
  if (db_.user_version() > kSchema)
    throw DatabaseError(
        0, file.string() + " was written by a newer brandwacht; this one cannot read it");
  db_.execute(R"(
    CREATE TABLE IF NOT EXISTS log(
      seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, brand TEXT NOT NULL, incident TEXT NOT NULL,
      text TEXT NOT NULL, thread INTEGER NOT NULL, span INTEGER NOT NULL, due INTEGER NOT NULL, count INTEGER NOT NULL,
      tier INTEGER NOT NULL);
    CREATE INDEX IF NOT EXISTS log_at ON log(at);
    CREATE TABLE IF NOT EXISTS cases(
      thread INTEGER PRIMARY KEY, brand TEXT NOT NULL, touched INTEGER NOT NULL, form INTEGER NOT NULL, data TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS memory(one INTEGER PRIMARY KEY CHECK(one = 1), data TEXT NOT NULL);)");
  db_.set_user_version(kSchema);
}

void DeskStore::write(const std::vector<desk::LogRow>& rows, const std::vector<StoredCase>& cases,
                      const std::optional<StoredMemory>& memory) {
  Transaction transaction(db_);
  auto insert = db_.prepare(
      "INSERT INTO log(at,kind,brand,incident,text,thread,span,due,count,tier) "
      "VALUES(?,?,?,?,?,?,?,?,?,?)");
  for (const desk::LogRow& row : rows) {
    insert.bind(1, micros(row.at)).bind(2, std::string_view(row.kind));
    insert.bind(3, std::string_view(row.brand)).bind(4, std::string_view(row.incident));
    insert.bind(5, std::string_view(row.text)).bind(6, std::bit_cast<std::int64_t>(row.thread));
    insert.bind(7, std::int64_t{row.span.count()}).bind(8, micros(row.due));
    insert.bind(9, std::int64_t{row.count}).bind(10, std::int64_t{row.tier}).run();
  }
  auto put = db_.prepare(
      "INSERT INTO cases(thread,brand,touched,form,data) VALUES(?,?,?,?,?) ON CONFLICT(thread) DO "
      "UPDATE SET brand=excluded.brand, touched=excluded.touched, form=excluded.form, "
      "data=excluded.data");
  for (const StoredCase& stored : cases) {
    const std::string data = to_hex(stored.one);
    put.bind(1, std::bit_cast<std::int64_t>(stored.one.thread))
        .bind(2, std::string_view(stored.brand));
    put.bind(3, micros(stored.one.touched_at)).bind(4, kCaseForm);
    put.bind(5, std::string_view(data)).run();
  }
  if (memory) {
    const std::string data = to_hex(*memory);
    db_.prepare("INSERT OR REPLACE INTO memory(one,data) VALUES(1,?)")
        .bind(1, std::string_view(data))
        .run();
  }
  transaction.commit();
}

void DeskStore::check() {
  auto result = db_.prepare("PRAGMA quick_check(1)");
  if (result.step() && result.text(0) != "ok") throw DatabaseError(SQLITE_CORRUPT, result.text(0));
}

void DeskStore::prune(Time log, Time cases) {
  db_.prepare("DELETE FROM log WHERE at < ?").bind(1, micros(log)).run();
  db_.prepare("DELETE FROM cases WHERE touched < ?").bind(1, micros(cases)).run();
}

std::vector<desk::LogRow> DeskStore::rows(Time from, Time to) {
  auto found = db_.prepare(
      "SELECT at,kind,brand,incident,text,thread,span,due,count,tier FROM log WHERE at>=? AND at<? "
      "ORDER BY at,seq");
  found.bind(1, micros(from)).bind(2, micros(to));
  std::vector<desk::LogRow> out;
  while (found.step()) {
    desk::LogRow& row = out.emplace_back();
    row.at = time(found.integer(0));
    row.kind = found.text(1);
    row.brand = found.text(2);
    row.incident = found.text(3);
    row.text = found.text(4);
    row.thread = std::bit_cast<std::uint64_t>(found.integer(5));
    row.span = Duration{found.integer(6)};
    row.due = time(found.integer(7));
    row.count = static_cast<std::int32_t>(found.integer(8));
    row.tier = static_cast<std::int32_t>(found.integer(9));
  }
  return out;
}

std::vector<StoredCase> DeskStore::cases() {
  auto found = db_.prepare("SELECT brand,data FROM cases WHERE form=? ORDER BY touched,thread");
  found.bind(1, kCaseForm);
  std::vector<StoredCase> out;
  while (found.step())
    if (const auto one = case_of(found.text(1))) out.push_back({found.text(0), *one});
  return out;
}

std::optional<StoredMemory> DeskStore::memory() {
  auto found = db_.prepare("SELECT data FROM memory");
  const auto bytes = found.step() ? from_hex(found.text(0)) : std::nullopt;
  if (!bytes) return std::nullopt;
  StoredMemory out;
  try {
    ArchiveReader in(*bytes);
    for (auto left = in.count(sizeof(std::uint64_t)); left > 0; --left)
      out.brands.emplace_back(in.get_text());
    out.bytes = in.get_text();
  } catch (const ArchiveError&) {
    return std::nullopt;
  }
  return out;
}

std::shared_ptr<DeskStore> open_desk_store(const std::filesystem::path& file, Time now) {
  return open_or_set_aside<DeskStore>(file, now, "the desk's log");
}

boost::asio::awaitable<void> DeskLog::flush() {
  if (rows_.empty() && cases_.empty() && !memory_) co_return;
  auto rows = std::make_shared<std::vector<desk::LogRow>>(std::exchange(rows_, {}));
  auto cases = std::make_shared<std::vector<StoredCase>>(std::exchange(cases_, {}));
  auto memory = std::make_shared<std::optional<StoredMemory>>(std::exchange(memory_, std::nullopt));
  auto work = [store = store_, rows, cases, memory]() -> std::string {
    try {
      store->write(*rows, *cases, *memory);
      return {};
    } catch (const DatabaseError& error) {
      return error.what();
    }
  };
  std::string problem = co_await on_pool(pool_, std::move(work));
  if (problem.empty()) {
    if (!failed_.empty()) spdlog::info("the desk's log can be written again");
    failed_.clear();
    co_return;
  }
  if (failed_.empty())
    spdlog::error("the desk's log cannot be written, so the weekly report may lack it: {}",
                  problem);
  failed_ = std::move(problem);
  const auto put_back = [this](auto& failed, auto& later) {
    failed.insert(failed.end(), std::make_move_iterator(later.begin()),
                  std::make_move_iterator(later.end()));
    if (failed.size() > kMost) {
      dropped_ += failed.size() - kMost;
      failed.erase(failed.begin(), failed.end() - static_cast<std::ptrdiff_t>(kMost));
    }
    later = std::move(failed);
  };
  put_back(*rows, rows_);
  put_back(*cases, cases_);
  if (!memory_) memory_ = std::move(*memory);
}

boost::asio::awaitable<void> DeskLog::prune(Time log, Time cases) {
  auto work = [store = store_, log, cases] {
    try {
      store->prune(log, cases);
    } catch (const DatabaseError& error) {
      spdlog::warn("old rows of the desk's log cannot be removed: {}", error.what());
    }
  };
  co_await on_pool(pool_, std::move(work));
}

}  // namespace brandwacht::daemon
