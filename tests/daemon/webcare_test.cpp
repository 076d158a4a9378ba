// The desk in the daemon: its settings, its memory on the disk, its report.
#include <fmt/format.h>

#include "monitor/daemon/desk_log.hpp"
#include "monitor/daemon/desk_settings.hpp"
#include "tests/daemon/inbound_rig.hpp"
#include "tests/daemon/program.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

namespace brandwacht::daemon {
namespace {
using namespace std::chrono_literals;
using test::has;
using test::shell;

constexpr Time kNow{std::chrono::seconds{1'767'260'000}};

WebcareSettings read(std::string_view toml, std::vector<config::Problem>& found) {
  config::Problems problems;
  auto document = config::Document::from_string(toml, "test.toml", problems);
  REQUIRE(document.ok());
  WebcareSettings out;
  auto root = document.root();
  (void)read_brand_level(root, {"Polderbank"}, out);
  root.close();
  found = problems.sorted();
  return out;
}

desk::LogRow row(std::string_view kind, Time at) {
  desk::LogRow out;
  out.kind = kind;
  out.at = at;
  out.brand = "Polderbank";
  out.thread = 0xFEDCBA9876543210;
  out.span = 90s;
  out.count = -2;
  return out;
}

TEST_CASE("the desk's settings are read, and what is wrong is said with a way out") {
  std::vector<config::Problem> problems;
  const auto good = read(R"([desk]
hours = ["mon-fri 08:00-22:00", "za 9-17"]
first_response = "45 min"
first_response_on = ["facebook 2 h", "x 30 min"]
policy = "private_first"
vague = "answer"
slow = "notify"
private_data = "page"
)",
                         problems);
  CHECK(problems.empty());
  CHECK(good.desk.policy == desk::Policy::private_first);
  CHECK(good.desk.vague == desk::Vague::answer);
  CHECK(good.desk.slow == desk::Tell::notify);
  CHECK(good.desk.private_data == desk::Tell::page);
  CHECK(good.desk.clock_of("facebook") == 2h);
  CHECK(good.desk.clock_of("x") == 30min);
  CHECK(good.desk.clock_of("instagram") == 3h);
  CHECK(good.desk.clock_of("bluesky") == 45min);
  CHECK(good.desk.hours.week[5].size() == 1);
  CHECK(good.playbooks == nullptr);
  (void)read(R"([desk]
hours = ["funday 8-9"]
first_response_on = ["facebook"]
policy = "publik_first"
playbooks = "/nowhere/at/all"
)",
             problems);
  REQUIRE(problems.size() >= 4);
  std::string all;
  for (const auto& problem : problems)
    all += to_string(problem) + "\n";
  CHECK(has(all, "'funday 8-9' does not begin with days"));
  CHECK(has(all, "did you mean 'public_first'"));
  CHECK(has(all, "\"facebook 3 h\""));
  CHECK(has(all, "/nowhere/at/all"));
}

TEST_CASE("log and cases come back from the disk as they were, and old ones go") {
  const test::TempDir dir;
  desk::Case one;
  one.thread = 0x8000000000000001;
  one.promised_by = kNow + 1h;
  one.promise = desk::Promise::standing;
  one.touched_at = kNow;
  {
    DeskStore store(dir.path() / "desk.db");
    store.write({row("complaint", kNow), row("late", kNow + 1h)}, {{"Polderbank", one}});
    one.extensions = 1;
    store.write({}, {{"Polderbank", one}});
  }
  DeskStore store(dir.path() / "desk.db");
  const auto rows = store.rows(kNow, kNow + 2h);
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].kind == "complaint");
  CHECK(rows[0].thread == 0xFEDCBA9876543210);
  CHECK(rows[0].span == 90s);
  CHECK(rows[0].count == -2);
  CHECK(store.rows(kNow, kNow + 1h).size() == 1);
  const auto cases = store.cases();
  REQUIRE(cases.size() == 1);
  CHECK(cases[0].brand == "Polderbank");
  CHECK(cases[0].one.thread == one.thread);
  CHECK(cases[0].one.promised_by == kNow + 1h);
  CHECK(cases[0].one.extensions == 1);
  store.prune(kNow + 1min, kNow + 1min);
  CHECK(store.rows(kNow, kNow + 2h).size() == 1);
  CHECK(store.cases().empty());
}

TEST_CASE("a damaged log of the desk is set aside and a new one begun") {
  const test::TempDir dir;
  {
    DeskStore store(dir.path() / "desk.db");
    store.write(std::vector<desk::LogRow>(500, row("complaint", kNow)), {});
  }
  std::filesystem::resize_file(dir.path() / "desk.db", 9000);  // torn
  const auto store = open_desk_store(dir.path() / "desk.db", kNow);
  CHECK(store->rows(Time{}, kNow + 1h).empty());
}

