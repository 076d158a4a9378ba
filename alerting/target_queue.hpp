// What one target is still owed and what to do about it next. Plain code: `now` comes in, the next
// step goes out, and the coroutine in alerting/delivery.cpp does what it says.
//
// Order: the pages of one incident go in the order in which they happened, so that a resolve always
// comes after its trigger. Among incidents, what is due goes first by urgency: resolves and T1,
// then T2, then the rest. Failure: the page waits by its own count of attempts, and the target by
// its count of failures in a row; a page that alone is refused does not hold up the others, and a
// dead server is not asked once per page. Retry-After holds the whole target.
#pragma once
#include <array>
#include <list>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <unordered_set>
#include <vector>

#include "alerting/outbox.hpp"
#include "alerting/throttle.hpp"
#include "monitor/backoff.hpp"
#include "monitor/clock.hpp"

namespace brandwacht::alerting {

struct TargetSettings {
  BackoffSettings backoff{std::chrono::seconds{1}, std::chrono::seconds{60}};
  Duration horizon = std::chrono::hours{24};  // of tries for one page; then it is dead
  Duration warn_after =
      std::chrono::minutes{5};  // a page that waits longer is told through the other targets
  std::size_t limit = 1024;     // pages in memory; the rest waits on disk
  std::uint64_t seed = 0;       // of the jitter; 0: random
};

struct Step {
  enum class Kind : std::uint8_t {
    idle,  // nothing is owed
    wait,  // nothing before `until`
    send,  // `page`, now
  };
  Kind kind = Kind::idle;
  Clock::Steady until{};
  std::shared_ptr<const Page> page;
  unsigned attempts = 0;  // before this one
  bool repeat = false;    // a reminder of what was accepted before; on no disk and never dead
};

// What an outcome meant.
struct Verdict {
  std::vector<Mark> marks;  // to store
  bool accepted = false;
  std::optional<std::string> dead;                  // a page will never arrive: why
  std::vector<std::shared_ptr<const Page>> lost{};  // those pages
  std::optional<Time> held_until{};  // the vendor said so: it holds after a restart as well
  bool disabled = false;
};

class TargetQueue {
 public:
  using Steady = Clock::Steady;

  TargetQueue(TargetSettings settings, NotifierTraits traits);

  // Owes one more page. False: too many in memory. What has a seq then waits on disk and is loaded
  // when `wants_more()`; what has none is lost, unless the caller can do better.
  bool add(OutboxRow row, Time now, Steady steady);
  // Repeats `page` from now on, as if the target had accepted it just before (after a restart).
  // Nothing where it is repeated already, or news of it waits.
  void repeat(std::shared_ptr<const Page> page, Steady steady);

  Step next(Steady steady) const;
  // What was sent before a restart counts against the limits, and its Retry-After still holds.
  void resume(const TargetHistory& history, Time now, Steady steady);
  // The step that next() gave is begun. Exactly one finish() follows.
  Mark begin(const Step& step, Time now, Steady steady);
  Verdict finish(const Outcome& outcome, Time now, Steady steady);
  // The begun attempt ended without any outcome: the program stops.
  void abandon();
  // The target wants nothing more: everything in memory is dead. True of disabled() until the
  // program starts again.
  Verdict disable(const std::string& why, Time now);
  bool disabled() const { return disabled_; }
  // The target has other facts from now on (its settings were read again), and wants pages again.
  void retune(NotifierTraits traits);
  // Gives up what waits, but for the attempt under way.
  std::vector<OutboxRow> take_all();
  // What was to be sent later (its `created` lies ahead) is due now. False: it is not here.
  bool hasten(const std::string& delivery_id, Time now, Steady steady);

  // Once per time of trouble: why the oldest page has waited longer than `warn_after`.
  std::optional<std::string> complaint(Steady steady);

  // Also where something on disk is more urgent than all that is in memory.
  bool wants_more() const;
  std::int64_t last_seq() const { return last_seq_; }
  // What pending() gave, the most urgent of all that is owed; `all`: there is no more on disk. What
  // is in memory already is left out.
  void refill(std::vector<OutboxRow> rows, bool all, Time now, Steady steady);
  // How many rows pending() should give. What is urgent comes on top of what is in memory, so that
  // there may be three times the limit, once for each rank.
  std::size_t batch() const { return settings_.limit; }

  std::size_t size() const { return entries_.size(); }
  std::optional<Duration> oldest(Steady steady) const;  // age of the page that waits longest
  // Forgets a post in everything that waits.
  void erase_evidence(const std::function<bool(const Evidence&)>& gone);

 private:
  struct Entry {
    OutboxRow row;
    Steady added, due, give_up;
  };
  struct Repeat {
    std::shared_ptr<const Page> page;
    Steady due, until;
  };
  using Entries = std::list<Entry>;

  void put(OutboxRow row, Time now, Steady steady);
  void keep_alive(std::shared_ptr<const Page> page, Steady steady);
  Steady first_added() const;
  const Entry* best(Steady steady, Steady& earliest) const;
  Verdict accept(Entries::iterator entry, const Outcome& outcome, Time now, Steady steady);
  void remove(Entries::iterator entry);
  Verdict bury(Entries::iterator entry, const std::string& why, Time now);
  Verdict retry(Entries::iterator entry, const Outcome& outcome, Time now, Steady steady);
  Verdict finish_repeat(const Outcome& outcome, Steady steady);
  void hold(const Outcome& outcome, Steady steady);

  TargetSettings settings_;
  NotifierTraits traits_;
  std::mt19937_64 random_;
  Entries entries_;  // in the order in which things happened
  std::unordered_set<std::string> ids_;
  std::map<std::string, Repeat> repeats_;  // by incident
  std::string flying_;                     // delivery id of the attempt under way
  std::string flying_repeat_;              // its incident, where it is a reminder
  Steady hold_until_{};
  Throttle throttle_;
  unsigned failures_ = 0;  // in a row
  std::string last_detail_;
  bool complained_ = false, disabled_ = false, spilled_ = false;
  std::array<std::size_t, 3> ranks_{};  // entries of each rank
  int disk_rank_ = 2;                   // the best that may wait on disk
  std::int64_t last_seq_ = 0;
};

}  // namespace brandwacht::alerting
