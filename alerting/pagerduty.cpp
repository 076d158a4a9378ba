#include "alerting/pagerduty.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "alerting/classify.hpp"
#include "alerting/message.hpp"
#include "alerting/setting_checks.hpp"
#include "monitor/hash.hpp"

namespace brandwacht::alerting {
namespace {

constexpr std::size_t kMaxBody = 512'000, kMaxSummary = 1024, kMaxDedupKey = 255;

// PagerDuty resolves by itself after 4 h what heard nothing; what is still open is told again well
// before.
constexpr Duration kTriggerAgain = std::chrono::hours{2};

constexpr std::size_t kMaxDetails = 100;  // of a change
// "Back off for a few minutes" says one page of theirs, "30 s" another.
constexpr Duration kThrottledWait = std::chrono::seconds{30};

// Our ids are short; a longer one keeps a stable key all the same.
std::string dedup_key(const std::string& id) {
  return id.size() <= kMaxDedupKey ? id : fmt::format("bw-{:016x}", hash_bytes(id));
}

std::string source(const Incident& incident) {
  const std::string out = cut_code_points(incident.platform + "/" + incident.brand, 255);
  return out == "/" ? "brandwacht" : out;
}

void write_payload(JsonWriter& json, const Page& page, const Detail& detail) {
  const Incident& incident = page.incident;
  json.key("payload").begin_object();
  json.field("summary", cut_code_points(headline(page), kMaxSummary))
      .field("source", source(incident))
      .field("severity", severity(incident.tier))
      .field("timestamp", format_rfc3339(page.at))
      .field("component", cut_code_points(incident.platform, 255))
      .field("group", cut_code_points(incident.brand, 255))
      .field("class", "escalation");
  json.key("custom_details").begin_object();
  json.field("incident", incident.id)
      .field("event", to_string(page.event))
      .field("tier", to_string(incident.tier))
      .field("critics", incident.joiners)
      .field("critics_last_hour", incident.joiners_window)
      .field("people", incident.participants)
      .field("risk", incident.risk)
      .field("calibrated", incident.calibrated)
      .field("first_at", format_rfc3339(incident.first_at));
  write_details(json, incident, detail);
  json.end_object().end_object();
}

void write_links(JsonWriter& json, const Incident& incident, std::string_view external_url) {
  const std::string_view thread = web_url(incident.url);
  const std::string board = incident_link(incident, external_url);
  json.key("links").begin_array();
  if (!thread.empty())
    json.begin_object().field("href", thread).field("text", "The thread").end_object();
  if (!board.empty())
    json.begin_object().field("href", board).field("text", "The incident").end_object();
  json.end_array();
  json.field("client", "Brandwacht");
  if (!board.empty()) json.field("client_url", board);
}

class PagerDuty final : public Notifier {
 public:
  PagerDuty(std::string name, PagerDutySettings settings, const NotifierContext& context)
      : name_(std::move(name)),
        settings_(std::move(settings)),
        http_(context.http),
        external_url_(context.external_url) {
    rules_.vendor = "PagerDuty";
    rules_.throttled_wait = kThrottledWait;
    rules_.show_body = true;
    rules_.secrets = {settings_.routing_key};
  }

  const std::string& name() const override { return name_; }

  NotifierTraits traits() const override {
    NotifierTraits out;
    out.limits = {{120, std::chrono::seconds{60}}};  // of one integration key
    out.resend_every = kTriggerAgain;
    out.keeps_incidents = true;
    out.acks = NotifierTraits::Acks::foreign;
    out.vendor = "pagerduty";
    out.resend_at_once = true;
    return out;
  }

  boost::asio::awaitable<Outcome> notify(const Page& page, Time now) override {
    HttpRequest request;
    request.url = settings_.endpoint;
    request.headers.emplace_back("Content-Type", "application/json");
    request.body = pagerduty_body(settings_, page, external_url_);
    request.timeout = settings_.timeout;
    auto answer = co_await http_.send(std::move(request));
    co_return classify(answer, rules_, now);
  }

  boost::asio::awaitable<std::optional<Outcome>> announce(const Change& change, Time now) override {
    std::optional<Outcome> out;
    HttpRequest request;
    request.url = pagerduty_change_endpoint(settings_.endpoint);
    if (request.url.empty()) co_return out;
    request.headers.emplace_back("Content-Type", "application/json");
    request.body = pagerduty_change_body(settings_, change, external_url_);
    request.timeout = settings_.timeout;
    auto answer = co_await http_.send(std::move(request));
    out = classify(answer, rules_, now);
    co_return out;
  }

 private:
  std::string name_;
  PagerDutySettings settings_;
  HttpClient& http_;
  std::string external_url_;
  VendorRules rules_;
};

}  // namespace

PagerDutySettings read_pagerduty(config::Section& section) {
  PagerDutySettings out;
  section.read_secret("routing_key", out.routing_key);
  require_secret(section, "routing_key");
  if (!out.routing_key.empty() && out.routing_key.size() != 32)
    section.warn("routing_key", "a routing key of PagerDuty has 32 characters",
                 "take it from an 'Events API v2' integration of the service");
  section.read("endpoint", out.endpoint);
  check_url(section, "endpoint", out.endpoint);
  read_timeout(section, out.timeout);
  return out;
}

std::string pagerduty_body(const PagerDutySettings& settings, const Page& page,
                           std::string_view external_url) {
  return shrink_to(kMaxBody, [&](const Detail& detail) {
    JsonWriter json;
    json.begin_object()
        .field("routing_key", settings.routing_key)
        .field("event_action", to_string(page.action))
        .field("dedup_key", dedup_key(page.dedup_key));
    if (page.action == Action::trigger) {  // the others carry the keys and nothing else
      write_payload(json, page, detail);
      write_links(json, page.incident, external_url);
    }
    json.end_object();
    return std::move(json).text();
  });
}

std::string pagerduty_change_endpoint(std::string_view endpoint) {
  constexpr std::string_view events = "/enqueue";
  if (!endpoint.ends_with(events)) return {};
  endpoint.remove_suffix(events.size());
  return fmt::format("{}/change/enqueue", endpoint);
}

std::string pagerduty_change_body(const PagerDutySettings& settings, const Change& change,
                                  std::string_view external_url) {
  JsonWriter json;
  json.begin_object().field("routing_key", settings.routing_key);
  json.key("payload").begin_object();
  json.field("summary", cut_code_points(one_line(change.summary, kMaxSummary), kMaxSummary))
      .field("source", "brandwacht")
      .field("timestamp", format_rfc3339(change.at));
  json.key("custom_details").begin_object();
  for (std::size_t i = 0; i < std::min<std::size_t>(change.details.size(), kMaxDetails); ++i)
    json.field(cut_code_points(change.details[i].first, 100),
               cut_code_points(change.details[i].second, 500));
  json.end_object().end_object();
  if (!web_url(external_url).empty()) {
    json.key("links").begin_array().begin_object();
    json.field("href", external_url).field("text", "Brandwacht").end_object().end_array();
  }
  json.end_object();
  return std::move(json).text();
}

std::unique_ptr<Notifier> make_pagerduty(std::string name, PagerDutySettings settings,
                                         const NotifierContext& context) {
  return std::make_unique<PagerDuty>(std::move(name), std::move(settings), context);
}

}  // namespace brandwacht::alerting
