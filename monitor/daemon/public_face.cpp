#include "monitor/daemon/public_face.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "alerting/form.hpp"
#include "alerting/message.hpp"

namespace brandwacht::daemon {
namespace asio = boost::asio;
using namespace std::chrono_literals;
using alerting::AckPage;
using alerting::Said;
using net::ServerRequest;
using net::ServerResponse;

namespace {

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

AckPage already(const alerting::LinkUse& use) {
  AckPage page;
  page.state = AckPage::State::already;
  page.who = use.who;
  page.at = use.at;
  return page;
}

bool reads_html(const ServerRequest& request) {
  return request.header("accept").find("text/html") != std::string_view::npos;
}

}  // namespace

PublicFace::PublicFace(const std::filesystem::path& data_dir, InboundSettings settings,
                       FaceContext context)
    : settings_(std::make_shared<const InboundSettings>(std::move(settings))),
      context_(std::move(context)),
      key_file_(data_dir / "ack.key"),
      keys_(alerting::open_ack_keys(key_file_, context_.clock.now())),
      once_(data_dir / "inbound.db", context_.pool, context_.clock) {
  name_counts();
}

std::function<void()> PublicFace::prepare(InboundSettings settings) {
  auto keys = alerting::open_ack_keys(key_file_, context_.clock.now());
  auto fresh = std::make_shared<const InboundSettings>(std::move(settings));
  return [this, keys = std::move(keys), fresh = std::move(fresh)] {
    keys_ = keys;
    settings_ = fresh;
    name_counts();
  };
}

// Every one is there from the start, so that a rate() sees the first.
void PublicFace::name_counts() {
  for (const char* result : {"acted", "nothing", "unknown", "used", "expired", "forged", "failed"})
    counts_.try_emplace({"link", result}, 0);
  for (const auto& hook : settings_->hooks)
    for (const char* result :
         {"acted", "nothing", "late", "replayed", "ignored", "unread", "forged", "absent", "old"})
      counts_.try_emplace({hook.name, result}, 0);
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
  if (alerting::web_url(settings_->external_url).empty()) return {};
  alerting::AckToken token;
  token.incident = incident;
  token.who = receiver;
  token.expires = context_.clock.now() + settings_->link_expiry;
  const std::string text = make_ack_token(keys_, std::move(token));
  return text.empty() ? text : settings_->external_url + std::string(kAck) + text;
}

std::string PublicFace::button(std::string_view incident, alerting::Command::Kind kind) const {
  if (settings_->hooks.empty()) return {};
  alerting::AckToken token;
  token.kind = kind;
  token.incident = incident;
  token.expires = context_.clock.now() + settings_->link_expiry;
  return make_ack_button(keys_, token);
}

void PublicFace::count(std::string_view what, std::string_view result) {
  ++counts_[{std::string(what), std::string(result)}];
}

asio::awaitable<ServerResponse> PublicFace::ack(ServerRequest request) {
  using Verdict = alerting::ReadToken::Verdict;
  const bool post = request.method == "POST";
  if (!post && request.method != "GET") co_return plain(405, "only GET and POST are known here");
  const Time now = context_.clock.now();
  const auto read = read_ack_token(keys_, request.path().substr(kAck.size()), now);
  const auto incident = context_.incident(read.token.incident);
  AckPage page;
  if (read.verdict != Verdict::good) {
    const bool expired = read.verdict == Verdict::expired;
    count("link", expired ? "expired" : "forged");
    page.state = expired ? AckPage::State::expired : AckPage::State::forged;
  } else if (post) {
    const auto form = alerting::parse_form(request.body);
    std::string name(form ? alerting::form_field(*form, "name") : std::string_view{});
    auto pressed = press(read.token, std::move(name));
    page = co_await std::move(pressed);
  } else {
    auto asked = once_.used(read.token.nonce);
    const auto use = co_await std::move(asked);
    page = use ? already(*use) : AckPage();
    if (!use) page.state = incident ? AckPage::State::ask : AckPage::State::gone;
  }
  page.kind = read.token.kind;
  page.incident = incident ? &*incident : nullptr;
  const auto held = context_.held(read.token.incident);
  page.held = held ? &*held : nullptr;
  page.now = now;
  // ntfy's button and other programs get a line of text.
  const bool html = !post || reads_html(request);
  ServerResponse out;
  out.status = ack_status(page.state);
  out.content_type = html ? "text/html; charset=utf-8" : "text/plain; charset=utf-8";
  out.body = html ? ack_page(page, context_.language, context_.zone)
                  : ack_text(page, context_.language, context_.zone);
  out.headers = alerting::ack_headers();
  co_return out;
}

// One press of a link at a time: of two at the same moment the second one sees the first.
asio::awaitable<AckPage> PublicFace::press(alerting::AckToken token, std::string name) {
  const std::string nonce = token.nonce;
  while (pressing_.contains(nonce))
    co_await context_.clock.sleep_for(20ms);
  pressing_.insert(nonce);
  AckPage page;
  std::exception_ptr stopped;
  try {
    auto pressed = press_alone(std::move(token), std::move(name));
    page = co_await std::move(pressed);
  } catch (const std::exception& error) {
    if (is_cancelled(std::current_exception())) stopped = std::current_exception();
    spdlog::error("inbound: a pressed link could not be carried out: {}", error.what());
    count("link", "failed");
    page.state = AckPage::State::broken;
  }
  pressing_.erase(nonce);
  if (stopped) std::rethrow_exception(stopped);
  co_return page;
}

// The command before the note that the link was used: a crash in between costs a second press that
// changes nothing, where the other order would cost the acknowledgement.
asio::awaitable<AckPage> PublicFace::press_alone(alerting::AckToken token, std::string name) {
  auto asked = once_.used(token.nonce);
  const auto use_before = co_await std::move(asked);
  if (use_before) {
    count("link", "used");
    co_return already(*use_before);
  }
  alerting::Command command;
  command.kind = token.kind;
  command.incident = token.incident;
  command.who = alerting::shown_name(name, token.who);
  command.via = "link";
  command.at = context_.clock.now();
  const auto incident = context_.incident(token.incident);
  auto carried_out = context_.command(command);
  const auto result = co_await std::move(carried_out);
  const Said said = said_of(context_.language, command, result,
                            incident ? std::string_view(incident->title) : std::string_view{});
  using Kind = alerting::CommandResult::Kind;
  AckPage page;
  page.text = said.text;
  page.state = result.kind == Kind::done      ? AckPage::State::done
               : result.kind == Kind::unknown ? AckPage::State::gone
                                              : AckPage::State::nothing;
  count("link", result.kind == Kind::done      ? "acted"
                : result.kind == Kind::unknown ? "unknown"
                                               : "nothing");
  if (said.done) {
    spdlog::info("inbound: the link that went to {} was pressed by {}", token.who, command.who);
    alerting::LinkUse use{command.who, command.at};
    auto noted = once_.use(token.nonce, std::move(use));
    co_await std::move(noted);
  }
  co_return page;
}

}  // namespace brandwacht::daemon
