#include "alerting/alertmanager.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <span>

#include "alerting/classify.hpp"
#include "alerting/message.hpp"
#include "alerting/setting_checks.hpp"

namespace brandwacht::alerting {
namespace asio = boost::asio;

namespace {

// Prometheus itself repeats a resolve for 15 min.
constexpr Duration kResolvedFor = std::chrono::minutes{15};

void write_labels(JsonWriter& json, const Incident& incident, std::string_view level) {
  json.key("labels").begin_object();
  json.field("alertname", "BrandwachtEscalation")
      .field("incident", incident.id)
      .field("brand", incident.brand)
      .field("platform", incident.platform)
      .field("severity", level)
      .end_object();
}

void write_annotations(JsonWriter& json, const Page& page, const Voice& voice) {
  const Incident& incident = page.incident;
  json.key("annotations").begin_object();
  json.field("summary", headline(page, voice.language))
      .field("description",
             cut_code_points(phone_text(page, voice.external_url, true, voice.language), 8000))
      .field("tier", to_string(incident.tier))
      .field("critics", fmt::format("{}", incident.joiners))
      .field("risk", fmt::format("{:.2f}", incident.risk))
      .field("url", web_url(incident.url))
      .end_object();
}

void write_alert(JsonWriter& json, const Page& page, std::string_view level, Time ends_at,
                 const Voice& voice) {
  const Incident& incident = page.incident;
  // An alert that ends before it starts is refused, and clocks step.
  const Time starts_at = std::min(incident.opened_at, ends_at);
  json.begin_object();
  write_labels(json, incident, level);
  write_annotations(json, page, voice);
  json.field("startsAt", format_rfc3339(starts_at)).field("endsAt", format_rfc3339(ends_at));
  const std::string board = incident_link(incident, voice.external_url);
  const std::string_view link = board.empty() ? web_url(incident.url) : std::string_view(board);
  if (!link.empty()) json.field("generatorURL", link);
  json.end_object();
}

// What several members said, as one outcome: one that took it is enough, the others hear of it at
// the next repeat.
Outcome combine(const std::vector<Outcome>& outcomes) {
  static constexpr auto kOrder = {Outcome::Kind::accepted, Outcome::Kind::ambiguous,
                                  Outcome::Kind::retry, Outcome::Kind::permanent};
  for (const auto kind : kOrder)
    for (const auto& outcome : outcomes)
      if (outcome.kind == kind) return outcome;
  return {};
}

class Alertmanager final : public Notifier {
 public:
  Alertmanager(std::string name, AlertmanagerSettings settings, const NotifierContext& context)
      : name_(std::move(name)), settings_(std::move(settings)), http_(context.http) {
    voice_.external_url = context.external_url;
    voice_.language = context.language;
    rules_.vendor = "Alertmanager";
    rules_.show_body = true;
    rules_.secrets = header_secrets(settings_.authorization);
  }

  const std::string& name() const override { return name_; }

  NotifierTraits traits() const override {
    NotifierTraits out;
    out.resend_every = settings_.resend_every;
    out.resolved_for = kResolvedFor;
    out.resend_at_once = true;
    return out;
  }

  asio::awaitable<Outcome> notify(const Page& page, Time now) override {
    const std::string body = alertmanager_body(page, now, settings_.resend_every, voice_);
    std::vector<Outcome> outcomes(settings_.urls.size());
    auto all = post_all(body, now, settings_.urls, outcomes);
    try {
      co_await std::move(all);
    } catch (const asio::multiple_exceptions&) {
      throw boost::system::system_error(asio::error::operation_aborted);
    }
    co_return combine(outcomes);
  }

 private:
  // All members at once: one that hangs must not delay the others.
  asio::awaitable<void> post_all(const std::string& body, Time now,
                                 std::span<const std::string> urls, std::span<Outcome> outcomes) {
    using namespace asio::experimental::awaitable_operators;
    if (urls.size() == 1) {
      co_await post(body, now, urls.front(), outcomes.front());
      co_return;
    }
    auto both = post(body, now, urls.front(), outcomes.front()) &&
                post_all(body, now, urls.subspan(1), outcomes.subspan(1));
    co_await std::move(both);
  }

  asio::awaitable<void> post(const std::string& body, Time now, const std::string& url,
                             Outcome& out) {
    HttpRequest request;
    request.url = url + "/api/v2/alerts";
    request.headers.emplace_back("Content-Type", "application/json");
    if (!settings_.authorization.empty())
      request.headers.emplace_back("Authorization", settings_.authorization);
    request.body = body;
    request.timeout = settings_.timeout;
    auto answer = co_await http_.send(std::move(request));
    out = classify(answer, rules_, now);
  }

  std::string name_;
  AlertmanagerSettings settings_;
  HttpClient& http_;
  Voice voice_;
  VendorRules rules_;
};

}  // namespace

AlertmanagerSettings read_alertmanager(config::Section& section) {
  AlertmanagerSettings out;
  section.require("urls");
  section.read("urls", out.urls);
  if (section.has("urls") && out.urls.empty())
    section.problem("urls", "name at least one member of the cluster");
  for (auto& url : out.urls) {
    check_url(section, "urls", url);
    while (url.ends_with('/'))
      url.pop_back();
  }
  section.read_secret("authorization", out.authorization);
  section.read("resend_every", out.resend_every, std::chrono::seconds{5}, std::chrono::minutes{10});
  read_timeout(section, out.timeout);
  return out;
}

std::string alertmanager_body(const Page& page, Time now, Duration resend_every,
                              const Voice& voice) {
  JsonWriter json;
  json.begin_array();
  const std::string_view present = severity(page.incident.tier);
  for (const std::string_view level : {"critical", "error", "warning"}) {
    const bool fires = page.action == Action::trigger && level == present;
    // The end of a resolve is when it was decided: the same in every repeat.
    const Time over = std::min(page.at, now);
    write_alert(json, page, level, fires ? now + 10 * resend_every : over, voice);
  }
  json.end_array();
  return std::move(json).text();
}

std::unique_ptr<Notifier> make_alertmanager(std::string name, AlertmanagerSettings settings,
                                            const NotifierContext& context) {
  return std::make_unique<Alertmanager>(std::move(name), std::move(settings), context);
}

}  // namespace brandwacht::alerting
