#include "monitor/line/stories.hpp"

#include "tests/line/scene.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::line {
namespace {
using namespace scene;
using namespace std::chrono_literals;

constexpr std::size_t kRing = 64 << 10;

Post told(std::uint64_t mention, std::string_view author, std::string_view text, float negative,
          bool root = false) {
  Post out;
  out.mention = mention;
  out.author_key = hash_bytes(author);
  out.at = kStart;
  out.negative = negative;
  out.root = root;
  out.platform = "bluesky";
  out.root_id = "root";
  out.author = author;
  out.text = text;
  out.url = "https://social.example/1";
  return out;
}

TEST_CASE("a story keeps the root and the strongest critics, one post an author") {
  Stories stories(10, kRing);
  stories.tell(1, told(100, "anouk", "Polderbank ligt eruit", 0.3F, true), false);
  for (int i = 0; i < 10; ++i)
    stories.tell(1,
                 told(static_cast<std::uint64_t>(i), "critic" + std::to_string(i), "boos",
                      0.5F + 0.04F * static_cast<float>(i)),
                 false);
  stories.tell(1, told(50, "critic9", "nog bozer", 0.99F), false);
  stories.tell(1, told(51, "calm", "rustig maar", 0.1F), false);
  const auto story = stories.find(1);
  REQUIRE(story.has_value());
  REQUIRE(story->evidence.size() == 1 + Stories::kEvidence);
  CHECK(story->root_id == "root");
  CHECK(story->root_url == "https://social.example/1");
  CHECK(story->evidence[0].root);
  CHECK(story->evidence[1].text == "nog bozer");
  for (std::size_t i = 2; i < story->evidence.size(); ++i) {
    CHECK(story->evidence[i].negative <= story->evidence[i - 1].negative);
    CHECK(story->evidence[i].author != "critic9");
  }
}

TEST_CASE("a story is redacted when it is shown") {
  Stories stories(10, kRing);
  stories.tell(
      1, told(1, "bel 06-12345678", "mail mij op jan@example.org, NL91ABNA0417164300", 0.9F, true),
      false);
  const auto story = stories.find(1);
  REQUIRE(story.has_value());
  CHECK(story->evidence[0].text == "mail mij op [email], [iban]");
  CHECK(story->evidence[0].author.find("12345678") == std::string::npos);
}

TEST_CASE("an official reply is remembered by its time and never shown as evidence") {
  Stories stories(10, kRing);
  stories.tell(1, told(1, "anouk", "Polderbank", 0.9F, true), false);
  auto reply = told(2, "polderbank", "Excuses", 0.9F);
  reply.at = kStart + 5min;
  stories.tell(1, reply, true);
  CHECK(stories.find(1)->last_official == kStart + 5min);
  CHECK(stories.find(1)->evidence.size() == 1);
}

TEST_CASE("stories are bounded: the coldest goes first") {
  Stories stories(3, kRing);
  for (std::uint64_t thread = 1; thread <= 3; ++thread)
    stories.tell(thread, told(thread, "a", "x", 0.1F, true), false);
  stories.tell(1, told(9, "b", "boos", 0.9F), false);
  stories.tell(4, told(4, "a", "x", 0.1F, true), false);
  CHECK(stories.size() == 3);
  CHECK(stories.find(1).has_value());
  CHECK_FALSE(stories.find(2).has_value());
  CHECK(stories.find(1)->evidence.size() == 2);
}

TEST_CASE("posts are bounded: the oldest words go first, and never turn into another's") {
  Stories stories(1000, kRing);
  const std::string text(500, 'x');
  for (std::uint64_t thread = 1; thread <= 1000; ++thread)
    stories.tell(
        thread,
        told(thread, "author" + std::to_string(thread), text + std::to_string(thread), 0.1F, true),
        false);
  std::size_t shown = 0;
  for (std::uint64_t thread = 1; thread <= 1000; ++thread) {
    const auto story = stories.find(thread);
    REQUIRE(story.has_value());
    for (const auto& post : story->evidence) {
      ++shown;
      CHECK(post.author == "author" + std::to_string(thread));
    }
  }
  CHECK(shown > 50);
  CHECK(shown < 200);
  CHECK(stories.find(1000)->evidence.size() == 1);
}

TEST_CASE("what is forgotten is gone, by mention and by author") {
  Stories stories(10, kRing);
  stories.tell(1, told(1, "anouk", "de eerste", 0.9F, true), false);
  stories.tell(1, told(2, "bas", "de tweede", 0.9F), false);
  stories.tell(1, told(3, "cor", "de derde", 0.8F), false);
  stories.forget_mention(1, 2);
  CHECK(stories.find(1)->evidence.size() == 2);
  stories.forget_author(hash_bytes("anouk"));
  REQUIRE(stories.find(1)->evidence.size() == 1);
  CHECK(stories.find(1)->evidence[0].author == "cor");
  stories.forget_author(hash_bytes("never seen"));
  CHECK(stories.find(1)->evidence.size() == 1);
}

}  // namespace
}  // namespace brandwacht::line