TEST_CASE("report plays a recording as if it had watched, and says when there is no log") {
  const test::TempDir dir;
  const auto config = dir.write("bw.toml", R"([daemon]
data_dir = "data"
language = "nl"
[desk]
time_zone = "Europe/Amsterdam"
[[brand]]
name = "Polderbank"
terms = ["polderbank"]
accounts = ["@polderbank"]
[[receiver]]
type = "log"
name = "log"
)");
  // Invented. Asked on Sunday evening, answered in the next week; one more never.
  const auto mentions = dir.write(
      "week.ndjson",
      R"({"platform":"x","id":"1","author":"anouk","accounts":["polderbank"],"created_at":"2026-11-29T22:30:00Z","text":"Schandalig @polderbank, mijn pas van bestelling 12 werkt sinds maandag weer niet en niemand reageert"}
{"platform":"x","id":"2","author":"bert","accounts":["polderbank"],"created_at":"2026-11-29T22:40:00Z","text":"@polderbank de app in Utrecht werkt weer niet en niemand reageert sinds dinsdag. Waardeloos!"}
{"platform":"x","id":"3","thread":"1","parent":"1","author":"polderbank","created_at":"2026-11-29T23:10:00Z","text":"Wat vervelend, sorry! Je pas was geblokkeerd, hij doet het nu weer. ^Anna"}
)");
  const auto html = dir.path() / "week.html";
  const auto ran = shell("$BW report --week 2026-W48 -c " + config.string() + " --html " +
                         html.string() + " " + mentions.string());
  INFO(ran.out);
  CHECK(ran.status == 0);
  CHECK(has(ran.out, "Webcare in week 2026-W48"));
  CHECK(has(ran.out, "klachten: 2"));
  CHECK(has(ran.out, "beantwoord: 1 (50 %); gemiddeld bedrijf 53 %"));
  CHECK(has(ran.out, "mediaan: 40 min"));
  CHECK(has(ran.out, "te laat of nog niet: 1"));
  CHECK(std::filesystem::file_size(html) > 1000);
  const auto none = shell("$BW report --week -c " + config.string());
  CHECK(none.status == 66);
  CHECK(has(none.out, "has kept no log yet"));
  const auto wrong = shell("$BW report --week week48 -c " + config.string());
  CHECK(wrong.status == 64);
  CHECK(has(wrong.out, "2026-W48"));
}

asio::awaitable<void> speak(InboundRig& rig) {
  auto wrong = co_await rig.ask(
      "POST", "/api/desk", R"({"thread":"00000000000000ff","kind":"strategy","value":"hide"})");
  CHECK(wrong.status == 400);
  CHECK(has(wrong.body, "none of remove, ignore, answer"));
  auto nothing = co_await rig.ask("POST", "/api/desk", R"({"kind":"strategy","value":"ignore"})");
  CHECK(nothing.status == 400);
  auto done = co_await rig.ask(
      "POST", "/api/desk",
      R"({"incident":"bw-00000000000000ff-1","kind":"feedback","value":"too_late","brand":"Polderbank","who":"Jan"})");
  CHECK(done.status == 200);
  auto other = co_await rig.ask("GET", "/api/desk");
  CHECK(other.status == 405);
  auto board = co_await rig.ask("GET", "/v1/desk");
  CHECK(board.status == 200);
  CHECK(has(board.body, "\"cases\":["));
}

TEST_CASE("the desk says its word over the API, and the board says who waits") {
  InboundRig rig;
  rig.run(speak(rig));
}

asio::awaitable<void> give(InboundRig& rig, std::string lines) {
  HttpHeaders headers;
  headers.emplace_back("Content-Type", "application/x-ndjson");
  const auto taken = co_await rig.ask("POST", "/v1/mentions", std::move(lines), std::move(headers));
  CHECK(taken.status == 200);
}

// Invented. `more`: the fields that tell one line from another, before its text.
std::string line_of(std::string_view more, Time at, std::string_view text) {
  return fmt::format(R"({{"platform":"x",{},"created_at":"{}","text":"{}"}}
)",
                     more, format_rfc3339(at), text);
}

asio::awaitable<void> complain_and_lose(InboundRig& rig) {
  const Time now = rig.clock.now();
  std::string lines = line_of(R"("id":"1","author":"anouk")", now - 2min,
                              "Schandalig @polderbank, mijn pas werkt weer niet");
  lines += line_of(R"("id":"2","author":"bert")", now - 1min,
                   "@polderbank de app werkt weer niet, waardeloos");
  lines += line_of(R"("kind":"delete","official":true,"id":"1","author":"polderbank")", now, "");
  co_await give(rig, std::move(lines));
}

asio::awaitable<void> come_back(InboundRig& rig) {
  const Time now = rig.clock.now();
  // The second is removed only now, and its author is known from the journal.
  std::string lines =
      line_of(R"("kind":"delete","official":true,"id":"2","author":"polderbank")", now - 2s, "");
  lines += line_of(R"("id":"3","author":"anouk")", now,
                   "Schandalig @polderbank, mijn pas werkt nog steeds niet");
  co_await give(rig, std::move(lines));
  const auto metrics = co_await rig.ask("GET", "/metrics");
  CHECK(has(metrics.body, R"(brandwacht_desk_events_total{event="removed"} 1)"));
  CHECK(has(metrics.body, R"(brandwacht_desk_events_total{event="removal_unknown"} 0)"));
  CHECK(has(metrics.body, R"(brandwacht_desk_events_total{event="backfire"} 1)"));
}

TEST_CASE("a removal, a restart, and the author again: the backfire is seen") {
  InboundRig rig;
  rig.run(complain_and_lose(rig));
  rig.run(come_back(rig));
}

}  // namespace
}  // namespace brandwacht::daemon
