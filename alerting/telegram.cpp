#include "alerting/telegram.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <charconv>

#include "alerting/classify.hpp"
#include "alerting/receipts.hpp"
#include "alerting/setting_checks.hpp"
#include "alerting/vendor_answer.hpp"

namespace brandwacht::alerting {
namespace {

using Kind = Outcome::Kind;

constexpr std::size_t kMaxText = 4096, kMaxButton = 64;
// One message a second in a chat, twenty a minute in a group.
constexpr Duration kSpacing = std::chrono::seconds{1}, kGroupSpacing = std::chrono::seconds{3};
constexpr Duration kThrottledWait = std::chrono::seconds{30};

// What Telegram's HTML cannot do without.
std::string escape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else
      out += c;
  }
  return out;
}

// The same text as to_text(), so that its length counts for both.
std::string to_html(const Shown& shown) {
  Shown rest = shown;
  rest.headline.clear();
  const std::string below = to_text(rest);
  return "<b>" + escape(shown.headline) + "</b>" + (below.empty() ? "" : "\n" + escape(below));
}

void write_button(JsonWriter& json, std::string_view label, std::string_view key,
                  std::string_view value) {
  json.begin_array().begin_object().field("text", label).field(key, value).end_object().end_array();
}

void write_keyboard(JsonWriter& json, const Page& page, const Voice& voice,
                    const TelegramDraft& draft) {
  // A message that is changed without a keyboard loses the one that it has.
  const bool listens = !draft.ack_button.empty() && draft.ack_button.size() <= kMaxButton;
  if (!can_be_acknowledged(page) || (!listens && draft.ack_link.empty())) return;
  const std::string_view label = word_acknowledge(voice.language);
  json.key("reply_markup").begin_object().key("inline_keyboard").begin_array();
  if (listens)
    write_button(json, label, "callback_data", draft.ack_button);
  else
    write_button(json, label, "url", draft.ack_link);
  json.end_array().end_object();
}

bool is_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && text.size() <= 18 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// "chat:message".
struct Place {
  std::string chat, message;
};

Place place_of(const std::string& receipt) {
  const auto colon = receipt.rfind(':');
  if (colon == std::string::npos || !is_number(receipt.substr(colon + 1))) return {};
  return {receipt.substr(0, colon), receipt.substr(colon + 1)};
}

class Telegram final : public Notifier {
 public:
  Telegram(std::string name, TelegramSettings settings, const NotifierContext& context)
      : name_(std::move(name)), settings_(std::move(settings)), lent_(context) {
    voice_.external_url = context.external_url;
    voice_.language = context.language;
    rules_.vendor = "Telegram";
    rules_.throttled_wait = kThrottledWait;
    rules_.show_body = true;
    const std::string& token = settings_.bot_token;
    rules_.secrets = {token, token.substr(std::min(token.size(), token.find(':') + 1))};
  }

  const std::string& name() const override { return name_; }

  NotifierTraits traits() const override {
    NotifierTraits out;
    const bool alone = is_number(settings_.chat_id) && !settings_.chat_id.starts_with('-');
    out.spacing = alone ? kSpacing : kGroupSpacing;
    out.updates = true;
    out.acks = NotifierTraits::Acks::all;  // who presses a button there sees only a passing word
    out.vendor = "telegram";
    return out;
  }

  void remember(const std::string& incident, const std::string& receipt) override {
    receipts_.keep(incident, receipt);
  }

