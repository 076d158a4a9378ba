#include "monitor/daemon/heartbeats.hpp"

#include <algorithm>

namespace brandwacht::daemon {

std::optional<thread::Silence> Heartbeats::hear(const std::string& source, std::uint64_t events,
                                                Time now) {
  const auto found =
      sources_.try_emplace(source, Source{thread::Heartbeat(calendar_, settings_), 0}).first;
  Source& known = found->second;
  const std::uint64_t fresh = events > known.events ? events - known.events : 0;
  known.events = events;
  if (fresh == 0) return known.heart.tick(now);
  return known.heart.event(now, static_cast<int>(std::min<std::uint64_t>(fresh, 1'000'000)));
}

bool Heartbeats::silent(const std::string& source) const {
  const auto found = sources_.find(source);
  return found != sources_.end() && found->second.heart.silent();
}

line::Coverage Heartbeats::coverage(Time now) const {
  line::Coverage out;
  for (const auto& [name, source] : sources_) {
    out.share = std::min(out.share, source.heart.coverage(now - kShown, now));
    if (source.heart.silent()) out.silent.push_back(name);
  }
  return out;
}

}  // namespace brandwacht::daemon
