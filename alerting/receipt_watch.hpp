// The accepted pages about which a vendor is still asked: has a human taken it?
#pragma once
#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace brandwacht::alerting {

// A vendor's own id of a page that it accepted.
struct Receipt {
  std::string target, incident, delivery_id, receipt;
  bool seen = false;  // somebody has had it on a screen, which was told already
};

class ReceiptWatch {
 public:
  static constexpr std::size_t kMost = 256;  // beyond that the oldest are asked about no more

  void add(Receipt one) {
    done(one.delivery_id);
    open_.push_back(std::move(one));
    if (open_.size() > kMost) open_.pop_front();
  }
  // The one whose turn it is; each comes as often as the others. Nullopt: none is open.
  std::optional<Receipt> next() {
    if (open_.empty()) return {};
    open_.push_back(std::move(open_.front()));
    open_.pop_front();
    return open_.back();
  }
  void note_seen(const std::string& delivery_id) {
    for (auto& one : open_)
      if (one.delivery_id == delivery_id) one.seen = true;
  }
  void done(const std::string& delivery_id) {
    std::erase_if(open_, [&](const Receipt& one) { return one.delivery_id == delivery_id; });
  }
  // It is over: nobody has to take it any more.
  void close(const std::string& incident) {
    std::erase_if(open_, [&](const Receipt& one) { return one.incident == incident; });
  }
  bool empty() const { return open_.empty(); }

 private:
  std::deque<Receipt> open_;
};

}  // namespace brandwacht::alerting
