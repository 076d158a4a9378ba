// Everything between an incident event and the phone that rings: policy, outbox, delivery. What the
// daemon holds. The sources: pager.cpp its life, pager_pages.cpp what becomes pages,
// pager_commands.cpp what humans say, pager_own.cpp its own trouble, pager_reload.cpp another
// configuration, and what was owed to receivers that are gone.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "alerting/command.hpp"
#include "alerting/delivery.hpp"
#include "alerting/policy.hpp"
#include "alerting/store.hpp"
#include "alerting/wait.hpp"
#include "monitor/queue.hpp"

namespace brandwacht::alerting {

struct PagerSettings {
  StoreSettings store;
  TargetSettings target;
  // At a stop: for what is being sent or is due right now. The rest waits on disk for the next
  // start.
  Duration stop_within = std::chrono::seconds{10};
  // What to keep with an incident, e.g. its thread's DecisionState. Called on the line's thread
  // when events are taken from the queue, with no scheduling point in between: it includes exactly
  // the events pushed so far.
  std::function<std::string(const Incident&)> decision_state;
  // An event and all its pages are on disk. Not called for what is only in memory (degraded).
  // Called again for an event that is derived again after a crash.
  std::function<void(const IncidentEvent&)> committed;
};

struct PagerStats {
  DeliveryStats delivery;
  std::uint64_t events = 0;    // taken from the queue
  std::uint64_t repeated = 0;  // of which nothing was new: derived again after a crash
  std::uint64_t unrouted = 0;  // no route leads anywhere
  std::uint64_t quiet = 0;     // kept back by a silence, maintenance or another incident
  std::uint64_t untaken = 0;   // went through a whole policy without an acknowledgement
  std::uint64_t store_failures = 0, not_stored = 0;
  std::size_t open = 0;  // incidents
  bool degraded = false;
  std::string last_store_failure;
};

class Pager {
 public:
  // Opens the store (blocking) and loads what is owed. Throws DatabaseError where Store does.
  // `pool` needs one thread.
  Pager(PagerSettings settings, boost::asio::any_io_executor executor,
        boost::asio::thread_pool& pool, Clock& clock, Policy policy,
        std::vector<std::unique_ptr<Notifier>> receivers);
  ~Pager();

  // Stores and delivers until `events` is closed and drained; then finishes what is due within
  // stop_within. When cancelled it stops at once; what is not delivered stays on disk. Call once.
  boost::asio::awaitable<void> run(Queue<IncidentEvent>& events);

  // As they were at the start: for the line, before run(). Without our own incidents about
  // delivery.
  const std::vector<StoredIncident>& open_incidents() const { return restored_; }
  // Takes another configuration, at once, and tells nobody of it. Open incidents keep their keys,
  // acknowledgements and places in their policies; who is told next is decided by the new one. What
  // was owed to a receiver that is gone is dead, and goes where the routes lead now.
  boost::asio::awaitable<void> reconfigure(Policy policy,
                                           std::vector<std::unique_ptr<Notifier>> receivers);
  // Owes `event` to one receiver alone, `when` in the future or not: a test, which has pages but no
  // life. `accepted`: it was sent already, and this is only for the log and what follows. Gives the
  // delivery's id.
  boost::asio::awaitable<std::string> owe(IncidentEvent event, std::string receiver, Time when,
                                          std::optional<Outcome> accepted);
  // What owe() put off is due now.
  void hasten(const std::string& receiver, const std::string& delivery_id);

  // Cursors of sources, as position() last stored them.
  const std::map<std::string, std::string>& positions() const { return restored_positions_; }
  // Stores `cursor` after every event pushed before this call, or together with them; within a
  // second if there are none.
  void position(std::string_view source, std::string_view cursor);

  // A text under a name that is no source's, and the one last given.
  void keep(const std::string& name, std::string text);
  std::string kept(const std::string& name) const;

  // News about ourselves for whoever has a place for them (PagerDuty's change events).
  boost::asio::awaitable<void> announce(Change change) {
    return delivery_.announce(std::move(change));
  }

  // A post, or everything of an author, was deleted: it vanishes from what is stored and what is
  // not sent yet.
  boost::asio::awaitable<void> erase(std::function<bool(const Evidence&)> gone);
  boost::asio::awaitable<void> erase_mention(std::uint64_t mention_key);
  boost::asio::awaitable<void> erase_author(std::uint64_t author_key);

