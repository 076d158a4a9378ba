// The composition root of `brandwacht run`: one straight line that knows everything. Sources ->
// intake -> line -> events -> pager, on one thread; what blocks runs on small pools.
#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

#include "alerting/pager.hpp"
#include "connectors/connector.hpp"
#include "connectors/net/http_server.hpp"
#include "monitor/clock.hpp"
#include "monitor/daemon/desk_log.hpp"
#include "monitor/daemon/exercises.hpp"
#include "monitor/daemon/handles.hpp"
#include "monitor/daemon/heartbeats.hpp"
#include "monitor/daemon/intake.hpp"
#include "monitor/daemon/journal.hpp"
#include "monitor/daemon/lock_file.hpp"
#include "monitor/daemon/public_face.hpp"
#include "monitor/daemon/recorder.hpp"
#include "monitor/daemon/reload.hpp"
#include "monitor/daemon/settings.hpp"
#include "monitor/http.hpp"
#include "monitor/line/line.hpp"
#include "monitor/queue.hpp"
#include "monitor/task_group.hpp"

namespace brandwacht::daemon {

class Daemon {
 public:
  // Takes the data directory, opens the store, binds the port, learns again what was known. Throws
  // std::runtime_error with one clear sentence when that fails. `io` outlives the daemon.
  Daemon(boost::asio::io_context& io, Clock& clock, Settings settings);
  ~Daemon();

  // Until stop(): serves. Then sources first, drain, deadline. Gives an exit status; what hung is
  // named in the log.
  boost::asio::awaitable<int> run();
  void stop();

  struct Readiness {
    bool ready = true;
    std::vector<std::string> problems;  // one sentence each
  };
  Readiness readiness() const;
  std::string metrics() const;

  // The configuration file read again, see monitor/daemon/reload.hpp.
  Reloads& reloads() { return reloads_; }

  line::Line& line() { return *line_; }
  Intake& intake() { return *intake_; }
  Journal& journal() { return *journal_; }
  alerting::Pager& pager() { return *pager_; }
  PublicFace& face() { return *face_; }
  Exercises& exercises() { return *exercises_; }
  Clock& clock() { return clock_; }
  const alerting::ProbeArrivals& probe_arrivals() const { return probe_arrivals_; }
  boost::asio::thread_pool& store_pool() { return store_pool_; }
  std::filesystem::path outbox_file() const { return settings_.daemon.data_dir / "pages.db"; }

  // What a human says, wherever it was said: of an incident, a drill or a test.
  boost::asio::awaitable<alerting::CommandResult> command(alerting::Command command);
  // The open incident, drill or test with this id.
  std::optional<Incident> incident(std::string_view id) const;
  bool knows_brand(std::string_view name) const;
  std::string first_brand() const { return settings_.line.brands.front().name; }
  // Hosts that the API may be called by, besides its addresses.
  const std::vector<std::string>& api_hosts() const { return api_hosts_; }
  std::uint16_t port() const { return server_->port(); }
  // Of the listener for the outside; 0: there is none of its own.
  std::uint16_t inbound_port() const { return inbound_server_ ? inbound_server_->port() : 0; }

 private:
  void learn_again();
  void remember_desk();
  void log_desk(const desk::Event& event);
  void keep_cases();    // those that changed, for the store
  void open_inbound();  // the public face, tests and drills
  void open_servers();
  alerting::NotifierContext lent();
  boost::asio::awaitable<Reloaded> reload_once();
  std::vector<std::unique_ptr<alerting::Notifier>> receivers_of(const Settings& settings);
  void take_over(Settings fresh);
  void name_api_hosts();
  std::string button_for(std::string_view incident, std::string_view receiver) const;
  void tell(IncidentEvent event);                 // to the pager, as the line does
  void hear_sources();                            // which of them have gone silent
  boost::asio::awaitable<void> tick();            // lets time act on open threads
  boost::asio::awaitable<void> probe();           // for the watchdogs
  boost::asio::awaitable<void> announce();        // what was changed since the last start
  boost::asio::awaitable<void> store();           // writes the journal behind the line
  boost::asio::awaitable<void> keep_recording();  // retention and erasure
  boost::asio::awaitable<void> tell_systemd();    // watchdog and status, from the loop itself
  boost::asio::awaitable<void> source(connectors::Connector& connector, std::string cursor);
  boost::asio::awaitable<void> events_stored();  // or a moment has passed
  boost::asio::awaitable<void> erase();          // deleted posts leave the stored pages too
  boost::asio::awaitable<bool> drain();

  boost::asio::io_context& io_;
  Clock& clock_;
  Settings settings_;
  LockFile lock_;
  boost::asio::thread_pool store_pool_{1};
  boost::asio::thread_pool recording_pool_{1};
  boost::asio::thread_pool resolver_pool_{2};
  Queue<IncidentEvent> events_;
  std::unique_ptr<line::Line> line_;
  std::shared_ptr<JournalStore> journal_store_;
  std::unique_ptr<Journal> journal_;
  std::shared_ptr<DeskStore> desk_store_;
  std::unique_ptr<DeskLog> desk_log_;
  std::unique_ptr<Recorder> recorder_;  // null: not wanted
  std::unique_ptr<Intake> intake_;
  std::unique_ptr<HttpClient> http_;
  alerting::ProbeArrivals probe_arrivals_;
  std::unique_ptr<PublicFace> face_;
  std::unique_ptr<Exercises> exercises_;
  std::unique_ptr<alerting::Pager> pager_;
  std::unique_ptr<HandleResolver> handles_;  // null: nothing to resolve
  std::vector<std::unique_ptr<connectors::Connector>> connectors_;
  Heartbeats heartbeats_;
  std::map<std::string, std::string> cursors_;
  std::unordered_set<std::uint64_t> gone_mentions_,
      gone_authors_;  // not yet erased from stored pages
  std::vector<std::string> api_hosts_;
  std::unique_ptr<net::HttpServer> server_, inbound_server_;  // the second one may be null
  Reloads reloads_;
  TaskGroup sources_, background_, alerting_;
  Event stopping_;
  std::uint64_t events_told_ = 0, events_committed_ = 0;
  bool stop_ = false;
  Time started_;
};

// The command: signals, logging of problems, exit status.
int run_daemon(Settings settings);

}  // namespace brandwacht::daemon
