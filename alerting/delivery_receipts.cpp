// What vendors say after they accepted a page: who took it. One more worker for each target that
// can be asked.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <utility>

#include "alerting/delivery.hpp"
#include "alerting/delivery_target.hpp"
#include "alerting/json.hpp"
#include "alerting/message.hpp"

namespace brandwacht::alerting {
namespace asio = boost::asio;

namespace {
constexpr std::size_t kMostTaken = 64;  // what rings ends by itself as well
}  // namespace

void Delivery::on_sighting(Sighted sighted) {
  sighted_ = std::move(sighted);
}

void Delivery::remember(const Receipt& receipt, bool ask) {
  Target* target = find(receipt.target);
  if (!target) return;
  target->notifier->remember(receipt.incident, receipt.receipt);
  target->known.keep(receipt.incident, receipt.receipt);
  if (ask && target->notifier->traits().ask_every > Duration{0}) target->receipts.add(receipt);
}

void Delivery::keep_receipt(Target& target, const Outcome& outcome, const Page& page) {
  if (outcome.kind != Outcome::Kind::accepted) return;
  if (page.action == Action::resolve) {
    target.receipts.close(page.incident.id);
    target.known.forget(page.incident.id);
  }
  if (page.action == Action::trigger) {
    target.known.keep(page.incident.id, outcome.receipt);
    if (!outcome.receipt.empty()) target.notifier->remember(page.incident.id, outcome.receipt);
  }
  if (outcome.receipt.empty() || !can_be_acknowledged(page)) return;
  if (target.notifier->traits().ask_every == Duration{0}) return;
  target.receipts.add({target.name(), page.incident.id, page.delivery_id, outcome.receipt});
  target.news.happened();
}

void Delivery::taken(const std::string& incident) {
  for (auto& target : targets_) {
    if (target->notifier->traits().ask_every == Duration{0}) continue;
    target->receipts.close(incident);
    target->taken.push_back(incident);
    if (target->taken.size() > kMostTaken) target->taken.pop_front();
    target->news.happened();
  }
}

void Delivery::begin_watching(const std::shared_ptr<Target>& target) {
  if (!group_ || target->watching || target->notifier->traits().ask_every <= Duration{0}) return;
  target->watching = true;
  group_->spawn("target " + target->name() + ": receipts", watch(target));
}

asio::awaitable<void> Delivery::watch(std::shared_ptr<Target> its) {
  Target& target = *its;
  auto due = clock_.steady() + target.notifier->traits().ask_every;
  while (!finishing_ && !target.retired) {
    const Duration every = target.notifier->traits().ask_every;
    if (every <= Duration{0}) break;
    const bool idle = target.receipts.empty();
    if (!target.taken.empty()) {
      co_await call_off(target);
    } else if (idle || clock_.steady() < due) {
      const auto until = idle ? Clock::Steady::max() : due;
      co_await wait_for_either(clock_, until, target.news, target.news.version());
      if (idle) due = clock_.steady() + every;
    } else {
      co_await ask(target);
      due = clock_.steady() + every;
    }
  }
  target.watching = false;
}

asio::awaitable<void> Delivery::call_off(Target& target) {
  std::string incident = std::move(target.taken.front());
  target.taken.pop_front();
  const auto notifier = target.notifier;
  try {
    auto told = notifier->taken(std::move(incident), clock_.now());
    co_await std::move(told);
  } catch (const std::exception& error) {
    if (is_cancelled(std::current_exception())) throw;
    spdlog::warn("delivery: {} rings on: {}", target.name(), one_line(error.what()));
  }
}

asio::awaitable<void> Delivery::ask(Target& target) {
  const auto receipt = target.receipts.next();
  if (!receipt) co_return;
  Sighting sighting;
  const auto notifier = target.notifier;
  try {
    auto asked = notifier->ask(receipt->receipt, clock_.now());
    sighting = co_await std::move(asked);
  } catch (const std::exception& error) {
    if (is_cancelled(std::current_exception())) throw;
    spdlog::error("delivery: {} cannot be asked: {}", target.name(), one_line(error.what()));
  }
  using Kind = Sighting::Kind;
  if (sighting.kind == Kind::acknowledged || sighting.kind == Kind::gone)
    target.receipts.done(receipt->delivery_id);
  if (sighting.kind == Kind::seen) target.receipts.note_seen(receipt->delivery_id);
  const bool news =
      sighting.kind == Kind::acknowledged || (sighting.kind == Kind::seen && !receipt->seen);
  if (!news || !sighted_) co_return;
  if (sighting.at == Time{}) sighting.at = clock_.now();
  auto told = sighted_(receipt->delivery_id, target.name(), std::move(sighting));
  co_await std::move(told);
}

}  // namespace brandwacht::alerting
