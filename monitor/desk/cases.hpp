// The cases that are followed, the coldest first to go; and when time alone will change one.
#pragma once
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <list>
#include <optional>
#include <set>
#include <utility>

#include "monitor/archive.hpp"
#include "monitor/desk/case.hpp"

namespace brandwacht::desk {

class Cases {
 public:
  explicit Cases(std::size_t most) : most_(most > 0 ? most : 1) {}

  Case* find(std::uint64_t thread);
  const Case* find(std::uint64_t thread) const;
  // The case of a thread as the warmest one, made if absent. Pointers hold until its case is the
  // coldest of too many.
  Case& touch(std::uint64_t thread, std::uint32_t brand);

  // When time changes this case next; Time::max(): never by itself.
  void due(const Case& one, Time at);
  // A thread whose time has come, and is taken off.
  std::optional<std::uint64_t> take_due(Time now);
  bool waiting() const noexcept { return !due_.empty(); }
  Time next() const noexcept { return due_.empty() ? Time::max() : due_.begin()->first; }

  const std::list<Case>& all() const noexcept { return list_; }  // the warmest first
  std::size_t size() const noexcept { return index_.size(); }
  std::uint64_t dropped() const noexcept { return dropped_; }

  void save(ArchiveWriter& out) const;
  void load(ArchiveReader& in, const BrandNumbers& brands);

 private:
  struct Place {
    std::list<Case>::iterator at;
    Time due = Time::max();
  };
  void drop(std::uint64_t thread);

  std::size_t most_;
  std::list<Case> list_;
  boost::unordered_flat_map<std::uint64_t, Place> index_;
  std::set<std::pair<Time, std::uint64_t>> due_;
  std::uint64_t dropped_ = 0;
};

}  // namespace brandwacht::desk
