// Listens to every source: which one has gone silent, and how much of the last hours was seen.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "monitor/line/desk_words.hpp"
#include "monitor/thread/heartbeat.hpp"

namespace brandwacht::daemon {

class Heartbeats {
 public:
  static constexpr Duration kShown = std::chrono::hours{6};

  // The calendar outlives it.
  Heartbeats(const Calendar& calendar, thread::HeartbeatSettings settings)
      : calendar_(calendar), settings_(settings) {}

  // At each tick of the clock, with the events that the source has brought so far. `began` is the
  // alarm, said once; `ended` when it is back.
  std::optional<thread::Silence> hear(const std::string& source, std::uint64_t events, Time now);
  bool silent(const std::string& source) const;
  line::Coverage coverage(Time now) const;

 private:
  struct Source {
    thread::Heartbeat heart;
    std::uint64_t events = 0;
  };

  const Calendar& calendar_;
  thread::HeartbeatSettings settings_;
  std::map<std::string, Source> sources_;
};

}  // namespace brandwacht::daemon
