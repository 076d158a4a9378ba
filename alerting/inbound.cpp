#include "alerting/inbound.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <sstream>

#include "alerting/json.hpp"
#include "alerting/setting_checks.hpp"

namespace brandwacht::alerting {
namespace {

struct Row {
  std::string_view type;
  Hook (*read)(config::Section& section);
};

constexpr std::array kTable{
    Row{"pagerduty", read_pagerduty_hook},
    Row{"slack", read_slack_hook},
    Row{"telegram", read_telegram_hook},
    Row{"twilio", read_twilio_hook},
};

bool good_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  });
}

void read_hook(config::Section& section, std::vector<Hook>& out) {
  std::string type;
  section.require("type");
  section.read("type", type);
  const auto* row = std::find_if(kTable.begin(), kTable.end(),
                                 [&](const Row& candidate) { return candidate.type == type; });
  if (row == kTable.end()) {
    std::vector<std::string> types;
    for (const auto& candidate : kTable)
      types.emplace_back(candidate.type);
    if (section.has("type"))
      section.problem("type", fmt::format("there is no type of hook '{}'", type),
                      config::did_you_mean(type, types));
    return;  // what its other keys mean is not known, so none of them is called wrong
  }
  std::string name = type;
  section.read("name", name);
  if (!good_name(name))
    section.problem("name", "a hook's name has 1 to 64 letters, digits, '-' or '_'");
  if (std::any_of(out.begin(), out.end(), [&](const Hook& hook) { return hook.name == name; }))
    section.problem("name", fmt::format("there are two hooks with the name '{}'", name),
                    "give each its own 'name'");
  Hook hook = row->read(section);
  hook.name = std::move(name);
  hook.type = type;
  section.close();
  out.push_back(std::move(hook));
}

bool same_name(std::string_view a, std::string_view b) noexcept {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

std::string_view InboundRequest::header(std::string_view name) const noexcept {
  if (headers == nullptr) return {};
  for (const auto& [key, value] : *headers)
    if (same_name(key, name)) return value;
  return {};
}

std::string_view to_string(Proof proof) noexcept {
  switch (proof) {
    case Proof::good:
      return "good";
    case Proof::absent:
      return "absent";
    case Proof::forged:
      return "forged";
    case Proof::old:
      return "old";
  }
  return "forged";
}

std::vector<Hook> read_hooks(config::Section& root) {
  std::vector<Hook> out;
  for (auto& section : root.sections("hook"))
    read_hook(section, out);
  return out;
}

std::vector<std::string> read_hook_secrets(config::Section& section, std::string_view key) {
  std::string line;
  require_secret(section, key);
  section.read_secret(key, line);
  std::vector<std::string> out;
  std::istringstream words(line);
  for (std::string word; words >> word;)
    out.push_back(std::move(word));
  return out;
}

void hear_button(std::string_view button, const HookContext& context, Heard& heard) {
  const ReadToken read = read_ack_button(context.keys, button, context.now);
  if (read.verdict == ReadToken::Verdict::forged) {
    heard.problem = "the button is none of ours";
    return;
  }
  if (read.verdict == ReadToken::Verdict::expired) {
    heard.expired = true;
    heard.problem = "the button is too old";
    return;
  }
  Command command;
  command.kind = read.token.kind;
  command.incident = read.token.incident;
  command.who = heard.who;
  command.at = context.now;
  heard.command = std::move(command);
}

std::string shown_name(std::string_view name, std::string_view otherwise) {
  const auto first = name.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return std::string(otherwise);
  return one_line(name.substr(first), 60);
}

}  // namespace brandwacht::alerting
