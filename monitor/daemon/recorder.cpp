#include "monitor/daemon/recorder.hpp"

#include <spdlog/spdlog.h>

#include <exception>

#include "monitor/pool.hpp"
#include "monitor/replay/erase_request.hpp"
#include "monitor/text/scorer.hpp"

namespace brandwacht::daemon {
namespace {

constexpr Duration kMaintainEvery = std::chrono::hours{1};

struct Done {
  std::string problem;
  std::uint64_t erased = 0;
};

// On the pool.
Done keep(replay::Recording& recording, Time now, bool due) {
  Done out;
  try {
    const auto asked = replay::erase_requests(recording.directory());
    if (!asked.empty()) recording.erase_later(asked.mentions, asked.authors, now);
    if (due || !asked.empty()) out.erased = recording.maintain(now, !asked.empty()).erased;
    for (const auto& file : asked.files)
      std::filesystem::remove(file);
  } catch (const std::exception& error) {
    out.problem = error.what();
  }
  return out;
}

}  // namespace

Recorder::Recorder(const RecordingOptions& options, const std::filesystem::path& data_dir,
                   boost::asio::thread_pool& pool, Time now)
    : pool_(pool) {
  try {
    recording_ =
        std::make_shared<replay::Recording>(options.directory(data_dir), options.settings, now);
    torn_ = recording_->repaired().files;
  } catch (const std::exception& error) {
    failed_ = error.what();
    spdlog::error("nothing is recorded: {}", failed_);
  }
}

void Recorder::judged(const line::Judged& judged) {
  if (!recording_) return;
  if (waiting_.size() >= 2 * kMost) {  // a long maintenance is on its way
    ++dropped_;
    return;
  }
  waiting_.emplace_back(judged);
}

boost::asio::awaitable<void> Recorder::write(Time now) {
  if (waiting_.size() > kMost) {
    const std::size_t surplus = waiting_.size() - kMost;
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(surplus));
    dropped_ += surplus;
  }
  if (!recording_ || waiting_.empty()) co_return;
  auto batch = std::make_shared<std::vector<replay::Kept>>(std::move(waiting_));
  waiting_.clear();
  auto work = [recording = recording_, batch, now]() -> std::string {
    try {
      recording->append(*batch, text::scorer_version(), now);
      return {};
    } catch (const std::exception& error) {
      return error.what();
    }
  };
  std::string problem = co_await on_pool(pool_, std::move(work));
  if (problem.empty()) {
    stored_ += batch->size();
    if (!failed_.empty()) spdlog::info("the recording can be written again");
    failed_.clear();
    co_return;
  }
  if (failed_.empty()) spdlog::error("the recording cannot be written: {}", problem);
  failed_ = std::move(problem);
  // Keep the order: what failed comes first.
  batch->insert(batch->end(), std::make_move_iterator(waiting_.begin()),
                std::make_move_iterator(waiting_.end()));
  waiting_ = std::move(*batch);
}

boost::asio::awaitable<void> Recorder::flush(Time now) {
  if (busy_) co_return;
  co_await write(now);
}

boost::asio::awaitable<void> Recorder::maintain(Time now) {
  if (!recording_) co_return;
  const bool due = now - maintained_at_ >= kMaintainEvery || now < maintained_at_;
  if (due) maintained_at_ = now;
  busy_ = true;
  auto work = [recording = recording_, now, due] { return keep(*recording, now, due); };
  const Done done = co_await on_pool(pool_, std::move(work));
  busy_ = false;
  erased_ += done.erased;
  if (!done.problem.empty()) spdlog::warn("the recording was not kept in order: {}", done.problem);
}

// The pool is one thread: what is asked of it now comes behind what it does.
boost::asio::awaitable<void> Recorder::finish(Time now) {
  co_await write(now);
}

}  // namespace brandwacht::daemon
