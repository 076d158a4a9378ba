// Asks vendors what became of the pages that they accepted: did a human see, or acknowledge, them?
#include <spdlog/spdlog.h>

#include <utility>

#include "alerting/delivery_target.hpp"
#include "alerting/json.hpp"

namespace brandwacht::alerting {
namespace asio = boost::asio;

void Delivery::on_sighting(Sighted sighted) {
  sighted_ = std::move(sighted);
}

void Delivery::asked(const std::string& target, Receipt receipt) {
  Target* found = find(target);
  if (!found || found->notifier->traits().ask_every <= Duration{0}) return;
  std::string id = receipt.delivery_id;
  found->asked[std::move(id)] = std::move(receipt);
  found->changes.happened();
}

asio::awaitable<void> Delivery::ask(Target& target) {
  const Duration every = target.notifier->traits().ask_every;
  auto due = clock_.steady() + every;
  while (!finishing_) {
    const bool idle = target.asked.empty();
    if (!idle && clock_.steady() >= due) {
      co_await ask_all(target);
      due = clock_.steady() + every;
    } else {
      const auto until = idle ? Clock::Steady::max() : due;
      co_await wait_for_either(clock_, until, target.changes, target.changes.version());
    }
  }
}

asio::awaitable<void> Delivery::ask_all(Target& target) {
  const auto list = target.asked;
  for (const auto& [id, receipt] : list) {
    Sighting sighting;
    try {
      auto question = target.notifier->ask(receipt.receipt, clock_.now());
      sighting = co_await std::move(question);
    } catch (const std::exception& error) {
      if (is_cancelled(std::current_exception())) throw;
      spdlog::warn("delivery: {} cannot be asked about {}: {}", target.name(), id,
                   one_line(error.what()));
    }
    using Kind = Sighting::Kind;
    const bool old = clock_.now() - receipt.accepted > kAskFor;
    if (sighting.kind == Kind::acknowledged || sighting.kind == Kind::gone || old)
      target.asked.erase(id);
    const bool human = sighting.kind == Kind::seen || sighting.kind == Kind::acknowledged;
    if (!human || !sighted_) continue;
    auto told = sighted_(id, std::move(sighting), target.name());
    co_await std::move(told);
  }
}

}  // namespace brandwacht::alerting
