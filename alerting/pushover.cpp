#include "alerting/pushover.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <charconv>

#include "alerting/classify.hpp"
#include "alerting/form_writer.hpp"
#include "alerting/setting_checks.hpp"
#include "alerting/vendor_answer.hpp"

namespace brandwacht::alerting {
namespace {

using Kind = Outcome::Kind;

constexpr std::size_t kMaxMessage = 1024, kMaxTitle = 250, kMaxUrl = 512, kMaxUrlTitle = 100;
constexpr Duration kThrottledWait = std::chrono::minutes{5};  // a 429 is the month's quota
constexpr Duration kAskEvery = std::chrono::seconds{10};      // every 5 s is what they allow

// A tag is what a ringing page is called off by: letters, digits, '-' and '_' only.
std::string tag_of(std::string_view incident) {
  std::string out(incident.substr(0, 100));
  for (char& c : out)
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'))
      c = '_';
  return out;
}

bool rings(const Page& page) {
  return can_be_acknowledged(page) && page.incident.tier <= Tier::t2;
}

int priority(const Page& page) {
  if (rings(page)) return 2;
  return can_be_acknowledged(page) ? 0 : -1;  // -1: no sound
}

long long seconds(Duration span) {
  return std::chrono::duration_cast<std::chrono::seconds>(span).count();
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return {};
  return out;
}

class Pushover final : public Notifier {
 public:
  Pushover(std::string name, PushoverSettings settings, const NotifierContext& context)
      : name_(std::move(name)), settings_(std::move(settings)), http_(context.http) {
    voice_.external_url = context.external_url;
    voice_.language = context.language;
    rules_.vendor = "Pushover";
    rules_.throttled_wait = kThrottledWait;
    rules_.show_body = true;
    rules_.secrets = {settings_.token, settings_.user};
  }

  const std::string& name() const override { return name_; }

  NotifierTraits traits() const override {
    NotifierTraits out;
    out.updates = true;
    out.ask_every = kAskEvery;
    return out;
  }

  boost::asio::awaitable<Outcome> notify(const Page& page, Time now) override {
    if (!can_be_acknowledged(page)) {
      auto silenced = call_off(page.incident.id);
      const auto called_off = co_await std::move(silenced);
      // Refused: it never rang, or rings no longer.
      Outcome outcome = classify(called_off, rules_, now);
      if (outcome.kind == Kind::retry || outcome.kind == Kind::ambiguous) co_return outcome;
    }
    auto sent = post("/messages.json", pushover_form(settings_, page, voice_));
    const auto answer = co_await std::move(sent);
    co_return judge(answer, now);
  }

  boost::asio::awaitable<void> taken(std::string incident, Time now) override {
    auto silenced = call_off(std::move(incident));
    const auto answer = co_await std::move(silenced);
    const Outcome outcome = classify(answer, rules_, now);
    if (outcome.kind != Kind::accepted)
      spdlog::warn("pushover: {} may ring on: {}", name_, outcome.detail);
  }

  boost::asio::awaitable<Sighting> ask(std::string receipt, Time) override {
    Sighting out;
    HttpRequest request;
    request.method = "GET";
    request.url = fmt::format("{}/receipts/{}.json?token={}", settings_.endpoint,
                              percent_encode(receipt), percent_encode(settings_.token));
    request.timeout = settings_.timeout;
    const auto answer = co_await http_.send(std::move(request));
    if (answer.has_error() || answer->status >= 500 || answer->status == 429) co_return out;
    const VendorAnswer said(answer->body);
    if (said.integer("/status") != 1) {
      out.kind = Sighting::Kind::gone;
    } else if (said.integer("/acknowledged") == 1) {
      out.kind = Sighting::Kind::acknowledged;
      // Of the two that Pushover tells, the user's key is a secret.
      const std::string device = one_line(said.text("/acknowledged_by_device"), 60);
      out.who = device.empty() ? name_ : fmt::format("{} ({})", name_, device);
      out.at = Time{std::chrono::seconds{said.integer("/acknowledged_at").value_or(0)}};
    } else if (said.integer("/expired") == 1) {
      out.kind = Sighting::Kind::gone;
    }
    co_return out;
  }

