#include "tests/alerting/policy_rig.hpp"

namespace brandwacht::alerting {
namespace {

using namespace std::chrono_literals;

Hours hours(std::initializer_list<std::string_view> words) {
  Hours out;
  for (const auto word : words) {
    const auto window = parse_window(word);
    REQUIRE(window);
    out.windows.push_back(*window);
  }
  return out;
}

Time local(std::string_view text) {
  const auto time = parse_local_time(amsterdam().zone, text, DayEnd::begin);
  REQUIRE(time);
  return *time;
}

Rotation weekly() {
  Rotation out;
  out.name = "webcare";
  out.people = {"anna", "bram", "chris"};
  out.start = *parse_day("2026-01-05");  // a Monday
  out.handover = 9h;
  out.calendar = amsterdam();
  return out;
}

constexpr std::string_view kPeople = R"(
[[person]]
name = "anna"
receivers = ["a"]
[[person]]
name = "bram"
receivers = ["b"]
)";

}  // namespace

TEST_CASE("hours of the week are read as people write them, and other forms are refused") {
  const auto calendar = amsterdam();
  const auto office = hours({"Mon-Fri 08:00-18:00"});
  CHECK(office.holds(calendar, local("2026-01-05 08:00")));
  CHECK_FALSE(office.holds(calendar, local("2026-01-05 07:59")));
  CHECK_FALSE(office.holds(calendar, local("2026-01-05 18:00")));
  CHECK_FALSE(office.holds(calendar, local("2026-01-04 12:00")));  // a Sunday
  const auto late = hours({"Fri 22:00-06:00"});
  CHECK(late.holds(calendar, local("2026-01-09 23:00")));
  CHECK(late.holds(calendar, local("2026-01-10 05:59")));
  CHECK_FALSE(late.holds(calendar, local("2026-01-09 05:59")));  // Thursday's night
  CHECK(hours({"sat, sun"}).holds(calendar, local("2026-01-10 00:00")));
  CHECK(hours({"Sat-Mon"}).holds(calendar, local("2026-01-05 23:59")));
  CHECK(hours({"night"}).holds(calendar, local("2026-01-05 23:00")));
  CHECK(hours({"not night"}).holds(calendar, local("2026-01-05 12:00")));
  CHECK(Hours{}.holds(calendar, kNoon));
  for (const char* wrong : {"", "Mon-", "Mun 08:00-09:00", "08:00", "08:00-25:00", "09:00-09:00"})
    CHECK_FALSE(parse_window(wrong));
}

TEST_CASE("a holiday is a Sunday for hours") {
  auto calendar = amsterdam();
  calendar.holidays.country = Country::nl;
  const auto office = hours({"Mon-Fri 08:00-18:00"});
  CHECK_FALSE(office.holds(calendar, local("2026-01-01 12:00")));
  CHECK(office.holds(calendar, local("2026-01-02 12:00")));
  CHECK(hours({"Sun"}).holds(calendar, local("2026-01-01 12:00")));
}

TEST_CASE("people take turns by the week, and hand over at the hour") {
  const auto rotation = weekly();
  CHECK(on_call(rotation, local("2026-01-05 09:00")) == "anna");
  CHECK(on_call(rotation, local("2026-01-12 08:59")) == "anna");
  CHECK(on_call(rotation, local("2026-01-12 09:00")) == "bram");
  CHECK(on_call(rotation, local("2026-01-26 09:00")) == "anna");
  CHECK(on_call(rotation, local("2026-01-05 08:59")) == "chris");  // before the first turn
  CHECK(on_call(rotation, local("2025-12-29 08:59")) == "bram");
}

TEST_CASE("in the nights of the clock change nobody is on call twice") {
  auto rotation = weekly();
  rotation.days = 1;
  rotation.handover = 2h + 30min;
  for (const char* day : {"2026-03-29 00:00", "2026-10-25 00:00"}) {
    int changes = 0;
    std::string before = on_call(rotation, local(day));
    for (Time at = local(day); at < local(day) + 6h; at += 5min) {
      const auto who = on_call(rotation, at);
      changes += who != before ? 1 : 0;
      before = who;
    }
    CHECK(changes == 1);
  }
}

