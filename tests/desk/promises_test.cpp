// Promises: kept, broken, put off once.
#include "tests/desk/scene.hpp"

namespace brandwacht::desk {
namespace {
using namespace scene;

TEST_CASE("desk rule 04: a promise that is not kept is broken, at its time and once") {
  Desk desk;
  desk.complain(1);
  desk.promise(1, kStart + 2h);
  CHECK(desk.first(What::promised).due == kStart + 2h);
  desk.wait(2h);
  CHECK(desk.count(What::promise_broken) == 0);  // the grace of a slow source
  desk.wait(2min);
  REQUIRE(desk.count(What::promise_broken) == 1);
  CHECK(desk.first(What::promise_broken).at == kStart + 2h + 2min);
  CHECK(desk.first(What::promise_broken).due == kStart + 2h);
  desk.wait(48h, 60s);
  CHECK(desk.count(What::promise_broken) == 1);
  CHECK(desk.first(What::promise_soon).at == kStart + 90min);
}

TEST_CASE("desk rule 04: a substantive reply cancels, a thank-you of the author as well") {
  Desk desk;
  desk.complain(1);
  desk.promise(1, kStart + 2h);
  desk.wait(100min, 10s);
  desk.answer(1);
  CHECK(desk.first(What::promise_kept).span == 20min);
  desk.complain(2, 8);
  desk.promise(2, desk.now + 1h);
  desk.wait(10min, 10s);
  Post thanks = desk.customer(2, 8, "Top, het is inmiddels opgelost, bedankt!");
  thanks.negative = false;
  thanks.positive = true;
  desk.see(thanks);
  desk.wait(24h, 60s);
  CHECK(desk.count(What::promise_broken) == 0);
  CHECK(desk.count(What::promise_kept) == 2);
}

TEST_CASE("desk rule 04: a second holding reply extends once, and every further one is counted") {
  Desk desk;
  desk.complain(1);
  desk.promise(1, kStart + 1h);
  desk.wait(30min, 10s);
  desk.promise(1, kStart + 3h);
  CHECK(desk.first(What::extended).due == kStart + 3h);
  desk.wait(1h, 10s);
  CHECK(desk.count(What::promise_broken) == 0);
  desk.promise(1, kStart + 9h);
  CHECK(desk.count(What::extended_again) == 1);
  CHECK(desk.webcare.find(1)->promised_by == kStart + 3h);
  desk.wait(2h, 10s);
  REQUIRE(desk.count(What::promise_broken) == 1);
  CHECK(desk.first(What::promise_broken).at == kStart + 3h + 2min);
  CHECK(desk.first(What::promise_broken).count == 2);
}

TEST_CASE("the same promise again is none, and one that lies in the past is none") {
  Desk desk;
  desk.complain(1);
  desk.promise(1, kStart + 2h);
  desk.promise(1, kStart + 2h);
  CHECK(desk.count(What::promised) == 1);
  CHECK(desk.count(What::extended) == 0);
  desk.complain(2);
  desk.promise(2, kStart - 1h);
  desk.wait(1h, 10s);
  CHECK(desk.count(What::promise_broken) == 0);
}

TEST_CASE("a reply after a broken promise keeps it late") {
  Desk desk;
  desk.complain(1);
  desk.promise(1, kStart + 1h);
  desk.wait(2h, 10s);
  desk.answer(1);
  CHECK(desk.count(What::promise_broken) == 1);
  CHECK(desk.first(What::promise_kept).span == -1h);
}

TEST_CASE("desk rule 12: what an invitation does to a promise depends on the policy") {
  for (const Policy policy : {Policy::public_first, Policy::private_first}) {
    Settings with = settings();
    with.policy = policy;
    Desk desk(with);
    desk.complain(1);
    desk.promise(1, kStart + 1h);
    desk.wait(10min, 10s);
    Reply invite;
    invite.move_to_private = invite.only_invites = true;
    desk.reply(1, invite);
    desk.wait(2h, 10s);
    CHECK(desk.count(What::promise_broken) == (policy == Policy::public_first ? 1 : 0));
    CHECK(desk.count(What::only_invited) == (policy == Policy::public_first ? 1 : 0));
  }
}

TEST_CASE("what a reply said before it was edited still stands; an answer in an edit counts") {
  Desk desk;
  desk.complain(1);
  desk.promise(1, kStart + 1h);
  Post edit = desk.official(1);
  edit.edit = true;
  Reply nothing;
  desk.webcare.reply(edit, nothing, desk.now);
  desk.collect();
  CHECK(desk.count(What::edited) == 1);
  desk.wait(2h, 10s);
  CHECK(desk.count(What::promise_broken) == 1);
  Desk other;
  other.complain(1);
  other.promise(1, kStart + 1h);
  Reply answer;
  answer.answers = true;
  Post now = other.official(1);
  now.edit = true;
  other.webcare.reply(now, answer, other.now);
  other.wait(2h, 10s);
  CHECK(other.count(What::promise_broken) == 0);
}

TEST_CASE("what fell due while nobody watched waits for what a source has still to bring") {
  Desk desk;
  desk.complain(1);
  desk.promise(1, kStart + 1h);
  desk.now = kStart + 5h;
  desk.webcare.gap(desk.now);
  desk.webcare.tick(desk.now);
  desk.collect();
  CHECK(desk.count(What::promise_broken) == 0);
  Post late = desk.official(1);
  late.at = kStart + 50min;
  Reply answer;
  answer.answers = true;
  desk.webcare.reply(late, answer, desk.now);
  desk.wait(1h, 10s);
  CHECK(desk.count(What::promise_broken) == 0);
  CHECK(desk.first(What::promise_kept).span == 10min);
}

TEST_CASE("a case that was kept over a restart says nothing twice") {
  Desk a;
  a.complain(1);
  a.promise(1, kStart + 1h);
  a.complain(2);
  a.wait(5h, 10s);
  CHECK(a.count(What::promise_broken) == 1);
  Desk b;
  b.now = a.now;
  for (const Case& one : a.webcare.take_changed())
    b.webcare.restore(one);
  b.webcare.gap(b.now);
  b.wait(24h, 60s);
  CHECK(b.events.empty());
}

TEST_CASE("a reply in a third language is a reply, and nothing is read into it") {
  Desk desk;
  desk.complain(1);
  Reply foreign;
  foreign.read = false;
  desk.reply(1, foreign);
  CHECK(desk.count(What::first_reply) == 1);
  CHECK(desk.count(What::foreign) == 1);
  CHECK(desk.count(What::promised) == 0);
  CHECK_FALSE(read_reply("Przepraszamy za opóźnienie, wrócimy z odpowiedzią do piątku", "pl",
                         kStart, settings())
                  .read);
}

TEST_CASE("desk rule 03: a promised time is read from the words of the reply") {
  const Reply reply =
      read_reply("Vervelend! We zoeken het uit en laten je voor 17:00 iets weten. ^Anna", "nl",
                 kStart, settings());
  CHECK(reply.holding);
  REQUIRE(reply.promised_by);
  CHECK(*reply.promised_by == kStart + 7h);
  const Reply vague =
      read_reply("We nemen zo snel mogelijk contact met u op.", "nl", kStart, settings());
  CHECK(vague.holding);
  CHECK(vague.without_time);
  CHECK_FALSE(vague.promised_by);
}

}  // namespace
}  // namespace brandwacht::desk
