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

void Delivery::on_sighting(Sighted sighted) {
  sighted_ = std::move(sighted);
}

void Delivery::remember(const Receipt& receipt, bool ask) {
  Target* target = find(receipt.target);
  if (!target) return;
  target->notifier->remember(receipt.incident, receipt.receipt);
  if (ask && target->notifier->traits().ask_every > Duration{0}) target->receipts.add(receipt);
}

void Delivery::keep_receipt(Target& target, const Outcome& outcome, const Page& page) {
  if (outcome.kind != Outcome::Kind::accepted) return;
  if (page.action == Action::resolve) target.receipts.close(page.incident.id);
  if (outcome.receipt.empty() || !can_be_acknowledged(page)) return;
  if (target.notifier->traits().ask_every == Duration{0}) return;
  target.receipts.add({target.name(), page.incident.id, page.delivery_id, outcome.receipt});
  target.news.happened();
}

asio::awaitable<void> Delivery::watch(Target& target) {
  const Duration every = target.notifier->traits().ask_every;
  while (!finishing_) {
    if (target.receipts.empty()) {
      co_await wait_for_either(clock_, Clock::Steady::max(), target.news, target.news.version());
      continue;
    }
    const auto due = clock_.steady() + every;
    while (!finishing_ && clock_.steady() < due)
      co_await wait_for_either(clock_, due, target.news, target.news.version());
    if (!finishing_) co_await ask(target);
  }
}

asio::awaitable<void> Delivery::ask(Target& target) {
  const auto receipt = target.receipts.next();
  if (!receipt) co_return;
  Sighting sighting;
  try {
    auto asked = target.notifier->ask(receipt->receipt, clock_.now());
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
