#include "monitor/daemon/desk_settings.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace brandwacht::daemon {
namespace {

using namespace std::chrono_literals;

std::string lower(std::string_view text) {
  std::string out;
  for (const char c : text)
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  return out;
}

// "Amsterdam" and "europe/amsterdam" are meant for "Europe/Amsterdam".
std::string zone_suggestion(const std::string& name, const std::vector<std::string>& zones) {
  const std::string wanted = lower(name);
  for (const std::string& zone : zones) {
    const std::string known = lower(zone);
    if (known == wanted || known.ends_with("/" + wanted))
      return fmt::format("did you mean '{}'?", zone);
  }
  return config::did_you_mean(name, zones);
}

void read_zone(config::Section& section, Zone& zone) {
  std::string name;
  section.read("time_zone", name);
  if (name.empty()) return;
  if (auto found = Zone::find(name)) {
    zone = std::move(*found);
    return;
  }
  const auto zones = zone_names();
  if (zones.empty())
    section.problem("time_zone", "this system has no time zone database", "install tzdata");
  else
    section.problem("time_zone", fmt::format("there is no time zone '{}'", name),
                    zone_suggestion(name, zones));
}

void read_holidays(config::Section& section, Holidays& holidays) {
  std::vector<std::string> words;
  section.read("holidays", words);
  for (const std::string& word : words) {
    if (const auto country = parse_country(word)) {
      if (holidays.country != Country::none)
        section.problem("holidays", "there can be one country; name other days by their date");
      holidays.country = *country;
    } else if (const auto day = parse_day(word)) {
      holidays.extra.push_back(*day);
    } else {
      const std::string near = config::did_you_mean(word, {"nl", "be", "uk", "none"});
      section.problem("holidays", fmt::format("'{}' is neither a country nor a day", word),
                      near.empty() ? "\"nl\", \"be\", \"uk\", \"none\" or \"2026-12-24\"" : near);
    }
  }
  if (const auto choice = section.choice("liberation_day", {"never", "lustrum", "yearly"}))
    holidays.liberation_day = static_cast<LiberationDay>(*choice);
}

void read_desk(config::Section& root, Calendar& calendar, WebcareSettings& webcare) {
  auto section = root.section("desk");
  if (!section) return;
  read_zone(*section, calendar.zone);
  read_holidays(*section, calendar.holidays);
  std::string night;
  section->read("night", night);
  if (!night.empty()) {
    if (const auto parsed = parse_night(night))
      calendar.night = *parsed;
    else
      section->problem("night", "expected two times of the day, or \"none\"", "\"22:00-07:00\"");
  }
  read_webcare(*section, webcare.desk, webcare.playbooks);
  section->close();
}

void read_surge(config::Section& root, thread::BrandLevelSettings& settings) {
  auto section = root.section("surge");
  if (!section) return;
  thread::SurgeSettings& surge = settings.surge;
  section->read("enabled", settings.surges);
  section->read("level", settings.baseline.level, 0.0, 1e6);
  section->read("factor", surge.factor, 1.1, 100.0);
  section->read("threshold", surge.threshold, 1.0, 1000.0);
  const auto count = [&](std::string_view key, int& target) {
    std::int64_t value = target;
    section->read(key, value, 1, 10'000);
    target = static_cast<int>(value);
  };
  count("min_joiners", surge.min_joiners);
  count("min_threads", surge.min_threads);
  section->read("min_share", surge.min_share, 0.0, 1.0);
  section->read("quiet", surge.quiet, 1min, 24h);
  Duration half_life = 24h * 7 * static_cast<int>(settings.baseline.half_life);
  section->read("half_life", half_life, 24h * 7, 24h * 7 * 104);
  settings.baseline.half_life = std::chrono::duration<double>(half_life) / (24h * 7);
  if (surge.min_threads > static_cast<int>(thread::SurgeState::kThreads))
    section->problem("min_threads", fmt::format("at most {} threads are remembered",
                                                thread::SurgeState::kThreads));
  section->close();
}

void read_campaign(config::Section& section, const Zone& zone,
                   const std::vector<std::string>& brands, thread::PlannedCampaign& planned) {
  for (const char* key : {"name", "from", "to"})
    section.require(key);
  section.read("name", planned.campaign.name);
  section.read("brand", planned.brand);
  section.read("factor", planned.campaign.factor, 1.0, 1000.0);
  if (!planned.brand.empty() && std::ranges::find(brands, planned.brand) == brands.end())
    section.problem("brand", fmt::format("there is no brand '{}'", planned.brand),
                    config::did_you_mean(planned.brand, brands));
  const auto time = [&](std::string_view key, DayEnd end, Time& target) {
    std::string text;
    section.read(key, text);
    if (text.empty()) return;
    if (const auto parsed = parse_local_time(zone, text, end))
      target = *parsed;
    else
      section.problem(key, fmt::format("'{}' is no day and no time", text),
                      "\"2026-11-27\" or \"2026-11-27 09:00\"");
  };
  time("from", DayEnd::begin, planned.campaign.from);
  time("to", DayEnd::end, planned.campaign.to);
  if (planned.campaign.from != Time{} && planned.campaign.to != Time{} &&
      planned.campaign.to <= planned.campaign.from)
    section.problem("to", "the campaign ends before it begins");
}

void read_campaigns(config::Section& root, const std::vector<std::string>& brands,
                    thread::BrandLevelSettings& settings) {
  for (auto& section : root.sections("campaign")) {
    thread::PlannedCampaign planned;
    read_campaign(section, settings.calendar.zone, brands, planned);
    section.close();
    settings.campaigns.push_back(std::move(planned));
  }
  constexpr std::size_t kMost = 200;  // each is looked at for every expectation
  if (settings.campaigns.size() > kMost)
    root.problem("campaign", fmt::format("there are more than {} campaigns", kMost),
                 "leave out those that are over");
}

void read_topics(config::Section& root, thread::TopicSettings& topics) {
  auto section = root.section("topics");
  if (!section) return;
  section->read("window", topics.window, 1min, 24h);
  section->read("evidence", topics.evidence, 0.5, 50.0);
  section->close();
}

void read_heartbeat(config::Section& root, thread::HeartbeatSettings& heartbeat) {
  auto section = root.section("heartbeat");
  if (!section) return;
  section->read("unlikely", heartbeat.unlikely, 1e-12, 0.5);
  section->read("least", heartbeat.least, 10s, 24h);
  section->close();
}

void read_budget(config::Section& root, thread::BudgetSettings& budget) {
  auto section = root.section("budget");
  if (!section) return;
  const auto keep = [&](std::string_view key, const std::string& text, Rate& target) {
    if (text.empty()) return;
    const ParsedRate parsed = parse_rate(text);
    if (parsed.value)
      target = *parsed.value;
    else
      section->problem(key, fmt::format("'{}' {}", text, parsed.fault), parsed.suggestion);
  };
  std::string pages, night, rules, author;
  section->read("pages", pages);
  section->read("night", night);
  section->read("rule_pages", rules);
  section->read("per_author", author);
  keep("pages", pages, budget.pages);
  keep("night", night, budget.night);
  keep("rule_pages", rules, budget.rule_pages);
  keep("per_author", author, budget.per_author);
  section->read("night_wait", budget.night_wait, 0.0, 1.0);
  if (budget.pages.limited() && budget.night.limited() &&
      budget.night.per_week() > budget.pages.per_week())
    section->warn("night", "is more than the budget of all pages, so it never matters");
  section->close();
}

}  // namespace

thread::BrandLevelSettings read_brand_level(config::Section& root,
                                            const std::vector<std::string>& brands,
                                            WebcareSettings& webcare) {
  thread::BrandLevelSettings settings;
  read_desk(root, settings.calendar, webcare);
  read_surge(root, settings);
  read_campaigns(root, brands, settings);
  read_topics(root, settings.topics);
  read_heartbeat(root, settings.heartbeat);
  read_budget(root, settings.budget);
  return settings;
}

}  // namespace brandwacht::daemon
