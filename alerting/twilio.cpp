#include "alerting/twilio.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "alerting/classify.hpp"
#include "alerting/contact_limits.hpp"
#include "alerting/form_writer.hpp"
#include "alerting/message.hpp"
#include "alerting/mime.hpp"
#include "alerting/setting_checks.hpp"
#include "alerting/twilio_list.hpp"
#include "alerting/vendor_answer.hpp"

namespace brandwacht::alerting {
namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

using Kind = Outcome::Kind;

constexpr int kLookUps = 3;               // of one page; then it is sent again
constexpr Duration kClocksDiffer = 1min;  // Twilio's from ours

// Sent without an answer. Page::progress holds it: "<microseconds since 1970> <look-ups>".
struct Doubt {
  Time first{};
  int look_ups = 0;
};

std::string text_of(const Doubt& doubt) {
  return fmt::format("{} {}", doubt.first.time_since_epoch().count(), doubt.look_ups);
}

std::optional<Doubt> doubt_about(const Page& page) {
  std::int64_t ticks = 0;
  int look_ups = 0;
  const char* end = page.progress.data() + page.progress.size();
  const auto first = std::from_chars(page.progress.data(), end, ticks);
  if (first.ec != std::errc{} || first.ptr == end)
    return page.cut_off ? std::optional<Doubt>({*page.cut_off, 0}) : std::nullopt;
  std::from_chars(first.ptr + 1, end, look_ups);
  return Doubt{Time{Duration{ticks}}, look_ups};
}

// The part that texts and calls share.
class Twilio : public Notifier {
 public:
  Twilio(std::string name, TwilioSettings settings, const NotifierContext& context,
         std::string_view resource, std::vector<ContactLimit> limits)
      : name_(std::move(name)),
        settings_(std::move(settings)),
        resource_(resource),
        http_(context.http),
        context_(context),
        limits_(std::move(limits)) {
    const std::string& user = settings_.api_key.empty() ? settings_.account_sid : settings_.api_key;
    authorization_ = "Basic " + base64(user + ":" + settings_.token);
    rules_.vendor = "Twilio";
    rules_.show_body = true;
    rules_.secrets = {settings_.token, authorization_.substr(6)};
  }

  const std::string& name() const override { return name_; }

  void accepted_before(const std::vector<Time>& times) override {
    for (const Time at : times)
      limits_.note(at);
  }

  asio::awaitable<Outcome> notify(const Page& page, Time now) override {
    Outcome out;
    auto doubt = doubt_about(page);
    if (const Duration wait = held(page, now); wait > Duration{0}) {
      if (doubt) out.progress = text_of(*doubt);
      out.wait = wait;
      out.target_works = true;
      out.detail = fmt::format("this phone has had enough messages for {}", format_span(wait));
      co_return out;
    }
    const std::string form = form_of(page);
    if (doubt) {
      HttpRequest question = list_request(doubt->first);
      auto answer = co_await http_.send(std::move(question));
      if (auto known = settle(*doubt, answer, form)) co_return std::move(*known);
    }
    HttpRequest request = request_to(resource_);
    request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    request.body = form;
    auto answer = co_await http_.send(std::move(request));
    out = classify(answer, rules_, now);
    if (out.kind == Kind::accepted) out.receipt = VendorAnswer(answer->body).text("/sid");
    note(out, doubt ? doubt->first : now, now);
    co_return out;
  }

 protected:
  virtual std::string form_of(const Page& page) const = 0;
  // The sid of what the list holds of this page; empty: nothing.
  virtual std::string find_in(std::string_view list, std::string_view form, Time since) const = 0;
  virtual std::string_view since_key() const = 0;

  TwilioWords words_for(const Page& page) const {
    TwilioWords out;
    out.dutch = context_.language == "nl";
    if (page.action == Action::trigger && context_.ack_link)
      out.link = context_.ack_link(page.incident.id, name_);
    if (out.link.empty()) out.link = incident_link(page.incident, context_.external_url);
    const std::string_view outside = outside_of(out.link);
    if (settings_.hook.empty() || !context_.ack_button || outside.empty()) return out;
    const std::string button = context_.ack_button(page.incident.id, name_);
    if (!button.empty())
      out.action =
          fmt::format("{}/hooks/{}?page={}", outside, settings_.hook, percent_encode(button));
    return out;
  }

