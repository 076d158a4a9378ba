#include "bench/detect/rules.hpp"

#include <algorithm>
#include <limits>

#include "bench/detect/counts.hpp"

namespace brandwacht::bench {

std::string_view to_string(Rule rule) noexcept {
  constexpr std::string_view names[]{"brand: this hour over the mean of 24 h",
                                     "thread: negative posts in 60 min",
                                     "thread: distinct negative joiners",
                                     "thread: those of the last 60 min",
                                     "logistic of counts (first version)",
                                     "Gamma-Hawkes forecast by itself",
                                     "fitted risk by itself"};
  return names[static_cast<std::size_t>(rule)];
}

std::string_view short_name(Rule rule) noexcept {
  constexpr std::string_view names[]{"brand_hour", "posts_hour", "joiners", "joiners_hour",
                                     "counts",     "forecast",   "risk"};
  return names[static_cast<std::size_t>(rule)];
}

void Climbs::add(std::uint64_t origin, Time at, double value) {
  auto& steps = threads_[origin];
  if (steps.empty() || value > steps.back().value) steps.push_back({at, value});
}

std::vector<Page> Climbs::pages(double threshold) const {
  std::vector<Page> out;
  for (const auto& [origin, steps] : threads_) {
    const auto first = std::ranges::lower_bound(steps, threshold, {}, &Step::value);
    if (first != steps.end()) out.push_back({origin, first->at});
  }
  return out;
}

double Climbs::threshold(Time until, std::size_t most) const {
  std::vector<double> peaks;
  for (const auto& [origin, steps] : threads_) {
    const auto after = std::ranges::lower_bound(steps, until, {}, &Step::at);
    if (after != steps.begin()) peaks.push_back(std::prev(after)->value);
  }
  if (peaks.size() <= most) return 0;
  std::ranges::sort(peaks, std::greater{});
  // Over the first that is too many; those that stand level with it go as well.
  return std::nextafter(peaks[most], std::numeric_limits<double>::max());
}

// A page of the brand is about the thread that has the most of the hour's posts.
void Rules::hear(const Event& event) {
  const Time now = event.received_at;
  hour_.push_back({now, event.origin});
  const int here = ++in_hour_[event.origin];
  for (; hour_.front().at <= now - std::chrono::hours{1}; hour_.pop_front()) {
    day_.push_back(hour_.front());
    const auto old = in_hour_.find(hour_.front().origin);
    if (--old->second == 0) in_hour_.erase(old);
  }
  while (!day_.empty() && day_.front().at <= now - std::chrono::hours{25})
    day_.pop_front();
  const double usual = (static_cast<double>(day_.size()) + 1) / 24;
  const auto top = std::ranges::max_element(
      in_hour_, {}, [](const auto& entry) { return std::pair(entry.second, entry.first); });
  at(Rule::brand_hour).add(top->first, now, static_cast<double>(hour_.size()) / (usual + 1));
  at(Rule::posts_hour).add(event.origin, now, here);
}

void Rules::look(const Look& look) {
  const Event& event = look.event;
  if (event.negative >= 0.5F && !event.official && look.observed.seen == thread::Seen::fresh)
    hear(event);
  if (look.belief == nullptr) return;
  const thread::Belief& belief = *look.belief;
  const Time now = event.received_at;
  at(Rule::joiners).add(event.origin, now, belief.joiners);
  at(Rule::joiners_hour).add(event.origin, now, belief.joiners_window);
  if (belief.joiners < 5) return;  // as the product
  at(Rule::counts).add(event.origin, now, count_risk(belief));
  at(Rule::risk).add(event.origin, now, belief.risk);
  at(Rule::forecast)
      .add(event.origin, now,
           static_cast<double>(belief.forecast[static_cast<std::size_t>(thread::Horizon::page)]));
}

}  // namespace brandwacht::bench
