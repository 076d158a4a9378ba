#include "monitor/text/promise.hpp"

#include <fstream>
#include <set>
#include <sstream>

#include "tests/support/catch.hpp"

namespace brandwacht::text {
namespace {

using std::chrono::hours;

DeskDay amsterdam() {
  DeskDay desk;
  desk.calendar.zone = *Zone::find("Europe/Amsterdam");
  desk.calendar.holidays.country = Country::nl;
  return desk;
}

Time at(const char* text) {
  return *parse_local_time(amsterdam().calendar.zone, text, DayEnd::begin);
}

// The deadline on the wall in Amsterdam, or "?why", or "-".
std::string by(std::string_view text, const char* now = "2026-11-25 10:00",
               Language language = Language::other) {
  const Promise found = find_promise(text, at(now), amsterdam(), language);
  if (found.vague != Vague::none) return "?" + std::string(to_string(found.vague));
  if (!found.by) return "-";
  return format_rfc3339(*found.by + amsterdam().calendar.zone.offset(*found.by)).substr(0, 16);
}

}  // namespace

// The table is bench/data/promises.tsv; reply_bench prints how many of it are exact.
TEST_CASE(
    "desk rule 03: 95 of 100 time expressions of the table give their deadline, in Dutch and "
    "English") {
  std::ifstream in(BRANDWACHT_BENCH_DATA "/promises.tsv");
  REQUIRE(in.good());
  int all = 0, right = 0;
  std::string missed;
  for (std::string line; std::getline(in, line);) {
    std::istringstream cells(line);
    std::string set, language, now, want, phrase;
    std::getline(cells, set, '\t');
    std::getline(cells, language, '\t');
    std::getline(cells, now, '\t');
    std::getline(cells, want, '\t');
    std::getline(cells, phrase);
    if (set != "dev") continue;
    now[10] = ' ';
    const std::string got = by(phrase, now.c_str(), language == "nl" ? Language::nl : Language::en);
    if (want.ends_with('Z')) {
      const auto found = find_promise(phrase, at(now.c_str()), amsterdam());
      REQUIRE(found.by);
      CHECK(format_rfc3339(*found.by).substr(0, 16) + "Z" == want);
      continue;
    }
    ++all;
    if (got == want)
      ++right;
    else
      missed += "\n" + phrase + ": " + got + " and not " + want;
  }
  INFO(missed);
  REQUIRE(all >= 110);
  CHECK(right * 100 >= all * 95);
}

TEST_CASE("desk rule 03: what can be read in two ways asks the desk and is never guessed") {
  CHECK(by("We komen er zo snel mogelijk op terug") == "?soon");
  CHECK(by("We'll get back to you asap") == "?soon");
  CHECK(by("We bellen je over een paar uur") == "?amount");
  CHECK(by("We bellen je om 9 uur", "2026-11-25 14:00") == "?hour");
  CHECK(by("We'll call you next Friday", "2026-11-25 10:00", Language::en) == "?weekday");
  CHECK(by("We will answer by 3/12", "2026-11-25 10:00", Language::en) == "?date");
  CHECK(by("Vandaag voor 09:00 hoort u van ons") == "?past");
}

TEST_CASE("desk rule 03: a time that binds the reader, or is past, is no promise") {
  CHECK(by("Bel ons voor 17:00") == "-");
  CHECK(by("Onze winkel is open tot 18:00 uur") == "-");
  CHECK(by("Gisteren voor 17:00 lag alles plat") == "-");
  CHECK(by("If you order by 10pm we ship tonight", "2026-11-25 10:00", Language::en) == "-");
  CHECK(by("De trein van 8:14 viel uit") == "-");
  CHECK(by("") == "-");
  CHECK(by("Fijne avond!") == "-");
}

TEST_CASE(
    "desk rule 03: hours are real hours in the night of the clock change, days are by the wall") {
  const auto change = find_promise("binnen twee uur", at("2026-10-25 01:30"), amsterdam());
  CHECK(change.by == at("2026-10-25 01:30") + hours{2});
  CHECK(by("morgenochtend", "2026-10-24 10:00") == "2026-10-25T12:00");
  CHECK(by("binnen een dag", "2026-10-24 10:00") == "2026-10-25T10:00");
  CHECK(by("binnen een dag", "2027-03-27 10:00") == "2027-03-28T10:00");
}

TEST_CASE(
    "desk rule 03: working days leave out weekends and holidays; a desk has its own closing time") {
  CHECK(by("binnen een werkdag", "2026-11-27 15:00") == "2026-11-30T17:00");
  CHECK(by("binnen twee werkdagen", "2026-12-24 10:00") == "2026-12-29T17:00");
  DeskDay late = amsterdam();
  late.closes = hours{21};
  CHECK(find_promise("by EOD", at("2026-11-25 10:00"), late).by == at("2026-11-25 21:00"));
  DeskDay london;
  london.calendar.zone = *Zone::find("Europe/London");
  CHECK(find_promise("before 5pm", at("2026-11-25 10:00"), london).by == at("2026-11-25 18:00"));
}

TEST_CASE("desk rule 03: of several times the first deadline counts, and where it stands is told") {
  const std::string text = "We reageren zo snel mogelijk, uiterlijk vrijdag.";
  const Promise found = find_promise(text, at("2026-11-25 10:00"), amsterdam());
  CHECK(found.by == at("2026-11-27 23:59"));
  CHECK(text.substr(found.begin, found.end - found.begin) == "uiterlijk vrijdag");
}

TEST_CASE("A promise is found in any bytes, and near the ends of what a calendar knows") {
  std::string bytes;
  for (int i = 0; i < 4096; ++i)
    bytes += static_cast<char>(i * 37);
  CHECK_NOTHROW(find_promise(bytes, at("2026-11-25 10:00"), amsterdam()));
  CHECK_NOTHROW(find_promise("binnen 9999 dagen", at("2026-11-25 10:00"), amsterdam()));
  CHECK_NOTHROW(find_promise("binnen 9999 maanden", at("2026-11-25 10:00"), amsterdam()));
  CHECK_NOTHROW(find_promise("binnen 9999 werkdagen", at("2026-11-25 10:00"), amsterdam()));
  CHECK_NOTHROW(find_promise("op 31-2 komen we erop terug", at("2026-11-25 10:00"), amsterdam()));
  CHECK_NOTHROW(find_promise("binnen een uur", Time::max(), amsterdam()));
  std::string many;
  while (many.size() < kMaxReply * 2)
    many += "voor 17:00 ";
  CHECK_NOTHROW(find_promise(many, at("2026-11-25 10:00"), amsterdam()));
}

}  // namespace brandwacht::text
