#include "alerting/ntfy.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "alerting/classify.hpp"
#include "alerting/setting_checks.hpp"
#include "alerting/vendor_answer.hpp"
#include "monitor/hash.hpp"

namespace brandwacht::alerting {
namespace {

constexpr std::size_t kMaxMessage = 4000, kMaxTitle = 250;  // bytes; 4096 is the server's
constexpr std::size_t kMaxBody = 8000;  // bytes; the server takes twice its longest message
constexpr std::size_t kLongUrl = 800;   // two of them and a message fill the body
constexpr Duration kThrottledWait = std::chrono::seconds{30};  // six of its sixty tokens come back

// 5 rings through "do not disturb", 3 is an ordinary notification, 2 makes no sound.
int priority(const Page& page) {
  if (!can_be_acknowledged(page)) return 2;
  switch (page.incident.tier) {
    case Tier::t1:
      return 5;
    case Tier::t2:
      return 4;
    case Tier::t3:
    case Tier::t4:
      break;
  }
  return 3;
}

// The name of an emoji, which ntfy puts before the title.
std::string_view emoji(const Page& page) {
  if (page.action == Action::resolve) return "white_check_mark";
  if (page.event == IncidentEventKind::cool) return "thermometer";
  return page.incident.tier <= Tier::t2 ? "rotating_light" : "warning";
}

void write_view(JsonWriter& json, std::string_view label, std::string_view url) {
  if (url.empty() || url.size() > kLongUrl) return;
  json.begin_object().field("action", "view").field("label", label).field("url", url).end_object();
}

void write_actions(JsonWriter& json, const Page& page, const Voice& voice, const Shown& shown,
                   const NtfyButtons& buttons) {
  json.key("actions").begin_array();  // three at most
  if (can_be_acknowledged(page)) {
    const std::string_view label = word_acknowledge(voice.language);
    if (!buttons.acknowledge.empty() && buttons.acknowledge.size() <= kLongUrl)
      json.begin_object()
          .field("action", "http")
          .field("label", label)
          .field("url", buttons.acknowledge)
          .field("method", "POST")
          .field("clear", true)  // only when the POST was answered with success
          .end_object();
    else
      write_view(json, label, buttons.ask);
  }
  write_view(json, word_thread(voice.language), shown.thread);
  write_view(json, word_incident(voice.language), shown.incident);
  json.end_array();
}

class Ntfy final : public Notifier {
 public:
  Ntfy(std::string name, NtfySettings settings, const NotifierContext& context)
      : name_(std::move(name)), settings_(std::move(settings)), lent_(context) {
    voice_.external_url = context.external_url;
    voice_.language = context.language;
    rules_.vendor = "ntfy";
    rules_.throttled_wait = kThrottledWait;
    rules_.show_body = true;
    rules_.secrets = header_secrets(settings_.authorization);
    rules_.secrets.push_back(settings_.topic);
  }

  const std::string& name() const override { return name_; }

  NotifierTraits traits() const override {
    NotifierTraits out;
    out.updates = true;
    out.limits = {{60, std::chrono::seconds{5}, RateLimit::Kind::bucket}};  // of one visitor
    return out;
  }

  boost::asio::awaitable<Outcome> notify(const Page& page, Time now) override {
    NtfyButtons buttons;
    if (lent_.ack_callback)
      buttons.acknowledge = web_url(lent_.ack_callback(page.incident.id, name_));
    if (lent_.ack_link) buttons.ask = web_url(lent_.ack_link(page.incident.id, name_));
    HttpRequest request;
    request.url = settings_.server + "/";
    request.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
    if (!settings_.authorization.empty())
      request.headers.emplace_back("Authorization", settings_.authorization);
    request.body = ntfy_body(settings_.topic, page, voice_, buttons);
    request.timeout = settings_.timeout;
    auto answer = co_await lent_.http.send(std::move(request));
    Outcome out = classify(answer, rules_, now);
    if (out.kind == Outcome::Kind::accepted) out.receipt = VendorAnswer(answer->body).text("/id");
    co_return out;
  }

 private:
  std::string name_;
  NtfySettings settings_;
  NotifierContext lent_;
  Voice voice_;
  VendorRules rules_;
};

bool good_topic(std::string_view topic) {
  return topic.size() <= 64 && std::all_of(topic.begin(), topic.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_';
         });
}

}  // namespace

NtfySettings read_ntfy(config::Section& section) {
  NtfySettings out;
  section.read("server", out.server);
  check_url(section, "server", out.server);
  while (out.server.ends_with('/'))
    out.server.pop_back();
  section.read_secret("topic", out.topic);
  require_secret(section, "topic");
  if (!good_topic(out.topic))
    section.problem(section.has("topic") ? "topic" : "topic_file",
                    "a topic has 1 to 64 letters, digits, '-' or '_'");
  section.read_secret("authorization", out.authorization);
  read_timeout(section, out.timeout);
  return out;
}

std::string ntfy_body(const std::string& topic, const Page& page, const Voice& voice,
                      const NtfyButtons& buttons) {
  std::size_t room = kMaxMessage;
  for (;;) {
    Shown shown = fit(page, voice, {room, Unit::bytes}, false);
    std::string message = to_text(shown, false);
    if (message.empty()) message = cut(shown.headline, {room, Unit::bytes});
    JsonWriter json;
    json.begin_object()
        .field("topic", topic)
        .field("title", cut(shown.headline, {kMaxTitle, Unit::bytes}))
        .field("message", message)
        .field("priority", priority(page))
        // Newer servers put a second try over the first one; older ones do not read it.
        .field("sequence_id", fmt::format("bw-{:016x}", hash_bytes(page.delivery_id)));
    json.key("tags").begin_array().string(emoji(page)).end_array();
    const std::string_view click = shown.incident.empty() ? shown.thread : shown.incident;
    if (!click.empty()) json.field("click", click);
    write_actions(json, page, voice, shown, buttons);
    json.end_object();
    // Quotation marks and backslashes count double in JSON: less text then.
    if (json.text().size() <= kMaxBody || room < 1000) return std::move(json).text();
    room -= 500;
  }
}

std::unique_ptr<Notifier> make_ntfy(std::string name, NtfySettings settings,
                                    const NotifierContext& context) {
  return std::make_unique<Ntfy>(std::move(name), std::move(settings), context);
}

}  // namespace brandwacht::alerting
