// Brings pages to their targets: one queue and one worker per target, so that a slow or dead one
// delays no other.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "alerting/delivery_stats.hpp"
#include "alerting/notifier.hpp"
#include "alerting/receipt_watch.hpp"
#include "alerting/store.hpp"
#include "alerting/target_queue.hpp"
#include "monitor/event.hpp"
#include "monitor/task_group.hpp"

namespace brandwacht::alerting {

class Delivery {
 public:
  // A target is in trouble (a page is dead, or waits too long): tell it through the others.
  using Trouble = std::function<boost::asio::awaitable<void>(std::string target, std::string why)>;
  // It has accepted something again.
  using Recovered = std::function<boost::asio::awaitable<void>(std::string target)>;

  // A vendor says that somebody saw or took a page of `target`.
  using Sighted = std::function<boost::asio::awaitable<void>(std::string delivery_id,
                                                             std::string target, Sighting)>;

  // Pages that are dead, one by one.
  using Lost = std::function<boost::asio::awaitable<void>(std::shared_ptr<const Page>)>;
  // What a target was still owed that is no longer there.
  using Orphaned =
      std::function<boost::asio::awaitable<void>(std::string target, std::vector<OutboxRow>)>;

  Delivery(boost::asio::any_io_executor executor, Clock& clock, Store& store,
           std::vector<std::unique_ptr<Notifier>> notifiers, TargetSettings settings);
  ~Delivery();

  void on_trouble(Trouble trouble, Recovered recovered);
  void on_sighting(Sighted sighted);
  void on_loss(Lost lost, Orphaned orphaned);
  // A receipt from before a restart; `ask`: nobody has taken that page yet.
  void remember(const Receipt& receipt, bool ask);
  // Somebody took the incident: targets that ring for it are told to stop.
  void taken(const std::string& incident);
  // What the outbox knows of a target's time before a restart.
  void resume(const std::string& target, const TargetHistory& history);
  // Targets that are sent at once what a crash cut off.
  std::vector<std::string> resend_at_once() const;
  // It was in trouble before a restart: on_trouble's second function is called once it accepts
  // something.
  void in_trouble(const std::string& target);
  std::vector<std::string> names() const;
  NotifierTraits traits(const std::string& target) const;  // of an unknown target: the defaults

  // Owes `row.page` to `row.target`, which must be one of names().
  void add(OutboxRow row);
  // Keeps an open incident alive at targets that want it repeated (after a restart).
  void repeat(const std::string& target, std::shared_ptr<const Page> page);
  void erase_evidence(const std::function<bool(const Evidence&)>& gone);

  // Takes `notifiers` in place of those that it has, at once: a target whose name stays keeps what
  // it is owed, its rate limits and its troubles; an attempt under way ends as it began. Gives what
  // was owed to targets that are gone; what comes back from their last attempts goes to on_loss's
  // second function. While it runs.
  // `histories`: by name, what the outbox knows of each.
  std::vector<OutboxRow> replace(std::vector<std::unique_ptr<Notifier>> notifiers,
                                 const std::map<std::string, TargetHistory>& histories);
  // A page that was to be sent later is due now. False: it is not here.
  bool hasten(const std::string& target, const std::string& delivery_id);

  // Tells every target that has a place for it; failures are only logged.
  boost::asio::awaitable<void> announce(Change change);

  // Starts one worker per target in `group`, which joins them; two where the vendor can be asked.
  void start(TaskGroup& group);
  // From now on a worker ends as soon as nothing is due for its target.
  void finish();

  DeliveryStats stats() const;

 private:
  struct Target;
  using Targets = std::vector<std::shared_ptr<Target>>;
  boost::asio::awaitable<void> work(std::shared_ptr<Target> its);
  boost::asio::awaitable<void> hand_over(Target& target);
  boost::asio::awaitable<bool> sleep(Target& target, const Step& step);
  boost::asio::awaitable<void> attempt(Target& target, Step step);
  boost::asio::awaitable<Outcome> notify(Target& target, const Page& page);
  boost::asio::awaitable<void> store(Target& target, const Verdict& verdict,
                                     const Outcome& outcome);
  boost::asio::awaitable<void> settle(Target& target, Verdict verdict, const Page& page);
  boost::asio::awaitable<void> tell_partial(Target& target, const Page& page, std::string why);
  boost::asio::awaitable<void> refill(Target& target);
  boost::asio::awaitable<void> complain(Target& target);
  boost::asio::awaitable<void> tell(Target& target, std::string why);
  boost::asio::awaitable<void> watch(std::shared_ptr<Target> its);
  void begin_watching(const std::shared_ptr<Target>& target);
  std::shared_ptr<Target> make_target(std::unique_ptr<Notifier> notifier);
  boost::asio::awaitable<void> ask(Target& target);
  boost::asio::awaitable<void> call_off(Target& target);
  void keep_receipt(Target& target, const Outcome& outcome, const Page& page);
  void count(Target& target, const Outcome& outcome, const Step& step, Time answered);
  Target* find(const std::string& name) const;

  boost::asio::any_io_executor executor_;
  Clock& clock_;
  Store& store_;
  TargetSettings settings_;
  Targets targets_, retired_;  // the latter until their last attempt has ended
  TaskGroup* group_ = nullptr;
  Trouble trouble_;
  Lost lost_;
  Orphaned orphaned_;
  Recovered recovered_;
  Sighted sighted_;
  LatencyHistogram latency_;
  bool finishing_ = false;
};

// An incident about our own delivery, which never leads to another one.
bool is_own(const Incident& incident) noexcept;
inline constexpr std::string_view kOwnPlatform = "brandwacht";

}  // namespace brandwacht::alerting
