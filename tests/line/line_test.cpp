#include <algorithm>

#include "tests/line/scene.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::line {
namespace {
using namespace scene;
using namespace std::chrono_literals;

TEST_CASE("a pile-on pages once, before the 25th critic, with its reasons and evidence") {
  Watched watched;
  pile_on(watched, 25, 1min);
  REQUIRE(watched.count(IncidentEventKind::page) == 1);
  const auto page =
      *std::ranges::find(watched.events, IncidentEventKind::page, &IncidentEvent::kind);
  CHECK(page.incident.joiners < 25);
  CHECK(page.incident.joiners >= 5);
  CHECK(page.incident.brand == "Polderbank");
  CHECK(page.incident.thread == "root");
  CHECK(page.incident.id == incident_id(platform_key("bluesky", "root"), 1));
  CHECK(page.incident.tier <= Tier::t2);
  REQUIRE(page.incident.evidence.size() >= 2);
  CHECK(page.incident.evidence.front().root);
  CHECK(page.incident.reasons.size() >= 3);
  CHECK_FALSE(page.incident.title.empty());
}

TEST_CASE("what matches no brand is dropped and leaves nothing behind") {
  Watched watched;
  watched.see(post("1", "kees", "Wat een rotweer vandaag, waardeloos", kStart));
  CHECK(watched.line.stats().unmatched == 1);
  CHECK(watched.line.threads() == 0);
  CHECK(watched.learnt.empty());
}

TEST_CASE("replies below a tracked root count without naming the brand") {
  Watched watched;
  watched.see(post("root", "anouk", "Polderbank ligt eruit", kStart));
  watched.see(reply("1", "root", "kees", kAngry, kStart + 1min));
  CHECK(watched.line.stats().critics == 1);
}

TEST_CASE("a remark about the brand below a stranger's root does not make that thread ours") {
  Watched watched;
  watched.see(reply("r0", "politics", "piet", "Net zo erg als Polderbank, schandalig", kStart));
  for (int i = 1; i < 40; ++i)
    watched.see(reply("r" + std::to_string(i), "politics", "voter" + std::to_string(i), kAngry,
                      kStart + i * 10s));
  CHECK(watched.line.stats().unmatched == 39);
  CHECK(watched.count(IncidentEventKind::page) == 0);
  SECTION("but replies to that remark are") {
    auto below = reply("below", "politics", "kees", kAngry, kStart + 10min);
    below.parent = "r0";
    watched.see(below);
    CHECK(watched.line.stats().unmatched == 39);
  }
  SECTION("and people who name the brand themselves count together") {
    for (int i = 0; i < 20; ++i)
      watched.see(reply("n" + std::to_string(i), "politics", "namer" + std::to_string(i),
                        "Polderbank! " + angry(i), kStart + 10min + i * 30s));
    watched.line.tick(kStart + 25min);
    CHECK(watched.count(IncidentEventKind::page) == 1);
  }
}

TEST_CASE("pitfall 14: the brand's own accounts and the root's author are never critics") {
  Watched watched;
  watched.see(post("root", "anouk", "Polderbank werkt weer niet, schandalig", kStart));
  for (int i = 0; i < 30; ++i) {
    watched.see(reply("o" + std::to_string(i), "root", "polderbank", kAngry, kStart + i * 1min));
    watched.see(reply("a" + std::to_string(i), "root", "anouk", kAngry, kStart + i * 1min));
  }
  CHECK(watched.line.stats().critics == 0);
  CHECK(watched.line.stats().official == 30);
  // The root's author is angry, and loud: a notice.
  CHECK(watched.events.size() == watched.count(IncidentEventKind::notify));
  CHECK(watched.events.size() == 1);
}

TEST_CASE("pitfall 01: three hundred happy people never page") {
  Watched watched;
  watched.see(post("root", "polderbank", "Wij houden het zwembad open!", kStart));
  for (int i = 0; i < 300; ++i)
    watched.see(reply("h" + std::to_string(i), "root", "happy" + std::to_string(i),
                      i % 10 == 0 ? kAngry : kHappy, kStart + i * 10s));
  watched.line.tick(kStart + 1h);
  CHECK(watched.count(IncidentEventKind::page) == 0);
}

TEST_CASE("pitfall 03: a quarrel of two never pages") {
  Watched watched;
  watched.see(post("root", "anouk", "Polderbank verhoogt de rente", kStart));
  for (int i = 0; i < 100; ++i)
    watched.see(
        reply("q" + std::to_string(i), "root", i % 2 ? "bas" : "cor", kAngry, kStart + i * 20s));
  watched.line.tick(kStart + 1h);
  CHECK(watched.line.stats().critics == 2);
  CHECK(watched.count(IncidentEventKind::page) == 0);
}

TEST_CASE("pitfall 10: duplicates change nothing") {
  Watched once, twice;
  pile_on(once, 12, 1min);
  pile_on(twice, 12, 1min);
  pile_on(twice, 12, 1min);
  CHECK(twice.line.stats().critics == once.line.stats().critics);
  CHECK(twice.events.size() == once.events.size());
  CHECK(twice.line.table().stats().duplicates == 13);
}

TEST_CASE(
    "pitfall 04: a quote by a critic counts in the quoted thread, and so do the replies below it") {
  Watched watched;
  watched.see(post("root", "anouk", "Polderbank ligt er weer uit", kStart));
  Mention quote = post("quote", "bas", kAngry, kStart + 1min);
  quote.quoted = "root";
  watched.see(quote);
  watched.see(reply("below", "quote", "cor", kAngry, kStart + 2min));
  const auto hot = watched.line.hottest(5, kStart + 3min);
  REQUIRE(hot.size() == 1);
  CHECK(hot[0].belief.joiners == 2);
  // The page still names and shows the thread's own root.
  REQUIRE(hot[0].story.has_value());
  CHECK(hot[0].story->root_id == "root");
  REQUIRE(hot[0].story->evidence.size() == 3);
  CHECK(hot[0].story->evidence[0].text == "Polderbank ligt er weer uit");
  CHECK_FALSE(hot[0].story->evidence[1].root);
}

TEST_CASE(
    "pitfall 07: a delete that comes before its mention keeps it out, a later one erases its text "
    "from the "
    "evidence") {
  Watched watched;
  Mention gone = reply("gone", "root", "bas", kAngry, kStart + 1min);
  Mention tombstone = gone;
  tombstone.kind = MentionKind::remove;
  watched.see(post("root", "anouk", "Polderbank ligt er weer uit", kStart));
  SECTION("before") {
    watched.see(tombstone);
    watched.see(gone);
    CHECK(watched.line.stats().critics == 0);
  }
  SECTION("after: the critic was there, the words are gone") {
    watched.see(gone);
    watched.see(tombstone);
    const auto hot = watched.line.hottest(1, kStart + 2min);
    REQUIRE(hot.size() == 1);
    CHECK(hot[0].belief.joiners == 1);
    REQUIRE(hot[0].story.has_value());
    for (const auto& post : hot[0].story->evidence)
      CHECK(post.text.find("Schandalig") == std::string::npos);
  }
}

TEST_CASE("when an author vanishes their words go and the counts stay") {
  Watched watched;
  pile_on(watched, 3, 1min);
  Mention vanished;
  vanished.platform = "bluesky";
  vanished.kind = MentionKind::author_gone;
  vanished.author = "critic1";
  vanished.received_at = kStart + 10min;
  watched.see(vanished);
  const auto hot = watched.line.hottest(1, kStart + 10min);
  REQUIRE(hot.size() == 1);
  CHECK(hot[0].belief.joiners == 3);
  for (const auto& post : hot[0].story->evidence)
    CHECK(post.author != "critic1");
}

TEST_CASE("private data never reaches evidence or journal") {
  Watched watched;
  watched.see(post(
      "root", "anouk",
      "Polderbank, schandalig, mijn rekening NL91ABNA0417164300 is leeg, bel 06-12345678", kStart));
  for (const auto& post : watched.learnt) {
    CHECK(post.text.find("0417164300") == std::string::npos);
    CHECK(post.text.find("12345678") == std::string::npos);
    CHECK(post.text.find("[iban]") != std::string::npos);
  }
  REQUIRE(watched.learnt.size() == 1);
}

TEST_CASE(
    "a line that learns again pages no thread twice, and pages one that was hot when it died") {
  std::vector<Learnt> memory;
  std::vector<std::string> names;  // keeps the views of `memory` alive
  names.reserve(100);
  std::vector<IncidentEvent> first;
  Hooks hooks;
  hooks.event = [&](const IncidentEvent& event) { first.push_back(event); };
  hooks.learnt = [&](const Learnt& learnt) {
    memory.push_back(learnt);
    memory.back().brand = "Polderbank";
    memory.back().platform = "bluesky";
    memory.back().root_id = "root";
  };
  Line before(settings(), std::move(hooks));
  const auto see = [&](const Mention& mention) {
    before.process(mention.view(), mention.received_at);
  };
  see(post("root", "anouk", "Polderbank werkt weer niet, schandalig", kStart));
  int critics = 0;
  const auto paged = [&] {
    return std::ranges::any_of(first,
                               [](const auto& e) { return e.kind == IncidentEventKind::page; });
  };
  while (!paged() && critics < 40) {
    ++critics;
    see(reply("r" + std::to_string(critics), "root", "critic" + std::to_string(critics),
              angry(critics), kStart + critics * 1min));
  }
  REQUIRE(paged());
  const Time now = kStart + critics * 1min;

  Watched after;
  for (const auto& learnt : memory)
    after.line.relearn(learnt, learnt.observation.received_at);
  SECTION("the page was stored") {
    after.line.restore(first.back().incident, now);
    after.line.reconsider(now + 1s);
    after.line.tick(now + 2min);
    CHECK(after.count(IncidentEventKind::page) == 0);
    const auto hot = after.line.hottest(1, now);
    REQUIRE(hot.size() == 1);
    CHECK(hot[0].belief.joiners == critics);
    CHECK(hot[0].decision.state == IncidentState::paged);
  }
  SECTION("the page was lost with the process") {
    after.line.reconsider(now + 1s);
    for (Time at = now; at < now + 3min; at += 1s)
      after.line.tick(at);
    CHECK(after.count(IncidentEventKind::page) == 1);
    CHECK(after.events.back().incident.id == first.back().incident.id);
  }
}

TEST_CASE("a page falls silent again: it cools, closes, and a revival is a new episode") {
  Watched watched;
  pile_on(watched, 20, 30s);
  REQUIRE(watched.count(IncidentEventKind::page) == 1);
  Time now = kStart + 10min;
  for (; now < kStart + 40h; now += 1min)
    watched.line.tick(now);
  CHECK(watched.count(IncidentEventKind::cool) == 1);
  CHECK(watched.count(IncidentEventKind::close) == 1);
  CHECK(watched.count(IncidentEventKind::page) == 1);
}

}  // namespace
}  // namespace brandwacht::line
