// A source of mentions. One implementation per platform, each a row in connectors/table.cpp.
#pragma once
#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/reader.hpp"
#include "monitor/clock.hpp"
#include "monitor/sink.hpp"

namespace brandwacht::connectors {

// What a connector counts; plain numbers, written on the line's thread and read there at a scrape.
struct ConnectorStats {
  std::uint64_t events = 0;       // well-formed events read, mentions or not
  std::uint64_t bytes = 0;        // as received
  std::uint64_t connects = 0;     // successful
  std::uint64_t failures = 0;     // of connections, any reason
  std::uint64_t undecodable = 0;  // frames that could not be decompressed
  bool connected = false;
  Time last_event{};    // by our clock; default: none yet
  Time last_created{};  // by the platform's clock: the source's lag is last_event - last_created
  std::string last_failure;  // one sentence
};

// What the daemon lends to a connector; outlives it.
struct ConnectorContext {
  boost::asio::any_io_executor executor;
  boost::asio::thread_pool& pool;
  Clock& clock;
  std::string user_agent;
};

class Connector {
 public:
  virtual ~Connector() = default;
  virtual const std::string& name()
      const = 0;  // from the configuration, unique; the key of its cursor
  // Reads until its input ends or it is cancelled (then throws operation_aborted). Faults of the
  // network or of the input are retried or counted inside, never thrown. `cursor` is what it last
  // gave to MentionSink::position and what the store kept; empty: none. A connector that reads a
  // finite input returns at its end.
  virtual boost::asio::awaitable<void> run(MentionSink& sink, std::string cursor) = 0;
  virtual const ConnectorStats& stats() const = 0;
  virtual bool finite() const { return false; }
};

// A connector as configured, before anything is opened.
struct ConnectorSpec {
  std::string name, type;
  std::function<std::unique_ptr<Connector>(ConnectorContext)> make;
};

// Reads every [[source]] of the configuration: `type` picks the row of the table, which reads the
// rest.
std::vector<ConnectorSpec> read_sources(config::Section& root);

}  // namespace brandwacht::connectors