  // Hooks are where links to acknowledge are, which may be another address than the API's.
  std::string_view outside_of(std::string_view link) const {
    const auto at = link.find("/ack/");
    return without_slash(at == std::string_view::npos ? web_url(context_.external_url)
                                                      : link.substr(0, at));
  }

  HttpRequest request_to(std::string_view resource) const {
    HttpRequest out;
    out.url = fmt::format("{}/2010-04-01/Accounts/{}/{}", without_slash(settings_.endpoint),
                          settings_.account_sid, resource);
    out.headers.emplace_back("Authorization", authorization_);
    out.timeout = settings_.timeout;
    return out;
  }

  const TwilioSettings& settings() const { return settings_; }
  HttpClient& http() { return http_; }

 private:
  static std::string_view without_slash(std::string_view url) {
    while (url.ends_with('/'))
      url.remove_suffix(1);
    return url;
  }

  Duration held(const Page& page, Time now) const {
    const bool urgent = page.action == Action::trigger && page.incident.tier == Tier::t1;
    return urgent ? Duration{0} : limits_.wait(now);
  }

  HttpRequest list_request(Time since) const {
    HttpRequest out = request_to(resource_);
    out.method = "GET";
    out.url += fmt::format("?To={}&{}%3E={}&PageSize=20", percent_encode(settings_.to), since_key(),
                           format_rfc3339(since - kClocksDiffer).substr(0, 10));
    return out;
  }

  // Nullopt: send it now.
  std::optional<Outcome> settle(Doubt& doubt, const NetResult<HttpResponse>& answer,
                                std::string_view form) {
    Outcome out;
    ++doubt.look_ups;
    if (answer.has_value() && answer->status == 200) {
      out.receipt = find_in(answer->body, form, doubt.first - kClocksDiffer);
      out.kind = Kind::accepted;
      if (out.receipt.empty()) return {};
      return out;
    }
    if (doubt.look_ups >= kLookUps) return {};
    out.kind = Kind::ambiguous;
    out.progress = text_of(doubt);
    out.detail =
        "Twilio: it is not known whether the last try arrived, and its list cannot be read";
    return out;
  }

  // `first`: its first attempt.
  void note(Outcome& outcome, Time first, Time now) {
    if (outcome.kind == Kind::accepted || outcome.kind == Kind::ambiguous) limits_.note(now);
    if (outcome.kind == Kind::ambiguous) outcome.progress = text_of(Doubt{first, 0});
  }

  std::string name_;
  TwilioSettings settings_;
  std::string resource_;
  HttpClient& http_;
  NotifierContext context_;
  ContactLimits limits_;
  std::string authorization_;
  VendorRules rules_;
};

class TextMessage final : public Twilio {
 public:
  TextMessage(std::string name, TwilioSettings settings, const NotifierContext& context)
      : Twilio(std::move(name), std::move(settings), context, "Messages.json", sms_limits()) {}

  NotifierTraits traits() const override {
    NotifierTraits out;
    out.spacing = 1s;           // one number sends one segment a second
    out.resend_at_once = true;  // the list is asked first
    return out;
  }

 private:
  std::string form_of(const Page& page) const override {
    FormWriter form;
    form.field("To", settings().to);
    if (!settings().from.empty()) form.field("From", settings().from);
    if (!settings().messaging_service.empty())
      form.field("MessagingServiceSid", settings().messaging_service);
    form.field("Body", twilio_sms_body(settings(), page, words_for(page)));
    form.field("ValidityPeriod",
               std::chrono::duration_cast<std::chrono::seconds>(settings().validity).count());
    return std::move(form).text();
  }

  std::string find_in(std::string_view list, std::string_view form, Time since) const override {
    return find_twilio_message(list, form, since);
  }
  std::string_view since_key() const override { return "DateSent"; }
};

class PhoneCall final : public Twilio {
 public:
  PhoneCall(std::string name, TwilioSettings settings, const NotifierContext& context)
      : Twilio(std::move(name), std::move(settings), context, "Calls.json", voice_limits()) {}

  NotifierTraits traits() const override {
    NotifierTraits out;
    out.spacing = 30s;  // a second call while the first one rings is lost
    out.ask_every = 15s;
    out.resend_at_once = true;
    return out;
  }

  asio::awaitable<Sighting> ask(std::string receipt, Time now) override {
    HttpRequest request = request_to(fmt::format("Calls/{}.json", receipt));
    request.method = "GET";
    auto answer = co_await http().send(std::move(request));
    Sighting out;
    if (answer.has_value() && answer->status == 200) out = sighting(answer->body, now);
    co_return out;
  }

