#include "alerting/log_receiver.hpp"

#include <spdlog/spdlog.h>

#include "alerting/message.hpp"

namespace brandwacht::alerting {
namespace {

class LogReceiver final : public Notifier {
 public:
  LogReceiver(std::string name, LogSettings settings, const NotifierContext& context,
              PrintPage print)
      : name_(std::move(name)),
        settings_(settings),
        external_url_(context.external_url),
        language_(context.language),
        print_(std::move(print)) {}

  const std::string& name() const override { return name_; }

  NotifierTraits traits() const override {
    NotifierTraits out;
    out.updates = true;
    return out;
  }

  boost::asio::awaitable<Outcome> notify(const Page& page, Time) override {
    if (print_) {
      print_(page, phone_text(page, external_url_, true, language_));
    } else {
      const bool loud = page.action == Action::trigger && page.event != IncidentEventKind::cool &&
                        page.incident.tier <= Tier::t2;
      spdlog::log(loud ? spdlog::level::warn : spdlog::level::info, "{} {}: {}",
                  to_string(page.event), page.dedup_key,
                  phone_text(page, external_url_, settings_.posts, language_));
    }
    Outcome out;
    out.kind = Outcome::Kind::accepted;
    co_return out;
  }

 private:
  std::string name_;
  LogSettings settings_;
  std::string external_url_, language_;
  PrintPage print_;
};

}  // namespace

LogSettings read_log(config::Section& section) {
  LogSettings out;
  section.read("posts", out.posts);
  return out;
}

std::unique_ptr<Notifier> make_log(std::string name, LogSettings settings,
                                   const NotifierContext& context, PrintPage print) {
  return std::make_unique<LogReceiver>(std::move(name), settings, context, std::move(print));
}

}  // namespace brandwacht::alerting
