// Posts that the brand removed: what is said of it, and what it brings about.
#include "tests/desk/scene.hpp"

namespace brandwacht::desk {
namespace {
using namespace scene;

TEST_CASE("desk rule 06: a removal by the brand and the same author again is a backfire") {
  Desk desk;
  const Post post = desk.complain(1);
  desk.wait(1min, 10s);
  desk.webcare.removed({1, post.mention, 0, true}, desk.now);
  desk.wait(5min, 10s);
  desk.complain(2);  // the same author, in a thread of its own
  REQUIRE(desk.count(What::backfire) == 1);
  CHECK(desk.first(What::backfire).thread == 1);
  CHECK(desk.webcare.find(1)->backfires == 1);
}

TEST_CASE("desk rule 06: others who object are one too, without a removal nobody is") {
  Desk desk;
  const Post post = desk.complain(1);
  desk.see(desk.customer(1, 8, "Waarom is mijn reactie weg? Censuur!"));
  CHECK(desk.count(What::backfire) == 0);
  desk.wait(1min, 10s);
  desk.webcare.removed({1, post.mention, 0, true}, desk.now);
  desk.wait(1min, 10s);
  desk.see(desk.customer(1, 9, "Belachelijk, wat een slechte service"));
  CHECK(desk.count(What::backfire) == 0);  // angry, but about something else
  desk.see(desk.customer(1, 10, "Why was my comment deleted? Shameful"));
  CHECK(desk.count(What::backfire) == 1);
  desk.wait(25h, 60s);
  desk.see(desk.customer(1, 11, "Waarom is mijn reactie weg?"));
  CHECK(desk.count(What::backfire) == 1);  // long over
}

TEST_CASE(
    "desk rule 06: what an author takes back is his, and what the brand takes back of its own is "
    "noted") {
  Desk desk;
  const Post post = desk.complain(1);
  desk.webcare.removed({1, post.mention, 0, false}, desk.now);
  desk.complain(2);
  CHECK(desk.count(What::removed) == 0);
  CHECK(desk.count(What::backfire) == 0);
  const Post own = desk.official(1);
  desk.see(own);
  desk.webcare.removed({1, own.mention, 0, true}, desk.now);
  desk.collect();
  CHECK(desk.count(What::removed) == 0);
  CHECK(desk.count(What::withdrawn) == 1);
}

TEST_CASE("a removal of what was never seen blames nobody, and says so") {
  Desk desk;
  desk.webcare.removed({0, 424242, 0, true}, desk.now);
  desk.complain(1);
  desk.wait(1h, 10s);
  CHECK(desk.count(What::removal_unknown) == 1);
  CHECK(desk.count(What::removed) == 0);
  CHECK(desk.count(What::removal_unexplained) == 0);
  CHECK(desk.count(What::backfire) == 0);
}

TEST_CASE("desk rule 18: a removal without a reason in 15 min warns, one with a reason does not") {
  Desk desk;
  Post abuse = desk.customer(1, 7);
  abuse.rules = kAbuse;
  abuse.root = true;
  desk.see(abuse);
  CHECK(desk.first(What::rule).text == "abuse");
  desk.webcare.removed({1, abuse.mention, 0, true}, desk.now);
  desk.collect();
  CHECK(desk.first(What::removed).text == "abuse");
  const Time removed = desk.now;
  desk.wait(15min);
  REQUIRE(desk.count(What::removal_unexplained) == 1);
  CHECK(desk.first(What::removal_unexplained).at == removed + 15min);

  Desk other;
  const Post post = other.complain(1);
  other.webcare.removed({1, post.mention, 0, true}, other.now);
  other.wait(5min, 10s);
  Post why = other.official(1);
  why.text =
      "We hebben een bericht verwijderd omdat het in strijd is met onze huisregels (schelden).";
  other.see(why);
  CHECK(other.count(What::removal_explained) == 1);
  other.wait(1h, 10s);
  CHECK(other.count(What::removal_unexplained) == 0);

  Desk third;
  const Post mine = third.complain(1);
  third.webcare.removed({1, mine.mention, 0, true}, third.now);
  std::string fault;
  auto reason = parse_action("reason", "abuse", fault);
  reason->thread = 1;
  third.webcare.act(*reason, 0, third.now);
  third.wait(1h, 10s);
  CHECK(third.count(What::removal_unexplained) == 0);
  CHECK(third.first(What::removal_explained).text == "abuse");
}

TEST_CASE("a removal that a restart came after still knows its author, its kind and its brand") {
  std::string memory;
  Post abuse;
  {
    Desk before;
    CHECK_FALSE(before.webcare.take_memory());
    const Post post = before.complain(1);
    abuse = before.customer(2, 8);
    CHECK_FALSE(before.webcare.take_memory());  // a complaint is a case, and kept as one
    before.webcare.removed({1, post.mention, 0, true}, before.now);
    memory = before.webcare.take_memory().value();
    CHECK_FALSE(before.webcare.take_memory());
  }
  Desk after;
  after.next = 5000;
  // Brands may have another number now: Lumolo was 0 and is 1, Polderbank the other way about.
  const std::uint32_t numbers[] = {1, 0};
  SECTION("the author is back") {
    after.webcare.recall(memory, BrandNumbers{numbers});
    after.wait(5min, 10s);
    Post again = after.customer(3, 7);
    again.brand = 1;
    after.see(again);
    REQUIRE(after.count(What::backfire) == 1);
    CHECK(after.first(What::backfire).thread == 1);
  }
  SECTION("another brand is not blamed") {
    after.webcare.recall(memory, BrandNumbers{numbers});
    after.complain(3);
    CHECK(after.count(What::backfire) == 0);
  }
  SECTION("what the journal tells of a post is enough to remove it") {
    after.webcare.recall(abuse.mention, abuse.author, kAbuse, false);
    after.webcare.removed({2, abuse.mention, 0, true}, after.now);
    after.collect();
    CHECK(after.count(What::removal_unknown) == 0);
    CHECK(after.first(What::removed).text == "abuse");
    after.wait(1min, 10s);
    after.complain(9, abuse.author);
    CHECK(after.count(What::backfire) == 1);
  }
  SECTION("a memory that was cut is refused, and nothing of it is taken") {
    CHECK_THROWS_AS(after.webcare.recall(memory.substr(0, 40), BrandNumbers{numbers}),
                    ArchiveError);
    after.complain(3);
    CHECK(after.count(What::backfire) == 0);
  }
}

}  // namespace
}  // namespace brandwacht::desk
