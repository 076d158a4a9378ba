#include "monitor/daemon/daemon.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <systemd/sd-daemon.h>

#include <algorithm>

#include "connectors/net/http_client.hpp"
#include "monitor/backoff.hpp"
#include "monitor/daemon/changes.hpp"
#include "monitor/daemon/exit_codes.hpp"
#include "monitor/line/probe.hpp"

namespace brandwacht::daemon {
namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t kEventQueue = 1'000;
constexpr Duration kTick = 1s;
constexpr Duration kStoreEvery = 100ms;
constexpr Duration kEventsFirst = 200ms, kEventsPoll = 5ms;
constexpr Duration kStoreAgain = 5s;  // after a failure
constexpr Duration kPruneEvery = 1h;
constexpr Duration kKeepDeskLog = 24h * 400, kKeepCases = 24h * 35;
constexpr Duration kKeepRecording = 1s;  // looks for requests to erase

}  // namespace

Daemon::Daemon(asio::io_context& io, Clock& clock, Settings settings)
    : io_(io),
      clock_(clock),
      settings_(std::move(settings)),
      lock_(settings_.daemon.data_dir),
      events_(io.get_executor(), kEventQueue),
      heartbeats_(settings_.brand_level.calendar, settings_.brand_level.heartbeat),
      reloads_(io.get_executor(), clock, [this] { return reload_once(); }),
      sources_(io.get_executor()),
      background_(io.get_executor()),
      alerting_(io.get_executor()),
      stopping_(io.get_executor()),
      started_(clock.now()) {
  const auto executor = io.get_executor();
  const auto& dir = settings_.daemon.data_dir;
  journal_store_ = open_journal(dir / "journal.db", clock.now());
  journal_ = std::make_unique<Journal>(executor, journal_store_, store_pool_);
  desk_store_ = open_desk_store(dir / "desk.db", clock.now());
  desk_log_ = std::make_unique<DeskLog>(desk_store_, store_pool_);

  if (!settings_.watchdogs.list.empty()) settings_.line.brands.push_back(line::probe_brand());
  line::Hooks hooks;
  hooks.event = [this](const IncidentEvent& event) {
    desk_log_->add(desk::row_of(event));
    tell(event);
  };
  hooks.learnt = [this](const line::Learnt& learnt) {
    journal_->learnt(learnt);
    if (learnt.kind == MentionKind::remove) gone_mentions_.insert(learnt.post.mention);
    if (learnt.kind == MentionKind::author_gone) gone_authors_.insert(learnt.post.author_key);
  };
  hooks.desk = [this](const desk::Event& event) { log_desk(event); };
  if (settings_.recording.enabled) {
    recorder_ = std::make_unique<Recorder>(settings_.recording, dir, recording_pool_, clock.now());
    hooks.judged = [this](const line::Judged& judged) { recorder_->judged(judged); };
  }
  line_ = std::make_unique<line::Line>(settings_.line, std::move(hooks));
  intake_ = std::make_unique<Intake>(executor, clock_, *line_, *journal_, events_);

  http_ = net::make_http_client(executor, resolver_pool_);
  open_inbound();
  auto receivers = receivers_of(settings_);
  alerting::PagerSettings pager;
  pager.store.file = dir / "pages.db";
  pager.committed = [this](const IncidentEvent&) { ++events_committed_; };
  pager_ = std::make_unique<alerting::Pager>(std::move(pager), executor, store_pool_, clock_,
                                             settings_.policy, std::move(receivers));
  learn_again();

  const bool bluesky = std::ranges::any_of(
      settings_.sources, [](const auto& spec) { return spec.type == "jetstream"; });
  if (auto handles = handles_of(settings_.line.brands);
      bluesky && !handles.empty() && !settings_.daemon.handle_resolver.empty())
    handles_ = std::make_unique<HandleResolver>(settings_.daemon.handle_resolver,
                                                std::move(handles), *http_, clock_, *line_);

  const connectors::ConnectorContext context{executor, resolver_pool_, clock_,
                                             "brandwacht/" BRANDWACHT_VERSION};
  for (const auto& spec : settings_.sources)
    connectors_.push_back(spec.make(context));
  open_servers();
}

Daemon::~Daemon() {
  store_pool_.join();
  recording_pool_.join();
  // A name that still resolves may hang for its own time-out; the process does not wait for it.
  resolver_pool_.stop();
}

