#include "alerting/store.hpp"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <boost/system/system_error.hpp>
#include <exception>
#include <iterator>
#include <mutex>
#include <utility>

#include "monitor/pool.hpp"

namespace brandwacht::alerting {
namespace asio = boost::asio;

namespace {

constexpr Duration kLogEvery = std::chrono::minutes{1};
constexpr Duration kPruneEvery = std::chrono::hours{1};
constexpr Duration kKeepSends = std::chrono::hours{25};  // the longest window of a vendor is a day

// What an operator did wrong must be said at the start; a disk that is full now may have room
// later.
bool operators_fault(const std::filesystem::path& file, const DatabaseError& error) {
  if (error.full()) return false;
  const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
  if (::access(folder.c_str(), W_OK | X_OK) != 0) return true;
  if (::access(file.c_str(), F_OK) == 0 && ::access(file.c_str(), R_OK | W_OK) != 0) return true;
  return std::string_view(error.what()).find("newer version") != std::string_view::npos;
}

}  // namespace

struct Store::Disk {
  using Seqs = std::vector<std::vector<std::int64_t>>;
  struct Ticket {
    std::shared_ptr<const Write> write;
    bool done = false;  // the rest: of the pool's thread
    std::vector<std::int64_t> seqs;
    std::exception_ptr failure;
  };

  std::filesystem::path file;
  std::unique_ptr<Outbox> outbox;

  Outbox& open(Time now) {
    if (!outbox) outbox = std::make_unique<Outbox>(file, now);
    return *outbox;
  }

  // A file that turns out to be damaged while we run is set aside like one found at the start.
  Seqs apply(const std::vector<const Write*>& writes, Time now) {
    try {
      return open(now).apply_all(writes);
    } catch (const DatabaseError& error) {
      if (!outbox || !beyond_use(file, error)) throw;
      outbox->start_anew(now);
      return outbox->apply_all(writes);
    }
  }

  // What came while the disk was busy goes into one transaction: many receivers at once cost one
  // fdatasync, not one each. The first to get here does it for all; the others find it done.
  std::vector<std::int64_t> settle(Ticket& ticket, Time now) {
    if (!ticket.done) {
      std::vector<std::shared_ptr<Ticket>> all;
      {
        const std::lock_guard lock(mutex);
        all.swap(waiting);
      }
      settle(all, now);
    }
    if (ticket.failure) std::rethrow_exception(ticket.failure);
    return std::move(ticket.seqs);
  }

  void settle(const std::vector<std::shared_ptr<Ticket>>& all, Time now) {
    std::vector<const Write*> writes;
    for (const auto& one : all)
      writes.push_back(one->write.get());
    Seqs seqs(all.size());
    std::exception_ptr failure;
    try {
      seqs = apply(writes, now);
    } catch (...) {
      failure = std::current_exception();
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
      all[i]->done = true;
      all[i]->seqs = std::move(seqs[i]);
      all[i]->failure = failure;
    }
  }

