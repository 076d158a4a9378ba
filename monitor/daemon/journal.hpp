// What the line has learnt, and how far each source was read, in one transaction: after a crash the
// daemon knows the same threads and reads on from the same place. Redacted text only; a delete
// erases it here too.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "monitor/database.hpp"
#include "monitor/event.hpp"
#include "monitor/line/line.hpp"

namespace brandwacht::daemon {

// A Learnt that owns its strings.
struct Entry {
  MentionKind kind = MentionKind::create;
  thread::Observation observation;
  std::string brand, platform, root_id;
  Evidence post;

  Entry() = default;
  explicit Entry(const line::Learnt& learnt);
  line::Learnt view() const;
};

// The table itself. Blocking; for the store's pool thread.
class JournalStore {
 public:
  explicit JournalStore(const std::filesystem::path& file);

  void write(const std::vector<Entry>& entries, const std::map<std::string, std::string>& cursors);
  void check();             // throws DatabaseError when the file is damaged
  void prune(Time before);  // forgets what arrived before
  // In the order in which it was learnt.
  void read(const std::function<void(const Entry&)>& each);
  std::map<std::string, std::string> cursors();

 private:
  Database db_;
};

// Opens the journal. A damaged file is set aside as <file>.corrupt-<time>, loudly, and a new one is
// begun: threads that were live are forgotten, pages are not (they stand in the outbox). Throws
// DatabaseError for the rest.
std::shared_ptr<JournalStore> open_journal(const std::filesystem::path& file, Time now);

// Collects on the line, writes on the pool.
class Journal {
 public:
  static constexpr std::size_t kHighWater = 50'000;  // entries not yet stored: sources wait

  Journal(boost::asio::any_io_executor executor, std::shared_ptr<JournalStore> store,
          boost::asio::thread_pool& pool)
      : store_(std::move(store)), pool_(pool), written_(executor) {}

  void learnt(const line::Learnt& learnt) {
    entries_.emplace_back(learnt);
    ++learnt_;
  }
  void position(std::string_view source, std::string_view cursor) {
    cursors_[std::string(source)] = cursor;
    moved_ = true;
  }
  bool dirty() const { return !entries_.empty() || moved_; }
  // Not while the store fails: then the daemon goes on from memory instead of going blind.
  bool full() const { return failed_.empty() && entries_.size() >= kHighWater; }

  // Stores what was collected until now. On failure it is kept for the next call (up to twice
  // kHighWater; then the oldest are dropped and counted) and failed() tells why.
  boost::asio::awaitable<void> flush();
  // Waits until all that was learnt before the call is stored. False: it cannot be stored now.
  boost::asio::awaitable<bool> settled();
  boost::asio::awaitable<void> prune(Time before);

  const std::string& failed() const { return failed_; }  // empty: the last write went well
  std::string cursor(const std::string& source) const;   // the last that was given; empty: none
  std::uint64_t stored() const { return stored_; }
  std::uint64_t dropped() const { return dropped_; }

 private:
  std::shared_ptr<JournalStore> store_;
  boost::asio::thread_pool& pool_;
  std::vector<Entry> entries_;
  std::map<std::string, std::string> cursors_;
  bool moved_ = false;
  Event written_;  // after each write, good or bad
  std::string failed_;
  std::uint64_t learnt_ = 0, stored_ = 0, dropped_ = 0;
};

}  // namespace brandwacht::daemon