asio::awaitable<int> Daemon::run() {
  background_.spawn("clock", tick());
  background_.spawn("journal", store());
  if (recorder_) background_.spawn("recording", keep_recording());
  background_.spawn("systemd", tell_systemd());
  background_.spawn("changes", announce());
  background_.spawn("reloads", reloads_.run());
  alerting_.spawn("pager", pager_->run(events_));
  if (handles_) {
    // Before the sources, so that the brand's own first reply is known as its own.
    const bool resolved = co_await handles_->resolve();
    background_.spawn("handles", handles_->run(resolved));
  }
  sources_.spawn("http", server_->run());
  if (inbound_server_) sources_.spawn("inbound http", inbound_server_->run());
  for (auto& connector : connectors_)
    sources_.spawn("source " + connector->name(), source(*connector, cursors_[connector->name()]));
  if (!settings_.watchdogs.list.empty()) sources_.spawn("probe", probe());
  spdlog::info("brandwacht " BRANDWACHT_VERSION
               ": {} brands, {} sources, {} receivers; API on http://{}:{}",
               std::ranges::count_if(settings_.line.brands,
                                     [](const auto& brand) { return brand.name != kProbeBrand; }),
               connectors_.size(), settings_.receivers.size(), settings_.daemon.listen_address,
               server_->port());
  if (inbound_server_)
    spdlog::info("acknowledge links and hooks on http://{}:{}", settings_.inbound.listen_address,
                 inbound_server_->port());
  sd_notify(0, "READY=1");
  while (!stop_)
    co_await stopping_.wait();
  const bool clean = co_await drain();
  std::size_t waiting = 0;
  for (const auto& [target, stats] : pager_->stats().delivery.targets)
    waiting += stats.waiting;
  spdlog::info("ended{}; {}", clean ? "" : " late",
               waiting == 0
                   ? "nothing is left to send"
                   : fmt::format("{} pages wait in the store for the next start", waiting));
  co_return clean ? kOk : kTempFail;
}

void Daemon::stop() {
  stop_ = true;
  stopping_.notify_all();
}

// Sources first, then what they gave, then the pages; whoever is late is named.
asio::awaitable<bool> Daemon::drain() {
  sd_notify(0, "STOPPING=1");
  spdlog::info("stopping: sources first, then {} events still to store", events_.size());
  const auto deadline = clock_.steady() + settings_.daemon.shutdown_deadline;
  const auto left = [&] {
    return std::max(Duration{1ms},
                    std::chrono::duration_cast<Duration>(deadline - clock_.steady()));
  };
  std::vector<std::string> hung;
  const auto note = [&hung](std::vector<std::string> names) {
    hung.insert(hung.end(), names.begin(), names.end());
  };
  sources_.cancel();
  auto late = co_await sources_.join_within(clock_, left() / 2);
  note(std::move(late));
  background_.cancel();
  co_await background_.join();
  if (recorder_) co_await recorder_->finish(clock_.now());
  keep_cases();
  co_await desk_log_->flush();
  co_await journal_->flush();
  events_.close();
  late = co_await alerting_.join_within(clock_, left());
  note(std::move(late));
  for (const auto& name : hung)
    spdlog::error("{} did not end within the shutdown deadline", name);
  alerting_.cancel();
  sources_.cancel();
  co_await alerting_.join();
  co_await sources_.join();
  co_return hung.empty() && journal_->failed().empty();
}

asio::awaitable<void> Daemon::tick() {
  for (;;) {
    co_await clock_.sleep_for(kTick);
    line_->tick(clock_.now());
    hear_sources();
  }
}

// Held back where a source would be: then no probe is sent, none arrives, and nobody is told that
// we live.
asio::awaitable<void> Daemon::probe() {
  for (;;) {
    co_await intake_->ready();
    line_->probe(clock_.now());
    co_await clock_.sleep_for(settings_.watchdogs.every);
  }
}

asio::awaitable<void> Daemon::announce() {
  const std::string now = deciding_settings(settings_);
  const std::string name(kDecidingSettings);
  auto change = what_changed(pager_->kept(name), now, clock_.now());
  pager_->keep(name, now);
  if (!change) co_return;
  spdlog::info("{}", change->summary);
  co_await pager_->announce(std::move(*change));
}

// A dead source looks calm: an alarm in the log, a metric, and a line on every page meanwhile.
void Daemon::hear_sources() {
  const Time now = clock_.now();
  for (const auto& connector : connectors_) {
    if (connector->finite()) continue;
    const auto said = heartbeats_.hear(connector->name(), connector->stats().events, now);
    if (!said) continue;
    if (said->kind == thread::Silence::Kind::began) {
      spdlog::error("source {} is silent since {}, where about {:.0f} events should have come",
                    connector->name(), format_rfc3339(said->since), said->expected);
    } else {
      spdlog::info("source {} is back after a silence since {}", connector->name(),
                   format_rfc3339(said->since));
      line_->gap(now);
    }
  }
  line_->set_coverage(heartbeats_.coverage(now));
}

