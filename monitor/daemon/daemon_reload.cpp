// The configuration read again: everything is made first, then everything is swapped.
#include <spdlog/spdlog.h>

#include <tuple>
#include <utility>

#include "monitor/daemon/api_guard.hpp"
#include "monitor/daemon/changes.hpp"
#include "monitor/daemon/daemon.hpp"

namespace brandwacht::daemon {
namespace asio = boost::asio;

asio::awaitable<Reloaded> Daemon::reload_once() {
  Reloaded out;
  if (settings_.file.empty()) {
    out.problems = {"the configuration did not come from a file"};
    co_return out;
  }
  config::Problems problems;
  Settings fresh = read_settings(settings_.file, problems);
  for (const auto& problem : problems.sorted())
    out.problems.push_back(to_string(problem));
  if (problems.fatal()) co_return out;
  out.needs_restart = needs_restart(settings_, fresh);
  // What can fail.
  std::function<void()> swap_face;
  std::vector<std::unique_ptr<alerting::Notifier>> receivers;
  try {
    swap_face = face_->prepare(fresh.inbound);
    receivers = receivers_of(fresh);
  } catch (const std::exception& error) {
    out.problems.emplace_back(error.what());
    co_return out;
  }
  swap_face();
  alerting::Policy policy = std::move(fresh.policy);
  policy.dutch = settings_.line.language == line::DeskLanguage::nl;
  take_over(std::move(fresh));
  auto reconfigured = pager_->reconfigure(std::move(policy), std::move(receivers));
  co_await std::move(reconfigured);
  background_.spawn("changes", announce());
  out.good = true;
  co_return out;
}

std::vector<std::unique_ptr<alerting::Notifier>> Daemon::receivers_of(const Settings& settings) {
  auto context = lent();
  context.external_url = settings.daemon.external_url;
  auto out = alerting::make_receivers(settings.receivers, context);
  // The line sends probes or not from the start on.
  const bool can = settings.watchdogs.list.empty() == settings_.watchdogs.list.empty();
  const auto& watchdogs = can ? settings.watchdogs : settings_.watchdogs;
  for (auto& watchdog : alerting::make_watchdogs(watchdogs, context, probe_arrivals_))
    out.push_back(std::move(watchdog));
  return out;
}

// What is in force from now on. What needs a restart stays as it was, so that the next reload says
// so again.
void Daemon::take_over(Settings fresh) {
  settings_.receivers = std::move(fresh.receivers);
  const auto listen = std::pair(settings_.inbound.listen_address, settings_.inbound.listen_port);
  settings_.inbound = std::move(fresh.inbound);
  std::tie(settings_.inbound.listen_address, settings_.inbound.listen_port) = listen;
  if (fresh.watchdogs.list.empty() == settings_.watchdogs.list.empty())
    settings_.watchdogs = std::move(fresh.watchdogs);
  settings_.daemon.external_url = std::move(fresh.daemon.external_url);
  settings_.daemon.hosts = std::move(fresh.daemon.hosts);
  settings_.daemon.shutdown_deadline = fresh.daemon.shutdown_deadline;
  settings_.daemon.log_level = fresh.daemon.log_level;
  spdlog::set_level(spdlog::level::from_str(settings_.daemon.log_level));
  name_api_hosts();
  if (same_model(settings_, fresh)) settings_.line.decision = fresh.line.decision;
  settings_.brand_level.budget = settings_.line.brand_level.budget = fresh.brand_level.budget;
  line_->retune(settings_.line.decision, settings_.brand_level.budget);
}

void Daemon::name_api_hosts() {
  api_hosts_ = settings_.daemon.hosts;
  if (auto host = host_of_url(settings_.daemon.external_url); !host.empty())
    api_hosts_.push_back(std::move(host));
}

}  // namespace brandwacht::daemon
