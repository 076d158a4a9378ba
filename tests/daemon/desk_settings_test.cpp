#include "monitor/daemon/desk_settings.hpp"

#include "monitor/daemon/settings.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::daemon {
namespace {

using namespace std::chrono_literals;

struct Read {
  thread::BrandLevelSettings settings;
  WebcareSettings webcare;
  std::vector<config::Problem> problems;

  bool says(std::uint32_t line, std::string_view words) const {
    for (const auto& problem : problems)
      if (problem.at.line == line && to_string(problem).find(words) != std::string::npos)
        return true;
    return false;
  }
};

Read read(std::string_view toml) {
  config::Problems problems;
  auto document = config::Document::from_string(toml, "test.toml", problems);
  REQUIRE(document.ok());
  Read out;
  auto root = document.root();
  out.settings = read_brand_level(root, {"Polderbank", "Wadnet"}, out.webcare);
  root.close();
  out.problems = problems.sorted();
  return out;
}

Time utc(std::string_view text) {
  return parse_rfc3339(text).value();
}

}  // namespace

TEST_CASE("the file that ships holds the brand level's defaults, in the Netherlands") {
  config::Problems problems;
  const auto settings =
      read_settings(std::string(BRANDWACHT_SOURCE) + "/config/brandwacht.toml", problems);
  const auto& shipped = settings.brand_level;
  const thread::BrandLevelSettings fresh;
  CHECK(shipped.calendar.zone.name() == "Europe/Amsterdam");
  CHECK(shipped.calendar.holidays.country == Country::nl);
  CHECK(shipped.surge.threshold == fresh.surge.threshold);
  CHECK(shipped.baseline.half_life == fresh.baseline.half_life);
  CHECK(shipped.budget.pages == fresh.budget.pages);
  CHECK(shipped.campaigns.empty());
}

TEST_CASE("what the default file says of the brand level's defaults is true") {
  const Read said = read(R"([desk]
liberation_day = "lustrum"
night = "22:00-07:00"
[surge]
enabled = true
level = 0.0
factor = 5.0
threshold = 18.0
min_joiners = 10
min_threads = 3
min_share = 0.5
quiet = "2 h"
half_life = "4 w"
[topics]
window = "2 h"
evidence = 3.0
[heartbeat]
unlikely = 0.001
least = "1 min"
[budget]
pages = "unlimited"
night = "unlimited"
rule_pages = "5/week"
per_author = "2/week"
night_wait = 0.1
)");
  CHECK(said.problems.empty());
  const thread::BrandLevelSettings fresh;
  const auto& set = said.settings;
  CHECK(set.calendar.night.from == fresh.calendar.night.from);
  CHECK(set.calendar.night.to == fresh.calendar.night.to);
  CHECK(set.calendar.holidays.liberation_day == fresh.calendar.holidays.liberation_day);
  CHECK(set.surges == fresh.surges);
  CHECK(set.baseline.level == fresh.baseline.level);
  CHECK(set.baseline.half_life == Approx(fresh.baseline.half_life));
  CHECK(set.surge.factor == fresh.surge.factor);
  CHECK(set.surge.threshold == fresh.surge.threshold);
  CHECK(set.surge.min_joiners == fresh.surge.min_joiners);
  CHECK(set.surge.min_threads == fresh.surge.min_threads);
  CHECK(set.surge.min_share == fresh.surge.min_share);
  CHECK(set.surge.quiet == fresh.surge.quiet);
  CHECK(set.topics.window == fresh.topics.window);
  CHECK(set.topics.evidence == fresh.topics.evidence);
  CHECK(set.heartbeat.unlikely == fresh.heartbeat.unlikely);
  CHECK(set.heartbeat.least == fresh.heartbeat.least);
  CHECK(set.budget.pages == fresh.budget.pages);
  CHECK(set.budget.night == fresh.budget.night);
  CHECK(set.budget.rule_pages == fresh.budget.rule_pages);
  CHECK(set.budget.per_author == fresh.budget.per_author);
  CHECK(set.budget.night_wait == fresh.budget.night_wait);
}

TEST_CASE("a campaign is read by the clock of the desk, its last day included") {
  const Read said = read(R"([desk]
time_zone = "Europe/Amsterdam"
holidays = ["be", "2026-12-24"]
[[campaign]]
name = "Black Friday"
brand = "Wadnet"
from = "2026-11-27 09:00"
to = "2026-11-30"
factor = 5.0
[[campaign]]
name = "spring"
from = "2026-03-01"
to = "2026-03-02"
)");
  CHECK(said.problems.empty());
  REQUIRE(said.settings.campaigns.size() == 2);
  const auto& campaign = said.settings.campaigns[0].campaign;
  CHECK(campaign.from == utc("2026-11-27T08:00:00Z"));
  CHECK(campaign.to == utc("2026-11-30T23:00:00Z"));
  CHECK(campaign.factor == 5);
  CHECK(said.settings.baseline_of("Wadnet").campaigns.size() == 2);
  CHECK(said.settings.baseline_of("Polderbank").campaigns.size() == 1);
  CHECK(said.settings.calendar.holidays.type(parse_day("2026-12-24").value()) == DayType::sunday);
}

TEST_CASE("what is wrong in the desk's sections is told at its place with a way out") {
  const Read said = read(R"([desk]
time_zone = "Europe/Amsterdm"
holidays = ["nl", "de"]
night = "at ten"
[surge]
factor = 0.5
min_threads = 500
[[campaign]]
name = "Black Friday"
brand = "Polderbnk"
from = "2026-11-31"
to = "2026-11-30"
[[campaign]]
name = "backwards"
from = "2026-11-30"
to = "2026-11-28"
[budget]
pages = "2"
night = "often"
per_authr = "2/week"
[topics]
window = "0 s"
[heartbeat]
unlikely = 2
)");
  CHECK(said.says(2, "did you mean 'Europe/Amsterdam'?"));
  CHECK(said.says(3, "'de' is neither a country nor a day"));
  CHECK(said.says(4, "22:00-07:00"));
  CHECK(said.says(6, "factor"));
  CHECK(said.says(7, "64"));
  CHECK(said.says(10, "did you mean 'Polderbank'?"));
  CHECK(said.says(11, "2026-11-31"));
  CHECK(said.says(16, "before it begins"));
  CHECK(said.says(18, "\"2/week\""));
  CHECK(said.says(19, "number"));
  CHECK(said.says(20, "per_author"));
  CHECK(said.says(22, "window"));
  CHECK(said.says(24, "unlikely"));
}

TEST_CASE("a city alone is told its zone, and a campaign without its days is refused") {
  CHECK(read("[desk]\ntime_zone = \"amsterdam\"\n").says(2, "'Europe/Amsterdam'"));
  CHECK(read("[desk]\nholidays = [\"nl\", \"be\"]\n").says(2, "one country"));
  CHECK(read("[[campaign]]\nname = \"x\"\n").says(1, "from"));
  CHECK(read("[budget]\npages = \"1/week\"\nnight = \"2/week\"\n").says(3, "never matters"));
}

}  // namespace brandwacht::daemon
