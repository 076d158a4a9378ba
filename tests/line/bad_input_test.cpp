// What platforms send when they are wrong, through the whole line.
#include <random>
#include <set>

#include "tests/line/scene.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::line {
namespace {
using namespace scene;
using namespace std::chrono_literals;
using Kind = IncidentEventKind;

Settings sure() {
  Settings out = settings();
  out.threads.model = says(0.9);
  out.brand_level.surges = false;
  return out;
}

TEST_CASE("bad input: times in the future or before 2000 count as now, and page as others do") {
  const auto stamp = GENERATE(Time{}, Time::min(), Time::max(), kStart + 100 * 24h,
                              Time{std::chrono::seconds{900'000'000}}, kStart);
  Watched watched(sure());
  watched.see(post("root", "anouk", "Polderbank doet het weer niet", kStart));
  for (int i = 0; i < 8; ++i) {
    auto bad = reply("r" + std::to_string(i), "root", "critic" + std::to_string(i), angry(i),
                     kStart + i * 30s);
    bad.created_at = stamp;
    watched.see(bad);
  }
  CHECK(watched.count(Kind::page) == 1);
  for (const auto& event : watched.events) {
    CHECK(event.at >= kStart);
    for (const auto& reason : event.incident.reasons)
      CHECK(reason.text.find('-') == std::string::npos);
  }
  watched.line.tick(kStart + 1h);
  CHECK(watched.count(Kind::page) == 1);
}

TEST_CASE("bad input: missing parents, and threads that merge, make one incident") {
  Watched watched(sure());
  // The quote arrives first, with critics below it; then what it quotes.
  Mention quote = post("quote", "bas", "Polderbank! " + angry(0), kStart);
  quote.quoted = "root";
  watched.see(quote);
  for (int i = 1; i < 4; ++i)
    watched.see(reply("q" + std::to_string(i), "quote", "q" + std::to_string(i), angry(i),
                      kStart + i * 10s));
  Mention orphan = reply("o1", "root", "olga", "Polderbank " + angry(5), kStart + 40s);
  orphan.parent = "never-seen";
  watched.see(orphan);
  watched.see(post("root", "anouk", "Polderbank doet het weer niet", kStart + 50s));
  for (int i = 6; i < 9; ++i)
    watched.see(reply("r" + std::to_string(i), "root", "r" + std::to_string(i), angry(i),
                      kStart + i * 10s));
  watched.line.tick(kStart + 5min);
  CHECK(watched.count(Kind::page) == 1);
  CHECK(watched.line.threads() == 1);
}

TEST_CASE("bad input: posts without an author are one critic") {
  Watched watched(sure());
  watched.see(post("root", "", "Polderbank doet het weer niet", kStart));
  for (int i = 0; i < 50; ++i)
    watched.see(reply("r" + std::to_string(i), "root", "", angry(i), kStart + i * 10s));
  CHECK(watched.count(Kind::page) == 0);
  for (int i = 0; i < 8; ++i)
    watched.see(reply("n" + std::to_string(i), "root", "named" + std::to_string(i), angry(i),
                      kStart + 10min + i * 10s));
  CHECK(watched.count(Kind::page) == 1);
}

TEST_CASE("bad input: a thread beyond every bound keeps counting, roughly, and pages few times") {
  Settings small = sure();
  small.threads.max_thread_authors = 100;
  small.threads.max_seen = 2'000;
  Watched watched(small);
  watched.see(post("root", "anouk", "Polderbank doet het weer niet", kStart));
  for (int i = 0; i < 20'000; ++i)
    watched.see(reply("r" + std::to_string(i), "root", "critic" + std::to_string(i), angry(i),
                      kStart + i * 100ms));
  const auto hot = watched.line.hottest(1, kStart + 40min);
  REQUIRE(hot.size() == 1);
  CHECK(hot[0].belief.saturated);
  CHECK(hot[0].belief.joiners > 16'000);
  CHECK(hot[0].belief.joiners < 24'000);
  CHECK(watched.count(Kind::page) == 1);
  CHECK(watched.count(Kind::upgrade) <= 4);
}

TEST_CASE("bad input: whatever comes, in whatever order, an incident pages once and closes once") {
  const auto seed = GENERATE(range(1U, 12U));
  CAPTURE(seed);
  std::mt19937 random(seed);
  const auto up_to = [&](unsigned n) { return static_cast<int>(random() % n); };
  Settings wild = settings();
  auto model = std::make_shared<thread::Model>(*says(0.8, 0.3, 0.5));
  for (auto& at : model->calibration)  // and calms down when nobody joins
    at.weight[static_cast<std::size_t>(thread::Feature::pause)] = -1;
  wild.threads.model = model;
  wild.brand_level.baseline.level = 1;
  wild.brand_level.budget.pages = {2, 24h};
  Watched watched(wild);
  Time now = kStart;
  for (int i = 0; i < 3'000; ++i) {
    now += std::chrono::seconds{up_to(40) == 0 ? up_to(100'000) - 20'000 : up_to(60)};
    const std::string id = std::to_string(up_to(1500));
    auto mention = up_to(6) == 0
                       ? post("t" + std::to_string(up_to(30)), "a" + std::to_string(up_to(9)),
                              "Polderbank " + angry(up_to(12)), now)
                       : reply("m" + id, "t" + std::to_string(up_to(30)),
                               "a" + std::to_string(up_to(200)), angry(up_to(12)), now);
    if (up_to(10) == 0) mention.quoted = "t" + std::to_string(up_to(30));
    if (up_to(10) == 0) mention.created_at = Time{std::chrono::seconds{random()}};
    if (up_to(20) == 0) mention.kind = MentionKind::remove;
    if (up_to(20) == 0) mention.kind = MentionKind::edit;
    if (up_to(50) == 0) mention.author = "polderbank";
    watched.see(mention);
    if (up_to(3) == 0) watched.line.tick(now);
  }
  for (int i = 0; i < 4'000; ++i)
    watched.line.tick(now += 1min);
  std::set<std::string> paged, closed;
  for (const auto& event : watched.events) {
    if (event.kind == Kind::page) CHECK(paged.insert(event.incident.id).second);
    if (event.kind == Kind::close) CHECK(closed.insert(event.incident.id).second);
  }
  for (const auto& id : paged)
    CHECK(closed.contains(id));
  CHECK_FALSE(watched.line.has_open());
}

}  // namespace
}  // namespace brandwacht::line
