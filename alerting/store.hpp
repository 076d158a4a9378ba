// The outbox as the line sees it: nothing here blocks, and nothing here fails. While the disk
// refuses (full, broken, read-only), what should be stored waits in memory and is tried again;
// paging goes on, degraded() is true.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "alerting/outbox.hpp"
#include "monitor/clock.hpp"

namespace brandwacht::alerting {

struct StoreSettings {
  std::filesystem::path file;
  Duration retry_every = std::chrono::seconds{5};
  Duration keep = std::chrono::hours{24 * 30};  // what is over
  std::size_t backlog = 4096;  // pages that wait to be stored; older ones are then not stored
};

class Store {
 public:
  // Opens the outbox, blocking. A full or broken disk is no error here: the store begins degraded.
  // A wrong path or a file of a newer version throws DatabaseError: somebody has to look. `pool`
  // needs one thread and outlives this.
  Store(StoreSettings settings, boost::asio::thread_pool& pool, Clock& clock);

  // One transaction. For each row of `write`: its seq; 0: this delivery was stored before. Nullopt:
  // not stored yet, it will be tried again together with everything that follows.
  boost::asio::awaitable<std::optional<std::vector<std::int64_t>>> write(Write write);
  // Empty while degraded.
  boost::asio::awaitable<std::vector<OutboxRow>> pending(std::string target, std::int64_t after,
                                                         std::size_t limit);
  boost::asio::awaitable<TargetHistory> history(std::string target, Time since);
  // The incident that a delivery was about; empty: unknown, or degraded.
  boost::asio::awaitable<std::string> incident_of_delivery(std::string delivery_id);
  boost::asio::awaitable<void> erase_evidence(std::function<bool(const Evidence&)> gone);

  // Stores what waits, prunes every hour. Runs until cancelled.
  boost::asio::awaitable<void> run();
  // One try to store what waits.
  boost::asio::awaitable<void> flush();

  // For the start, blocking; empty while degraded. A file that turns out to be damaged is set
  // aside.
  std::vector<StoredIncident> open_incidents();
  std::map<std::string, std::string> positions();
  std::vector<OutboxRow> pending_now(const std::string& target, std::size_t limit);
  std::vector<OutboxRow> orphans_now(const std::vector<std::string>& known);
  bool write_now(const Write& write);
  int doubt_now(const std::vector<std::string>& at_once);
  TargetHistory history_now(const std::string& target, Time since);
  std::vector<std::pair<Receipt, bool>> receipts_now();
  std::vector<Silence> silences_now();
  std::vector<Case> closed_cases_now(std::size_t limit);

  bool degraded() const { return degraded_; }
  const std::string& last_failure() const { return last_failure_; }
  std::uint64_t failures() const { return failures_; }
  std::uint64_t not_stored() const { return not_stored_; }  // dropped from the backlog

 private:
  using Result = std::optional<std::vector<std::int64_t>>;
  boost::asio::awaitable<Result> commit(std::shared_ptr<const Write> write);
  boost::asio::awaitable<void> prune();
  template <class Job>
  auto ask(Job job) -> boost::asio::awaitable<std::invoke_result_t<Job, Outbox&>>;
  template <class Job>
  auto ask_now(Job job) -> std::invoke_result_t<Job, Outbox&>;
  void failed(const std::string& why);
  void later(Write write);

  StoreSettings settings_;
  boost::asio::thread_pool& pool_;
  Clock& clock_;
  struct Disk;                  // the outbox, or nothing where it could not be opened
  std::shared_ptr<Disk> disk_;  // touched on the pool only, once run() began
  Write backlog_;
  bool degraded_ = false, flushing_ = false;
  std::string last_failure_;
  std::uint64_t failures_ = 0, not_stored_ = 0;
  std::optional<Clock::Steady> logged_;
};

}  // namespace brandwacht::alerting