  // What a human says. Stored before this returns (in memory only while degraded()).
  boost::asio::awaitable<CommandResult> command(Command command);
  // From its `from` until its `until`; one with the id of another takes its place. Gives the id.
  boost::asio::awaitable<std::string> silence(Silence silence);
  boost::asio::awaitable<CommandResult> expire_silence(std::string id);
  std::vector<Silence> silences() const;  // that are not over; the ones to come too
  // Somebody saw, or acknowledged, an accepted page: of ask(), or of the vendor's webhook. The
  // latter acknowledges its incident as well.
  boost::asio::awaitable<CommandResult> seen(std::string delivery_id, RowState state,
                                             std::string who, std::string via, Time at);
  // Owes a row to its target, one of targets(), that the outbox gave back: a dead one that is tried
  // anew.
  void deliver(OutboxRow row) { delivery_.add(std::move(row)); }
  std::vector<std::string> targets() const { return delivery_.names(); }
  // Of an open incident; nullopt: there is none with that id.
  std::optional<Case> desk_case(std::string_view incident) const;

  // As last told; neither those about our own delivery nor what a human ended.
  std::vector<Incident> live() const;
  bool degraded() const { return store_.degraded(); }  // for readiness
  PagerStats stats() const;

 private:
  struct Live {          // an incident that is not closed
    IncidentEvent last;  // the last page, notification or upgrade; the incident as last heard
    bool cooling = false;
    std::vector<std::pair<std::string, std::string>> told;  // receiver and dedup key
    Case desk;
  };
  using Receivers = std::vector<std::string>;

  void restore();
  void restore_own(const Incident& incident);
  void adopt_orphans();
  void adopt(std::vector<OutboxRow> rows, Write& write);
  void adopt(const OutboxRow& row, Write& write);
  void forget_targets(Write& write);
  boost::asio::awaitable<void> adopt_rest(std::string target, std::vector<OutboxRow> rows);
  boost::asio::awaitable<void> lost(std::shared_ptr<const Page> page);
  bool pull_forward(const Page& page, Write& write);
  void show_taken(const Live& live, const Command& command, Write& write);
  bool said_there(const Live& live, const Command& command, const std::string& receiver,
                  const std::string& key) const;
  void keep_alive(const Live& live);
  boost::asio::awaitable<void> ingest(Queue<IncidentEvent>& events);
  boost::asio::awaitable<void> store_positions(Queue<IncidentEvent>& events);
  boost::asio::awaitable<void> submit(std::vector<IncidentEvent> events, Write write);
  boost::asio::awaitable<void> shut_down(TaskGroup& tasks, bool cancelled);
  boost::asio::awaitable<bool> commit(Write write);
  boost::asio::awaitable<void> mind();  // lets time act on open cases
  Clock::Steady look_again(Write& write);
  Time time();
  World world() const;
  Passage begin(Passage::Cause cause, const Live& live, IncidentEvent event) const;
  void news(const IncidentEvent& event, Write& write);
  void own_news(const IncidentEvent& event, Write& write);
  bool known(const IncidentEvent& event);
  std::vector<std::string> open_keys(const Live& live, const std::string& receiver) const;
  void carry_out(Live& live, const Passage& passage, Write& write);
  void end_by_hand(const Command& command, Live& live, Write& write);
  // Gives the delivery's id.
  std::string add_row(const IncidentEvent& event, const std::string& receiver,
                      const std::string& key, const Passage& passage, Write& write,
                      std::optional<Action> action = {});
  CommandResult take(const Command& command, Live& live, Write& write);
  void probe_news(const IncidentEvent& event, Write& write);
  boost::asio::awaitable<void> raise(std::string target, std::string why);
  boost::asio::awaitable<void> withdraw(std::string target);
  boost::asio::awaitable<void> sighted(std::string delivery_id, std::string target,
                                       Sighting sighting);

  PagerSettings settings_;
  boost::asio::any_io_executor executor_;
  Clock& clock_;
  Policy policy_;
  Store store_;
  Delivery delivery_;
  std::map<std::string, Live> live_;
  std::map<std::string, Incident> troubles_;  // our own open incidents, by target
  std::vector<Silence> silences_;
  std::map<std::string, Case> closed_;  // the newest, for what is derived again
  Changes changes_;                     // in what mind() looks at
  Time wall_{};                         // of the last time(), with its steady time
  Clock::Steady steady_{};
  std::vector<StoredIncident> restored_;
  std::map<std::string, std::string> restored_positions_, positions_;  // the latter: not stored yet
  int storing_ = 0;  // commits of events under way
  PagerStats stats_;
};

}  // namespace brandwacht::alerting
