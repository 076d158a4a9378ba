#include <fmt/format.h>
#include <signal.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/signal_set.hpp>
#include <memory>
#include <stdexcept>

#include "monitor/daemon/commands.hpp"
#include "monitor/daemon/daemon.hpp"
#include "monitor/daemon/exit_codes.hpp"
#include "monitor/daemon/logging.hpp"
#include "monitor/daemon/problems.hpp"

namespace brandwacht::daemon {
namespace asio = boost::asio;
namespace {

// The first signal ends the daemon in order; a second one ends it now.
void on_signal(asio::signal_set& signals, Daemon& daemon) {
  signals.async_wait([&](boost::system::error_code error, int) {
    if (error) return;
    daemon.stop();
    signals.async_wait([](boost::system::error_code again, int) {
      if (!again) _exit(kTempFail);
    });
  });
}

// Each one reads the configuration again.
void on_hangup(asio::signal_set& signals, Daemon& daemon) {
  signals.async_wait([&](boost::system::error_code error, int) {
    if (error) return;
    daemon.reloads().ask();
    on_hangup(signals, daemon);
  });
}

}  // namespace

int run_daemon(Settings settings) {
  ::signal(SIGPIPE, SIG_IGN);
  setup_logging(settings.daemon.log_level, settings.daemon.log_format);
  asio::io_context io{1};
  SystemClock clock;
  asio::signal_set hangups(io, SIGHUP);  // one that comes while it starts is no end
  std::unique_ptr<Daemon> daemon;
  try {
    daemon = std::make_unique<Daemon>(io, clock, std::move(settings));
  } catch (const std::exception& error) {
    spdlog::critical("{}", error.what());
    return kUnavailable;
  }
  asio::signal_set signals(io, SIGINT, SIGTERM);
  on_signal(signals, *daemon);
  on_hangup(hangups, *daemon);
  int status = kSoftware;
  asio::co_spawn(io, daemon->run(), [&](std::exception_ptr error, int code) {
    signals.cancel();
    hangups.cancel();
    status = error ? static_cast<int>(kSoftware) : code;
    if (!error) return;
    try {
      std::rethrow_exception(error);
    } catch (const std::exception& e) {
      spdlog::critical("a defect ended the daemon: {}", e.what());
    }
  });
  io.run();
  return status;
}

void add_run(CLI::App& app, int& status) {
  auto* command = app.add_subcommand("run", "The daemon: read the sources, watch, page");
  command->footer(
      "Logs go to stderr: readable on a terminal, with priorities under systemd, else as JSON "
      "lines. Ends on\n"
      "SIGTERM or SIGINT: sources first, then what is on its way, within "
      "daemon.shutdown_deadline. SIGHUP reads the configuration again; a bad one is refused.\n\n"
      "  brandwacht run -c brandwacht.toml\n"
      "  curl --data-binary @posts.ndjson http://127.0.0.1:8428/v1/mentions");
  auto file = std::make_shared<std::string>("brandwacht.toml");
  command->add_option("-c,--config", *file, "the configuration")->capture_default_str();
  command->callback([file, &status] {
    config::Problems problems;
    Settings settings = read_settings(*file, problems);
    print_problems(problems, STDERR_FILENO);
    status = problems.fatal() ? static_cast<int>(kConfig) : run_daemon(std::move(settings));
  });
}

}  // namespace brandwacht::daemon
