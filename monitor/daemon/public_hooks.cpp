// The face's second half: vendors' webhooks.
#include <spdlog/spdlog.h>

#include <algorithm>

#include "alerting/wait.hpp"
#include "monitor/daemon/public_face.hpp"

namespace brandwacht::daemon {
namespace asio = boost::asio;
using namespace std::chrono_literals;
using alerting::Hook;
using alerting::Said;
using net::ServerRequest;
using net::ServerResponse;

namespace {

constexpr Duration kAnswerWithin = 2s;  // Slack waits 3 s, PagerDuty 5 s

ServerResponse refusal(int status, std::string_view text) {
  ServerResponse out;
  out.status = status;
  out.content_type = "text/plain; charset=utf-8";
  out.body = text;
  out.body += '\n';
  return out;
}

}  // namespace

// One command under way, and what came of it.
struct PublicFace::Acted {
  explicit Acted(asio::any_io_executor executor) : changes(executor) {}
  alerting::Heard heard;
  std::string type;
  Said said;
  bool done = false;
  alerting::Changes changes;
};

asio::awaitable<ServerResponse> PublicFace::hook(ServerRequest request) {
  const auto name = request.path().substr(kHooks.size());
  const auto settings = settings_;
  const auto found = std::find_if(settings->hooks.begin(), settings->hooks.end(),
                                  [&](const Hook& hook) { return hook.name == name; });
  if (found == settings->hooks.end()) co_return refusal(404, "not found");
  if (request.method != "POST") co_return refusal(405, "only POST is known here");
  alerting::InboundRequest inbound;
  inbound.method = request.method;
  inbound.target = request.target;
  inbound.body = request.body;
  inbound.headers = &request.headers;
  if (!settings->external_url.empty()) inbound.url = settings->external_url + request.target;
  const auto proof = found->verify(inbound, context_.clock.now());
  if (proof != alerting::Proof::good) {
    count(found->name, to_string(proof));
    complain(found->name, proof);
    const int status = proof == alerting::Proof::absent ? 401 : 403;
    co_return refusal(status, "not signed as it must be");
  }
  auto hearing = hear(*found, inbound);
  co_return co_await std::move(hearing);
}

void PublicFace::complain(const std::string& hook, alerting::Proof proof) {
  const auto now = context_.clock.steady();
  const auto [last, first] = complained_.try_emplace(hook, now);
  if (!first && now - last->second < 1min) return;
  last->second = now;
  spdlog::warn("inbound: a call of hook '{}' was refused, its signature is {}", hook,
               to_string(proof));
}

// `inbound` is verified.
asio::awaitable<ServerResponse> PublicFace::hear(const Hook& hook,
                                                 const alerting::InboundRequest& inbound) {
  const alerting::HookContext parsing{keys_, context_.clock.now(), context_.incident_of_code};
  const auto executor = co_await asio::this_coro::executor;
  auto acted = std::make_shared<Acted>(executor);
  acted->heard = hook.parse(inbound, parsing);
  acted->type = hook.type;
  auto& heard = acted->heard;
  bool fresh = true;
  if (heard.command && !heard.once.empty()) {
    auto asked = once_.first_time(heard.once);
    fresh = co_await std::move(asked);
  }
  if (!fresh) {
    count(hook.name, "replayed");
    heard.command.reset();
    heard.problem.clear();
  } else if (heard.command) {
    co_await act_within(acted);
    count(hook.name, !acted->done ? "late" : acted->said.done ? "acted" : "nothing");
  } else {
    count(hook.name, heard.problem.empty() ? "ignored" : "unread");
    if (!heard.problem.empty())
      acted->said = said_of_problem(context_.language, heard, hook.type == "twilio");
  }
  auto answer = hook.answer(inbound, heard, acted->said);
  if (answer.then)
    context_.tasks.spawn("answer to " + hook.name, follow_up(std::move(*answer.then), hook.name));
  ServerResponse out;
  out.status = answer.status;
  out.content_type = answer.content_type;
  out.body = std::move(answer.body);
  out.headers.emplace_back("Cache-Control", "no-store");
  co_return out;
}

// Waits for the command, but no longer than vendors wait for us; the command goes on.
asio::awaitable<void> PublicFace::act_within(std::shared_ptr<Acted> acted) {
  context_.tasks.spawn("command by " + acted->type, act(acted));
  const auto until = context_.clock.steady() + kAnswerWithin;
  while (!acted->done && context_.clock.steady() < until) {
    const auto seen = acted->changes.version();
    co_await alerting::wait_for_either(context_.clock, until, acted->changes, seen);
  }
}

asio::awaitable<void> PublicFace::act(std::shared_ptr<Acted> acted) {
  const auto& command = *acted->heard.command;
  const auto incident = context_.incident(alerting::incident_of(command.incident));
  const std::string title = incident ? incident->title : std::string{};
  try {
    auto carried_out = context_.command(command);
    const auto result = co_await std::move(carried_out);
    acted->said = said_of(context_.language, command, result, title);
  } catch (const std::exception& error) {
    if (is_cancelled(std::current_exception())) throw;
    spdlog::error("inbound: what came by {} could not be carried out: {}", acted->type,
                  error.what());
    once_.forget(acted->heard.once);  // the vendor tries again
  }
  acted->done = true;
  acted->changes.happened();
}

asio::awaitable<void> PublicFace::follow_up(HttpRequest request, std::string name) {
  request.timeout = 10s;
  const auto answer = co_await context_.http.send(std::move(request));
  if (!answer.has_value())
    spdlog::warn("inbound: the answer to {} did not arrive: {}", name, answer.error().detail);
  else if (answer->status >= 300)
    spdlog::warn("inbound: {} refused the answer with HTTP {}", name, answer->status);
}

}  // namespace brandwacht::daemon
