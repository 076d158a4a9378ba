#include "alerting/command_receiver.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/thread_pool.hpp>

#include "alerting/json.hpp"
#include "alerting/run_program.hpp"
#include "alerting/setting_checks.hpp"
#include "alerting/webhook.hpp"
#include "monitor/pool.hpp"

namespace brandwacht::alerting {
namespace asio = boost::asio;

namespace {

constexpr int kTempFail = 75;  // sysexits.h
using End = ProgramRun::End;

Outcome judge(const ProgramRun& run, Duration timeout) {
  Outcome out;
  switch (run.end) {
    case End::exited:
      out.kind = run.status == 0           ? Outcome::Kind::accepted
                 : run.status == kTempFail ? Outcome::Kind::retry
                                           : Outcome::Kind::permanent;
      if (run.status != 0) out.detail = fmt::format("the command ended with {}", run.status);
      break;
    case End::killed:
      out.kind = Outcome::Kind::ambiguous;
      out.detail = fmt::format("the command was ended by signal {}", run.status);
      break;
    case End::late:
    case End::stopped:
      out.kind = Outcome::Kind::ambiguous;
      out.detail =
          fmt::format("the command had not ended after {} and was killed", format_span(timeout));
      break;
    case End::unstarted:
      out.kind = Outcome::Kind::permanent;
      out.detail = "the command could not be started";
      break;
  }
  std::string_view said = run.output;
  while (!said.empty() && (said.back() == '\n' || said.back() == ' '))
    said.remove_suffix(1);
  if (!out.detail.empty() && !said.empty()) out.detail += ": " + one_line(said);
  return out;
}

class CommandReceiver final : public Notifier {
 public:
  CommandReceiver(std::string name, CommandSettings settings, const NotifierContext& context)
      : name_(std::move(name)),
        settings_(std::move(settings)),
        external_url_(context.external_url) {}
  ~CommandReceiver() override {
    stop_->store(true);
    pool_.join();
  }

  const std::string& name() const override { return name_; }

  NotifierTraits traits() const override {
    NotifierTraits out;
    out.updates = true;
    return out;
  }

  asio::awaitable<Outcome> notify(const Page& page, Time) override {
    const auto state = co_await asio::this_coro::cancellation_state;
    const auto stop = stop_;
    stop->store(false);
    // on_pool() is not interrupted by a cancellation; this is what interrupts it.
    auto slot = state.slot();
    if (slot.is_connected()) slot.assign([stop](asio::cancellation_type) { stop->store(true); });
    auto work = [program = program_for(page), stop] { return run_program(program, *stop); };
    auto call = on_pool(pool_, std::move(work));
    const ProgramRun run = co_await std::move(call);
    slot.clear();
    if (state.cancelled() != asio::cancellation_type::none)
      throw boost::system::system_error(asio::error::operation_aborted);
    co_return judge(run, settings_.timeout);
  }

 private:
  Program program_for(const Page& page) const {
    Program out;
    out.argv = settings_.command;
    out.environment = {"PATH=/usr/local/bin:/usr/bin:/bin",
                       "LANG=C.UTF-8",
                       fmt::format("BRANDWACHT_ACTION={}", to_string(page.action)),
                       fmt::format("BRANDWACHT_EVENT={}", to_string(page.event)),
                       fmt::format("BRANDWACHT_TIER={}", to_string(page.incident.tier)),
                       "BRANDWACHT_INCIDENT=" + one_line(page.incident.id),
                       "BRANDWACHT_DELIVERY=" + one_line(page.delivery_id)};
    out.input = webhook_body(page, external_url_) + "\n";
    out.within = settings_.timeout;
    return out;
  }

  std::string name_;
  CommandSettings settings_;
  std::string external_url_;
  std::shared_ptr<std::atomic<bool>> stop_ = std::make_shared<std::atomic<bool>>(false);
  asio::thread_pool pool_{1};
};

}  // namespace

CommandSettings read_command(config::Section& section) {
  CommandSettings out;
  section.require("command");
  section.read("command", out.command);
  if (section.has("command")) {
    if (out.command.empty() || !out.command.front().starts_with('/'))
      section.problem("command", "the command begins with the whole path of a program",
                      "write [\"/usr/local/bin/page-us\", \"--loud\"]");
    else if (::access(out.command.front().c_str(), X_OK) != 0)
      section.warn("command", "there is no such program here that we may run");
  }
  section.read("timeout", out.timeout, std::chrono::seconds{1}, std::chrono::minutes{5});
  return out;
}

std::unique_ptr<Notifier> make_command(std::string name, CommandSettings settings,
                                       const NotifierContext& context) {
  return std::make_unique<CommandReceiver>(std::move(name), std::move(settings), context);
}

}  // namespace brandwacht::alerting
