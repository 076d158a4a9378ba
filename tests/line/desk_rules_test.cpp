// The desk's rules through the whole line: what is paged, noticed and advised of them.
#include "tests/line/scene.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::line {
namespace {
using namespace scene;
using namespace std::chrono_literals;
using Kind = IncidentEventKind;
using desk::What;

Settings desk_settings(double risk = 0.01, double major = 0.01, double notice = 0.01) {
  Settings out = settings();
  out.threads.model = says(risk, major, notice);
  out.brand_level.calendar.zone = Zone::find("Europe/Amsterdam").value();
  out.brand_level.surges = false;
  out.language = DeskLanguage::nl;
  return out;
}

struct Stage {
  std::vector<IncidentEvent> events;
  std::vector<desk::Event> desk;
  Line line;
  Time now = kStart;

  explicit Stage(Settings with = desk_settings()) : line(std::move(with), hooks()) {}
  void see(Mention mention) {
    mention.created_at = mention.received_at = now;
    line.process(mention.view(), now);
  }
  void complain(const std::string& id, const std::string& author = "anouk",
                const std::string& text =
                    "Schandalig @polderbank, mijn pas van bestelling werkt sinds "
                    "maandag weer niet en niemand reageert") {
    Mention mention = post(id, author, text, now);
    mention.accounts = {"polderbank"};
    see(mention);
  }
  void official(const std::string& id, const std::string& to, const std::string& text) {
    see(reply(id, to, "polderbank", text, now));
  }
  void wait(Duration span, Duration step = 5s) {
    for (const Time end = now + span; now < end;) {
      now += step;
      line.tick(now);
    }
  }
  std::vector<IncidentEvent> of(Kind kind) const {
    std::vector<IncidentEvent> out;
    for (const auto& event : events)
      if (event.kind == kind) out.push_back(event);
    return out;
  }
  std::size_t count(What what) const {
    return static_cast<std::size_t>(std::ranges::count(desk, what, &desk::Event::what));
  }
  static bool says(const std::vector<std::string>& lines, std::string_view words) {
    return std::ranges::any_of(
        lines, [words](const std::string& line) { return line.find(words) != std::string::npos; });
  }

