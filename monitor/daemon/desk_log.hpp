// The desk's memory on the disk (desk.db): the log that the weekly report is made from, and the
// cases as they were last, so that a restart forgets neither a clock nor a promise. Written just
// before the journal: after a crash posts are read again from the journal's cursor, and what the
// desk knows of them already changes nothing.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "monitor/database.hpp"
#include "monitor/desk/case.hpp"
#include "monitor/desk/log.hpp"

namespace brandwacht::daemon {

// A case with the name of its brand, whose number may change with the configuration.
struct StoredCase {
  std::string brand;
  desk::Case one;
};

// What the cases do not hold (desk::Webcare::take_memory()), with the brands by their number then.
struct StoredMemory {
  std::vector<std::string> brands;
  std::string bytes;
};

// Blocking; for the store's pool thread, and for `report`.
class DeskStore {
 public:
  explicit DeskStore(const std::filesystem::path& file);

  void write(const std::vector<desk::LogRow>& rows, const std::vector<StoredCase>& cases,
             const std::optional<StoredMemory>& memory = {});
  void check();  // throws DatabaseError when the file is damaged
  // Forgets log rows before `log` and cases that nothing happened in since `cases`.
  void prune(Time log, Time cases);
  std::vector<desk::LogRow> rows(Time from, Time to);  // [from, to), in order
  // The coldest first. What another version wrote is left out.
  std::vector<StoredCase> cases();
  std::optional<StoredMemory> memory();  // nullopt: none, or not to be read

 private:
  Database db_;
};

// As open_journal(): a damaged file is set aside, loudly, and a new one is begun.
std::shared_ptr<DeskStore> open_desk_store(const std::filesystem::path& file, Time now);

// Collects on the line, writes on the pool.
class DeskLog {
 public:
  static constexpr std::size_t kMost = 100'000;  // rows that wait while the disk fails

  DeskLog(std::shared_ptr<DeskStore> store, boost::asio::thread_pool& pool)
      : store_(std::move(store)), pool_(pool) {}

  void add(desk::LogRow row) { rows_.push_back(std::move(row)); }
  void add(StoredCase one) { cases_.push_back(std::move(one)); }
  void add(StoredMemory memory) { memory_ = std::move(memory); }
  // What fails is kept for the next call; beyond kMost the oldest are dropped and counted.
  boost::asio::awaitable<void> flush();
  boost::asio::awaitable<void> prune(Time log, Time cases);

  const std::string& failed() const { return failed_; }  // empty: the last write went well
  std::uint64_t dropped() const { return dropped_; }

 private:
  std::shared_ptr<DeskStore> store_;
  boost::asio::thread_pool& pool_;
  std::vector<desk::LogRow> rows_;
  std::vector<StoredCase> cases_;
  std::optional<StoredMemory> memory_;
  std::string failed_;
  std::uint64_t dropped_ = 0;
};

}  // namespace brandwacht::daemon
