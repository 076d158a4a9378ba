#include "monitor/replay/history.hpp"

#include <algorithm>

#include "monitor/replay/cascade_fit.hpp"

namespace brandwacht::replay {

double Block::weeks() const {
  return std::chrono::duration<double>(to - from) / std::chrono::hours{7 * 24};
}

std::optional<Time> ThreadTrail::reached(const Outcome& outcome) const {
  const auto need = static_cast<std::size_t>(std::max(outcome.critics, 1));
  for (std::size_t i = need - 1; i < critics.size(); ++i)
    if (critics[i] - critics[i + 1 - need] <= outcome.within) return critics[i];
  return std::nullopt;
}

std::optional<Time> ThreadTrail::crossed(double theta) const {
  const auto at = std::ranges::lower_bound(
      peaks, theta, {}, [](const Peak& peak) { return static_cast<double>(peak.risk); });
  if (at == peaks.end()) return std::nullopt;
  return at->at;
}

double ThreadTrail::peak_before(Time at) const {
  double risk = 0;
  for (const Peak& peak : peaks)
    if (peak.at < at) risk = static_cast<double>(peak.risk);
  return risk;
}

void History::critic(std::uint64_t thread, const thread::Belief& belief, Time arrived) {
  const auto [found, fresh] = index_.try_emplace(thread, threads_.size());
  if (fresh) {
    threads_.emplace_back();
    threads_.back().key = thread;
  }
  ThreadTrail& history = threads_[found->second];
  history.critics.push_back(arrived);
  const auto risk = static_cast<float>(belief.risk);
  if (is_row(belief.joiners)) history.rows.push_back({arrived, risk, false});
  if (belief.joiners < gate_.min_joiners || belief.share_low < gate_.min_share) return;
  const float peak = belief.risk_100 >= gate_.theta_tier1 ? 1.0F : risk;
  if (history.peaks.empty() || peak > history.peaks.back().risk)
    history.peaks.push_back({arrived, peak});
}

void History::close() {
  constexpr auto kPage = thread::kTargets[static_cast<std::size_t>(thread::Horizon::page)];
  constexpr auto kHours = std::chrono::hours{static_cast<int>(kPage.hours)};
  for (ThreadTrail& history : threads_)
    for (ThreadTrail::Row& row : history.rows) {
      const auto after = std::ranges::upper_bound(history.critics, row.at);
      row.grew = history.critics.end() - after >= kPage.further &&
                 *(after + (kPage.further - 1)) - row.at <= kHours;
    }
}

const ThreadTrail* History::find(std::uint64_t thread) const {
  const auto found = index_.find(thread);
  return found == index_.end() ? nullptr : &threads_[found->second];
}

}  // namespace brandwacht::replay
