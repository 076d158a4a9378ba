// One target as the delivery holds it. Internal to alerting/delivery*.cpp.
#pragma once
#include <deque>
#include <memory>
#include <string>

#include "alerting/delivery.hpp"
#include "alerting/receipts.hpp"
#include "alerting/wait.hpp"

namespace brandwacht::alerting {

struct Delivery::Target {
  Target(boost::asio::any_io_executor executor, std::unique_ptr<Notifier> its,
         const TargetSettings& settings)
      : notifier(std::move(its)),
        queue(settings, notifier->traits()),
        changes(executor),
        news(executor) {}

  const std::string& name() const { return notifier->name(); }

  // Whoever waits for it holds it: another may take its place meanwhile.
  std::shared_ptr<Notifier> notifier;
  TargetQueue queue;
  Changes changes;
  TargetStats stats;
  bool in_trouble = false;
  ReceiptWatch receipts;
  std::deque<std::string> taken;  // incidents for which it need not ring any longer
  Changes news;                   // in these two
  Receipts known;                 // for the next notifier
  std::deque<Time> accepted;      // when it took pages, the newest; likewise
  bool retired = false;           // no longer configured: the attempt under way is its last
  bool watching = false;          // somebody asks about its receipts
};

}  // namespace brandwacht::alerting