  std::mutex mutex;  // of `waiting`, which the line's thread fills
  std::vector<std::shared_ptr<Ticket>> waiting;
};

Store::Store(StoreSettings settings, asio::thread_pool& pool, Clock& clock)
    : settings_(std::move(settings)), pool_(pool), clock_(clock), disk_(std::make_shared<Disk>()) {
  disk_->file = settings_.file;
  try {
    disk_->open(clock_.now());
  } catch (const DatabaseError& error) {
    if (operators_fault(settings_.file, error)) throw;
    failed(error.what());
  }
}

void Store::failed(const std::string& why) {
  ++failures_;
  degraded_ = true;
  last_failure_ = why;
  const auto now = clock_.steady();
  if (logged_ && now - *logged_ < kLogEvery) return;
  logged_ = now;
  spdlog::critical("store: {}; pages go out from memory and would be lost in a crash", why);
}

asio::awaitable<Store::Result> Store::commit(std::shared_ptr<const Write> write) {
  auto ticket = std::make_shared<Disk::Ticket>();
  ticket->write = std::move(write);
  {
    const std::lock_guard lock(disk_->mutex);
    disk_->waiting.push_back(ticket);
  }
  auto job = [disk = disk_, ticket, now = clock_.now()] { return disk->settle(*ticket, now); };
  try {
    auto run = on_pool(pool_, std::move(job));
    auto seqs = co_await std::move(run);
    co_return seqs;
  } catch (const boost::system::system_error&) {
    throw;  // cancelled
  } catch (const std::exception& error) {
    failed(error.what());
  }
  co_return std::nullopt;
}

asio::awaitable<Store::Result> Store::write(Write write) {
  // Order matters: what follows something that waits has to wait too.
  if (degraded_) {
    later(std::move(write));
    co_await flush();
    co_return std::nullopt;
  }
  auto shared = std::make_shared<const Write>(std::move(write));
  auto result = co_await commit(shared);
  if (!result) later(*shared);
  co_return result;
}

void Store::later(Write write) {
  const auto append = [](auto& to, auto& from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  };
  append(backlog_.incidents, write.incidents);
  append(backlog_.rows, write.rows);
  append(backlog_.marks, write.marks);
  append(backlog_.cases, write.cases);
  append(backlog_.silences, write.silences);
  append(backlog_.sightings, write.sightings);
  append(backlog_.targets, write.targets);
  for (auto& [source, cursor] : write.positions)
    backlog_.positions[source] = std::move(cursor);
  // A mark costs little and there is a handful per row; the snapshots are what fills memory.
  const auto trim = [this](auto& list, std::size_t limit) {
    if (list.size() <= limit) return;
    const auto over = list.size() - limit;
    not_stored_ += over;
    list.erase(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(over));
  };
  trim(backlog_.incidents, settings_.backlog);
  trim(backlog_.rows, settings_.backlog);
  trim(backlog_.marks, settings_.backlog * 16);
  trim(backlog_.cases, settings_.backlog * 16);
  trim(backlog_.silences, settings_.backlog);
  trim(backlog_.sightings, settings_.backlog);
  trim(backlog_.targets, settings_.backlog);
}

asio::awaitable<void> Store::flush() {
  if (flushing_ || !degraded_) co_return;
  flushing_ = true;
  auto shared = std::make_shared<const Write>(std::exchange(backlog_, Write{}));
  Result result;
  std::exception_ptr cancelled;
  try {
    result = co_await commit(shared);
  } catch (...) {
    cancelled = std::current_exception();
  }
  flushing_ = false;
  if (!result) {  // put it back before what came meanwhile
    Write newer = std::exchange(backlog_, *shared);
    later(std::move(newer));
    if (cancelled) std::rethrow_exception(cancelled);
    co_return;
  }
  if (!backlog_.empty()) co_return;  // next time; still degraded until nothing waits
  degraded_ = false;
  logged_.reset();
  spdlog::warn("store: works again; what waited in memory is stored");
}

// A question to the disk, on the pool; nothing while degraded or when it fails. `job` holds its
// arguments by value.
template <class Job>
auto Store::ask(Job job) -> asio::awaitable<std::invoke_result_t<Job, Outbox&>> {
  std::invoke_result_t<Job, Outbox&> out{};
  if (degraded_) co_return out;
  auto on_disk = [disk = disk_, job = std::move(job), now = clock_.now()] {
    return job(disk->open(now));
  };
  try {
    auto run = on_pool(pool_, std::move(on_disk));
    out = co_await std::move(run);
  } catch (const DatabaseError& error) {
    failed(error.what());
  }
  co_return out;
}

asio::awaitable<std::vector<OutboxRow>> Store::pending(std::string target, std::int64_t after,
                                                       std::size_t limit) {
  return ask([target = std::move(target), after, limit](Outbox& outbox) {
    return outbox.pending(target, after, limit);
  });
}

asio::awaitable<TargetHistory> Store::history(std::string target, Time since) {
  return ask([target = std::move(target), since](Outbox& outbox) {
    return outbox.history(target, since);
  });
}

asio::awaitable<std::string> Store::incident_of_delivery(std::string delivery_id) {
  return ask(
      [id = std::move(delivery_id)](Outbox& outbox) { return outbox.incident_of_delivery(id); });
}

asio::awaitable<void> Store::erase_evidence(std::function<bool(const Evidence&)> gone) {
  for (auto& row : backlog_.incidents)
    std::erase_if(row.event.incident.evidence, gone);
  auto job = [disk = disk_, gone = std::move(gone), now = clock_.now()] {
    return disk->open(now).erase_evidence(gone);
  };
  try {
    auto run = on_pool(pool_, std::move(job));
    co_await std::move(run);
  } catch (const DatabaseError& error) {
    failed(error.what());
  }
}

asio::awaitable<void> Store::prune() {
  auto job = [disk = disk_, now = clock_.now(), keep = settings_.keep] {
    return disk->open(now).prune(now - keep, now - kKeepSends);
  };
  try {
    auto run = on_pool(pool_, std::move(job));
    const int count = co_await std::move(run);
    if (count > 0) spdlog::info("store: pruned {} rows", count);
  } catch (const DatabaseError& error) {
    failed(error.what());
  }
}

asio::awaitable<void> Store::run() {
  auto prune_at = clock_.steady();
  for (;;) {
    co_await flush();
    if (!degraded_ && clock_.steady() >= prune_at) {
      co_await prune();
      prune_at = clock_.steady() + kPruneEvery;
    }
    co_await clock_.sleep_for(settings_.retry_every);
  }
}

// SQLite finds some damage only when it reads: the file is then set aside like one found damaged at
// the opening, and the question asked again.
template <class Job>
auto Store::ask_now(Job job) -> std::invoke_result_t<Job, Outbox&> {
  if (!disk_->outbox) return {};
  try {
    try {
      return job(*disk_->outbox);
    } catch (const DatabaseError& error) {
      if (!beyond_use(disk_->file, error)) throw;
      disk_->outbox->start_anew(clock_.now());
      return job(*disk_->outbox);
    }
  } catch (const DatabaseError& error) {
    failed(error.what());
  }
  return {};
}

std::vector<StoredIncident> Store::open_incidents() {
  return ask_now([](Outbox& outbox) { return outbox.open_incidents(); });
}

std::map<std::string, std::string> Store::positions() {
  return ask_now([](Outbox& outbox) { return outbox.positions(); });
}

std::vector<OutboxRow> Store::pending_now(const std::string& target, std::size_t limit) {
  return ask_now([&](Outbox& outbox) { return outbox.pending(target, 0, limit); });
}

int Store::doubt_now(const std::vector<std::string>& at_once) {
  return ask_now([&](Outbox& outbox) { return outbox.doubt(clock_.now(), at_once); });
}

TargetHistory Store::history_now(const std::string& target, Time since) {
  return ask_now([&](Outbox& outbox) { return outbox.history(target, since); });
}

std::vector<OutboxRow> Store::orphans_now(const std::vector<std::string>& known) {
  return ask_now([&](Outbox& outbox) { return outbox.orphans(known); });
}

std::vector<std::pair<Receipt, bool>> Store::receipts_now() {
  return ask_now([](Outbox& outbox) { return outbox.receipts(); });
}

std::vector<Silence> Store::silences_now() {
  return ask_now([now = clock_.now()](Outbox& outbox) { return outbox.silences(now); });
}

std::vector<Case> Store::closed_cases_now(std::size_t limit) {
  return ask_now([=](Outbox& outbox) { return outbox.closed_cases(limit); });
}

bool Store::write_now(const Write& write) {
  try {
    disk_->apply({&write}, clock_.now());
    return true;
  } catch (const DatabaseError& error) {
    failed(error.what());
    later(write);
    return false;
  }
}

}  // namespace brandwacht::alerting