  boost::asio::awaitable<Outcome> notify(const Page& page, Time now) override {
    const std::string& id = page.incident.id;
    const Place root = place_of(receipts_.find(id));
    TelegramDraft draft = new_draft(page);
    if (page.action == Action::acknowledge) {
      auto shown = show_taken(page, draft, root, now);
      co_return co_await std::move(shown);
    }
    if (!root.message.empty()) {
      const bool elsewhere = is_number(draft.chat) && draft.chat != root.chat;
      if (!elsewhere) draft.reply_to = root.message;
      TelegramDraft change = draft;  // first what can be done twice without a trace
      change.chat = root.chat;
      change.change = root.message;
      auto changed = send("editMessageText", page, change, now);
      Outcome outcome = co_await std::move(changed);
      if (outcome.kind == Kind::retry || outcome.kind == Kind::ambiguous) co_return outcome;
    }
    auto sent = send("sendMessage", page, draft, now);
    Outcome out = co_await std::move(sent);
    if (page.action == Action::resolve && out.kind == Kind::accepted) receipts_.forget(id);
    if (page.action == Action::trigger) receipts_.keep(id, out.receipt);
    co_return out;
  }

 private:
  // In its first message, which loses its button.
  boost::asio::awaitable<Outcome> show_taken(const Page& page, TelegramDraft draft, Place root,
                                             Time now) {
    Outcome out;
    out.kind = Kind::accepted;
    if (root.message.empty()) co_return out;
    draft.chat = root.chat;
    draft.change = root.message;
    auto changed = send("editMessageText", page, draft, now);
    co_return co_await std::move(changed);
  }

  // The chat's new number, for as long as the settings name the old one.
  std::string kept_name() const { return "telegram: new number of the chat of " + name_; }
  std::string chat() const {
    if (!moved_to_.empty()) return moved_to_;
    const std::string kept = lent_.kept ? lent_.kept(kept_name()) : std::string();
    const auto space = kept.find(' ');
    if (space == std::string::npos || kept.substr(0, space) != settings_.chat_id)
      return settings_.chat_id;
    return kept.substr(space + 1);
  }
  void follow(std::string new_number) {
    moved_to_ = std::move(new_number);
    if (lent_.keep) lent_.keep(kept_name(), settings_.chat_id + " " + moved_to_);
    spdlog::warn("telegram: the group of '{}' has a new number: write chat_id = \"{}\"", name_,
                 moved_to_);
  }

  TelegramDraft new_draft(const Page& page) const {
    TelegramDraft out;
    out.chat = chat();
    out.topic = settings_.topic;
    if (lent_.ack_button) out.ack_button = lent_.ack_button(page.incident.id, name_);
    if (lent_.ack_link) out.ack_link = web_url(lent_.ack_link(page.incident.id, name_));
    return out;
  }

  // Follows a group to its new number, and does without markup where Telegram cannot read it.
  boost::asio::awaitable<Outcome> send(std::string_view method, const Page& page,
                                       TelegramDraft draft, Time now) {
    auto first = post(method, telegram_body(page, voice_, draft));
    auto answer = co_await std::move(first);
    for (int again = 0; again < 2 && answer && answer->status == 400; ++again) {
      if (!adapt(*answer, draft)) break;
      auto next = post(method, telegram_body(page, voice_, draft));
      answer = co_await std::move(next);
    }
    co_return judge(answer, now);
  }

  // Changes `draft` to what this refusal asks for. False: nothing would help.
  bool adapt(const HttpResponse& refusal, TelegramDraft& draft) {
    const VendorAnswer said(refusal.body);
    if (const auto moved = said.integer("/parameters/migrate_to_chat_id")) {
      follow(fmt::format("{}", *moved));
      draft.chat = moved_to_;
      draft.topic = 0;
      if (draft.change.empty()) draft.reply_to.clear();
      return true;
    }
    if (draft.bare || said.text("/description").find("can't parse entities") == std::string::npos)
      return false;
    draft.bare = true;
    return true;
  }

  boost::asio::awaitable<NetResult<HttpResponse>> post(std::string_view method, std::string body) {
    HttpRequest request;
    request.url = fmt::format("{}/bot{}/{}", settings_.endpoint, settings_.bot_token, method);
    request.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
    request.body = std::move(body);
    request.timeout = settings_.timeout;
    auto answer = co_await lent_.http.send(std::move(request));
    co_return answer;
  }

