#include "monitor/daemon/settings.hpp"

#include <fmt/format.h>

#include <set>

#include "monitor/clock.hpp"
#include "monitor/daemon/desk_settings.hpp"
#include "monitor/probe.hpp"
#include "monitor/text/scorer.hpp"

namespace brandwacht::daemon {
namespace {

using namespace std::chrono_literals;

void read_daemon(config::Section& root, Settings& settings) {
  auto section = root.section("daemon");
  if (!section) return;
  DaemonSettings& daemon = settings.daemon;
  std::string listen;
  section->read("listen", listen);
  if (!listen.empty() && !split_listen(listen, daemon.listen_address, daemon.listen_port))
    section->problem("listen", "expected an address and a port", "\"127.0.0.1:8428\"");
  section->read_path("data_dir", daemon.data_dir);
  if (const auto level =
          section->choice("log_level", {"trace", "debug", "info", "warn", "error"})) {
    constexpr const char* kLevels[] = {"trace", "debug", "info", "warn", "error"};
    daemon.log_level = kLevels[*level];
  }
  if (const auto format = section->choice("log_format", {"auto", "text", "journald", "json"})) {
    constexpr const char* kFormats[] = {"auto", "text", "journald", "json"};
    daemon.log_format = kFormats[*format];
  }
  section->read("external_url", daemon.external_url);
  section->read("hosts", daemon.hosts);
  section->read("handle_resolver", daemon.handle_resolver);
  section->read("shutdown_deadline", daemon.shutdown_deadline, 1s, 10min);
  if (const auto language = section->choice("language", {"en", "nl"}))
    settings.line.language = *language == 1 ? line::DeskLanguage::nl : line::DeskLanguage::en;
  section->close();
}

void read_brands(config::Section& root, Settings& settings) {
  std::set<std::string> names;
  for (auto& section : root.sections("brand")) {
    text::BrandTerms brand;
    section.require("name");
    section.read("name", brand.name);
    section.read("terms", brand.terms);
    section.read("exclude", brand.exclude);
    section.read("accounts", brand.accounts);
    if (!brand.name.empty() && !names.insert(brand.name).second)
      section.problem("name", fmt::format("brand '{}' is there twice", brand.name));
    if (brand.name == kProbeBrand) section.problem("name", "this name is kept for our own probes");
    if (brand.terms.empty() && brand.accounts.empty())
      section.problem("", "a brand without terms and accounts matches nothing",
                      "terms = [\"...\"]");
    section.close();
    settings.line.brands.push_back(std::move(brand));
  }
  if (settings.line.brands.empty())
    root.problem("", "no [[brand]]: nothing would ever match", "[[brand]] with name and terms");
}

void read_threads(config::Section& root, thread::Settings& threads) {
  auto section = root.section("threads");
  if (!section) return;
  section->read("negative_at", threads.negative_at, 0.05, 0.95);
  section->read("sensitivity", threads.sensitivity, 0.5, 1.0);
  section->read("specificity", threads.specificity, 0.5, 1.0);
  section->read("window", threads.window, 1min, 24h);
  section->read("max_age", threads.max_age, 1h, 30 * 24h);
  section->read("max_future", threads.max_future, 0s, 1h);
  const auto count = [&](std::string_view key, std::size_t& target, std::int64_t low,
                         std::int64_t high) {
    auto value = static_cast<std::int64_t>(target);
    section->read(key, value, low, high);
    target = static_cast<std::size_t>(value);
  };
  count("max_threads", threads.max_threads, 1'000, 50'000'000);
  count("max_joiners", threads.max_joiners, 10'000, 1'000'000'000);
  count("max_seen", threads.max_seen, 10'000, 100'000'000);
  if (threads.sensitivity + threads.specificity <= 1.05)
    section->problem("sensitivity",
                     "sensitivity + specificity must be over 1.05: the scorer would be a coin");
  section->close();
}

void read_model_setting(config::Section& section, Settings& settings, config::Problems& problems,
                        WithModel with) {
  section.read_path("model", settings.model_file);
  if (settings.model_file.empty() || with == WithModel::no) return;
  settings.model = read_model(settings.model_file, problems);
  if (!settings.model) {
    section.problem("model",
                    fmt::format("the model {} cannot be used", settings.model_file.string()),
                    "make it with `brandwacht fit`, or take this line out");
    return;
  }
  const std::string fault = scorer_fault(settings.model->model, text::scorer_version());
  if (!fault.empty()) {
    section.problem("model", fmt::format("{} {}", settings.model_file.string(), fault),
                    "run `brandwacht fit` and `brandwacht tune` again");
    return;
  }
  settings.line.threads.model = std::make_shared<const thread::Model>(settings.model->model);
}

void read_decision(config::Section& root, Settings& settings, config::Problems& problems,
                   WithModel with) {
  auto section = root.section("decision");
  if (!section) return;
  thread::DecisionSettings& decision = settings.line.decision;
  read_model_setting(*section, settings, problems, with);
  section->read("theta_page", decision.theta_page, 0.01, 0.99);
  section->read("theta_notify", decision.theta_notify, 0.01, 0.99);
  section->read("theta_tier1", decision.theta_tier1, 0.01, 0.99);
  section->read("theta_threat", decision.theta_threat, 0.5, 1.0);
  std::int64_t joiners = decision.min_joiners;
  section->read("min_joiners", joiners, 2, 10'000);
  decision.min_joiners = static_cast<int>(joiners);
  section->read("hold", decision.hold, 0s, 1h);
  section->read("min_share", decision.min_share, 0.0, 1.0);
  section->read("cool_after", decision.cool_after, 1min, 24h);
  section->read("close_after", decision.close_after, 1min, 30 * 24h);
  section->read("repage_factor", decision.repage_factor, 1.1, 100.0);
  section->read("stale", decision.stale, 1min, 24h);
  if (decision.theta_notify > decision.theta_page)
    section->warn("theta_notify",
                  "is above theta_page, so nothing is ever notified before it pages");
  section->close();
}

}  // namespace

Settings read_settings(config::Document& document, config::Problems& problems, WithModel with) {
  Settings settings;
  auto root = document.root();
  read_daemon(root, settings);
  read_brands(root, settings);
  read_threads(root, settings.line.threads);
  read_decision(root, settings, problems, with);
  settings.sources = connectors::read_sources(root);
  settings.receivers = alerting::read_receivers(root);
  std::vector<std::string> receivers;
  for (const auto& receiver : settings.receivers)
    receivers.push_back(receiver.name);
  settings.watchdogs = alerting::read_watchdogs(root, receivers);
  std::vector<std::string> brands;
  for (const auto& brand : settings.line.brands)
    brands.push_back(brand.name);
  WebcareSettings webcare;
  settings.brand_level = read_brand_level(root, brands, webcare);
  settings.line.webcare = std::move(webcare.desk);
  settings.line.playbooks = std::move(webcare.playbooks);
  settings.line.brand_level = settings.brand_level;
  settings.policy =
      alerting::read_policy(root, receivers, settings.brand_level.calendar, SystemClock().now());
  settings.policy.dutch = settings.line.language == line::DeskLanguage::nl;
  read_recording(root, settings.recording);
  settings.inbound = read_inbound(root, settings.daemon.external_url);
  root.close();
  settings.said = document.said();
  return settings;
}

Settings read_settings(const std::filesystem::path& file, config::Problems& problems,
                       WithModel with) {
  auto document = config::Document::from_file(file, problems);
  if (!document.ok()) return {};
  Settings settings = read_settings(document, problems, with);
  settings.file = file;
  return settings;
}

}  // namespace brandwacht::daemon
