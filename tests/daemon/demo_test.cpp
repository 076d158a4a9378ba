// The promise of the demo: it pages for the outage and the product failure, early, and for nothing
// else.
#include "monitor/daemon/demo.hpp"

#include <map>
#include <set>

#include "monitor/replay/replay.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::daemon {
namespace {

struct Played {
  std::map<std::string, Time> page;  // first page, by root
  std::map<std::uint64_t, Time> thirtieth;
  std::multiset<std::string> pages;
  line::Stats stats;
};

Played play() {
  Played out;
  line::Hooks hooks;
  hooks.event = [&](const IncidentEvent& event) {
    if (event.kind != IncidentEventKind::page) return;
    out.pages.insert(event.incident.thread);
    out.page.try_emplace(event.incident.thread, event.at);
  };
  hooks.critic = [&](std::uint64_t thread, const thread::Belief& belief, Time at) {
    if (belief.joiners == 30) out.thirtieth[thread] = at;
  };
  line::Line line(demo_settings(line::DeskLanguage::nl), std::move(hooks));
  replay::VirtualTime time(line);
  for (const auto& mention : replay::read_mentions(demo_recording()))
    time.process(mention.view());
  out.stats = line.stats();
  return out;
}

TEST_CASE("the recording is what it says: over 800 invented posts, two brands, two languages") {
  const auto mentions = replay::read_mentions(demo_recording());
  CHECK(mentions.size() >= 800);
  std::set<std::string> ids, texts;
  std::size_t dutch = 0, english = 0;
  for (const auto& mention : mentions) {
    ids.insert(mention.id);
    texts.insert(mention.text);
    dutch += mention.langs == std::vector<std::string>{"nl"};
    english += mention.langs == std::vector<std::string>{"en"};
  }
  CHECK(ids.size() == mentions.size());
  CHECK(texts.size() == mentions.size());  // nothing was copied
  CHECK(dutch > 300);
  CHECK(english > 80);
}

TEST_CASE("the demo pages for the outage and the product failure, and for nothing else") {
  const auto played = play();
  CHECK(played.pages == std::multiset<std::string>{"demo-kettle-0001", "demo-outage-0001"});
}

TEST_CASE("each page of the demo comes before the 30th critic") {
  const auto played = play();
  for (const auto& [root, at] : played.page) {
    INFO(root);
    const auto thirtieth = played.thirtieth.find(platform_key("bluesky", root));
    REQUIRE(thirtieth != played.thirtieth.end());
    CHECK(at < thirtieth->second);
  }
}

}  // namespace
}  // namespace brandwacht::daemon
