// The configuration read again while the daemon runs: by SIGHUP, POST /api/reload, `brandwacht
// reload`. One at a time; whoever asks while one is under way gets the next one, which is then the
// only one, however many asked. A bad file changes nothing.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "monitor/clock.hpp"
#include "monitor/daemon/settings.hpp"
#include "monitor/event.hpp"

namespace brandwacht::daemon {

// What became of one.
struct Reloaded {
  bool good = false;
  std::vector<std::string> problems;       // with their positions; of a good one, its warnings
  std::vector<std::string> needs_restart;  // what changed and is not in force: "listen of [daemon]"
};

struct ReloadStats {
  bool last_good = true;  // the start counts as one
  Time last_good_at{};
  std::uint64_t good = 0, refused = 0;
};

class Reloads {
 public:
  using Once = std::function<boost::asio::awaitable<Reloaded>()>;

  Reloads(boost::asio::any_io_executor executor, Clock& clock, Once once);

  void ask();                                       // and do not wait
  boost::asio::awaitable<Reloaded> ask_and_wait();  // what became of the one that was asked for
  boost::asio::awaitable<void> run();               // carries them out, until cancelled
  const ReloadStats& stats() const noexcept { return stats_; }

 private:
  Clock& clock_;
  Once once_;
  Event asked_, done_;
  std::uint64_t wanted_ = 0, finished_ = 0;
  Reloaded last_;
  ReloadStats stats_;
};

// What differs between the two and cannot be changed while the daemon runs.
std::vector<std::string> needs_restart(const Settings& old, const Settings& fresh);
// Both decide by the same model. Thresholds belong to theirs: those of another are not taken.
bool same_model(const Settings& old, const Settings& fresh);

}  // namespace brandwacht::daemon
