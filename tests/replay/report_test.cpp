#include "monitor/replay/report.hpp"

#include "monitor/replay/svg.hpp"
#include "tests/replay/tune_stream.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::replay {
namespace {
using namespace std::chrono_literals;

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

struct Sample {
  TuneSettings settings;
  TuneResult result;

  Sample() {
    settings.budget = {2, 168h};
    settings.end = test::kStreamStart + 26 * 168h;
    settings.blocks = split(test::kStreamStart, settings.end);
    result.page.theta = 0.31;
    result.page.within = true;
    result.after.weeks = 6;
    result.after.pages = 10;
    result.after.incidents = 11;
    result.after.found = result.after.right = 9;
    result.after.threads_paged = 10;
    result.after.early = 8;
    result.after.leads = {41min, -5min};
    result.after.lead = {20min, 41min, 66min, 9};
    result.calibrated.rows = 100;
    result.calibrated.tenths = {{0.1, 0.12, 50}, {0.6, 0.55, 50}};
    for (int i = 1; i < 10; ++i) {
      CurvePoint point;
      point.theta = i / 10.0;
      point.figures = result.after;
      result.curve.push_back(point);
    }
    Page page;
    page.at = settings.blocks.d.from + 50h;
    result.pages.push_back(page);
    page.url = "javascript:alert(1)";
    page.text = "<script>alert(1)</script> & \"more\"";
    result.worst.push_back({page, 7});
  }
  std::string html(DeskLanguage language) const {
    return report_html(
        {settings, result, language, "--- c\n+++ c\n-theta_page = 0.5\n+theta_page = 0.31\n"});
  }
};

TEST_CASE("the report loads nothing, runs nothing and lets no post become markup") {
  const auto html = Sample().html(DeskLanguage::en);
  CHECK_FALSE(has(html, "<script"));
  CHECK_FALSE(has(html, "javascript:"));
  CHECK_FALSE(has(html, "<link"));
  CHECK_FALSE(has(html, "src="));
  CHECK_FALSE(has(html, "url("));
  CHECK_FALSE(has(html, "@import"));
  CHECK(has(html, "&lt;script&gt;"));
  CHECK(has(html, "default-src 'none'"));
  CHECK(has(html, "prefers-color-scheme:dark"));
  CHECK(has(html, "@media print"));
  CHECK(has(html, "name=\"viewport\""));
}

TEST_CASE("the report says it in one sentence, with five plots, in English and in Dutch") {
  const Sample sample;
  const auto english = sample.html(DeskLanguage::en), dutch = sample.html(DeskLanguage::nl);
  CHECK(has(english,
            "At 2/week you would have been paged for 9 of 11 incidents, median 41 min before 30 "
            "people had joined."));
  CHECK(
      has(dutch,
          "Met 2/week zou u zijn opgeroepen voor 9 van de 11 incidenten, mediaan 41 min voordat er "
          "30 mensen meededen."));
  CHECK(has(english, "<html lang=\"en\">"));
  CHECK(has(dutch, "<html lang=\"nl\">"));
  std::size_t plots = 0;
  for (auto at = english.find("<svg"); at != std::string::npos; at = english.find("<svg", at + 1))
    ++plots;
  CHECK(plots == 5);
  CHECK(has(english, "<span class=\"add\">+theta_page = 0.31</span>"));
  CHECK(has(english, "worst week"));
  CHECK_FALSE(has(dutch, "worst week"));
}

TEST_CASE("without a choice the report has the reason and no figures") {
  Sample sample;
  sample.result.verdict = Verdict::too_short;
  const auto html = sample.html(DeskLanguage::en);
  CHECK(has(html, "The recording is too short for 2/week"));
  CHECK(has(html, "weeks in block C"));
  CHECK_FALSE(has(html, "you would have been paged"));
}

TEST_CASE("an axis has round steps and holds its ends") {
  for (const double high : {0.3, 1.0, 2.4, 7.0, 19.0, 86.0, 1234.0}) {
    const Axis axis = round_axis(0, high, {});
    INFO(high);
    CHECK(axis.high >= high);
    CHECK(axis.ticks.size() >= 3);
    CHECK(axis.ticks.size() <= 7);
  }
}

}  // namespace
}  // namespace brandwacht::replay
