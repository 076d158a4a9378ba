#include "monitor/daemon/reload.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <systemd/sd-daemon.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "monitor/task_group.hpp"

namespace brandwacht::daemon {
namespace asio = boost::asio;

namespace {

// Sections that are swapped as a whole. The last four are compared key by key below.
constexpr std::array<std::string_view, 14> kLive{
    "receiver", "route", "person", "rotation", "policy",   "inhibit", "maintenance",
    "hook",     "probe", "budget", "watchdog", "decision", "inbound", "daemon"};

void tell_systemd_of_reload(Clock& clock) {
  const auto since =
      std::chrono::duration_cast<std::chrono::microseconds>(clock.steady().time_since_epoch());
  sd_notify(0, fmt::format("RELOADING=1\nMONOTONIC_USEC={}", since.count()).c_str());
}

}  // namespace

Reloads::Reloads(asio::any_io_executor executor, Clock& clock, Once once)
    : clock_(clock), once_(std::move(once)), asked_(executor), done_(executor) {
  stats_.last_good_at = clock.now();
}

void Reloads::ask() {
  ++wanted_;
  asked_.notify_all();
}

asio::awaitable<Reloaded> Reloads::ask_and_wait() {
  ask();
  const auto mine = wanted_;
  while (finished_ < mine)
    co_await done_.wait();
  co_return last_;
}

asio::awaitable<void> Reloads::run() {
  for (;;) {
    while (finished_ == wanted_)
      co_await asked_.wait();
    const auto upto = wanted_;  // what is asked for from here on is the next one
    tell_systemd_of_reload(clock_);
    Reloaded outcome;
    try {
      auto reloading = once_();
      outcome = co_await std::move(reloading);
    } catch (const std::exception& error) {
      if (is_cancelled(std::current_exception())) throw;
      outcome.good = false;
      outcome.problems = {fmt::format("a defect: {}", error.what())};
    }
    for (const auto& problem : outcome.problems)
      spdlog::log(outcome.good ? spdlog::level::warn : spdlog::level::err, "configuration: {}",
                  problem);
    for (const auto& what : outcome.needs_restart)
      spdlog::warn("configuration: {} has changed and needs a restart", what);
    if (outcome.good)
      spdlog::info("the configuration was read again and is in force");
    else
      spdlog::error("the configuration was refused; the one before stays in force");
    stats_.last_good = outcome.good;
    ++(outcome.good ? stats_.good : stats_.refused);
    if (outcome.good) stats_.last_good_at = clock_.now();
    sd_notify(0, "READY=1");
    last_ = std::move(outcome);
    finished_ = upto;
    done_.notify_all();
  }
}

bool same_model(const Settings& old, const Settings& fresh) {
  if (old.model.has_value() != fresh.model.has_value()) return false;
  return !old.model || to_toml(*old.model) == to_toml(*fresh.model);
}

std::vector<std::string> needs_restart(const Settings& old, const Settings& fresh) {
  std::vector<std::string> out;
  const auto differ = [&](bool differs, std::string what) {
    if (differs) out.push_back(std::move(what));
  };
  std::set<std::string> keys;
  for (const auto* settings : {&old, &fresh})
    for (const auto& [key, text] : settings->said)
      if (std::find(kLive.begin(), kLive.end(), key) == kLive.end()) keys.insert(key);
  const auto said = [](const Settings& settings, const std::string& key) {
    const auto found = settings.said.find(key);
    return found == settings.said.end() ? std::string() : found->second;
  };
  for (const auto& key : keys)
    differ(said(old, key) != said(fresh, key), fmt::format("[{}]", key));
  const DaemonSettings &was = old.daemon, &is = fresh.daemon;
  differ(was.listen_address != is.listen_address || was.listen_port != is.listen_port,
         "listen of [daemon]");
  differ(was.data_dir != is.data_dir, "data_dir of [daemon]");
  differ(was.log_format != is.log_format, "log_format of [daemon]");
  differ(was.handle_resolver != is.handle_resolver, "handle_resolver of [daemon]");
  differ(old.line.language != fresh.line.language, "language of [daemon]");
  differ(old.inbound.listen_address != fresh.inbound.listen_address ||
             old.inbound.listen_port != fresh.inbound.listen_port,
         "listen of [inbound]");
  differ(!same_model(old, fresh), "model of [decision], and with it all of that section,");
  differ(old.watchdogs.list.empty() != fresh.watchdogs.list.empty(),
         "whether there is any [[watchdog]]");
  return out;
}

}  // namespace brandwacht::daemon
