// What changes in a queue from outside: other settings, a post that is erased, a page that is
// hurried.
#include <algorithm>

#include "alerting/target_queue.hpp"

namespace brandwacht::alerting {

void TargetQueue::retune(NotifierTraits traits) {
  if (traits.limits != traits_.limits) throttle_ = Throttle(traits.limits);
  traits_ = std::move(traits);
  if (traits_.resend_every <= Duration{0}) repeats_.clear();
  disabled_ = false;
}

std::vector<OutboxRow> TargetQueue::take_all() {
  std::vector<OutboxRow> out;
  for (auto entry = entries_.begin(); entry != entries_.end();) {
    const auto here = entry++;
    if (here->row.page->delivery_id == flying_) continue;
    out.push_back(here->row);
    remove(here);
  }
  repeats_.clear();
  return out;
}

bool TargetQueue::hasten(const std::string& delivery_id, Time now, Steady steady) {
  for (auto& entry : entries_) {
    if (entry.row.page->delivery_id != delivery_id) continue;
    entry.row.created = std::min(entry.row.created, now);
    entry.row.next_due = std::min(entry.row.next_due, now);
    entry.added = std::min(entry.added, steady);
    entry.due = std::min(entry.due, steady);
    return true;
  }
  return false;
}

void TargetQueue::erase_evidence(const std::function<bool(const Evidence&)>& gone) {
  const auto erase = [&](std::shared_ptr<const Page>& page) {
    const auto& posts = page->incident.evidence;
    if (std::none_of(posts.begin(), posts.end(), gone)) return;
    auto copy = std::make_shared<Page>(*page);  // the old one may be in an attempt right now
    std::erase_if(copy->incident.evidence, gone);
    page = std::move(copy);
  };
  for (auto& entry : entries_)
    erase(entry.row.page);
  for (auto& [incident, repeat] : repeats_)
    erase(repeat.page);
}

}  // namespace brandwacht::alerting