 private:
  // To pick up is not to take it: a digit does that, and comes through the hook.
  static Sighting sighting(const std::string& body, Time now) {
    const VendorAnswer call(body);
    const std::string status = call.text("/status");
    Sighting out;
    if (status == "completed" || status == "in-progress") {
      if (call.text("/answered_by") == "human") out.kind = Sighting::Kind::seen;
      out.at = now;
    }
    const bool over = status == "completed" || status == "busy" || status == "failed" ||
                      status == "no-answer" || status == "canceled";
    if (over && out.kind == Sighting::Kind::nothing) out.kind = Sighting::Kind::gone;
    return out;
  }

  std::string form_of(const Page& page) const override {
    FormWriter form;
    form.field("To", settings().to)
        .field("From", settings().from)
        .field("Twiml", twilio_call_script(page, words_for(page)))
        .field("Timeout", std::chrono::duration_cast<std::chrono::seconds>(settings().ring).count())
        .field("MachineDetection", "Enable");
    return std::move(form).text();
  }

  std::string find_in(std::string_view list, std::string_view, Time since) const override {
    return find_twilio_call(list, settings().from, since);
  }
  std::string_view since_key() const override { return "StartTime"; }
};

bool good_sid(std::string_view sid, std::string_view kind) {
  return sid.size() == 34 && sid.starts_with(kind) &&
         std::all_of(sid.begin() + 2, sid.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
         });
}

bool good_phone(std::string_view phone) {
  return phone.size() >= 8 && phone.size() <= 16 && phone[0] == '+' && phone[1] != '0' &&
         std::all_of(phone.begin() + 1, phone.end(), [](char c) { return c >= '0' && c <= '9'; });
}

void read_phone(config::Section& section, std::string_view key, std::string& phone) {
  section.read(key, phone);
  if (section.has(key) && !good_phone(phone))
    section.problem(key, "this is no phone number in the international form",
                    "write \"+31612345678\"");
}

void read_account(config::Section& section, TwilioSettings& out) {
  section.require("account_sid");
  section.read("account_sid", out.account_sid);
  if (section.has("account_sid") && !good_sid(out.account_sid, "AC"))
    section.problem("account_sid", "an account's SID is 'AC' and 32 more characters");
  section.read("api_key", out.api_key);
  if (!out.api_key.empty() && !good_sid(out.api_key, "SK"))
    section.problem("api_key", "the SID of an API key is 'SK' and 32 more characters",
                    "its secret belongs into the file of 'token_file'");
  section.read_secret("token", out.token);
  require_secret(section, "token");
  section.require("to");
  read_phone(section, "to", out.to);
  section.read("endpoint", out.endpoint);
  check_url(section, "endpoint", out.endpoint);
  read_timeout(section, out.timeout);
}

}  // namespace

TwilioSettings read_twilio_sms(config::Section& section) {
  TwilioSettings out;
  read_account(section, out);
  section.read("from", out.from);
  section.read("messaging_service", out.messaging_service);
  if (section.has("messaging_service") && !good_sid(out.messaging_service, "MG"))
    section.problem("messaging_service", "its SID is 'MG' and 32 more characters");
  if (out.from.empty() && out.messaging_service.empty())
    section.problem("", "a text message needs 'from' or 'messaging_service'");
  section.read("validity", out.validity, 1min, 10h);
  auto segments = static_cast<std::int64_t>(out.segments);
  section.read("segments", segments, 1, 10);
  out.segments = static_cast<std::size_t>(segments);
  return out;
}

TwilioSettings read_twilio_voice(config::Section& section) {
  TwilioSettings out;
  read_account(section, out);
  section.require("from");
  read_phone(section, "from", out.from);
  section.read("hook", out.hook);
  section.read("ring", out.ring, 5s, 10min);
  return out;
}

std::unique_ptr<Notifier> make_twilio_sms(std::string name, TwilioSettings settings,
                                          const NotifierContext& context) {
  return std::make_unique<TextMessage>(std::move(name), std::move(settings), context);
}

std::unique_ptr<Notifier> make_twilio_voice(std::string name, TwilioSettings settings,
                                            const NotifierContext& context) {
  return std::make_unique<PhoneCall>(std::move(name), std::move(settings), context);
}

}  // namespace brandwacht::alerting