TEST_CASE("an override takes a turn, also outside of the hours that are covered") {
  auto rotation = weekly();
  rotation.hours = hours({"Mon-Fri 08:00-22:00"});
  rotation.overrides = {{local("2026-01-10 00:00"), local("2026-01-11 00:00"), "bram"},
                        {local("2026-01-10 12:00"), local("2026-01-10 13:00"), "chris"}};
  CHECK(on_call(rotation, local("2026-01-10 10:00")) == "bram");
  CHECK(on_call(rotation, local("2026-01-10 12:30")) == "chris");  // the last that holds
  CHECK(on_call(rotation, local("2026-01-11 12:00")).empty());
  CHECK(on_call(rotation, local("2026-01-07 12:00")) == "anna");
}

TEST_CASE("a rotation is read with its zone, its turns and its overrides") {
  config::Problems problems;
  const auto policy = read_test_policy(std::string(kPeople) + R"(
[[rotation]]
name = "day"
people = ["anna", "bram"]
every = "day"
handover = "08:00"
start = "2026-01-02"
time_zone = "America/New_York"
  [[rotation.override]]
  from = "2026-01-03 08:00"
  to = "2026-01-03 09:00"
  person = "anna"
)",
                                       {"a", "b"}, problems);
  CHECK(problems.sorted().empty());
  const auto& rotation = policy.roster.rotations.at(0);
  CHECK(on_call(rotation, *parse_rfc3339("2026-01-02T13:00:00Z")) == "anna");
  CHECK(on_call(rotation, *parse_rfc3339("2026-01-02T12:59:59Z")) == "bram");
  CHECK(on_call(rotation, *parse_rfc3339("2026-01-03T13:30:00Z")) == "anna");
  CHECK(on_call(rotation, *parse_rfc3339("2026-01-03T14:30:00Z")) == "bram");
}

TEST_CASE("what is wrong with people and turns is said where it stands") {
  config::Problems problems;
  read_test_policy(std::string(kPeople) + R"(
[[rotation]]
name = "anna"
people = ["anna", "brram"]
handover = "Mun 09:00"
start = "2026-13-01"
time_zone = "Europe/Amsterdm"
[[policy]]
name = "p"
  [[policy.step]]
  notify = ["nobody"]
[[route]]
policy = "q"
)",
                   {"a", "b"}, problems);
  std::string all;
  for (const auto& problem : problems.sorted())
    all += config::to_string(problem) + "\n";
  for (const char* words :
       {"'anna' is the name of two things", "there is no person 'brram'", "did you mean 'bram'",
        "'Mun 09:00' is no moment to hand over", "'2026-13-01' is no day",
        "there is no time zone 'Europe/Amsterdm'", "'nobody' is no person", "no policy 'q'"})
    CHECK_THAT(all, Catch::Contains(words));
}

TEST_CASE("a policy that leaves hours to nobody is a warning that names the first") {
  const std::string office = std::string(kPeople) + R"(
[[rotation]]
name = "office"
people = ["anna", "bram"]
hours = ["Mon-Fri 08:00-22:00"]
[[policy]]
name = "desk"
  [[policy.step]]
  notify = ["office"]
)";
  config::Problems problems;
  read_test_policy(office, {"a", "b"}, problems);
  REQUIRE(problems.sorted().size() == 1);
  CHECK(problems.sorted().at(0).warning);
  CHECK_THAT(problems.sorted().at(0).message, Catch::Contains("2026-01-01T21:00:00"));
  config::Problems none;
  read_test_policy(office + "  [[policy.step]]\n  notify = [\"b\"]\n", {"a", "b"}, none);
  CHECK(none.sorted().empty());
}

}  // namespace brandwacht::alerting
