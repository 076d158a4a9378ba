#include "bench/cascade/product.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "bench/figure.hpp"
#include "bench/fits.hpp"
#include "monitor/replay/cascade_fit.hpp"
#include "monitor/thread/table.hpp"

namespace brandwacht::bench {
namespace {

constexpr std::array<int, 3> kAges{10, 30, 60};

struct Event {
  Time at;
  std::size_t thread;
  std::int32_t post;  // -1: the root; kAsk + age: not a post, ask
  static constexpr std::int32_t kAsk = 1 << 30;
};

std::vector<Event> stream_of(const std::vector<RealThread>& threads) {
  std::vector<Event> out;
  for (std::size_t i = 0; i < threads.size(); ++i) {
    const RealThread& thread = threads[i];
    out.push_back({thread.began, i, -1});
    for (std::size_t n = 0; n < thread.posts.size(); ++n)
      out.push_back({thread.began + std::chrono::seconds{thread.posts[n].after}, i,
                     static_cast<std::int32_t>(n)});
    for (const int age : kAges)
      out.push_back({thread.began + std::chrono::minutes{age}, i, Event::kAsk + age});
  }
  std::ranges::sort(out, {}, [](const Event& e) { return std::tuple(e.at, e.thread, e.post); });
  return out;
}

thread::Observation observation(const RealThread& thread, const Event& event) {
  thread::Observation out;
  out.mention = thread.key + static_cast<std::uint64_t>(event.post + 1);
  out.thread = thread.key;
  out.created_at = out.received_at = event.at;
  out.negative = 1;
  out.author = thread.author;
  if (event.post >= 0) {
    out.parent = thread.key;
    out.author = thread.posts[static_cast<std::size_t>(event.post)].author;
  }
  return out;
}

}  // namespace

std::vector<Seen> watch(const std::vector<RealThread>& threads,
                        std::shared_ptr<const thread::Model> model) {
  thread::Settings settings;
  settings.model = std::move(model);
  thread::Table table(settings);
  std::vector<Seen> out;
  std::vector<int> critics(threads.size(), 0);
  for (const Event& event : stream_of(threads)) {
    const RealThread& thread = threads[event.thread];
    const bool ask = event.post >= Event::kAsk;
    bool doubled = false;
    if (!ask && table.observe(observation(thread, event)).new_critic) {
      const int now = ++critics[event.thread];
      doubled = now % kLeastJoiners == 0 && (now / kLeastJoiners & (now / kLeastJoiners - 1)) == 0;
    }
    if (!doubled && (!ask || critics[event.thread] < kLeastJoiners)) continue;
    const auto belief = table.belief(thread.key, event.at);
    require(belief.has_value(), "a thread was lost");
    const auto after = std::chrono::duration_cast<std::chrono::seconds>(event.at - thread.began);
    out.push_back({event.thread, static_cast<std::int32_t>(after.count()), doubled, *belief});
  }
  return out;
}

thread::Model fit_cascade(const std::vector<RealThread>& threads, const Chosen& train) {
  std::vector<replay::ThreadHistory> histories;
  for (std::size_t i = 0; i < threads.size(); ++i) {
    if (!train(i)) continue;
    const RealThread& real = threads[i];
    auto& history = histories.emplace_back();
    history.thread = real.key;
    history.began = thread::to_second(real.began);
    for (const std::int32_t after : real.joins)
      history.joins.push_back(thread::to_second(real.began + std::chrono::seconds{after}));
  }
  thread::Model model;
  model.profile = replay::fit_profile(histories);
  return replay::fit_cascade(histories, thread::kLastSecond, model, true).model;
}

thread::Calibration fit_weights(const std::vector<replay::Row>& rows, thread::Horizon horizon) {
  constexpr std::size_t kInner = 5;
  constexpr double kRidge = 3;
  // Predictions for threads that the weights did not see, for the curve.
  std::vector<std::pair<double, bool>> said;
  const auto part = [](const replay::Row& row) { return fold_of(row.thread, kInner, 77); };
  for (std::size_t inner = 0; inner < kInner; ++inner) {
    std::vector<replay::Row> learn;
    std::ranges::copy_if(rows, std::back_inserter(learn),
                         [&](const replay::Row& row) { return part(row) != inner; });
    const auto fitted = replay::fit_weights(learn, horizon, kRidge);
    for (const replay::Row& row : rows)
      if (part(row) == inner)
        said.emplace_back(fitted.probability(replay::features_of(row, horizon)),
                          row.outcome[static_cast<std::size_t>(horizon)]);
  }
  auto out = replay::fit_weights(rows, horizon, kRidge);
  out.isotonic = fit_isotonic(std::move(said));
  return out;
}

}  // namespace brandwacht::bench
