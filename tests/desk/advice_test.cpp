#include "monitor/desk/advice.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

#include "monitor/desk/phrases.hpp"
#include "tests/desk/scene.hpp"

namespace brandwacht::desk {
namespace {
using namespace scene;

Situation burning() {
  Situation out;
  out.now = kStart;
  out.joiners = 12;
  Case one;
  one.thread = 1;
  one.asked_at = one.open_since = kStart - 47min;
  out.one = one;
  out.age = 47min;
  return out;
}

bool says(const Advice& advice, std::string_view words) {
  return std::ranges::any_of(advice.lines, [words](const std::string& line) {
    return line.find(words) != std::string::npos;
  });
}

TEST_CASE("desk rule 12: the same situation gets another hint under each policy") {
  for (const bool dutch : {true, false}) {
    Situation now = burning();
    now.dutch = dutch;
    Settings with = settings();
    const Advice open = advise(with, now);
    with.policy = Policy::private_first;
    const Advice closed = advise(with, now);
    CHECK(open.kind == "answer");
    CHECK(open.lines != closed.lines);
    CHECK(says(open,
               dutch ? "Erken de klacht in het openbaar" : "Acknowledge the complaint in public"));
    CHECK(says(closed, dutch ? "Nodig de schrijver uit" : "Invite the author"));
    CHECK(says(open, dutch ? "al 47 min gewacht" : "waited for 47 min"));
    now.one->invited_at = now.now;
    now.one->invited_only = true;
    with.policy = Policy::public_first;
    CHECK(says(advise(with, now), dutch ? "alleen een uitnodiging" : "Only an invitation"));
  }
}

TEST_CASE("desk rule 16: a vague rant without company is watched, with company it is answered") {
  Situation now = burning();
  now.tier = Tier::t3;
  now.concrete = 0.1;
  now.joiners = 1;
  CHECK(advise(settings(), now).kind == "watch");
  now.joiners = 4;
  CHECK(advise(settings(), now).kind == "answer");
  now.joiners = 1;
  Settings all = settings();
  all.vague = Vague::answer;
  CHECK(advise(all, now).kind == "answer");
}

TEST_CASE("desk rule 18: abuse, threats, hate and spam may be removed, a complaint may not") {
  for (const auto& [sign, word] : {std::pair{kSignAbuse, "schelden"},
                                   {kSignThreat, "bedreiging"},
                                   {kSignHate, "haat"},
                                   {kSignSpam, "spam"}}) {
    Situation now = burning();
    now.dutch = true;
    now.signs = sign;
    const Advice advice = advise(settings(), now);
    CHECK(advice.kind == "may_remove");
    CHECK(says(advice, word));
    CHECK(says(advice, "waarom"));
  }
  CHECK(advise(settings(), burning()).kind == "answer");
}

TEST_CASE("desk rule 14: private data in public asks for a private talk, without repeating it") {
  Situation now = burning();
  now.one->exposed = true;
  const Advice advice = advise(settings(), now);
  CHECK(advice.kind == "move_to_private");
  CHECK(says(advice, "do not repeat it"));
}

TEST_CASE("desk rule 10: lasting anger of one author asks for a private talk") {
  Situation now = burning();
  now.one->angrier = 2;
  CHECK(advise(settings(), now).kind == "move_to_private");
}

TEST_CASE("desk rule 15: what the desk calls unfounded is explained, not conceded") {
  Situation now = burning();
  now.one->outcome = Outcome::unfounded_explained;
  const Advice advice = advise(settings(), now);
  CHECK(advice.kind == "explain");
  CHECK(says(advice, "no reason to change policy"));
}

TEST_CASE("a broken promise, a backfire, precedents and answers elsewhere stand in the advice") {
  Situation now = burning();
  now.promise_broken = true;
  now.one->promise = Promise::broken;
  now.one->promised_by = parse_rfc3339("2026-01-05T08:30:00Z").value();
  now.one->backfires = 1;
  now.precedents = 3;
  now.elsewhere.push_back({"facebook", parse_rfc3339("2026-01-04T13:05:00Z").value()});
  const Advice advice = advise(settings(), now);
  CHECK(advice.lines.front().find("promised by 09:30") != std::string::npos);
  CHECK(says(advice, "do not remove more"));
  CHECK(says(advice, "3 times in 30 days"));
  CHECK(says(advice, "answered on facebook already, at Sun 14:05"));
  CHECK(advice.lines.size() <= 8);
  Situation removal = burning();
  removal.unexplained = true;
  CHECK(says(advise(settings(), removal), "under which house rule"));
}

TEST_CASE("desk rule 24: the playbook that fits is on the page, with its title") {
  Situation now = burning();
  now.dutch = true;
  now.playbook = Playbooks::shipped(true)->find("outage");
  const Advice advice = advise(settings(), now);
  CHECK(advice.playbook == "outage");
  CHECK(advice.playbook_title == "Storing");
}

TEST_CASE("desk rule 30: it is cooling, and nowhere is anything called over or all clear") {
  for (const bool dutch : {true, false}) {
    Situation now = burning();
    now.dutch = dutch;
    now.calm = true;
    const Advice advice = advise(settings(), now);
    CHECK(advice.lines.front().starts_with(dutch ? "Het koelt af" : "It is cooling"));
  }
  // No text for users says so either.
  for (const char* folder : {"monitor/line", "monitor/desk", "config/playbooks", "alerting"})
    for (const auto& file : std::filesystem::recursive_directory_iterator(
             std::filesystem::path(BRANDWACHT_SOURCE) / folder)) {
      const auto kind = file.path().extension();
      if (kind != ".cpp" && kind != ".md") continue;
      std::ifstream in(file.path());
      const std::string words = plain_words(std::string{std::istreambuf_iterator<char>(in), {}});
      for (const char* never : {" all clear ", " alles veilig ", " sein veilig ",
                                " crisis voorbij ", " crisis is over ", " nothing to worry "}) {
        INFO(file.path().string() << never);
        CHECK(words.find(never) == std::string::npos);
      }
    }
}

}  // namespace
}  // namespace brandwacht::desk
