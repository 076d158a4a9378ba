// Other targets while the delivery runs: a configuration that was read again.
#include <algorithm>
#include <utility>

#include "alerting/delivery.hpp"
#include "alerting/delivery_target.hpp"

namespace brandwacht::alerting {
namespace asio = boost::asio;

void Delivery::on_loss(Lost lost, Orphaned orphaned) {
  lost_ = std::move(lost);
  orphaned_ = std::move(orphaned);
}

std::vector<OutboxRow> Delivery::replace(std::vector<std::unique_ptr<Notifier>> notifiers,
                                         const std::map<std::string, TargetHistory>& histories) {
  // One that left and comes back before its last attempt has ended is still there.
  Targets before = std::exchange(targets_, {});
  before.insert(before.end(), retired_.begin(), retired_.end());
  retired_.clear();
  for (auto& notifier : notifiers) {
    const auto same = std::find_if(before.begin(), before.end(), [&](const auto& target) {
      return target->name() == notifier->name();
    });
    if (same == before.end()) {
      targets_.push_back(make_target(std::move(notifier)));
      const std::string& name = targets_.back()->name();
      if (const auto history = histories.find(name); history != histories.end())
        resume(name, history->second);
      if (group_) group_->spawn("target " + targets_.back()->name(), work(targets_.back()));
    } else {
      Target& target = **same;
      target.known.for_each([&](const std::string& incident, const std::string& receipt) {
        notifier->remember(incident, receipt);
      });
      if (const auto history = histories.find(target.name()); history != histories.end())
        notifier->accepted_before(history->second.accepted);
      notifier->accepted_before({target.accepted.begin(), target.accepted.end()});
      target.queue.retune(notifier->traits());
      target.notifier = std::move(notifier);
      target.stats.disabled = target.retired = false;
      targets_.push_back(std::move(*same));
      before.erase(same);
    }
    begin_watching(targets_.back());
  }
  std::vector<OutboxRow> owed;
  for (auto& target : before) {
    target->retired = true;
    for (auto& row : target->queue.take_all())
      owed.push_back(std::move(row));
    retired_.push_back(std::move(target));
  }
  for (const auto* list : {&targets_, &retired_})
    for (const auto& target : *list) {
      target->changes.happened();
      target->news.happened();
    }
  return owed;
}

// Its last attempt has ended; what is still owed is looked for on disk as well.
asio::awaitable<void> Delivery::hand_over(Target& target) {
  auto left = target.queue.take_all();
  if (!orphaned_) co_return;
  auto told = orphaned_(target.name(), std::move(left));
  co_await std::move(told);
}

bool Delivery::hasten(const std::string& target, const std::string& delivery_id) {
  Target* found = find(target);
  if (!found || !found->queue.hasten(delivery_id, clock_.now(), clock_.steady())) return false;
  found->changes.happened();
  return true;
}

}  // namespace brandwacht::alerting
