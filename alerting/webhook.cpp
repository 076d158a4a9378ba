#include "alerting/webhook.hpp"

#include <fmt/format.h>

#include <sstream>

#include "alerting/classify.hpp"
#include "alerting/message.hpp"
#include "alerting/setting_checks.hpp"
#include "alerting/signature.hpp"

namespace brandwacht::alerting {
namespace {

constexpr std::size_t kMaxBody = 20'000;

class Webhook final : public Notifier {
 public:
  Webhook(std::string name, WebhookSettings settings, const NotifierContext& context)
      : name_(std::move(name)),
        settings_(std::move(settings)),
        http_(context.http),
        external_url_(context.external_url) {
    rules_.vendor = "the webhook";
    rules_.gone_disables = true;
  }

  const std::string& name() const override { return name_; }

  NotifierTraits traits() const override {
    NotifierTraits out;
    out.updates = true;
    return out;
  }

  boost::asio::awaitable<Outcome> notify(const Page& page, Time now) override {
    HttpRequest request;
    request.url = settings_.url;
    request.body = webhook_body(page, external_url_);
    request.timeout = settings_.timeout;
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    request.headers.emplace_back("Content-Type", "application/json");
    request.headers.emplace_back("webhook-id", page.delivery_id);
    request.headers.emplace_back("webhook-timestamp", fmt::format("{}", seconds));
    if (!settings_.keys.empty())
      request.headers.emplace_back(
          "webhook-signature", sign_webhook(settings_.keys, page.delivery_id, now, request.body));
    auto answer = co_await http_.send(std::move(request));
    co_return classify(answer, rules_, now);
  }

 private:
  std::string name_;
  WebhookSettings settings_;
  HttpClient& http_;
  std::string external_url_;
  VendorRules rules_;
};

void read_keys(config::Section& section, std::vector<std::string>& keys) {
  std::string secrets;
  section.read_secret("secret", secrets);
  std::istringstream words(secrets);
  for (std::string word; words >> word;) {
    if (auto key = decode_webhook_secret(word))
      keys.push_back(std::move(*key));
    else
      section.problem(section.has("secret") ? "secret" : "secret_file",
                      "a webhook secret is 'whsec_' and 24 to 64 bytes in base64",
                      "make one with: echo whsec_$(openssl rand -base64 32)");
  }
  if (!section.has("secret") && !section.has("secret_file"))
    section.warn("", "without 'secret_file' nobody can tell a real page from a forged one");
}

}  // namespace

WebhookSettings read_webhook(config::Section& section) {
  WebhookSettings out;
  section.require("url");
  section.read("url", out.url);
  check_url(section, "url", out.url);
  read_keys(section, out.keys);
  read_timeout(section, out.timeout);
  return out;
}

std::string webhook_body(const Page& page, std::string_view external_url) {
  const Incident& incident = page.incident;
  return shrink_to(kMaxBody, [&](const Detail& detail) {
    JsonWriter json;
    json.begin_object()
        .field("type", fmt::format("incident.{}", to_string(page.event)))
        .field("timestamp", format_rfc3339(page.at));
    json.key("data").begin_object();
    json.field("incident", cut_code_points(incident.id, 255))
        .field("tier", to_string(incident.tier))
        .field("state", to_string(incident.state))
        .field("brand", cut_code_points(incident.brand, 255))
        .field("platform", cut_code_points(incident.platform, 255))
        .field("thread", cut_code_points(incident.thread, 500))
        .field("url", web_url(incident.url))
        .field("title", cut_code_points(incident.title, 300))
        .field("risk", incident.risk)
        .field("calibrated", incident.calibrated)
        .field("critics", incident.joiners)
        .field("critics_last_hour", incident.joiners_window)
        .field("people", incident.participants)
        .field("first_at", format_rfc3339(incident.first_at))
        .field("opened_at", format_rfc3339(incident.opened_at))
        .field("link", incident_link(incident, external_url));
    write_details(json, incident, detail);
    json.end_object().end_object();
    return std::move(json).text();
  });
}

std::unique_ptr<Notifier> make_webhook(std::string name, WebhookSettings settings,
                                       const NotifierContext& context) {
  return std::make_unique<Webhook>(std::move(name), std::move(settings), context);
}

}  // namespace brandwacht::alerting
