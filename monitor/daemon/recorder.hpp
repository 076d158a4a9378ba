// Writes the recording behind the line: collects there, and writes what came in 100 ms as one frame
// on a pool thread of its own, so that neither a slow disk nor a compaction holds up a page.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "monitor/daemon/recording_settings.hpp"
#include "monitor/line/judged.hpp"
#include "monitor/replay/recorded.hpp"
#include "monitor/replay/recording.hpp"

namespace brandwacht::daemon {

class Recorder {
 public:
  // Beyond this the oldest are dropped and counted: a disk that fails does not fill the memory.
  static constexpr std::size_t kMost = 100'000;

  // A recording that cannot be opened is said loudly and in failed(); the daemon goes on without.
  Recorder(const RecordingOptions& options, const std::filesystem::path& data_dir,
           boost::asio::thread_pool& pool, Time now);

  void judged(const line::Judged& judged);  // on the line: a copy
  // Stores what was collected. On failure it is kept for the next call. Returns at once while a
  // maintenance is on its way.
  boost::asio::awaitable<void> flush(Time now);
  // What other processes asked to be erased, at once; and each hour what maintain() does.
  boost::asio::awaitable<void> maintain(Time now);
  // Waits for a maintenance, then stores what is left.
  boost::asio::awaitable<void> finish(Time now);

  const std::string& failed() const { return failed_; }  // empty: the last write went well
  std::size_t waiting() const { return waiting_.size(); }
  std::uint64_t stored() const { return stored_; }
  std::uint64_t dropped() const { return dropped_; }
  std::uint64_t erased() const { return erased_; }
  std::uint64_t torn() const { return torn_; }

 private:
  boost::asio::awaitable<void> write(Time now);

  std::shared_ptr<replay::Recording> recording_;  // null: it could not be opened
  boost::asio::thread_pool& pool_;
  std::vector<replay::Kept> waiting_;
  std::string failed_;
  Time maintained_at_{};
  bool busy_ = false;
  std::uint64_t stored_ = 0, dropped_ = 0, erased_ = 0, torn_ = 0;
};

}  // namespace brandwacht::daemon
