#include "monitor/desk/report.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "tests/support/catch.hpp"

namespace brandwacht::desk {
namespace {
using namespace std::chrono_literals;

Zone amsterdam() {
  return Zone::find("Europe/Amsterdam").value();
}
Time utc(std::string_view text) {
  return parse_rfc3339(text).value();
}

struct Log {
  std::vector<LogRow> rows;
  LogRow& add(std::string_view kind, std::string_view at, std::uint64_t thread) {
    LogRow& row = rows.emplace_back();
    row.kind = kind;
    row.at = utc(at);
    row.thread = thread;
    row.brand = "Polderbank";
    return row;
  }
  void incident(std::string_view kind, std::string_view at, std::uint64_t thread, int tier,
                std::string_view title) {
    LogRow& row = add(kind, at, thread);
    row.incident = incident_id(thread, 1);
    row.tier = tier;
    row.text = title;
  }
};

// An invented week: 23 to 29 November 2026 is week 48.
Log invented_week() {
  Log log;
  const auto answered = [&log](std::uint64_t thread, std::string_view asked,
                               std::string_view replied, Duration after, int holding = 0) {
    (void)log.add("complaint", asked, thread);
    LogRow& reply = log.add("first_reply", replied, thread);
    reply.span = after;
    reply.count = holding;
  };
  answered(1, "2026-11-23T08:00:00Z", "2026-11-23T08:12:00Z", 12min);
  answered(2, "2026-11-24T09:00:00Z", "2026-11-24T09:31:00Z", 31min, 1);
  answered(3, "2026-11-25T10:00:00Z", "2026-11-25T12:00:00Z", 2h);
  (void)log.add("late", "2026-11-25T11:00:00Z", 3);
  (void)log.add("complaint", "2026-11-26T10:00:00Z", 4);
  (void)log.add("late", "2026-11-26T11:00:00Z", 4);
  log.add("complaint", "2026-11-27T10:00:00Z", 5).count = 1;  // began unseen
  // Asked in the week, answered behind it.
  answered(6, "2026-11-29T22:50:00Z", "2026-11-29T23:20:00Z", 30min);
  // Asked behind it, and before it.
  answered(7, "2026-11-29T23:00:00Z", "2026-11-29T23:01:00Z", 1min);
  answered(8, "2026-11-22T22:59:00Z", "2026-11-23T00:00:00Z", 61min);
  for (const std::uint64_t thread : {2, 3})
    log.add("promised", "2026-11-24T09:31:00Z", thread).due = utc("2026-11-24T16:00:00Z");
  log.add("promise_kept", "2026-11-24T15:00:00Z", 2).span = 1h;
  (void)log.add("promise_broken", "2026-11-24T16:02:00Z", 3);
  log.add("promise_kept", "2026-11-25T12:00:00Z", 3).span = -20h;
  (void)log.add("extended", "2026-11-24T12:00:00Z", 3);
  (void)log.add("removed", "2026-11-26T12:00:00Z", 4);
  (void)log.add("removal_unexplained", "2026-11-26T12:15:00Z", 4);
  (void)log.add("backfire", "2026-11-26T13:00:00Z", 4);
  (void)log.add("invited", "2026-11-24T09:31:00Z", 2);
  (void)log.add("accepted", "2026-11-24T09:40:00Z", 2);
  (void)log.add("follow_up", "2026-11-24T15:00:00Z", 2);
  (void)log.add("satisfied", "2026-11-24T15:30:00Z", 2);
  log.add("recovered", "2026-11-24T15:30:00Z", 2).span = 6h;
  (void)log.add("compensated", "2026-11-25T12:00:00Z", 3);
  log.incident("page", "2026-11-26T13:10:00Z", 4, 2, "Polderbank: 19 critics in 40 min");
  log.incident("upgrade", "2026-11-26T13:40:00Z", 4, 1, "Polderbank: 60 critics in 70 min");
  log.incident("cool", "2026-11-26T18:00:00Z", 4, 1, "");
  log.incident("close", "2026-11-27T18:00:00Z", 4, 1, "");
  log.incident("notify", "2026-11-25T07:00:00Z", 3, 3, "Polderbank: 3 critics in 6 h");
  log.incident("close", "2026-11-23T07:00:00Z", 9, 2, "");  // of the week before
  const auto said = [&log](std::string_view kind, std::uint64_t thread, std::string_view text) {
    LogRow& row = log.add(kind, "2026-11-27T09:00:00Z", thread);
    row.text = text;
    row.incident = incident_id(thread, 1);
  };
  said("strategy", 4, "answer");
  said("outcome", 4, "unfounded_explained");
  said("feedback", 4, "too_late");
  return log;
}

// With BRANDWACHT_WRITE_GOLDEN set the files are written anew, to be read before they are kept.
void check_golden(const std::string& name, const std::string& now) {
  const std::string file = std::string(BRANDWACHT_GOLDEN) + "/" + name;
  if (std::getenv("BRANDWACHT_WRITE_GOLDEN") != nullptr)
    std::ofstream(file, std::ios::binary | std::ios::trunc) << now;
  std::ifstream in(file, std::ios::binary);
  CHECK(now == std::string{std::istreambuf_iterator<char>(in), {}});
}

TEST_CASE(
    "desk rule 27: the weekly report names incidents with strategy, outcome and verdict (golden)") {
  const Log log = invented_week();
  const auto week = parse_week("2026-W48", amsterdam());
  REQUIRE(week);
  const Report report = make_report(log.rows, *week);
  check_golden("week.nl.txt", to_text(report, true, amsterdam()));
  check_golden("week.en.txt", to_text(report, false, amsterdam()));
  check_golden("week.nl.html", to_html(report, true, amsterdam()));
}

TEST_CASE(
    "desk rule 32: the share of complaints answered stands beside the benchmark of 53 % and 46 "
    "min") {
  const Log log = invented_week();
  const Report report = make_report(log.rows, *parse_week("2026-W48", amsterdam()));
  REQUIRE(report.brands.size() == 1);
  const BrandWeek& week = report.brands[0];
  CHECK(week.complaints == 6);
  CHECK(week.answered == 4);
  CHECK(*week.share() == Approx(4.0 / 6));
  CHECK(*week.median() == 30min);
  CHECK(week.late == 2);
  CHECK(week.holding == 1);
  const std::string text = to_text(report, false, amsterdam());
  CHECK(text.find("4 (67 %); the average company 53 %") != std::string::npos);
  CHECK(text.find("30 min; the average company 46 min") != std::string::npos);
}

TEST_CASE(
    "desk rule 32: a week ends at Monday midnight of the desk's zone, also in that of the clock "
    "change") {
  const Zone zone = amsterdam();
  const auto week = parse_week("2026-W48", zone);
  REQUIRE(week);
  CHECK(week->from == utc("2026-11-22T23:00:00Z"));
  CHECK(week->to == utc("2026-11-29T23:00:00Z"));
  CHECK(week->to - week->from == 24h * 7);
  CHECK(week_of(week->to - 1s, zone).name() == "2026-W48");
  CHECK(week_of(week->to, zone).name() == "2026-W49");
  CHECK(week_before(week->to, zone).name() == "2026-W48");
  const auto spring = parse_week("2026-W13", zone), autumn = parse_week("2026-W43", zone);
  CHECK(spring->to - spring->from == 24h * 7 - 1h);
  CHECK(autumn->to - autumn->from == 24h * 7 + 1h);
  // The year of a week is that of its Thursday.
  CHECK(week_of(utc("2027-01-01T12:00:00Z"), zone).name() == "2026-W53");
  CHECK(week_of(utc("2024-12-30T12:00:00Z"), zone).name() == "2025-W01");
  CHECK(parse_week("2026-W53", zone));
  for (const char* wrong :
       {"2026-W54", "2025-W53", "2026-W00", "2026W48", "2026-48", "", "week 48"})
    CHECK_FALSE(parse_week(wrong, zone));
}

TEST_CASE("a week without a log says so, in both languages and forms") {
  const Report report = make_report({}, *parse_week("2026-W48", amsterdam()));
  CHECK(to_text(report, true, amsterdam()).find("niets gebeurd") != std::string::npos);
  CHECK(to_html(report, false, amsterdam()).find("Nothing happened") != std::string::npos);
}

TEST_CASE("the page of the report is whole, and names are no markup") {
  Log log;
  log.add("complaint", "2026-11-24T09:00:00Z", 1).brand = "<b>Bank & \"Zoon\"";
  const Report report = make_report(log.rows, *parse_week("2026-W48", amsterdam()));
  const std::string html = to_html(report, true, amsterdam());
  CHECK(html.find("&lt;b&gt;Bank &amp; &quot;Zoon&quot;") != std::string::npos);
  CHECK(html.find("<b>") == std::string::npos);
  for (const char* foreign : {"http://", "https://", "src=", "href="})
    CHECK(html.find(foreign) == std::string::npos);
}

}  // namespace
}  // namespace brandwacht::desk
