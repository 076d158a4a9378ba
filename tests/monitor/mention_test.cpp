#include "monitor/mention.hpp"

#include "tests/monitor/support.hpp"

namespace brandwacht::test {
namespace {

TEST_CASE("kinds have names on the wire") {
  for (auto kind :
       {MentionKind::create, MentionKind::edit, MentionKind::remove, MentionKind::author_gone})
    CHECK(parse_mention_kind(to_string(kind)) == kind);
  CHECK(to_string(MentionKind::remove) == "delete");
  CHECK_FALSE(parse_mention_kind("remove"));
  CHECK_FALSE(parse_mention_kind(""));
}

TEST_CASE("an owned mention shows itself, and one without thread is its own root") {
  Mention owned;
  owned.platform = "mastodon";
  owned.id = "7";
  owned.tags = {"a", "b"};
  const auto view = owned.view();
  CHECK(view.thread == "7");
  CHECK(view.thread_key() == view.key());
  CHECK(view.tags.size() == 2);
  const Mention copy(view);
  CHECK(copy.id == "7");
  CHECK(copy.thread == "7");
  CHECK(copy.tags == owned.tags);
}

TEST_CASE("a view takes no more list items than it has room for") {
  Mention owned;
  owned.id = "1";
  owned.langs.assign(10, "nl");
  owned.accounts.assign(100, "@x");
  owned.tags.assign(100, "t");
  const auto view = owned.view();
  CHECK(view.langs.size() == MentionView::kMaxLangs);
  CHECK(view.accounts.size() == MentionView::kMaxAccounts);
  CHECK(view.tags.size() == MentionView::kMaxTags);
}

TEST_CASE("keys differ by platform and stay the same for ever") {
  CHECK(platform_key("x", "1") != platform_key("bluesky", "1"));
  CHECK(platform_key("x", "1") != platform_key("x", "2"));
  CHECK(platform_key("ab", "c") != platform_key("a", "bc"));
  CHECK(hash_bytes("") == 0x2D06800538D394C2);  // XXH3's published value: stored keys depend on it
}

}  // namespace
}  // namespace brandwacht::test
