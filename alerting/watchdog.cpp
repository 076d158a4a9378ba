#include "alerting/watchdog.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "alerting/classify.hpp"
#include "alerting/json.hpp"
#include "alerting/setting_checks.hpp"
#include "monitor/probe.hpp"

namespace brandwacht::alerting {
namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

using Type = WatchdogSettings::Type;

constexpr int kFiresFor = 5;  // probes that may be missed before Alertmanager calls it over

std::string watchdog_alert(Time now, Duration every) {
  JsonWriter json;
  json.begin_array().begin_object();
  json.key("labels").begin_object();
  json.field("alertname", "BrandwachtWatchdog").field("severity", "none").end_object();
  json.key("annotations").begin_object();
  json.field("summary",
             "Fires for as long as Brandwacht sees, decides and pages. Route it to a dead man's "
             "switch.");
  json.end_object();
  json.field("endsAt", format_rfc3339(now + kFiresFor * every));
  json.end_object().end_array();
  return std::move(json).text();
}

class Watchdog final : public Notifier {
 public:
  Watchdog(WatchdogSettings settings, const Watchdogs& all, const NotifierContext& context,
           ProbeArrivals& arrivals)
      : settings_(std::move(settings)),
        every_(all.every),
        within_(all.within),
        http_(context.http),
        arrivals_(arrivals) {
    rules_.vendor = "the watchdog";
    rules_.secrets = {settings_.url};
  }

  const std::string& name() const override { return settings_.name; }

  NotifierTraits traits() const override {
    NotifierTraits out;
    out.watchdog = true;
    out.resend_at_once = true;
    return out;
  }

  asio::awaitable<Outcome> notify(const Page& page, Time now) override {
    Outcome out;
    out.kind = Outcome::Kind::accepted;
    // Late ones only make room. The line's clock never goes back, so `at` may be later than now.
    if (!is_probe(page.incident) || now - page.at > within_) co_return out;
    if (settings_.type != Type::metric) {
      const std::vector<HttpRequest> requests = requests_at(now);
      out = co_await send_all(requests, now);
    }
    if (out.kind == Outcome::Kind::accepted) arrivals_[settings_.name] = now;
    co_return out;
  }

 private:
  std::vector<HttpRequest> requests_at(Time now) const {
    std::vector<HttpRequest> out;
    HttpRequest request;
    request.timeout = settings_.timeout;
    if (settings_.type == Type::alertmanager) {
      request.headers.emplace_back("Content-Type", "application/json");
      request.body = watchdog_alert(now, every_);
      for (const auto& url : settings_.urls) {
        request.url = url + "/api/v2/alerts";
        out.push_back(request);
      }
      return out;
    }
    if (settings_.type == Type::healthchecks) request.method = "GET";
    request.url = settings_.url;
    out.push_back(std::move(request));
    return out;
  }

  // One after the other: a member that hangs takes its timeout from nobody but this watchdog. One
  // that took it is enough.
  asio::awaitable<Outcome> send_all(std::vector<HttpRequest> requests, Time now) {
    Outcome out;
    for (auto& request : requests) {
      auto answer = co_await http_.send(std::move(request));
      Outcome one = classify(answer, rules_, now);
      if (out.kind != Outcome::Kind::accepted) out = std::move(one);
    }
    co_return out;
  }

  WatchdogSettings settings_;
  Duration every_, within_;
  HttpClient& http_;
  ProbeArrivals& arrivals_;
  VendorRules rules_;
};

void read_target(config::Section& section, WatchdogSettings& out) {
  switch (out.type) {
    case Type::healthchecks:
    case Type::goalert:
      section.read_secret("url", out.url);
      require_secret(section, "url");
      check_url(section, "url", out.url);
      break;
    case Type::alertmanager:
      section.require("urls");
      section.read("urls", out.urls);
      if (section.has("urls") && out.urls.empty())
        section.problem("urls", "name at least one member of the cluster");
      for (auto& url : out.urls) {
        check_url(section, "urls", url);
        while (url.ends_with('/'))
          url.pop_back();
      }
      break;
    case Type::metric:
      return;
  }
  read_timeout(section, out.timeout);
}

WatchdogSettings read_watchdog(config::Section& section, const std::vector<std::string>& taken) {
  static constexpr Type kTypes[] = {Type::healthchecks, Type::goalert, Type::alertmanager,
                                    Type::metric};
  static constexpr std::string_view kNames[] = {"healthchecks", "goalert", "alertmanager",
                                                "metric"};
  WatchdogSettings out;
  section.require("type");
  const auto choice = section.choice("type", {kNames[0], kNames[1], kNames[2], kNames[3]});
  if (!choice) return out;
  out.type = kTypes[*choice];
  out.name = fmt::format("watchdog-{}", kNames[*choice]);
  section.read("name", out.name);
  if (!good_receiver_name(out.name))
    section.problem("name", "a watchdog's name has 1 to 64 letters, digits, '-' or '_'");
  if (std::find(taken.begin(), taken.end(), out.name) != taken.end())
    section.problem("name", fmt::format("'{}' is taken by another watchdog or receiver", out.name),
                    "give each its own 'name'");
  read_target(section, out);
  section.close();
  return out;
}

}  // namespace

Watchdogs read_watchdogs(config::Section& root, const std::vector<std::string>& taken) {
  Watchdogs out;
  auto names = taken;
  for (auto& section : root.sections("watchdog")) {
    out.list.push_back(read_watchdog(section, names));
    names.push_back(out.list.back().name);
  }
  if (auto section = root.section("probe")) {
    section->read("every", out.every, 5s, 1h);
    section->read("within", out.within, 1s, 10min);
    if (out.list.empty())
      section->warn("", "no [[watchdog]] is there, so nobody is told of probes");
    section->close();
  }
  return out;
}

std::vector<std::unique_ptr<Notifier>> make_watchdogs(const Watchdogs& watchdogs,
                                                      const NotifierContext& context,
                                                      ProbeArrivals& arrivals) {
  std::vector<std::unique_ptr<Notifier>> out;
  for (const auto& settings : watchdogs.list)
    out.push_back(std::make_unique<Watchdog>(settings, watchdogs, context, arrivals));
  return out;
}

}  // namespace brandwacht::alerting
