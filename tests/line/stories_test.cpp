#include "monitor/line/stories.hpp"

#include "tests/line/scene.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::line {
namespace {
using namespace scene;
using namespace std::chrono_literals;

TEST_CASE("a story keeps the root and the strongest critics, one post an author") {
  Stories stories(10);
  stories.tell(1, post("root", "anouk", "Polderbank ligt eruit", kStart).view(), 0.3, false);
  for (int i = 0; i < 10; ++i)
    stories.tell(1, reply("r" + std::to_string(i), "root", "critic" + std::to_string(i), "boos", kStart).view(),
                 0.5 + 0.04 * i, false);
  stories.tell(1, reply("again", "root", "critic9", "nog bozer", kStart).view(), 0.99, false);
  stories.tell(1, reply("calm", "root", "calm", "rustig maar", kStart).view(), 0.1, false);
  const Story* story = stories.find(1);
  REQUIRE(story != nullptr);
  REQUIRE(story->evidence.size() == 1 + Stories::kEvidence);
  CHECK(story->evidence[0].root);
  CHECK(story->evidence[1].text == "nog bozer");
  for (std::size_t i = 2; i < story->evidence.size(); ++i) {
    CHECK(story->evidence[i].negative <= story->evidence[i - 1].negative);
    CHECK(story->evidence[i].author != "critic9");
  }
}

TEST_CASE("an official reply is remembered by its time and never shown as evidence") {
  Stories stories(10);
  stories.tell(1, post("root", "anouk", "Polderbank", kStart).view(), 0.9, false);
  stories.tell(1, reply("o", "root", "polderbank", "Excuses", kStart + 5min).view(), 0.9, true);
  CHECK(stories.find(1)->last_official == kStart + 5min);
  CHECK(stories.find(1)->evidence.size() == 1);
}

TEST_CASE("stories are bounded: the coldest goes first") {
  Stories stories(3);
  for (std::uint64_t thread = 1; thread <= 3; ++thread)
    stories.tell(thread, post("p" + std::to_string(thread), "a", "x", kStart).view(), 0.1, false);
  stories.tell(1, reply("r", "p1", "b", "boos", kStart).view(), 0.9, false);
  stories.tell(4, post("p4", "a", "x", kStart).view(), 0.1, false);
  CHECK(stories.size() == 3);
  CHECK(stories.find(1) != nullptr);
  CHECK(stories.find(2) == nullptr);
}

}  // namespace
}  // namespace brandwacht::line
