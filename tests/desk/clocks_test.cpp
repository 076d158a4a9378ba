// Response clocks: who waits, since when, and what is said of it.
#include "tests/desk/scene.hpp"

namespace brandwacht::desk {
namespace {
using namespace scene;

TEST_CASE("desk rule 01: unanswered age is that of the oldest complaint, and a reply resets it") {
  Desk desk;
  desk.complain(1);
  desk.wait(10min, 10s);
  desk.see(desk.customer(1, 8));
  desk.wait(5min, 10s);
  REQUIRE(desk.webcare.find(1) != nullptr);
  CHECK(desk.webcare.age(*desk.webcare.find(1), desk.now) == 15min);
  CHECK(desk.webcare.weight(1, desk.now) == Approx(0.3 * 15 / 60));
  CHECK(desk.webcare.board(10).size() == 1);
  desk.answer(1);
  CHECK(desk.webcare.age(*desk.webcare.find(1), desk.now) == Duration{});
  CHECK(desk.webcare.weight(1, desk.now) == 0);
  CHECK(desk.webcare.board(10).empty());
  desk.wait(1min, 10s);
  desk.see(desk.customer(1, 9));
  desk.wait(2min, 10s);
  CHECK(desk.webcare.age(*desk.webcare.find(1), desk.now) == 2min);
}

TEST_CASE(
    "desk rule 01: the notice of an unanswered complaint comes at exactly the configured age") {
  Desk desk;
  desk.complain(1);
  desk.wait(4h - 1s);
  CHECK(desk.count(What::unanswered) == 0);
  desk.wait(1s);
  REQUIRE(desk.count(What::unanswered) == 1);
  CHECK(desk.first(What::unanswered).at == kStart + 4h);
  CHECK(desk.first(What::unanswered).span == 4h);
  desk.wait(24h, 60s);
  CHECK(desk.count(What::unanswered) == 1);
  CHECK(desk.webcare.weight(1, desk.now) == Approx(0.3));  // it grows no further
}

TEST_CASE("desk rule 02: the first-response clock warns at 70 % and ends, per platform") {
  for (const auto& [platform, span] : {std::pair{"bluesky", 60min},
                                       {"x", 60min},
                                       {"mastodon", 60min},
                                       {"facebook", 180min},
                                       {"instagram", 180min}}) {
    Desk desk;
    Post post = desk.customer(1, 7);
    post.platform = platform;
    post.root = true;
    desk.see(post);
    CHECK(desk.first(What::complaint).due == kStart + span);
    desk.wait(5h);
    CHECK(desk.first(What::slow).at == kStart + span * 7 / 10);
    CHECK(desk.first(What::slow).due == kStart + span);
    CHECK(desk.first(What::late).at == kStart + span);
    CHECK(desk.count(What::slow) == 1);
    CHECK(desk.count(What::late) == 1);
  }
}

TEST_CASE("desk rule 02: a reply in time ends the clock, and its span is the first response") {
  Desk desk;
  desk.complain(1);
  desk.wait(41min, 10s);
  desk.answer(1);
  desk.wait(6h, 60s);
  CHECK(desk.count(What::slow) == 0);
  CHECK(desk.count(What::late) == 0);
  CHECK(desk.first(What::first_reply).span == 41min);
  CHECK_FALSE(desk.webcare.busy());  // nothing is left that time could change
}

TEST_CASE("desk rule 02: the clock stands still while the desk is closed") {
  Settings with = settings();
  std::string fault;
  REQUIRE(add_hours(with.hours, "mon-fri 09:00-17:00", fault));
  Desk desk(with);
  desk.now = parse_rfc3339("2026-01-09T15:30:00Z").value();  // Friday 16:30 in Amsterdam
  desk.complain(1);
  CHECK(desk.first(What::complaint).due == parse_rfc3339("2026-01-12T08:30:00Z").value());
  desk.wait(48h, 60s);
  CHECK(desk.count(What::slow) == 0);
}

TEST_CASE("desk rule 13: a holding reply counts as first response, and not as resolution") {
  Desk desk;
  desk.complain(1);
  desk.wait(20min, 10s);
  Reply contact;
  contact.holding = contact.without_time = true;
  desk.reply(1, contact);
  CHECK(desk.first(What::first_reply).span == 20min);
  CHECK(desk.first(What::first_reply).count == 1);
  CHECK(desk.count(What::promise_kept) == 0);
  CHECK(desk.count(What::promise_unclear) == 1);  // the desk is asked by when
  CHECK(desk.webcare.find(1)->outcome == Outcome::open);
}

TEST_CASE("a reply that overtakes its complaint, and one from before it") {
  Desk desk;
  desk.answer(1);  // before: no answer to what comes later
  desk.wait(5min, 10s);
  desk.complain(1);
  CHECK(desk.count(What::first_reply) == 0);
  Desk other;
  Post late = other.customer(2, 7);
  other.wait(3min, 10s);
  other.answer(2);
  other.see(late);  // written before the reply, seen after it
  CHECK(other.first(What::first_reply).span == 3min);
  CHECK_FALSE(other.webcare.find(2)->waits());
}

TEST_CASE("no clock is claimed for what began before we watched, or came too late") {
  Desk desk;
  Post post = desk.customer(1, 7);
  post.root_known = false;
  desk.see(post);
  CHECK(desk.first(What::complaint).count == 1);
  Post old = desk.customer(2, 7);
  old.root = true;
  old.at = desk.now - 5h;
  desk.see(old);
  desk.wait(12h, 60s);
  CHECK(desk.count(What::slow) == 0);
  CHECK(desk.count(What::late) == 0);
  CHECK(desk.count(What::unanswered) == 0);
  CHECK(desk.webcare.weight(1, desk.now) == 0);
  CHECK(desk.webcare.find(1)->before);
  CHECK(desk.webcare.find(2)->before);
  CHECK(desk.webcare.board(10).size() == 2);  // shown all the same
}

TEST_CASE("who names the brand and addresses nobody starts a clock only where the desk wants it") {
  Desk desk;
  Post post = desk.customer(1, 7);
  post.addressed = false;
  post.root = true;
  desk.see(post);
  CHECK(desk.webcare.size() == 0);
  Settings all = settings();
  all.asks = Asks::named;
  Desk other(all);
  other.see(post);
  CHECK(other.count(What::complaint) == 1);
  // Below a post of the brand everybody addresses it.
  Desk third;
  Post own = third.official(5);
  own.root = true;
  third.see(own);
  Post below = third.customer(5, 8);
  below.addressed = false;
  third.see(below);
  CHECK(third.count(What::complaint) == 1);
}

TEST_CASE("an account that is not listed answers nobody, and the desk is told to list it") {
  Desk desk;
  desk.complain(1);
  Post post = desk.customer(1, 55, "Wat vervelend, we kijken ernaar. ^Anna");
  post.negative = post.addressed = false;
  post.author_name = "Polderbank Webcare";
  desk.see(post);
  desk.see(post);
  CHECK(desk.count(What::unlisted) == 1);
  CHECK(desk.count(What::first_reply) == 0);
  CHECK(desk.webcare.find(1)->waits());
}

TEST_CASE("memory is bounded: the coldest case goes, and is counted") {
  Settings with = settings();
  with.max_cases = 3;
  Desk desk(with);
  for (std::uint64_t thread = 1; thread <= 5; ++thread)
    desk.complain(thread);
  CHECK(desk.webcare.size() == 3);
  CHECK(desk.webcare.dropped() == 2);
  CHECK(desk.webcare.find(1) == nullptr);
  desk.wait(2h, 10s);
  CHECK(desk.count(What::late) == 3);
}

TEST_CASE("a state that is saved anywhere goes on as it was") {
  for (const Duration cut : std::initializer_list<Duration>{1min, 45min, 90min, 3h}) {
    Desk a;
    a.complain(1);
    a.complain(2);
    a.promise(2, kStart + 2h);
    a.wait(cut, 10s);
    ArchiveWriter out;
    a.webcare.save(out);
    const std::string bytes = out.take();
    Desk b;
    ArchiveReader in(bytes);
    const std::uint32_t numbers[] = {0, 1};
    b.webcare.load(in, BrandNumbers{numbers});
    CHECK(in.done());
    b.now = a.now;
    a.events.clear();
    a.wait(6h, 10s);
    b.wait(6h, 10s);
    REQUIRE(a.events.size() == b.events.size());
    for (std::size_t i = 0; i < a.events.size(); ++i) {
      CHECK(a.events[i].what == b.events[i].what);
      CHECK(a.events[i].at == b.events[i].at);
      CHECK(a.events[i].thread == b.events[i].thread);
    }
  }
}

}  // namespace
}  // namespace brandwacht::desk
