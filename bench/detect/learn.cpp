#include "bench/detect/learn.hpp"

#include <algorithm>

#include "bench/figure.hpp"
#include "monitor/replay/fit.hpp"

namespace brandwacht::bench {

std::shared_ptr<const thread::Model> learn(const Recorded& recorded) {
  const replay::Pass pass = [&](const std::shared_ptr<const thread::Model>& model,
                                const replay::CriticHook& hook) {
    watch(recorded, recorded.split, model, [&](const Look& look) {
      if (look.belief != nullptr) hook(look.observed.thread, *look.belief, look.event.received_at);
    });
  };
  replay::FitSettings settings;
  settings.from = recorded.begin;
  settings.to = recorded.split;
  auto fitted = replay::fit(pass, settings);
  for (const auto& horizon : fitted.horizons)
    require(horizon.fitted, horizon.refused);
  return std::make_shared<const thread::Model>(std::move(fitted.model));
}

thread::DecisionSettings tune(const Recorded& recorded,
                              const std::shared_ptr<const thread::Model>& model, std::size_t most) {
  thread::DecisionSettings settings;
  double low = 0.005, high = 0.995;  // pages too often, does not
  for (int step = 0; step < 9; ++step) {
    settings.theta_page = (low + high) / 2;
    settings.theta_notify = std::min(0.25, settings.theta_page);
    const auto pages = product_pages(recorded, recorded.split, model, settings);
    (pages.size() > most ? low : high) = settings.theta_page;
  }
  settings.theta_page = high;
  settings.theta_notify = std::min(0.25, high);
  return settings;
}

}  // namespace brandwacht::bench
