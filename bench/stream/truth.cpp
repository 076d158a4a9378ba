#include "bench/stream/truth.hpp"

#include <algorithm>

#include "bench/stream/random.hpp"
#include "bench/stream/stream.hpp"

namespace brandwacht::bench {

void Truth::add(const Event& event) {
  if (event.kind != MentionKind::create || event.again) return;
  Thread& thread = threads_[event.origin];
  thread.cause = event.cause;
  if (thread.first == Time{} || event.created_at < thread.first) thread.first = event.created_at;
  if (event.id == event.origin) {
    thread.root_author = event.author;
    return;
  }
  if (!event.critical || event.bot || event.official) return;
  const auto [place, fresh] = places_.try_emplace(
      mix(event.origin) ^ event.author, static_cast<std::uint32_t>(thread.joiners.size()));
  if (fresh) {
    thread.joiners.push_back({event.author, event.created_at});
    return;
  }
  Time& at = thread.joiners[place->second].at;
  at = std::min(at, event.created_at);
}

Time Truth::incident_at(const Thread& thread, const IncidentRule& rule) {
  std::vector<Time> times;
  for (const Joiner& joiner : thread.joiners)
    if (joiner.author != thread.root_author) times.push_back(joiner.at);
  std::ranges::sort(times);
  const auto people = static_cast<std::size_t>(rule.people);
  for (std::size_t i = people; i <= times.size(); ++i)
    if (times[i - 1] - times[i - people] <= rule.within) return times[i - 1];
  return {};
}

std::unordered_map<std::uint64_t, Time> Truth::incidents(const IncidentRule& rule) const {
  std::unordered_map<std::uint64_t, Time> out;
  for (const auto& [origin, thread] : threads_)
    if (const Time at = incident_at(thread, rule); at != Time{}) out.emplace(origin, at);
  return out;
}

}  // namespace brandwacht::bench
