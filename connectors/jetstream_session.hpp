// Decides how a Jetstream source behaves on the network: where to connect, from which cursor, how
// long to wait, when to change the host. No I/O and no clock: jetstream.cpp asks, acts and tells
// what came of it.
//
// Reconnecting: full-jitter backoff 0.5 to 30 s, from the start again after 60 s of health. A
// connection that was healthy is tried on the same host first; every other failure moves on to the
// next host. The cursor is inclusive and hosts differ by seconds in what they assign, so it is
// rewound 5 s on the same host and 10 s on another; what comes twice is dropped further down the
// line.
#pragma once
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "monitor/backoff.hpp"
#include "monitor/clock.hpp"
#include "monitor/http.hpp"

namespace brandwacht::connectors {

struct JetstreamSettings {
  // Scheme and host, tried in turn.
  std::vector<std::string> hosts = {
      "wss://jetstream1.us-east.bsky.network", "wss://jetstream2.us-east.bsky.network",
      "wss://jetstream1.us-west.bsky.network", "wss://jetstream2.us-west.bsky.network"};
  // What the server is to send; "app.bsky.feed.*" is a prefix. Without the posts nothing is ever
  // found.
  std::vector<std::string> collections = {"app.bsky.feed.post"};
  std::vector<std::string>
      dids;  // only these accounts; empty: everybody. Strangers' mentions are then not seen
  std::string
      dictionary;  // bytes of the zstd dictionary; empty: uncompressed, about twice the traffic
  std::string ca_file;                               // PEM; empty: the system's
  Duration idle_timeout = std::chrono::seconds{75};  // 2.5 of the server's pings
  Duration ping_every = std::chrono::seconds{30};
  // Without a single event for so long the server has lost its own source: accounts change every
  // second. Not with `dids`.
  Duration stall_timeout = std::chrono::minutes{5};

  // Not in the configuration; tests shorten them.
  BackoffSettings backoff;
  Duration healthy_after = std::chrono::seconds{60};
  Duration slow_retry =
      std::chrono::minutes{2};  // after a refusal that a quick retry will not cure
};

// The next step: wait, then connect there.
struct JetstreamAttempt {
  Duration wait{};
  std::string url;
  std::string host;  // for people
  bool compressed = false;
};

class JetstreamSession {
 public:
  static constexpr int kUndecodableLimit = 20;                   // in a row
  static constexpr Duration kLookback = std::chrono::hours{36};  // what a server keeps, by default

  // `settings` outlives the session. A cursor that is not a time in microseconds counts as none.
  JetstreamSession(const JetstreamSettings& settings, std::string_view cursor, std::uint32_t seed);

  JetstreamAttempt next();
  void opened(Time now, Clock::Steady at);
  // An event with this time was handled. A time far in the future is not taken over: as a cursor it
  // would mean "from now on" at every reconnect, and hide each gap.
  void processed(std::int64_t time_us, Time now);
  void decoded() { undecodable_ = 0; }
  // True: so many in a row that the dictionary must be the wrong one. Give the connection up; the
  // next goes without compression, which costs traffic, where going on would lose mentions.
  bool undecodable();
  // The connection could not be made, or ended. Gives one sentence for the log.
  std::string failed(const NetError& error, Clock::Steady at);

  // The time_us of the newest event handled, in decimal; empty: none yet. Not rewound: next() does
  // that.
  std::string cursor() const;
  // How far the cursor is behind; past kLookback the server silently starts later.
  Duration behind(Time now) const;

 private:
  const std::string& host() const { return settings_.hosts[host_]; }
  Duration slow_wait();
  std::string skip();

  const JetstreamSettings& settings_;
  std::minstd_rand random_;
  std::size_t host_ = 0;
  std::optional<std::size_t> cursor_host_;  // the host that the cursor's event came from
  std::optional<std::int64_t> cursor_;      // time_us
  bool estimated_ = false;                  // by our clock, before the first event
  bool rewind_ = true;
  std::optional<std::int64_t> stuck_at_;  // the cursor at the last unreadable message
  Duration skip_{};  // what was skipped last; 0: nothing since the cursor moved
  bool sent_cursor_ = false;
  bool compressed_;
  int undecodable_ = 0;
  unsigned attempt_ = 0;
  Duration wait_{};
  std::optional<Clock::Steady> opened_at_;
};

}  // namespace brandwacht::connectors
