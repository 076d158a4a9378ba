// One NDJSON source under a manual clock.
#pragma once
#include <boost/asio/io_context.hpp>

#include "connectors/ndjson.hpp"
#include "monitor/task_group.hpp"
#include "tests/connectors/support.hpp"

namespace brandwacht::connectors {

class NdjsonSource {
 public:
  explicit NdjsonSource(NdjsonSettings settings, std::string cursor = {})
      : ndjson_("invented", std::move(settings),
                ConnectorContext{io.get_executor(), pool_, clock, "test"}) {
    tasks_.spawn("source", ndjson_.run(sink, std::move(cursor)));
    clock.settle();
  }
  ~NdjsonSource() { stop(); }

  void poll() { clock.advance(std::chrono::milliseconds{250}); }
  bool ended() const { return tasks_.size() == 0; }
  void stop() {
    tasks_.cancel();
    clock.settle();
  }
  // For input that comes through the kernel and not with the clock.
  void run_until_ended() {
    for (int i = 0; i < 1'000 && !ended(); ++i) {
      io.restart();
      io.run_for(std::chrono::milliseconds{10});
    }
  }
  const ConnectorStats& stats() const { return ndjson_.stats(); }
  bool finite() const { return ndjson_.finite(); }

  boost::asio::io_context io;
  ManualClock clock{io};
  CollectingSink sink;

 private:
  boost::asio::thread_pool pool_{1};
  Ndjson ndjson_;
  TaskGroup tasks_{io.get_executor()};
};

}  // namespace brandwacht::connectors
