// What is decided above single threads: surges, topics, budgets, nights. The risk is set, not
// computed.
#include <set>

#include "tests/line/scene.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::line {
namespace {
using namespace scene;
using namespace std::chrono_literals;
using Kind = IncidentEventKind;

Settings desk(double risk, double major = 0.2) {
  Settings out = settings();
  out.threads.model = says(risk, major);
  out.brand_level.calendar.zone = Zone::find("Europe/Amsterdam").value();
  out.brand_level.baseline.level = 3;
  return out;
}

// A thread of its own about one matter: a root and `critics` critics, one every 10 s.
struct Matter {
  std::string name, root;
  std::vector<std::string> words;
};
const Matter kOutage{"outage",
                     "Storing bij Polderbank, de app ligt eruit en betalen lukt niet",
                     {"de app ligt er bij mij ook uit, storing, schandalig slecht",
                      "betalen lukt niet door die storing in de app, waardeloos",
                      "weer storing en niemand kan betalen, wat een slechte app",
                      "app ligt eruit, betalen lukt niet, belachelijk slecht geregeld",
                      "die storing duurt te lang, ik kan niet betalen, woedend",
                      "storing storing storing, de app is waardeloos, betalen lukt niet"}};
const Matter kShop{"shop",
                   "Polderbank sluit het kantoor in Zutphen, ouderen staan voor dichte deur",
                   {"schandalig dat het kantoor in Zutphen sluit, ouderen in de steek gelaten",
                    "mijn moeder staat voor een dichte deur in Zutphen, schaam je, slecht",
                    "kantoor sluiten en ouderen laten barsten, wat een slecht bedrijf",
                    "Zutphen zonder kantoor, belachelijk en slecht voor ouderen",
                    "weer een kantoor dicht, ouderen zijn niets waard, waardeloos",
                    "dichte deur in Zutphen, woedend ben ik, slecht"}};

struct City : Watched {
  using Watched::Watched;
  Time now = kStart;
  int next = 0;

