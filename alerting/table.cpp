// The pager targets. A new one is a file pair, a row here and a test.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "alerting/alertmanager.hpp"
#include "alerting/command_receiver.hpp"
#include "alerting/goalert.hpp"
#include "alerting/log_receiver.hpp"
#include "alerting/notifier.hpp"
#include "alerting/ntfy.hpp"
#include "alerting/pagerduty.hpp"
#include "alerting/pushover.hpp"
#include "alerting/slack.hpp"
#include "alerting/smtp.hpp"
#include "alerting/teams.hpp"
#include "alerting/telegram.hpp"
#include "alerting/twilio.hpp"
#include "alerting/webhook.hpp"

namespace brandwacht::alerting {
namespace {

using Make = decltype(NotifierSpec::make);

// Reads its own settings and gives what makes the notifier.
template <class Settings>
Make make_with(const std::string& name, Settings settings,
               std::unique_ptr<Notifier> (*make)(std::string, Settings, const NotifierContext&)) {
  return [=](NotifierContext context) { return make(name, settings, context); };
}

std::unique_ptr<Notifier> make_plain_log(std::string name, LogSettings settings,
                                         const NotifierContext& context) {
  return make_log(std::move(name), settings, context);
}

struct Row {
  std::string_view type;
  Make (*read)(const std::string& name, config::Section& section);
};

constexpr std::array kTable{
    Row{"alertmanager",
        [](const std::string& name, config::Section& section) {
          return make_with(name, read_alertmanager(section), make_alertmanager);
        }},
    Row{"command",
        [](const std::string& name, config::Section& section) {
          return make_with(name, read_command(section), make_command);
        }},
    Row{"goalert",
        [](const std::string& name, config::Section& section) {
          return make_with(name, read_goalert(section), make_goalert);
        }},
    Row{"log",
        [](const std::string& name, config::Section& section) {
          return make_with(name, read_log(section), make_plain_log);
        }},
    Row{"ntfy",
        [](const std::string& name, config::Section& section) {
          return make_with(name, read_ntfy(section), make_ntfy);
        }},
    Row{"pagerduty",
        [](const std::string& name, config::Section& section) {
          return make_with(name, read_pagerduty(section), make_pagerduty);
        }},
    Row{"pushover",
        [](const std::string& name, config::Section& section) {
          return make_with(name, read_pushover(section), make_pushover);
        }},
    Row{"slack",
        [](const std::string& name, config::Section& section) {
          return make_with(name, read_slack(section), make_slack);
        }},
    Row{"teams",
        [](const std::string& name, config::Section& section) {
          return make_with(name, read_teams(section), make_teams);
        }},
    Row{"telegram",
        [](const std::string& name, config::Section& section) {
          return make_with(name, read_telegram(section), make_telegram);
        }},
    Row{"smtp",
        [](const std::string& name, config::Section& section) {
          return make_with(name, read_smtp(section), make_smtp);
        }},
    Row{"twilio_sms",
        [](const std::string& name, config::Section& section) {
          return make_with(name, read_twilio_sms(section), make_twilio_sms);
        }},
    Row{"twilio_voice",
        [](const std::string& name, config::Section& section) {
          return make_with(name, read_twilio_voice(section), make_twilio_voice);
        }},
    Row{"webhook",
        [](const std::string& name, config::Section& section) {
          return make_with(name, read_webhook(section), make_webhook);
        }},
};

void read_name(config::Section& section, const std::vector<NotifierSpec>& before,
               std::string& name) {
  section.read("name", name);
  if (!good_receiver_name(name))
    section.problem("name", "a receiver's name has 1 to 64 letters, digits, '-' or '_'");
  const bool taken = std::any_of(before.begin(), before.end(),
                                 [&](const NotifierSpec& spec) { return spec.name == name; });
  if (taken)
    section.problem("name", fmt::format("there are two receivers with the name '{}'", name),
                    "give each its own 'name'");
}

void read_receiver(config::Section& section, std::vector<NotifierSpec>& out) {
  std::string type;
  section.require("type");
  section.read("type", type);
  const auto* row = std::find_if(kTable.begin(), kTable.end(),
                                 [&](const Row& candidate) { return candidate.type == type; });
  if (row == kTable.end()) {
    if (section.has("type"))
      section.problem("type", fmt::format("there is no type of receiver '{}'", type),
                      config::did_you_mean(type, receiver_types()));
    return;  // what its other keys mean is not known, so none of them is called wrong
  }
  std::string name = type;
  read_name(section, out, name);
  NotifierSpec spec{name, type, row->read(name, section)};
  section.close();
  out.push_back(std::move(spec));
}

}  // namespace

bool good_receiver_name(std::string_view name) noexcept {
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  });
}

std::vector<std::string> receiver_types() {
  std::vector<std::string> out;
  for (const auto& row : kTable)
    out.emplace_back(row.type);
  return out;
}

std::vector<NotifierSpec> read_receivers(config::Section& root) {
  std::vector<NotifierSpec> out;
  for (auto& section : root.sections("receiver"))
    read_receiver(section, out);
  if (!root.has("receiver")) {
    root.warn("receiver", "no [[receiver]]: pages are only written to the log",
              "add one with type = \"pagerduty\", \"alertmanager\" or \"webhook\"");
    out.push_back({"log", "log", make_with<LogSettings>("log", {}, make_plain_log)});
  }
  return out;
}

}  // namespace brandwacht::alerting