asio::awaitable<void> Daemon::store() {
  auto prune_at = clock_.steady() + kPruneEvery;
  for (;;) {
    const Duration pause = journal_->failed().empty() ? kStoreEvery : kStoreAgain;
    co_await clock_.sleep_for(pause);
    // Before the cursors: what was read again after a crash is in the recording twice, not never.
    if (recorder_) co_await recorder_->flush(clock_.now());
    co_await events_stored();
    keep_cases();
    co_await desk_log_->flush();
    co_await journal_->flush();
    co_await erase();
    if (clock_.steady() < prune_at) continue;
    prune_at = clock_.steady() + kPruneEvery;
    co_await journal_->prune(clock_.now() - settings_.line.threads.max_age);
    co_await desk_log_->prune(clock_.now() - kKeepDeskLog, clock_.now() - kKeepCases);
    face_->prune();
  }
}

asio::awaitable<void> Daemon::keep_recording() {
  for (;;) {
    co_await recorder_->maintain(clock_.now());
    co_await clock_.sleep_for(kKeepRecording);
  }
}

asio::awaitable<void> Daemon::tell_systemd() {
  std::uint64_t watchdog = 0;
  if (sd_watchdog_enabled(0, &watchdog) <= 0) watchdog = 0;
  const Duration every =
      watchdog > 0 ? Duration{static_cast<Duration::rep>(watchdog / 2)} : Duration{10s};
  for (;;) {
    const std::string status =
        fmt::format("STATUS={} threads, {} events to store, {} mentions seen{}", line_->threads(),
                    events_.size(), line_->stats().received, watchdog > 0 ? "\nWATCHDOG=1" : "");
    sd_notify(0, status.c_str());
    co_await clock_.sleep_for(every);
  }
}

// The cursor behind a mention is not stored before the page that it led to: a crash in between
// would read on behind it and owe a page that nobody knows of. Bounded, so that a disk that hangs
// for one does not stop the other.
asio::awaitable<void> Daemon::events_stored() {
  const auto limit = clock_.steady() + kEventsFirst;
  while (!pager_->degraded() && clock_.steady() < limit &&
         events_committed_ + pager_->stats().repeated < events_told_)
    co_await clock_.sleep_for(kEventsPoll);
}

asio::awaitable<void> Daemon::erase() {
  if (gone_mentions_.empty() && gone_authors_.empty()) co_return;
  auto mentions =
      std::make_shared<std::unordered_set<std::uint64_t>>(std::exchange(gone_mentions_, {}));
  auto authors =
      std::make_shared<std::unordered_set<std::uint64_t>>(std::exchange(gone_authors_, {}));
  std::function<bool(const Evidence&)> gone = [mentions, authors](const Evidence& post) {
    return mentions->contains(post.mention) || authors->contains(post.author_key);
  };
  co_await pager_->erase(std::move(gone));
}

// A connector handles its faults by itself. Should one throw all the same, it is a defect of ours:
// say so and start it again.
asio::awaitable<void> Daemon::source(connectors::Connector& connector, std::string cursor) {
  for (unsigned attempt = 0;; ++attempt) {
    std::string defect;
    try {
      co_await connector.run(*intake_, cursor);
      spdlog::info("source {} has been read to its end", connector.name());
      co_return;
    } catch (const boost::system::system_error& error) {
      if (error.code() == asio::error::operation_aborted) throw;
      defect = error.what();
    } catch (const std::exception& error) {
      defect = error.what();
    }
    spdlog::error("source {} broke and is started again: {}", connector.name(), defect);
    const BackoffSettings backoff{.base = 1s, .cap = 60s};
    co_await clock_.sleep_for(backoff_ceiling(backoff, attempt));
    cursor = journal_->cursor(connector.name());
  }
}

Daemon::Readiness Daemon::readiness() const {
  Readiness out;
  const auto problem = [&out](std::string text) {
    out.ready = false;
    out.problems.push_back(std::move(text));
  };
  if (stop_) problem("stopping");
  if (!journal_->failed().empty()) problem("the journal cannot be written: " + journal_->failed());
  if (!desk_log_->failed().empty())
    problem("the desk's log cannot be written: " + desk_log_->failed());
  if (recorder_ && !recorder_->failed().empty())
    problem("the recording cannot be written: " + recorder_->failed());
  if (pager_->degraded()) problem("pages cannot be stored and are sent from memory");
  const auto delivers = [](const auto& connector) {
    return connector->stats().connected || connector->finite();
  };
  if (!connectors_.empty() && std::ranges::none_of(connectors_, delivers))
    problem("no source is connected");
  return out;
}

}  // namespace brandwacht::daemon
