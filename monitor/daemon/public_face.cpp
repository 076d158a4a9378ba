#include "monitor/daemon/public_face.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "alerting/form.hpp"
#include "alerting/message.hpp"
#include "alerting/wait.hpp"
#include "monitor/pool.hpp"

namespace brandwacht::daemon {
namespace asio = boost::asio;
using namespace std::chrono_literals;
using alerting::AckPage;
using alerting::Said;
using net::ServerRequest;
using net::ServerResponse;

namespace {

constexpr std::string_view kAck = "/ack/", kHooks = "/hooks/";
constexpr Duration kAnswerWithin = 2s;    // Slack waits 3 s, PagerDuty 5 s
constexpr Duration kKeepUses = 40 * 24h;  // longer than any link lives
constexpr std::size_t kMostInMemory = 10'000;

ServerResponse plain(int status, std::string_view text) {
  ServerResponse out;
  out.status = status;
  out.content_type = "text/plain; charset=utf-8";
  out.body = text;
  out.body += '\n';
  out.headers.emplace_back("Cache-Control", "no-store");
  out.headers.emplace_back("X-Content-Type-Options", "nosniff");
  return out;
}

bool reads_html(const ServerRequest& request) {
  return request.header("accept").find("text/html") != std::string_view::npos;
}

void trim(std::map<std::string, alerting::LinkUse>& uses) {
  if (uses.size() <= kMostInMemory) return;
  const auto oldest = std::min_element(uses.begin(), uses.end(), [](const auto& a, const auto& b) {
    return a.second.at < b.second.at;
  });
  uses.erase(oldest);
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

PublicFace::PublicFace(const std::filesystem::path& data_dir, InboundSettings settings,
                       FaceContext context)
    : settings_(std::move(settings)),
      context_(std::move(context)),
      keys_(alerting::open_ack_keys(data_dir / "ack.key", context_.clock.now())) {
  try {
    store_ =
        std::make_shared<alerting::InboundStore>(data_dir / "inbound.db", context_.clock.now());
  } catch (const DatabaseError& error) {
    spdlog::critical("inbound: {}; which links were used is kept in memory only", error.what());
  }
}

bool PublicFace::serves(std::string_view path) noexcept {
  return path.starts_with(kAck) || path.starts_with(kHooks);
}

asio::awaitable<ServerResponse> PublicFace::serve(ServerRequest request) {
  const auto path = request.path();
  const bool is_ack = path.starts_with(kAck);
  if (!serves(path)) co_return plain(404, "not found");
  if (is_ack) {
    auto answer = ack(std::move(request));
    co_return co_await std::move(answer);
  }
  auto answer = hook(std::move(request));
  co_return co_await std::move(answer);
}

std::string PublicFace::link(std::string_view incident, std::string_view receiver) const {
  if (alerting::web_url(settings_.external_url).empty()) return {};
  alerting::AckToken token;
  token.incident = incident;
  token.who = receiver;
  token.expires = context_.clock.now() + settings_.link_expiry;
  const std::string text = make_ack_token(keys_, std::move(token));
  return text.empty() ? text : settings_.external_url + std::string(kAck) + text;
}

std::string PublicFace::button(std::string_view incident, alerting::Command::Kind kind) const {
  if (settings_.hooks.empty()) return {};
  alerting::AckToken token;
  token.kind = kind;
  token.incident = incident;
  token.expires = context_.clock.now() + settings_.link_expiry;
  return make_ack_button(keys_, token);
}

void PublicFace::count(std::string_view what, std::string_view result) {
  ++counts_[{std::string(what), std::string(result)}];
}

// --- Links

asio::awaitable<ServerResponse> PublicFace::ack(ServerRequest request) {
  const bool post = request.method == "POST";
  if (!post && request.method != "GET") co_return plain(405, "only GET and POST are known here");
  const Time now = context_.clock.now();
  const auto read = read_ack_token(keys_, request.path().substr(kAck.size()), now);
  AckPage page;
  page.kind = read.token.kind;
  const auto incident = context_.incident(read.token.incident);
  if (read.verdict == alerting::ReadToken::Verdict::forged) {
    count("link", "forged");
    page.state = AckPage::State::forged;
  } else if (read.verdict == alerting::ReadToken::Verdict::expired) {
    count("link", "expired");
    page.state = AckPage::State::expired;
  } else if (post) {
    const auto form = alerting::parse_form(request.body);
    std::string name(form ? alerting::form_field(*form, "name") : std::string_view{});
    auto pressed = press(read.token, std::move(name));
    page = co_await std::move(pressed);
  } else {
    auto asked = used(read.token.nonce);
    const auto use = co_await std::move(asked);
    page.state = use        ? AckPage::State::already
                 : incident ? AckPage::State::ask
                            : AckPage::State::gone;
    if (use) page.who = use->who;
    if (use) page.at = use->at;
  }
  page.incident = incident ? &*incident : nullptr;
  page.now = now;
  ServerResponse out;
  out.status = ack_status(page.state);
  const bool html = !post || reads_html(request);
  out.content_type = html ? "text/html; charset=utf-8" : "text/plain; charset=utf-8";
  out.body = html ? ack_page(page, context_.language, context_.zone)
                  : ack_text(page, context_.language, context_.zone);
  out.headers = alerting::ack_headers();
  co_return out;
}

// The command before the note that the link was used: a crash in between costs a second press that
// changes nothing, where the other order would cost the acknowledgement.
asio::awaitable<AckPage> PublicFace::press(alerting::AckToken token, std::string name) {
  AckPage page;
  page.kind = token.kind;
  while (pressing_.contains(token.nonce))
    co_await context_.clock.sleep_for(20ms);
  pressing_.insert(token.nonce);
  std::exception_ptr stopped;
  try {
    const auto use_before = co_await used(token.nonce);
    if (use_before) {
      count("link", "used");
      page.state = AckPage::State::already;
      page.who = use_before->who;
      page.at = use_before->at;
    } else {
      alerting::Command command;
      command.kind = token.kind;
      command.incident = token.incident;
      command.who = alerting::shown_name(name, token.who);
      command.via = "link";
      command.at = context_.clock.now();
      const auto incident = context_.incident(token.incident);
      const auto result = co_await context_.command(command);
      const Said said = said_of(context_.language, command, result,
                                incident ? std::string_view(incident->title) : std::string_view{});
      page.text = said.text;
      page.state = said.done ? AckPage::State::done
                   : result.kind == alerting::CommandResult::Kind::unknown
                       ? AckPage::State::gone
                       : AckPage::State::nothing;
      count("link", said.done                            ? "acted"
                    : page.state == AckPage::State::gone ? "unknown"
                                                         : "nothing");
      if (said.done) {
        alerting::LinkUse now{command.who, command.at};
        co_await use(token.nonce, std::move(now));
      }
    }
  } catch (const std::exception& error) {
    if (is_cancelled(std::current_exception())) stopped = std::current_exception();
    spdlog::error("inbound: a pressed link could not be carried out: {}", error.what());
    count("link", "failed");
    page.state = AckPage::State::broken;
  }
  pressing_.erase(token.nonce);
  if (stopped) std::rethrow_exception(stopped);
  co_return page;
}

// --- Hooks

asio::awaitable<ServerResponse> PublicFace::hook(ServerRequest request) {
  const auto name = request.path().substr(kHooks.size());
  const auto found = std::find_if(settings_.hooks.begin(), settings_.hooks.end(),
                                  [&](const alerting::Hook& hook) { return hook.name == name; });
  if (found == settings_.hooks.end()) co_return plain(404, "not found");
  if (request.method != "POST") co_return plain(405, "only POST is known here");
  alerting::InboundRequest inbound;
  inbound.method = request.method;
  inbound.target = request.target;
  inbound.body = request.body;
  inbound.headers = &request.headers;
  if (!settings_.external_url.empty()) inbound.url = settings_.external_url + request.target;
  const Time now = context_.clock.now();
  const auto proof = found->verify(inbound, now);
  if (proof != alerting::Proof::good) {
    count(found->name, to_string(proof));
    spdlog::warn("inbound: a call of hook '{}' was refused, its signature is {}", found->name,
                 to_string(proof));
    co_return plain(proof == alerting::Proof::absent ? 401 : 403, "not signed as it must be");
  }
  const alerting::HookContext parsing{keys_, now, context_.incident_of_code};
  const auto executor = co_await asio::this_coro::executor;
  auto acted = std::make_shared<Acted>(executor);
  acted->heard = found->parse(inbound, parsing);
  acted->type = found->type;
  bool fresh = true;
  if (acted->heard.command && !acted->heard.once.empty()) {
    auto asked = first_time(acted->heard.once);
    fresh = co_await std::move(asked);
  }
  if (!fresh) {
    count(found->name, "replayed");
    acted->heard.command.reset();
    acted->heard.problem.clear();
  } else if (acted->heard.command) {
    co_await act_within(acted);
    count(found->name, !acted->done ? "late" : acted->said.done ? "acted" : "nothing");
  } else {
    count(found->name, acted->heard.problem.empty() ? "ignored" : "unread");
    if (!acted->heard.problem.empty())
      acted->said = said_of_problem(context_.language, acted->heard, acted->type == "twilio");
  }
  auto answer = found->answer(inbound, acted->heard, acted->said);
  if (answer.then)
    context_.tasks.spawn("answer to " + found->name,
                         follow_up(std::move(*answer.then), found->name));
  ServerResponse out;
  out.status = answer.status;
  out.content_type = answer.content_type;
  out.body = std::move(answer.body);
  out.headers.emplace_back("Cache-Control", "no-store");
  co_return out;
}

// Waits for the command, but no longer than vendors wait for us; the command goes on.
asio::awaitable<void> PublicFace::act_within(std::shared_ptr<Acted> acted) {
  context_.tasks.spawn("command by " + acted->type, run(acted));
  const auto until = context_.clock.steady() + kAnswerWithin;
  while (!acted->done && context_.clock.steady() < until) {
    const auto seen = acted->changes.version();
    co_await alerting::wait_for_either(context_.clock, until, acted->changes, seen);
  }
}

asio::awaitable<void> PublicFace::run(std::shared_ptr<Acted> acted) {
  auto task = act(acted->heard, acted->type);
  acted->said = co_await std::move(task);
  acted->done = true;
  acted->changes.happened();
}

asio::awaitable<Said> PublicFace::act(alerting::Heard heard, std::string type) {
  Said out;
  const auto incident = context_.incident(alerting::incident_of(heard.command->incident));
  try {
    auto carried_out = context_.command(*heard.command);
    const auto result = co_await std::move(carried_out);
    out = said_of(context_.language, *heard.command, result,
                  incident ? std::string_view(incident->title) : std::string_view{});
  } catch (const std::exception& error) {
    if (is_cancelled(std::current_exception())) throw;
    spdlog::error("inbound: what came by {} could not be carried out: {}", type, error.what());
    forget(heard.once);  // the vendor tries again
  }
  co_return out;
}

asio::awaitable<void> PublicFace::follow_up(HttpRequest request, std::string name) {
  request.timeout = 10s;
  const auto answer = co_await context_.http.send(std::move(request));
  if (!answer.has_value())
    spdlog::warn("inbound: the answer to {} did not arrive: {}", name, answer.error().detail);
  else if (answer->status >= 300)
    spdlog::warn("inbound: {} refused the answer with HTTP {}", name, answer->status);
}

// --- What may be said only once

asio::awaitable<std::optional<alerting::LinkUse>> PublicFace::used(std::string nonce) {
  if (const auto found = uses_.find(nonce); found != uses_.end()) co_return found->second;
  if (!store_) co_return std::nullopt;
  auto job = [store = store_, nonce] { return store->used(nonce); };
  try {
    auto asked = on_pool(context_.pool, std::move(job));
    auto use = co_await std::move(asked);
    co_return use;
  } catch (const DatabaseError& error) {
    spdlog::error("inbound: {}", error.what());
  }
  co_return std::nullopt;
}

asio::awaitable<void> PublicFace::use(std::string nonce, alerting::LinkUse use) {
  uses_[nonce] = use;
  trim(uses_);
  if (!store_) co_return;
  auto job = [store = store_, nonce, use] { store->use(nonce, use); };
  try {
    auto stored = on_pool(context_.pool, std::move(job));
    co_await std::move(stored);
  } catch (const DatabaseError& error) {
    spdlog::error("inbound: {}", error.what());
  }
}

asio::awaitable<bool> PublicFace::first_time(std::string number) {
  if (!numbers_.insert(number).second) co_return false;
  if (numbers_.size() > kMostInMemory) numbers_.erase(numbers_.begin());
  if (!store_) co_return true;
  auto job = [store = store_, number, now = context_.clock.now()] {
    return store->first_time(number, now);
  };
  try {
    auto asked = on_pool(context_.pool, std::move(job));
    const bool first = co_await std::move(asked);
    co_return first;
  } catch (const DatabaseError& error) {
    spdlog::error("inbound: {}", error.what());
  }
  co_return true;
}

void PublicFace::forget(const std::string& number) {
  numbers_.erase(number);
  if (!store_ || number.empty()) return;
  asio::post(context_.pool, [store = store_, number] {
    try {
      store->forget(number);
    } catch (const DatabaseError& error) {
      spdlog::error("inbound: {}", error.what());
    }
  });
}

void PublicFace::prune() {
  if (!store_) return;
  asio::post(context_.pool, [store = store_, until = context_.clock.now() - kKeepUses] {
    try {
      store->prune(until);
    } catch (const DatabaseError& error) {
      spdlog::error("inbound: {}", error.what());
    }
  });
}

}  // namespace brandwacht::daemon
