// Under which id a vendor knows an incident's first message, so that later ones can be replies to
// it or change it. In memory; Notifier::remember() fills it after a start.
#pragma once
#include <cstddef>
#include <deque>
#include <map>
#include <string>

namespace brandwacht::alerting {

class Receipts {
 public:
  // The first one counts.
  void keep(const std::string& incident, const std::string& receipt) {
    if (receipt.empty() || !known_.emplace(incident, receipt).second) return;
    order_.push_back(incident);
    if (order_.size() <= kMost) return;
    known_.erase(order_.front());  // its later messages stand alone: no page is lost by that
    order_.pop_front();
  }
  // Empty: none is known.
  std::string find(const std::string& incident) const {
    const auto found = known_.find(incident);
    return found == known_.end() ? std::string() : found->second;
  }
  template <class Each>
  void for_each(Each each) const {
    for (const auto& [incident, receipt] : known_)
      each(incident, receipt);
  }
  void forget(const std::string& incident) {
    if (known_.erase(incident) > 0) std::erase(order_, incident);
  }

 private:
  static constexpr std::size_t kMost = 4096;
  std::map<std::string, std::string> known_;
  std::deque<std::string> order_;
};

}  // namespace brandwacht::alerting
