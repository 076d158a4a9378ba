#include "monitor/desk/cases.hpp"

#include <vector>

namespace brandwacht::desk {

Case* Cases::find(std::uint64_t thread) {
  const auto found = index_.find(thread);
  return found == index_.end() ? nullptr : &*found->second.at;
}

const Case* Cases::find(std::uint64_t thread) const {
  const auto found = index_.find(thread);
  return found == index_.end() ? nullptr : &*found->second.at;
}

Case& Cases::touch(std::uint64_t thread, std::uint32_t brand) {
  if (const auto found = index_.find(thread); found != index_.end()) {
    list_.splice(list_.begin(), list_, found->second.at);
    return list_.front();
  }
  if (index_.size() >= most_) {
    drop(list_.back().thread);
    ++dropped_;
  }
  list_.push_front({});
  list_.front().thread = thread;
  list_.front().brand = brand;
  index_.emplace(thread, Place{list_.begin()});
  return list_.front();
}

void Cases::drop(std::uint64_t thread) {
  const auto found = index_.find(thread);
  due_.erase({found->second.due, thread});
  list_.erase(found->second.at);
  index_.erase(found);
}

void Cases::due(const Case& one, Time at) {
  Place& place = index_.find(one.thread)->second;
  if (place.due == at) return;
  due_.erase({place.due, one.thread});
  place.due = at;
  if (at != Time::max()) due_.emplace(at, one.thread);
}

std::optional<std::uint64_t> Cases::take_due(Time now) {
  if (due_.empty() || due_.begin()->first > now) return std::nullopt;
  const std::uint64_t thread = due_.begin()->second;
  due_.erase(due_.begin());
  index_.find(thread)->second.due = Time::max();
  return thread;
}

void Cases::save(ArchiveWriter& out) const {
  out.put(dropped_);
  out.put(std::uint64_t{list_.size()});
  for (auto one = list_.rbegin(); one != list_.rend(); ++one) {
    out.put(*one);
    out.put(index_.find(one->thread)->second.due);
  }
}

void Cases::load(ArchiveReader& in, const BrandNumbers& brands) {
  in.get(dropped_);
  for (auto left = in.count(sizeof(Case)); left > 0; --left) {
    auto one = in.get<Case>();
    const auto at = in.get<Time>();
    one.brand = brands.of(one.brand);
    if (one.brand == kNoBrand) continue;
    Case& place = touch(one.thread, one.brand);
    place = one;
    due(place, at);
  }
}

}  // namespace brandwacht::desk
