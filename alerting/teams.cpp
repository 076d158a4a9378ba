#include "alerting/teams.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "alerting/classify.hpp"
#include "alerting/setting_checks.hpp"

namespace brandwacht::alerting {
namespace {

using Kind = Outcome::Kind;

constexpr std::size_t kMaxBody = 27'000;  // bytes; "28 KB" is somewhere between 28 000 and 28 672
constexpr Duration kSpacing = std::chrono::seconds{1};  // of four a second and 60 in 30 s
constexpr Duration kThrottledWait = std::chrono::seconds{60};

struct Look {
  std::string_view size, weight, color;  // of Adaptive Cards; empty: the default
};

// A RichTextBlock shows its text as it is. In a TextBlock, a post could make links and pictures of
// its own, because that one reads Markdown.
void write_run(JsonWriter& json, std::string_view text, const Look& look, std::string_view id) {
  json.begin_object().field("type", "RichTextBlock");
  if (!id.empty()) json.field("id", id);
  json.key("inlines").begin_array();
  json.begin_object().field("type", "TextRun").field("text", text);
  if (!look.size.empty()) json.field("size", look.size);
  if (!look.weight.empty()) json.field("weight", look.weight);
  if (!look.color.empty()) json.field("color", look.color);
  json.end_object().end_array().end_object();
}

Look headline_look(const Page& page) {
  if (!can_be_acknowledged(page)) return {"Large", "Bolder", "Good"};
  return {"Large", "Bolder", page.incident.tier <= Tier::t2 ? "Attention" : "Warning"};
}

Look look_of(Line::Part part) {
  switch (part) {
    case Line::Part::note:
      return {"", "Bolder", ""};
    case Line::Part::advice:
      return {"Medium", "Bolder", ""};
    case Line::Part::post:
      return {"", "Lighter", "Accent"};
    case Line::Part::playbook:
    case Line::Part::reason:
      break;
  }
  return {};
}

void write_action(JsonWriter& json, std::string_view title, std::string_view url) {
  if (url.empty()) return;
  json.begin_object()
      .field("type", "Action.OpenUrl")
      .field("title", title)
      .field("url", url)
      .end_object();
}

void write_card(JsonWriter& json, const Page& page, const Voice& voice, const Shown& shown,
                std::string_view ack_link) {
  json.begin_object()
      .field("$schema", "http://adaptivecards.io/schemas/adaptive-card.json")
      .field("type", "AdaptiveCard")
      .field("version", "1.2")
      .field("fallbackText", shown.headline);
  json.key("msteams").begin_object().field("width", "full").end_object();
  json.key("body").begin_array();
  // The id is the same for every try of one delivery.
  write_run(json, shown.headline, headline_look(page), cut_code_points(page.delivery_id, 255));
  for (const auto& line : shown.lines)
    write_run(json, plain(line), look_of(line.part), "");
  json.end_array().key("actions").begin_array();
  if (can_be_acknowledged(page)) write_action(json, word_acknowledge(voice.language), ack_link);
  write_action(json, word_thread(voice.language), shown.thread);
  write_action(json, word_incident(voice.language), shown.incident);
  json.end_array().end_object();
}

// The status in "Microsoft Teams endpoint returned HTTP error 429 with ContextId ..."; 0: none.
int told_status(std::string_view body) {
  static constexpr std::string_view kSentence = "HTTP error ";
  const auto at = body.find(kSentence);
  if (at == std::string_view::npos) return 0;
  int out = 0;
  for (const char c : body.substr(at + kSentence.size(), 3)) {
    if (c < '0' || c > '9') return 0;
    out = out * 10 + (c - '0');
  }
  return out >= 300 ? out : 0;
}

class Teams final : public Notifier {
 public:
  Teams(std::string name, TeamsSettings settings, const NotifierContext& context)
      : name_(std::move(name)), settings_(std::move(settings)), lent_(context) {
    voice_.external_url = context.external_url;
    voice_.language = context.language;
    rules_.vendor = "Microsoft Teams";
    rules_.throttled_wait = kThrottledWait;
    rules_.show_body = true;
    rules_.secrets = url_secrets(settings_.url);
  }

  const std::string& name() const override { return name_; }

  NotifierTraits traits() const override {
    NotifierTraits out;
    out.spacing = kSpacing;
    out.updates = true;
    return out;
  }

  boost::asio::awaitable<Outcome> notify(const Page& page, Time now) override {
    std::string link;
    if (lent_.ack_link) link = web_url(lent_.ack_link(page.incident.id, name_));
    HttpRequest request;
    request.url = settings_.url;
    request.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
    request.body = teams_body(page, voice_, link);
    request.timeout = settings_.timeout;
    auto answer = co_await lent_.http.send(std::move(request));
    co_return judge(std::move(answer), now);
  }

 private:
  Outcome judge(NetResult<HttpResponse> answer, Time now) const {
    if (answer && answer->status >= 200 && answer->status < 300)
      if (const int status = told_status(answer->body)) answer->status = status;
    return classify(answer, rules_, now);
  }

  std::string name_;
  TeamsSettings settings_;
  NotifierContext lent_;
  Voice voice_;
  VendorRules rules_;
};

}  // namespace

TeamsSettings read_teams(config::Section& section) {
  TeamsSettings out;
  section.read_secret("url", out.url);
  require_secret(section, "url");
  check_url(section, section.has("url") ? "url" : "url_file", out.url);
  read_timeout(section, out.timeout);
  return out;
}

std::string teams_body(const Page& page, const Voice& voice, std::string_view ack_link) {
  const auto fits = [](const std::string& body) { return body.size() <= kMaxBody; };
  return shrink_shown(fits, [&](const Detail& detail) {
    const Shown shown = show(page, voice, detail);
    JsonWriter json;
    json.begin_object().field("type", "message").key("attachments").begin_array();
    json.begin_object().field("contentType", "application/vnd.microsoft.card.adaptive");
    json.key("contentUrl").null().key("content");
    write_card(json, page, voice, shown, ack_link);
    json.end_object().end_array().end_object();
    return std::move(json).text();
  });
}

std::unique_ptr<Notifier> make_teams(std::string name, TeamsSettings settings,
                                     const NotifierContext& context) {
  return std::make_unique<Teams>(std::move(name), std::move(settings), context);
}

}  // namespace brandwacht::alerting
