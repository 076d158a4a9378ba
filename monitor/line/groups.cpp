#include "monitor/line/groups.hpp"

#include <algorithm>
#include <bit>

namespace brandwacht::line {

bool Group::holds(std::uint64_t key) const {
  return std::ranges::find(threads(), key) != threads().end();
}

bool Group::add(std::uint64_t key, bool worth_a_page) {
  const auto at = static_cast<std::size_t>(std::ranges::find(threads(), key) - threads().begin());
  if (at == kThreads) return false;
  const bool fresh = at == size;
  if (fresh) thread[size++] = key;
  if (worth_a_page) worth |= std::uint64_t{1} << at;
  return fresh;
}

int Group::worth_a_page() const {
  return std::popcount(worth);
}

Group& Groups::open(std::uint64_t incident, std::uint32_t brand) {
  if (Group* known = find(incident)) return *known;
  if (groups_.size() >= kMost) groups_.erase(groups_.begin());
  Group& group = groups_.emplace_back();
  group.incident = incident;
  group.brand = brand;
  return group;
}

Group* Groups::find(std::uint64_t incident) {
  const auto found = std::ranges::find(groups_, incident, &Group::incident);
  return found == groups_.end() ? nullptr : &*found;
}

const Group* Groups::find(std::uint64_t incident) const {
  const auto found = std::ranges::find(groups_, incident, &Group::incident);
  return found == groups_.end() ? nullptr : &*found;
}

Group* Groups::surging(std::uint32_t brand) {
  const auto found = std::ranges::find_if(
      groups_, [brand](const Group& group) { return group.surging && group.brand == brand; });
  return found == groups_.end() ? nullptr : &*found;
}

void Groups::close(std::uint64_t incident) {
  std::erase_if(groups_, [incident](const Group& group) { return group.incident == incident; });
}

}  // namespace brandwacht::line
