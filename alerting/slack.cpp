#include "alerting/slack.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "alerting/classify.hpp"
#include "alerting/receipts.hpp"
#include "alerting/retry_after.hpp"
#include "alerting/setting_checks.hpp"
#include "alerting/vendor_answer.hpp"

namespace brandwacht::alerting {
namespace {

using Kind = Outcome::Kind;

// About one message a second and channel; who goes on after a 429 may be shut out for good.
constexpr Duration kSpacing = std::chrono::seconds{1};
constexpr Duration kThrottledWait = std::chrono::seconds{30};

bool any_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// docs.slack.dev/reference/methods/chat.postMessage#errors. What stands in no list is for good:
// a missing scope, an archived channel.
Kind kind_of_error(std::string_view error) {
  if (any_of(error, {"ratelimited", "rate_limited", "service_unavailable", "request_timeout",
                     "team_added_to_org", "message_limit_exceeded"}))
    return Kind::retry;
  // "It's possible some aspect of the operation succeeded before the error was raised."
  if (any_of(error, {"internal_error", "fatal_error"})) return Kind::ambiguous;
  return Kind::permanent;
}

// The page is too much for the blocks, or the blocks are wrong: text may still arrive.
bool blames_blocks(std::string_view text) {
  return text.find("invalid_blocks") != std::string_view::npos ||
         text.find("msg_blocks_too_long") != std::string_view::npos ||
         text.find("invalid_payload") != std::string_view::npos;
}

// Slack's receipts: "channel:ts". The channel is the id that Slack knows it by.
struct Place {
  std::string channel, message;
};

Place place_of(const std::string& receipt) {
  const auto colon = receipt.find(':');
  if (colon == std::string::npos) return {};
  return {receipt.substr(0, colon), receipt.substr(colon + 1)};
}

class Slack final : public Notifier {
 public:
  Slack(std::string name, SlackSettings settings, const NotifierContext& context)
      : name_(std::move(name)), settings_(std::move(settings)), lent_(context) {
    voice_.external_url = context.external_url;
    voice_.language = context.language;
    rules_.vendor = "Slack";
    rules_.throttled_wait = kThrottledWait;
    rules_.show_body = true;
    rules_.secrets = url_secrets(settings_.url);
    rules_.secrets.push_back(settings_.bot_token);
  }

  const std::string& name() const override { return name_; }

  NotifierTraits traits() const override {
    NotifierTraits out;
    out.spacing = kSpacing;
    out.updates = true;
    // Its first message can be changed, which wakes nobody; a webhook would say it twice in the
    // channel in which the button's answer stands already.
    out.acks = posts_by_webhook() ? NotifierTraits::Acks::foreign : NotifierTraits::Acks::all;
    out.vendor = "slack";
    return out;
  }

  void remember(const std::string& incident, const std::string& receipt) override {
    receipts_.keep(incident, receipt);
  }

  boost::asio::awaitable<Outcome> notify(const Page& page, Time now) override {
    const std::string& id = page.incident.id;
    const Place root = place_of(receipts_.find(id));
    SlackDraft draft = new_draft(page);
    if (page.action == Action::acknowledge) {
      auto shown = show_taken(page, draft, root, now);
      co_return co_await std::move(shown);
    }
    if (!root.message.empty()) {
      draft.channel = root.channel;
      SlackDraft change = draft;  // first what can be done twice without a trace
      change.message = root.message;
      auto changed = send("/chat.update", page, change, now);
      Outcome outcome = co_await std::move(changed);
      if (outcome.kind == Kind::retry || outcome.kind == Kind::ambiguous) co_return outcome;
      draft.thread = root.message;
      draft.broadcast = can_be_acknowledged(page);
    }
    auto sent = send("/chat.postMessage", page, draft, now);
    Outcome out = co_await std::move(sent);
    if (out.kind == Kind::permanent && !root.message.empty()) {
      // Its first message may be gone, by hand or by age: this one then stands alone.
      receipts_.forget(id);
      SlackDraft alone = new_draft(page);
      auto again = send("/chat.postMessage", page, alone, now);
      out = co_await std::move(again);
    }
    if (page.action == Action::resolve && out.kind == Kind::accepted) receipts_.forget(id);
    if (page.action == Action::trigger) receipts_.keep(id, out.receipt);
    co_return out;
  }

 private:
  bool posts_by_webhook() const { return !settings_.url.empty(); }

