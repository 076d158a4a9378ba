// What routes, silences, maintenance windows and inhibitions ask of an incident.
//
//   brand = ["acme"]            # any of these; absent: every brand
//   platform = ["bluesky"]
//   tier = ["T1", "T2"]
//   event = ["page"]            # "page": T1 and T2, wakes somebody; "notify": T3
//   language = ["nl"]
//   hours = ["Mon-Fri 08:00-18:00"]   # see alerting/hours.hpp; of now, not of the incident
//   surge = true                # of a brand as a whole; false: of one thread; absent: both
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "alerting/hours.hpp"
#include "config/reader.hpp"
#include "monitor/incident.hpp"

namespace brandwacht::alerting {

// "page" for T1 and T2, "notify" below. A cool or close event has the urgency of its incident, so
// that one route holds for an incident's whole life.
std::string_view urgency(const IncidentEvent& event) noexcept;

struct Matchers {
  // Each list: any of these; empty: all.
  std::vector<std::string> brands, platforms;
  std::vector<Tier> tiers;
  std::vector<std::string> urgencies;  // "page", "notify"
  std::vector<std::string> languages;
  std::vector<std::string> incidents;  // ids; for silences
  std::optional<bool> surge;           // of a brand as a whole, or not
  Hours hours;

  bool all() const noexcept;  // asks nothing
};

bool matches(const Matchers& matchers, const IncidentEvent& event, const Calendar& calendar,
             Time now);

// The keys above. Words that mean nothing are problems.
void read_matchers(config::Section& section, Matchers& out);

// The same keys, and `incident`, said elsewhere than in the configuration. Each value is a list of
// words; of `surge` the one word "true" or "false". Nullopt: `wrong` is one sentence that says why.
using MatcherWords = std::vector<std::pair<std::string, std::vector<std::string>>>;
std::optional<Matchers> parse_matchers(const MatcherWords& words, std::string& wrong);
// As parse_matchers() takes them; without lists that ask nothing.
MatcherWords words_of(const Matchers& matchers);

}  // namespace brandwacht::alerting
