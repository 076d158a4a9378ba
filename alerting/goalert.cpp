#include "alerting/goalert.hpp"

#include "alerting/classify.hpp"
#include "alerting/form_writer.hpp"
#include "alerting/message.hpp"
#include "alerting/setting_checks.hpp"

namespace brandwacht::alerting {
namespace {

constexpr std::size_t kMaxSummary = 1024, kMaxDetails = 6 * 1024, kMaxDedup = 512;

class GoAlert final : public Notifier {
 public:
  GoAlert(std::string name, GoAlertSettings settings, const NotifierContext& context)
      : name_(std::move(name)),
        settings_(std::move(settings)),
        http_(context.http),
        voice_{context.external_url, context.language, true} {
    rules_.vendor = "GoAlert";
    rules_.show_body = true;
    rules_.secrets = {settings_.token};
  }

  const std::string& name() const override { return name_; }

  NotifierTraits traits() const override {
    NotifierTraits out;
    out.spacing = std::chrono::milliseconds{200};
    out.keeps_incidents = true;
    out.resend_at_once = true;
    return out;
  }

  boost::asio::awaitable<Outcome> notify(const Page& page, Time now) override {
    HttpRequest request;
    request.url = settings_.url + "/api/v2/generic/incoming";
    request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    request.body = goalert_form(settings_, page, voice_);
    request.timeout = settings_.timeout;
    auto answer = co_await http_.send(std::move(request));
    co_return classify(answer, rules_, now);
  }

 private:
  std::string name_;
  GoAlertSettings settings_;
  HttpClient& http_;
  Voice voice_;
  VendorRules rules_;
};

}  // namespace

GoAlertSettings read_goalert(config::Section& section) {
  GoAlertSettings out;
  section.require("url");
  section.read("url", out.url);
  check_url(section, "url", out.url);
  while (out.url.ends_with('/'))
    out.url.pop_back();
  section.read_secret("token", out.token);
  require_secret(section, "token");
  read_timeout(section, out.timeout);
  return out;
}

std::string goalert_form(const GoAlertSettings& settings, const Page& page, const Voice& voice) {
  const Room room{kMaxDetails, Unit::bytes};
  FormWriter form;
  form.field("token", settings.token)
      .field("summary", cut_bytes(valid_utf8(headline(page, voice.language)), kMaxSummary))
      .field("details", cut_bytes(to_text(fit(page, voice, room)), kMaxDetails))
      .field("dedup", cut_bytes(page.dedup_key, kMaxDedup));
  if (page.action == Action::resolve) form.field("action", "close");
  return std::move(form).text();
}

std::unique_ptr<Notifier> make_goalert(std::string name, GoAlertSettings settings,
                                       const NotifierContext& context) {
  return std::make_unique<GoAlert>(std::move(name), std::move(settings), context);
}

}  // namespace brandwacht::alerting