  // In its first message, which loses its button; a webhook, which can change nothing, says it in a
  // line.
  boost::asio::awaitable<Outcome> show_taken(const Page& page, SlackDraft draft, Place root,
                                             Time now) {
    Outcome nothing_to_change;
    nothing_to_change.kind = Kind::accepted;
    if (!posts_by_webhook() && root.message.empty()) co_return nothing_to_change;
    if (posts_by_webhook()) {
      auto sent = post("", slack_line(page, voice_));
      auto answer = co_await std::move(sent);
      co_return judge(answer, now);
    }
    draft.channel = root.channel;
    draft.message = root.message;
    auto changed = send("/chat.update", page, draft, now);
    co_return co_await std::move(changed);
  }

  SlackDraft new_draft(const Page& page) const {
    SlackDraft out;
    if (!posts_by_webhook()) out.channel = settings_.channel;
    if (lent_.ack_button) out.ack_button = lent_.ack_button(page.incident.id, name_);
    if (out.ack_button.empty() && lent_.ack_link)
      out.ack_link = web_url(lent_.ack_link(page.incident.id, name_));
    return out;
  }

  // With blocks; if Slack blames them, without.
  boost::asio::awaitable<Outcome> send(std::string_view method, const Page& page, SlackDraft draft,
                                       Time now) {
    auto first = post(method, slack_body(page, voice_, draft));
    auto answer = co_await std::move(first);
    const bool refused = answer && (answer->status == 400 || answer->status == 200);
    if (refused && blames_blocks(answer->body)) {
      draft.only_text = true;
      auto second = post(method, slack_body(page, voice_, draft));
      answer = co_await std::move(second);
    }
    co_return judge(answer, now);
  }

  boost::asio::awaitable<NetResult<HttpResponse>> post(std::string_view method, std::string body) {
    HttpRequest request;
    request.url = posts_by_webhook() ? settings_.url : settings_.endpoint + std::string(method);
    request.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
    if (!posts_by_webhook())
      request.headers.emplace_back("Authorization", "Bearer " + settings_.bot_token);
    request.body = std::move(body);
    request.timeout = settings_.timeout;
    auto answer = co_await lent_.http.send(std::move(request));
    co_return answer;
  }

  // The Web API answers 200 to everything, and so may what only looks like Slack.
  Outcome judge(const NetResult<HttpResponse>& answer, Time now) const {
    Outcome out = classify(answer, rules_, now);
    if (answer.has_error()) return out;
    const VendorAnswer said(answer->body);
    if (out.kind == Kind::retry && answer->header("Retry-After").empty())
      if (const auto wait = wait_in_body(answer->body, "/retry_after")) out.wait = wait;
    if (out.kind != Kind::accepted) return out;
    const std::string error = said.text("/error");
    if (!said.flag("/ok").value_or(error.empty())) {
      out.kind = kind_of_error(error);
      out.detail = fmt::format("Slack says: {}", one_line(redact_secrets(error, rules_.secrets)));
      if (out.kind == Kind::retry)
        out.wait = parse_retry_after(answer->header("Retry-After"), now).value_or(kThrottledWait);
      return out;
    }
    const std::string message = said.text("/ts");
    if (!message.empty()) out.receipt = said.text("/channel") + ":" + message;
    if (posts_by_webhook() || !message.empty()) return out;
    out.kind = Kind::ambiguous;
    out.detail = "Slack answered HTTP 200, but not as its Web API does";
    return out;
  }

  std::string name_;
  SlackSettings settings_;
  NotifierContext lent_;
  Voice voice_;
  VendorRules rules_;
  Receipts receipts_;
};

}  // namespace

SlackSettings read_slack(config::Section& section) {
  SlackSettings out;
  section.read_secret("url", out.url);
  section.read_secret("bot_token", out.bot_token);
  section.read("channel", out.channel);
  section.read("endpoint", out.endpoint);
  const bool hook = section.has("url") || section.has("url_file");
  const bool bot = section.has("bot_token") || section.has("bot_token_file");
  if (hook == bot)
    section.problem("",
                    hook ? "there are both 'url_file' and 'bot_token_file'"
                         : "neither 'url_file' nor 'bot_token_file' is there",
                    "give the incoming webhook's URL, or a bot's token and a channel");
  if (bot && out.channel.empty())
    section.problem("", "'channel' is missing", "write the channel's id, such as C0123456789");
  check_url(section, section.has("url") ? "url" : "url_file", out.url);
  check_url(section, "endpoint", out.endpoint);
  while (out.endpoint.ends_with('/'))
    out.endpoint.pop_back();
  read_timeout(section, out.timeout);
  return out;
}

std::unique_ptr<Notifier> make_slack(std::string name, SlackSettings settings,
                                     const NotifierContext& context) {
  return std::make_unique<Slack>(std::move(name), std::move(settings), context);
}

}  // namespace brandwacht::alerting