 private:
  boost::asio::awaitable<NetResult<HttpResponse>> call_off(std::string incident) {
    auto cancel = post("/receipts/cancel_by_tag/" + tag_of(incident) + ".json",
                       FormWriter().field("token", settings_.token).text());
    auto answer = co_await std::move(cancel);
    co_return answer;
  }

  boost::asio::awaitable<NetResult<HttpResponse>> post(std::string path, std::string form) {
    HttpRequest request;
    request.url = settings_.endpoint + path;
    request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    request.body = std::move(form);
    request.timeout = settings_.timeout;
    auto answer = co_await http_.send(std::move(request));
    co_return answer;
  }

  Outcome judge(const NetResult<HttpResponse>& answer, Time now) const {
    Outcome out = classify(answer, rules_, now);
    if (answer.has_error()) return out;
    out.quota_left = whole_number(answer->header("X-Limit-App-Remaining"));
    if (out.kind != Kind::accepted) return out;
    const VendorAnswer said(answer->body);
    if (said.integer("/status") == 1) {
      out.receipt = said.text("/receipt");
    } else if (said.is_object()) {
      out.kind = Kind::permanent;
      out.detail = "Pushover says: " + one_line(redact_secrets(answer->body, rules_.secrets));
    } else {
      out.kind = Kind::ambiguous;
      out.detail = "Pushover answered HTTP 200, but not as its API does";
    }
    return out;
  }

  std::string name_;
  PushoverSettings settings_;
  HttpClient& http_;
  Voice voice_;
  VendorRules rules_;
};

void read_key(config::Section& section, std::string_view key, std::string& target) {
  section.read_secret(key, target);
  require_secret(section, key);
  if (!target.empty() && target.size() != 30)
    section.warn(section.has(key) ? std::string(key) : fmt::format("{}_file", key),
                 "Pushover's keys have 30 letters and digits");
}

}  // namespace

PushoverSettings read_pushover(config::Section& section) {
  PushoverSettings out;
  read_key(section, "token", out.token);
  read_key(section, "user", out.user);
  section.read("device", out.device);
  section.read("endpoint", out.endpoint);
  check_url(section, "endpoint", out.endpoint);
  while (out.endpoint.ends_with('/'))
    out.endpoint.pop_back();
  section.read("retry", out.retry, std::chrono::seconds{30}, std::chrono::hours{3});
  section.read("expire", out.expire, std::chrono::seconds{30}, std::chrono::hours{3});
  if (out.expire < out.retry)
    section.problem("expire", "the ringing would be over before it rings again",
                    "make it longer than 'retry'");
  read_timeout(section, out.timeout);
  return out;
}

std::string pushover_form(const PushoverSettings& settings, const Page& page, const Voice& voice) {
  const Shown shown = fit(page, voice, {kMaxMessage, Unit::code_points}, false);
  std::string message = to_text(shown, false);
  if (message.empty()) message = cut(shown.headline, {kMaxMessage, Unit::code_points});
  FormWriter form;
  form.field("token", settings.token)
      .field("user", settings.user)
      .field("title", cut(shown.headline, {kMaxTitle, Unit::code_points}))
      .field("message", message)
      .field("priority", priority(page))
      .field("timestamp", seconds(page.at.time_since_epoch()));
  if (!settings.device.empty()) form.field("device", settings.device);
  const bool ours = !shown.incident.empty();
  const std::string& url = ours ? shown.incident : shown.thread;
  if (!url.empty() && url.size() <= kMaxUrl) {
    const auto title = ours ? word_incident(voice.language) : word_thread(voice.language);
    form.field("url", url).field("url_title", cut(title, {kMaxUrlTitle, Unit::code_points}));
  }
  if (rings(page))
    form.field("retry", seconds(settings.retry))
        .field("expire", seconds(settings.expire))
        .field("tags", tag_of(page.incident.id));
  return std::move(form).text();
}

std::unique_ptr<Notifier> make_pushover(std::string name, PushoverSettings settings,
                                        const NotifierContext& context) {
  return std::make_unique<Pushover>(std::move(name), std::move(settings), context);
}

}  // namespace brandwacht::alerting