 private:
  Hooks hooks() {
    Hooks out;
    out.event = [this](const IncidentEvent& event) { events.push_back(event); };
    out.desk = [this](const desk::Event& event) { desk.push_back(event); };
    return out;
  }
};

TEST_CASE(
    "desk rule 01: an unanswered complaint makes its thread's risk larger, and the page says so") {
  Settings with = desk_settings(0.45);
  Stage stage(with);
  stage.complain("root");
  stage.wait(2h);
  for (int i = 0; i < 8; ++i)
    stage.see(
        reply("r" + std::to_string(i), "root", "critic" + std::to_string(i), angry(i), stage.now));
  stage.wait(90s);
  REQUIRE(stage.of(Kind::page).size() == 1);  // without the wait it stays below theta_page
  CHECK(stage.of(Kind::page)[0].incident.risk == Approx(0.525).margin(0.01));
  const Incident page = stage.of(Kind::page)[0].incident;
  const auto reason = std::ranges::find_if(page.reasons, [](const Reason& one) {
    return one.text.find("onbeantwoord") != std::string::npos;
  });
  REQUIRE(reason != page.reasons.end());
  CHECK(reason->weight == Approx(0.3));
  Stage answered(with);
  answered.complain("root");
  answered.wait(10min);
  answered.official("o1", "root",
                    "Wat vervelend, sorry! De monteur is onderweg en belt je zo. ^Anna");
  answered.wait(2h);
  for (int i = 0; i < 8; ++i)
    answered.see(reply("r" + std::to_string(i), "root", "critic" + std::to_string(i), angry(i),
                       answered.now));
  answered.wait(90s);
  CHECK(answered.of(Kind::page).empty());
}

TEST_CASE("desk rule 01: at the configured age a notice goes out, and a reply keeps it away") {
  Stage stage;
  stage.complain("root");
  stage.wait(4h - 5s);
  CHECK(stage.of(Kind::notify).empty());
  stage.wait(10s);
  REQUIRE(stage.of(Kind::notify).size() == 1);
  CHECK(stage.of(Kind::notify)[0].incident.tier == Tier::t3);
  CHECK(stage.of(Kind::notify)[0].incident.advice.kind == "answer");
  Stage answered;
  answered.complain("root");
  answered.official("o1", "root",
                    "Sorry dat het zo lang duurt, je nieuwe pas is vandaag op de post gedaan.");
  answered.wait(5h);
  CHECK(answered.of(Kind::notify).empty());
}

TEST_CASE("desk rule 04: a broken promise pages by rule, whatever the crowd") {
  Stage stage;
  stage.complain("root");
  stage.official("o1", "root",
                 "Vervelend! We zoeken het uit en laten je binnen 2 uur iets weten. ^Anna");
  stage.wait(119min);
  CHECK(stage.of(Kind::page).empty());
  stage.wait(5min);
  REQUIRE(stage.of(Kind::page).size() == 1);
  const Incident page = stage.of(Kind::page)[0].incident;
  CHECK(page.tier == Tier::t2);
  CHECK(page.reasons.front().text == "het beloofde antwoord is er niet op tijd");
  CHECK(page.title == "Polderbank: het beloofde antwoord is er niet op tijd");
  CHECK(stage.of(Kind::cool).empty());
  CHECK(page.advice.lines.front().starts_with("Beloofd was een antwoord"));
  stage.wait(12h, 60s);
  CHECK(stage.of(Kind::page).size() == 1);
  Stage kept;
  kept.complain("root");
  kept.official("o1", "root",
                "Vervelend! We zoeken het uit en laten je binnen 2 uur iets weten. ^Anna");
  kept.wait(1h);
  kept.official(
      "o2", "root",
      "Gevonden: je pas was geblokkeerd. Hij doet het nu weer, sorry voor het gedoe. ^Anna");
  kept.wait(12h, 60s);
  CHECK(kept.of(Kind::page).empty());
}

TEST_CASE("desk rule 06: a removal by the brand that comes back is noticed") {
  Stage stage;
  stage.complain("root");
  stage.complain("c1", "bert");
  Mention gone = post("c1", "polderbank", "", stage.now);
  gone.kind = MentionKind::remove;
  stage.wait(1min);
  stage.see(gone);
  CHECK(stage.count(What::removed) == 1);
  stage.wait(1min);
  stage.complain("c2", "bert",
                 "Waarom is mijn reactie weg @polderbank? Schandalig slecht, censuur");
  CHECK(stage.count(What::backfire) == 1);
  REQUIRE(stage.of(Kind::notify).size() == 1);
  CHECK(Stage::says(stage.of(Kind::notify)[0].incident.advice.lines, "verwijder niet nog meer"));
}

TEST_CASE("desk rule 07: one author with twenty posts never raises the number of critics") {
  Stage stage;
  stage.complain("root");
  for (int i = 0; i < 20; ++i) {
    stage.wait(30s);
    stage.see(reply("r" + std::to_string(i), "root", "bert", angry(i), stage.now));
  }
  CHECK(stage.line.thread(platform_key("bluesky", "root"), stage.now)->belief.joiners == 1);
}

TEST_CASE("desk rule 08: distinct critics and their pace page, however they are spread") {
  Settings with = settings();  // the shipped model
  Watched pile(with);
  pile_on(pile, 40, 20s);
  CHECK(pile.count(Kind::page) == 1);
  Watched slow(with);
  pile_on(slow, 4, 2h);
  CHECK(slow.count(Kind::page) == 0);
}

TEST_CASE("desk rule 09: the page comes before the crowd: long before 30 critics") {
  Watched watched(settings());
  pile_on(watched, 40, 20s);
  REQUIRE(watched.count(Kind::page) == 1);
  const auto page = std::ranges::find(watched.events, Kind::page, &IncidentEvent::kind);
  CHECK(page->incident.joiners < 30);
}

TEST_CASE("desk rule 10: a lasting quarrel notifies and does not page; outsiders are watched") {
  Stage stage;
  stage.complain("root");
  for (int i = 0; i < 12; ++i) {
    stage.wait(2min);
    stage.see(reply("a" + std::to_string(i), "root", "anouk", angry(i), stage.now));
  }
  CHECK(stage.of(Kind::notify).size() >= 1);
  CHECK(stage.of(Kind::page).empty());
  Settings likely = desk_settings(0.4, 0.01, 0.6);
  Stage grown(likely);
  grown.complain("root");
  for (int i = 0; i < 3; ++i) {
    grown.wait(10s);
    grown.see(reply("o" + std::to_string(i), "root", "outsider" + std::to_string(i), angry(i),
                    grown.now));
  }
  CHECK(grown.line.thread(platform_key("bluesky", "root"), grown.now)->decision.state ==
        IncidentState::watch);
}

TEST_CASE("desk rule 14: no page, log or state holds a customer's number") {
  Stage stage;
  stage.complain("root", "anouk",
                 "Schandalig @polderbank, de app werkt weer niet en niemand reageert. Waardeloos! "
                 "Bel me op 06-12345678 of stort het op NL91ABNA0417164300");
  REQUIRE(stage.of(Kind::notify).size() == 1);
  std::string all = stage.line.save();
  for (const auto& event : stage.events)
    all += to_json(event);
  for (const auto& event : stage.desk)
    all += event.text;
  CHECK(all.find("12345678") == std::string::npos);
  CHECK(all.find("0417164300") == std::string::npos);
  CHECK(stage.of(Kind::notify)[0].incident.advice.kind == "move_to_private");
}

TEST_CASE("desk rule 16: a vague rant is watched by the desk until four have joined it") {
  Stage stage;
  stage.complain("root", "anouk", "Bah @polderbank, bah bah bah, stom en slecht");
  const auto key = platform_key("bluesky", "root");
  REQUIRE(stage.line.webcare().find(key) != nullptr);
  CHECK(stage.line.webcare().find(key)->vague);
  for (int i = 0; i < 4; ++i) {
    CHECK(stage.count(What::promoted) == 0);
    stage.see(
        reply("r" + std::to_string(i), "root", "critic" + std::to_string(i), angry(i), stage.now));
  }
  CHECK(stage.count(What::promoted) + stage.count(What::complaint) >= 1);
}

TEST_CASE("desk rule 22: the brand's own posts never count as critics, whatever their tone") {
  Stage stage;
  stage.complain("root");
  for (int i = 0; i < 10; ++i)
    stage.official("o" + std::to_string(i), "root", angry(i));
  const auto thread = stage.line.thread(platform_key("bluesky", "root"), stage.now);
  CHECK(thread->belief.joiners == 0);
  CHECK(thread->belief.participants == 0);
}

TEST_CASE("desk rule 24: the page carries the playbook that fits its posts") {
  Stage stage(desk_settings(0.9));
  stage.complain("root", "anouk",
                 "Storing @polderbank, de app ligt eruit en betalen lukt niet, schandalig");
  for (int i = 0; i < 8; ++i)
    stage.see(
        reply("r" + std::to_string(i), "root", "critic" + std::to_string(i), angry(i), stage.now));
  stage.wait(90s);
  REQUIRE(stage.of(Kind::page).size() == 1);
  CHECK(stage.of(Kind::page)[0].incident.advice.playbook == "outage");
  CHECK(stage.of(Kind::page)[0].incident.advice.playbook_title == "Storing");
}

TEST_CASE(
    "desk rule 25: one matter on two platforms is one incident, with the answers already given") {
  Settings with = desk_settings(0.9);
  Stage stage(with);
  const auto burn = [&stage](const std::string& platform, const std::string& id) {
    Mention root = post(
        id, "r" + id, "Storing bij Polderbank, de app ligt eruit en betalen lukt niet", stage.now);
    root.platform = platform;
    stage.see(root);
    static constexpr const char* kWords[] = {
        "de app ligt er bij mij ook uit, storing, schandalig slecht",
        "betalen lukt niet door die storing in de app, waardeloos",
        "weer storing en niemand kan betalen, wat een slechte app",
        "app ligt eruit, betalen lukt niet, belachelijk slecht geregeld",
        "die storing duurt te lang, ik kan niet betalen, woedend",
        "storing storing storing, de app is waardeloos, betalen lukt niet"};
    for (int i = 0; i < 6; ++i) {
      stage.now += 10s;
      Mention one = reply(id + "c" + std::to_string(i), id, id + "p" + std::to_string(i), kWords[i],
                          stage.now);
      one.platform = platform;
      stage.see(one);
    }
    stage.wait(2min);
  };
  burn("facebook", "f1");
  Mention answer = reply("o1", "f1", "polderbank",
                         "Sorry! Er is een storing, betalen met je pas kan wel. ^Anna", stage.now);
  answer.platform = "facebook";
  stage.see(answer);
  burn("bluesky", "b1");
  burn("x", "x1");
  CHECK(stage.of(Kind::page).size() == 1);
  REQUIRE(stage.of(Kind::upgrade).size() == 1);  // three threads of one matter
  const Incident incident = stage.of(Kind::upgrade)[0].incident;
  CHECK(incident.id == stage.of(Kind::page)[0].incident.id);
  CHECK(incident.threads.size() == 3);
}

TEST_CASE("desk rule 28: a hundred kind posts do not hide twelve critics") {
  Stage stage(desk_settings(0.01, 0.01, 0.6));
  stage.complain("root");
  for (int i = 0; i < 112; ++i) {
    stage.now += 5s;
    const bool critic = i % 9 == 0 && i / 9 < 12;
    stage.see(reply("r" + std::to_string(i), "root", "p" + std::to_string(i),
                    critic ? angry(i) : kHappy, stage.now));
  }
  const auto thread = stage.line.thread(platform_key("bluesky", "root"), stage.now);
  CHECK(thread->belief.joiners >= 11);
  CHECK(thread->decision.state == IncidentState::watch);
}

TEST_CASE("desk rule 29: a thread that calms cools its incident, and the page says how") {
  Stage stage(desk_settings(0.9));
  stage.complain("root");
  for (int i = 0; i < 8; ++i)
    stage.see(
        reply("r" + std::to_string(i), "root", "critic" + std::to_string(i), angry(i), stage.now));
  stage.wait(90s);
  REQUIRE(stage.of(Kind::page).size() == 1);
  Settings calm = desk_settings(0.01);
  Stage later(calm);
  later.now = stage.now;
  later.line.restore(stage.of(Kind::page)[0].incident, later.now);
  later.wait(2h, 30s);
  REQUIRE(later.of(Kind::cool).size() == 1);
  CHECK(later.of(Kind::cool)[0].incident.advice.lines.front().starts_with("Het koelt af"));
}

TEST_CASE("desk rule 31: authors without a name count as those with one") {
  const auto play = [](bool named) {
    Stage stage(desk_settings(0.9));
    stage.complain("root");
    for (int i = 0; i < 8; ++i) {
      Mention one =
          reply("r" + std::to_string(i), "root", "critic" + std::to_string(i), angry(i), stage.now);
      one.author_name = named ? "Jan Jansen " + std::to_string(i) : "";
      stage.see(one);
    }
    stage.wait(90s);
    std::string out;
    for (const auto& event : stage.events)
      out += std::string(to_string(event.kind)) + std::to_string(event.incident.joiners) + " ";
    return out;
  };
  CHECK(play(true) == play(false));
  CHECK(play(true).find("page") != std::string::npos);
}

TEST_CASE(
    "what the desk says of an incident is kept and logged, also of one that it does not know") {
  Stage stage;
  stage.complain("root");
  std::string fault;
  auto action = desk::parse_action("feedback", "useful", fault);
  action->thread = platform_key("bluesky", "root");
  action->incident = incident_id(action->thread, 1);
  CHECK(stage.line.act(*action, "", stage.now));
  REQUIRE(stage.count(What::feedback) == 1);
  action->thread = 4711;
  CHECK_FALSE(stage.line.act(*action, "", stage.now));
  CHECK(stage.line.act(*action, "Lumolo", stage.now));
}

TEST_CASE("what is told to a desk comes back from a state that was saved, to the byte") {
  Stage a;
  a.complain("root");
  a.official("o1", "root",
             "Vervelend! We zoeken het uit en laten je binnen 2 uur iets weten. ^Anna");
  a.wait(10min);
  const std::string state = a.line.save();
  Stage b;
  b.now = a.now;
  b.line.load(state);
  CHECK(b.line.save() == state);
  a.events.clear();
  a.wait(6h);
  b.wait(6h);
  REQUIRE(a.events.size() == b.events.size());
  for (std::size_t i = 0; i < a.events.size(); ++i)
    CHECK(to_json(a.events[i]) == to_json(b.events[i]));
  CHECK(a.events.size() >= 2);
}

}  // namespace
}  // namespace brandwacht::line