  // Ticks as a live daemon would.
  void wait(Duration span) {
    for (const Time end = now + span; now < end; now += 5s)
      line.tick(now);
  }
  std::string thread(const Matter& matter, int critics, std::string author = {}) {
    const std::string id = matter.name + std::to_string(++next);
    if (author.empty()) author = "root" + std::to_string(next);
    see(post(id, author, matter.root + " " + std::to_string(next), now));
    for (int i = 0; i < critics; ++i) {
      now += 10s;
      see(reply(id + "r" + std::to_string(i), id, id + "c" + std::to_string(i),
                matter.words[static_cast<std::size_t>(i) % matter.words.size()], now));
    }
    return id;
  }
  std::vector<IncidentEvent> of(Kind kind) const {
    std::vector<IncidentEvent> out;
    for (const auto& event : events)
      if (event.kind == kind) out.push_back(event);
    return out;
  }
  bool said(const IncidentEvent& event, std::string_view words) const {
    return std::ranges::any_of(event.incident.reasons, [words](const Reason& reason) {
      return reason.text.find(words) != std::string::npos;
    });
  }
};

void outage(City& city, int threads, int critics) {
  for (int i = 0; i < threads; ++i) {
    (void)city.thread(kOutage, critics);
    city.wait(20s);
  }
}

TEST_CASE("pitfall 05: an outage over 40 small threads pages exactly once, from the brand level") {
  City city(desk(0.01));
  outage(city, 40, 2);
  REQUIRE(city.count(Kind::page) == 1);
  CHECK(city.count(Kind::upgrade) == 0);
  const auto page = city.of(Kind::page)[0].incident;
  CHECK(page.surge);
  CHECK(page.tier == Tier::t2);
  CHECK(page.threads.size() >= 3);
  CHECK(page.thread.empty());
  CHECK(page.id.starts_with("bw-"));
  CHECK(page.title.find("times the usual") != std::string::npos);
  CHECK_FALSE(page.evidence.empty());
  const std::string json = to_json(city.of(Kind::page)[0]);
  CHECK(json.find(R"("threads":["outage1","outage2")") != std::string::npos);
  city.wait(30h);
  CHECK(city.count(Kind::cool) == 1);
  CHECK(city.count(Kind::close) == 1);
  CHECK(city.of(Kind::close)[0].incident.id == page.id);
  CHECK_FALSE(city.line.has_open());
}

TEST_CASE("pitfall 05: once also where each of its threads would page by itself") {
  City city(desk(0.9));
  outage(city, 40, 6);
  CHECK(city.count(Kind::page) == 1);
  REQUIRE(city.count(Kind::upgrade) == 1);
  CHECK(city.of(Kind::upgrade)[0].incident.tier == Tier::t1);
  CHECK(city.of(Kind::upgrade)[0].incident.id == city.of(Kind::page)[0].incident.id);
}

TEST_CASE("a surge's candidates belong to its incident, and three make it T1") {
  City city(desk(0.01));
  outage(city, 20, 2);
  REQUIRE(city.count(Kind::page) == 1);
  Settings sure = desk(0.9);
  City other(sure);
  other.line.restore(city.of(Kind::page)[0].incident, city.now);
  other.now = city.now;
  CHECK(other.line.has_open());
  CHECK(other.count(Kind::page) == 0);
}

TEST_CASE("two threads of one matter are one incident, three are T1, another matter is another") {
  Settings settings = desk(0.9);
  settings.brand_level.surges = false;
  City city(settings);
  const auto first = city.thread(kOutage, 6);
  city.wait(2min);
  REQUIRE(city.count(Kind::page) == 1);
  (void)city.thread(kOutage, 6);
  city.wait(2min);
  CHECK(city.count(Kind::page) == 1);
  (void)city.thread(kShop, 6);
  city.wait(2min);
  CHECK(city.count(Kind::page) == 2);
  CHECK(city.count(Kind::upgrade) == 0);
  (void)city.thread(kOutage, 6);
  city.wait(2min);
  CHECK(city.count(Kind::page) == 2);
  REQUIRE(city.count(Kind::upgrade) == 1);
  const auto up = city.of(Kind::upgrade)[0];
  CHECK(up.incident.thread == first);
  CHECK(up.incident.tier == Tier::t1);
  CHECK(up.incident.threads.size() == 3);
  CHECK(city.said(up, "three threads on one matter"));
  CHECK(to_json(up).find(R"("threads":["outage1","outage2","outage4"])") != std::string::npos);
}

TEST_CASE("a topic that is over for two hours takes nobody in") {
  Settings settings = desk(0.9);
  settings.brand_level.surges = false;
  City city(settings);
  (void)city.thread(kOutage, 6);
  city.wait(150min);
  (void)city.thread(kOutage, 6);
  city.wait(2min);
  CHECK(city.count(Kind::page) == 2);
}

TEST_CASE("when the week's budget is spent a page becomes a notice that says so, and T1 pages") {
  Settings settings = desk(0.9);
  settings.brand_level.surges = false;
  settings.brand_level.budget.pages = {1, 168h};
  City city(settings);
  (void)city.thread(kOutage, 6);
  city.wait(2min);
  (void)city.thread(kShop, 6);
  city.wait(30min);
  CHECK(city.count(Kind::page) == 1);
  REQUIRE(city.count(Kind::notify) == 1);
  CHECK(city.of(Kind::notify)[0].incident.tier == Tier::t3);
  CHECK(city.said(city.of(Kind::notify)[0], "this week's budget of pages is spent"));
  SECTION("a threat is T1 by rule") {
    auto threat = reply("threat", "shop2", "bas", kAngry, city.now);
    threat.text = "Ik kom langs en schiet jullie allemaal dood, ik vermoord jullie";
    city.see(threat);
    CHECK(city.count(Kind::page) == 2);
    CHECK(city.events.back().incident.tier == Tier::t1);
  }
}

TEST_CASE("pitfall 18: the third thread of one author only notifies, T1 excepted") {
  Settings settings = desk(0.9);
  settings.brand_level.surges = false;
  settings.brand_level.topics.evidence = 50;  // each is a matter of its own
  City city(settings);
  for (int i = 0; i < 3; ++i) {
    Matter own = kShop;
    own.name = "own" + std::to_string(i) + "x";
    own.root = i == 0   ? kShop.root
               : i == 1 ? kOutage.root
                        : "Polderbank belt mij elke avond wakker";
    if (i == 1) own.words = kOutage.words;
    if (i == 2)
      for (auto& words : own.words)
        words = "elke avond gebeld, waardeloos en irritant " + words.substr(0, 8);
    (void)city.thread(own, 6, "farmer");
    city.wait(5min);
  }
  CHECK(city.count(Kind::page) == 2);
  REQUIRE(city.count(Kind::notify) == 1);
  CHECK(city.said(city.of(Kind::notify)[0], "threads of this author"));
}

TEST_CASE("pitfall 19: at night a T2 waits for the morning, which its state shows") {
  Settings settings = desk(0.9, 0.02);
  settings.brand_level.surges = false;
  City city(settings);
  city.now = parse_rfc3339("2026-01-12T23:30:00+01:00").value();
  (void)city.thread(kOutage, 6);
  city.wait(10min);
  CHECK(city.events.empty());
  const auto hot = city.line.hottest(1, city.now);
  REQUIRE(hot.size() == 1);
  CHECK(hot[0].decision.waits == thread::Wait::morning);
  const Time morning = parse_rfc3339("2026-01-13T07:00:00+01:00").value();
  CHECK(hot[0].decision.wait_until == morning);
  SECTION("it burns on, and pages in the morning") {
    for (int i = 0; city.now < morning + 1min; ++i) {
      city.see(reply("late" + std::to_string(i), "outage1", "late" + std::to_string(i),
                     kOutage.words[static_cast<std::size_t>(i) % 6], city.now));
      city.wait(25min);
    }
    city.wait(5min);
    REQUIRE(city.count(Kind::page) == 1);
    CHECK(city.of(Kind::page)[0].at >= morning);
    CHECK(city.of(Kind::page)[0].at <= morning + 30min);
  }
  SECTION("it is over by then: a notice says that it was there") {
    city.wait(9h);
    REQUIRE(city.events.size() >= 1);
    CHECK(city.events[0].kind == Kind::notify);
    CHECK(city.events[0].at >= morning);
    CHECK(city.said(city.events[0], "waited for the morning"));
    CHECK(city.count(Kind::page) == 0);
  }
}

TEST_CASE("pitfall 19: what may become large pages at night, until the night's budget is spent") {
  Settings settings = desk(0.9, 0.3);
  settings.brand_level.surges = false;
  settings.brand_level.budget.night = {1, 168h};
  City city(settings);
  city.now = parse_rfc3339("2026-01-12T23:30:00+01:00").value();
  (void)city.thread(kOutage, 6);
  city.wait(5min);
  CHECK(city.count(Kind::page) == 1);
  (void)city.thread(kShop, 6);
  city.wait(5min);
  CHECK(city.count(Kind::page) == 1);
  CHECK(city.count(Kind::notify) == 0);
}

TEST_CASE("in the night of the clock change the morning comes when the clock on the wall says so") {
  Settings settings = desk(0.9, 0.02);
  settings.brand_level.surges = false;
  const auto [from, morning] = GENERATE(table<const char*, const char*>(
      {{"2026-03-28T23:30:00+01:00", "2026-03-29T07:00:00+02:00"},
       {"2026-10-24T23:30:00+02:00", "2026-10-25T07:00:00+01:00"}}));
  City city(settings);
  city.now = parse_rfc3339(from).value();
  const Time until = parse_rfc3339(morning).value();
  (void)city.thread(kOutage, 6);
  city.wait(10min);
  const auto hot = city.line.hottest(1, city.now);
  REQUIRE(hot.size() == 1);
  CHECK(hot[0].decision.wait_until == until);
  city.wait(until - city.now - 1min);
  CHECK(city.events.empty());
  city.wait(2min);
  CHECK(city.events.size() == 1);
}

TEST_CASE("pitfall 06: a campaign that many cheer is no surge, one that many curse is") {
  Settings settings = desk(0.01);
  settings.brand_level.campaigns = {{"Polderbank", {"actie", kStart - 1h, kStart + 48h, 3}}};
  City city(settings);
  const bool angry_crowd = GENERATE(false, true);
  for (int i = 0; i < 600; ++i) {
    const std::string root = "c" + std::to_string(i % 20);
    if (i < 20)
      city.see(post(root, "root" + std::to_string(i),
                    "Actie van Polderbank! " + std::string(kHappy), city.now));
    const bool critic = angry_crowd || i % 10 == 0;
    city.see(reply("x" + std::to_string(i), root, "a" + std::to_string(i),
                   critic ? angry(i) : kHappy, city.now));
    city.wait(5s);
  }
  CHECK(city.count(Kind::page) == (angry_crowd ? 1 : 0));
}

TEST_CASE("pitfall 12: a page says which source is silent and how much was seen") {
  City city(desk(0.9));
  city.line.set_coverage({0.83, {"bluesky"}});
  (void)city.thread(kOutage, 6);
  city.wait(2min);
  REQUIRE(city.count(Kind::page) == 1);
  CHECK(city.said(city.of(Kind::page)[0],
                  "source gap: 83 % of the last 6 h was seen; bluesky is silent"));
}

TEST_CASE("an incident over several threads, and a surge, are the same after a restart") {
  SECTION("a surge") {
    City before(desk(0.01)), after(desk(0.01));
    outage(before, 40, 2);
    REQUIRE(before.count(Kind::page) == 1);
    const auto page = before.of(Kind::page)[0].incident;
    after.now = before.now;
    SECTION("of which only the store knows") {
      after.line.restore(page, after.now);
      after.line.reconsider(after.now);
    }
    SECTION("with the desk's own state") {
      after.line.desk().restore(before.line.desk().state());
    }
    outage(after, 20, 2);
    CHECK(after.count(Kind::page) == 0);
    after.wait(30h);
    REQUIRE(after.count(Kind::close) == 1);
    CHECK(after.of(Kind::close)[0].incident.id == page.id);
  }
}

TEST_CASE("private data in the brand's own post is T1, a ticket and its own telephone are not") {
  City city(desk(0.01));
  const auto [text, pages] = GENERATE(table<const char*, std::size_t>(
      {{"Beste Anouk, uw rekening NL91ABNA0417164300 is weer open", 1},
       {"Bel ons op 020-1234567 of mail naar hulp@polderbank.example", 0},
       {"Wij hebben ticket 48291045 voor u gemaakt", 0}}));
  city.see(post("root", "anouk", "Polderbank, mijn rekening doet het niet", city.now));
  city.see(reply("answer", "root", "polderbank", text, city.now + 1min));
  CHECK(city.count(Kind::page) == pages);
  if (pages > 0) CHECK(city.events[0].incident.tier == Tier::t1);
}

}  // namespace
}  // namespace brandwacht::line