  Outcome judge(const NetResult<HttpResponse>& answer, Time now) const {
    Outcome out = classify(answer, rules_, now);
    if (answer.has_error()) return out;
    const VendorAnswer said(answer->body);
    if (said.text("/description").find("message is not modified") != std::string::npos) {
      out.kind = Kind::accepted;  // it was changed so before
      return out;
    }
    if (out.kind == Kind::retry && answer->header("Retry-After").empty())
      if (const auto wait = wait_in_body(answer->body, "/parameters/retry_after")) out.wait = wait;
    if (out.kind != Kind::accepted) return out;
    const auto message = said.integer("/result/message_id");
    if (said.flag("/ok") == true && message) {
      const auto chat = said.integer("/result/chat/id");
      out.receipt =
          fmt::format("{}:{}", chat ? fmt::format("{}", *chat) : settings_.chat_id, *message);
    } else {
      out.kind = Kind::ambiguous;
      out.detail = "Telegram answered HTTP 200, but not as its API does";
    }
    return out;
  }

  std::string name_;
  TelegramSettings settings_;
  NotifierContext lent_;
  Voice voice_;
  VendorRules rules_;
  Receipts receipts_;
  std::string moved_to_;  // the chat's new number; empty: it has not moved
};

}  // namespace

TelegramSettings read_telegram(config::Section& section) {
  TelegramSettings out;
  section.read_secret("bot_token", out.bot_token);
  require_secret(section, "bot_token");
  if (!out.bot_token.empty() && out.bot_token.find(':') == std::string::npos)
    section.warn(section.has("bot_token") ? "bot_token" : "bot_token_file",
                 "a bot's token has a number, ':' and 35 letters");
  section.require("chat_id");
  section.read("chat_id", out.chat_id);
  if (section.has("chat_id") && !is_number(out.chat_id) && !out.chat_id.starts_with('@'))
    section.problem("chat_id", "a chat is a number in quotes, negative for a group, or @channel");
  section.read("topic", out.topic, 0, std::int64_t{1} << 52);
  section.read("endpoint", out.endpoint);
  check_url(section, "endpoint", out.endpoint);
  while (out.endpoint.ends_with('/'))
    out.endpoint.pop_back();
  read_timeout(section, out.timeout);
  return out;
}

std::string telegram_body(const Page& page, const Voice& voice, const TelegramDraft& draft) {
  const Shown shown = fit(page, voice, {kMaxText, Unit::utf16});
  JsonWriter json;
  json.begin_object().key("chat_id");
  if (std::int64_t number = 0; is_number(draft.chat)) {
    std::from_chars(draft.chat.data(), draft.chat.data() + draft.chat.size(), number);
    json.integer(number);
  } else {
    json.string(draft.chat);
  }
  json.field("text", draft.bare ? to_text(shown) : to_html(shown));
  if (!draft.bare) json.field("parse_mode", "HTML");
  if (!draft.change.empty()) {
    json.key("message_id").integer(std::stoll(draft.change));
  } else {
    if (draft.topic != 0) json.field("message_thread_id", draft.topic);
    if (!can_be_acknowledged(page)) json.field("disable_notification", true);
    if (!draft.reply_to.empty()) {
      json.key("reply_parameters").begin_object();
      json.key("message_id").integer(std::stoll(draft.reply_to));
      json.field("allow_sending_without_reply", true).end_object();
    }
  }
  json.key("link_preview_options").begin_object().field("is_disabled", true).end_object();
  write_keyboard(json, page, voice, draft);
  json.end_object();
  return std::move(json).text();
}

std::unique_ptr<Notifier> make_telegram(std::string name, TelegramSettings settings,
                                        const NotifierContext& context) {
  return std::make_unique<Telegram>(std::move(name), std::move(settings), context);
}

}  // namespace brandwacht::alerting
