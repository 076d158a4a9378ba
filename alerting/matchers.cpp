#include "alerting/matchers.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "alerting/json.hpp"

namespace brandwacht::alerting {
namespace {

constexpr std::string_view kIncident = "incident";  // no setting: only silences ask for it

template <class T, class U>
bool accepts(const std::vector<T>& any_of, const U& value) {
  return any_of.empty() || std::find(any_of.begin(), any_of.end(), value) != any_of.end();
}

bool same_letters(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    const auto lower = [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    };
    return lower(x) == lower(y);
  });
}

void read_tiers(config::Section& section, std::vector<Tier>& out) {
  std::vector<std::string> words;
  section.read("tier", words);
  for (const auto& word : words) {
    const auto before = out.size();
    for (const auto tier : {Tier::t1, Tier::t2, Tier::t3, Tier::t4})
      if (same_letters(word, to_string(tier))) out.push_back(tier);
    if (out.size() == before)
      section.problem("tier", fmt::format("there is no tier '{}'", word), "use T1, T2 or T3");
  }
}

void read_urgencies(config::Section& section, std::vector<std::string>& out) {
  section.read("event", out);
  for (const auto& word : out)
    if (word != "page" && word != "notify")
      section.problem("event", fmt::format("there is no event '{}'", word),
                      config::did_you_mean(word, {"page", "notify"}));
}

}  // namespace

std::string_view urgency(const IncidentEvent& event) noexcept {
  if (event.kind == IncidentEventKind::notify) return "notify";
  return event.incident.tier <= Tier::t2 ? "page" : "notify";
}

bool Matchers::all() const noexcept {
  return brands.empty() && platforms.empty() && tiers.empty() && urgencies.empty() &&
         languages.empty() && incidents.empty() && !surge && hours.windows.empty();
}

bool matches(const Matchers& matchers, const IncidentEvent& event, const Calendar& calendar,
             Time now) {
  const Incident& incident = event.incident;
  return accepts(matchers.brands, incident.brand) &&
         accepts(matchers.platforms, incident.platform) && accepts(matchers.tiers, incident.tier) &&
         accepts(matchers.urgencies, urgency(event)) &&
         accepts(matchers.languages, incident.language) &&
         accepts(matchers.incidents, incident.id) &&
         (!matchers.surge || *matchers.surge == incident.surge) &&
         matchers.hours.holds(calendar, now);
}

void read_matchers(config::Section& section, Matchers& out) {
  section.read("brand", out.brands);
  section.read("platform", out.platforms);
  read_tiers(section, out.tiers);
  read_urgencies(section, out.urgencies);
  section.read("language", out.languages);
  read_hours(section, "hours", out.hours);
  if (!section.has("surge")) return;
  bool surge = false;
  section.read("surge", surge);
  out.surge = surge;
}

// By way of the configuration's own reader, so that both take the same words.
std::optional<Matchers> parse_matchers(const MatcherWords& words, std::string& wrong) {
  std::string toml;
  for (const auto& [key, list] : words) {
    if (list.empty()) continue;
    toml += key + " = ";
    if (key == "surge") {
      toml += list.front() + "\n";
      continue;
    }
    JsonWriter json;  // an array of strings is written alike in both
    json.begin_array();
    for (const auto& word : list)
      json.string(word);
    json.end_array();
    toml += std::move(json).text() + "\n";
  }
  config::Problems problems;
  auto document = config::Document::from_string(toml, "", problems);
  Matchers out;
  if (document.ok()) {
    auto section = document.root();
    read_matchers(section, out);
    section.read(kIncident, out.incidents);
    section.close();
  }
  if (!problems.fatal()) return out;
  const auto problem = problems.sorted().front();
  wrong = problem.message + (problem.suggestion.empty() ? "" : "; ") + problem.suggestion;
  return {};
}

MatcherWords words_of(const Matchers& matchers) {
  MatcherWords out;
  const auto add = [&](std::string_view key, std::vector<std::string> list) {
    if (!list.empty()) out.emplace_back(key, std::move(list));
  };
  std::vector<std::string> tiers, hours;
  for (const Tier tier : matchers.tiers)
    tiers.emplace_back(to_string(tier));
  for (const auto& window : matchers.hours.windows)
    hours.push_back(to_string(window));
  add("brand", matchers.brands);
  add("platform", matchers.platforms);
  add("tier", std::move(tiers));
  add("event", matchers.urgencies);
  add("language", matchers.languages);
  add("hours", std::move(hours));
  add(kIncident, matchers.incidents);
  if (matchers.surge) add("surge", {*matchers.surge ? "true" : "false"});
  return out;
}

}  // namespace brandwacht::alerting
