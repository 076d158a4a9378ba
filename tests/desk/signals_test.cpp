// What the desk sees beside its clocks: private talks, anger, recovery, precedents.
#include "tests/desk/scene.hpp"

namespace brandwacht::desk {
namespace {
using namespace scene;

constexpr const char* kSolved = "Bedankt voor de snelle hulp, het is opgelost!";

Post glad(Desk& desk, std::uint64_t thread, std::uint64_t author, std::string_view text) {
  Post post = desk.customer(thread, author, text);
  post.negative = false;
  post.positive = true;
  return post;
}

TEST_CASE("desk rule 05: the brand asks whether it is solved, and the author says so") {
  Desk desk;
  desk.complain(1);
  Reply ask;
  ask.answers = ask.follow_up = true;
  desk.reply(1, ask);
  CHECK(desk.count(What::follow_up) == 1);
  desk.wait(1h, 10s);
  desk.see(glad(desk, 1, 7, kSolved));
  CHECK(desk.webcare.find(1)->outcome == Outcome::satisfied);
  desk.wait(48h, 60s);
  CHECK(desk.count(What::silent) == 0);
}

TEST_CASE("desk rule 05: no answer is silent, a complaint is still angry, a stranger is neither") {
  Desk desk;
  Reply ask;
  ask.answers = ask.follow_up = true;
  desk.complain(1);
  desk.reply(1, ask);
  desk.wait(10s);
  desk.see(desk.customer(1, 99));
  desk.see(glad(desk, 1, 98, kSolved));
  CHECK(desk.webcare.find(1)->outcome == Outcome::open);
  desk.wait(24h, 10s);
  CHECK(desk.webcare.find(1)->outcome == Outcome::silent);
  desk.complain(2, 8);
  desk.reply(2, ask);
  desk.wait(10s);
  desk.see(desk.customer(2, 8, "Nee, het werkt nog steeds niet"));
  CHECK(desk.webcare.find(2)->outcome == Outcome::still_angry);
  // And turns round after all.
  desk.wait(1h, 10s);
  desk.see(glad(desk, 2, 8, kSolved));
  CHECK(desk.webcare.find(2)->outcome == Outcome::satisfied);
}

TEST_CASE(
    "desk rule 07: the second post of an author that is angrier is told, twenty are one critic") {
  Desk desk;
  desk.complain(1);
  for (int i = 0; i < 20; ++i) {
    desk.wait(1min, 10s);
    Post more = desk.customer(1, 7);
    more.worst = i == 10 ? 0.95F : 0.6F;
    desk.see(more);
  }
  CHECK(desk.count(What::angrier) == 1);
  CHECK(desk.webcare.find(1)->angrier == 1);
  CHECK(desk.count(What::complaint) == 1);
}

TEST_CASE("desk rule 11: an invitation to a private talk is seen, taken up, or ignored in public") {
  Reply invite;
  invite.move_to_private = invite.answers = true;
  Desk desk;
  desk.complain(1);
  desk.reply(1, invite);
  CHECK(desk.count(What::invited) == 1);
  desk.wait(1min, 10s);
  desk.see(desk.customer(1, 7, "Ik heb jullie een DM gestuurd"));
  CHECK(desk.count(What::accepted) == 1);
  CHECK(desk.count(What::still_public) == 0);
  desk.complain(2, 8);
  desk.reply(2, invite);
  desk.wait(1min, 10s);
  desk.see(desk.customer(2, 8, "Nee, dit zeg ik gewoon hier: waardeloos"));
  desk.see(desk.customer(2, 8, "En nog steeds niets"));
  CHECK(desk.count(What::accepted) == 1);
  CHECK(desk.count(What::still_public) == 1);
  CHECK(desk.webcare.find(2)->still_public == 2);
}

TEST_CASE("desk rule 11: phrases of going along, Dutch and English, and none of staying") {
  for (const char* text :
       {"DM gestuurd!", "Heb je een dm gestuurd", "Zie DM.", "Mail gestuurd, ben benieuwd",
        "Heb gemaild", "Ik stuur een DM", "Sent you a DM", "I've DM'd you",
        "Just sent you a message", "emailed you yesterday", "Check your DMs"})
    CHECK(accepts_private(text));
  for (const char* text : {"Ik stuur geen DM, zeg het hier maar", "Waarom moet dat in een DM?",
                           "Why should I DM you?", "Bel me dan", "no way", ""})
    CHECK_FALSE(accepts_private(text));
}

TEST_CASE(
    "desk rule 12: one thread, two policies: only the public one warns of a lone invitation") {
  Reply invite;
  invite.move_to_private = invite.only_invites = true;
  for (const Policy policy : {Policy::public_first, Policy::private_first}) {
    Settings with = settings();
    with.policy = policy;
    Desk desk(with);
    desk.complain(1);
    desk.reply(1, invite);
    CHECK(desk.count(What::only_invited) == (policy == Policy::public_first ? 1 : 0));
    CHECK(desk.webcare.find(1)->invited_only == (policy == Policy::public_first));
    desk.answer(1);
    CHECK_FALSE(desk.webcare.find(1)->invited_only);
  }
}

TEST_CASE("desk rule 14: a customer's private data is told by its kind and never by its value") {
  Desk desk;
  Post post = desk.customer(1, 7, "Polderbank, bel me op 06-12345678, IBAN NL91ABNA0417164300");
  post.root = true;
  desk.see(post);
  REQUIRE(desk.count(What::exposed) == 1);
  CHECK(desk.first(What::exposed).text == "iban");
  desk.see(post);
  CHECK(desk.count(What::exposed) == 1);
  // The same of a recording, which has the mark only.
  Desk replayed;
  post.text = "Polderbank, bel me op [phone], IBAN [iban]";
  replayed.see(post);
  CHECK(replayed.first(What::exposed).text == "iban");
  Desk calm;
  calm.see(calm.customer(1, 7, "Al 25 minuten wachten in 2026, schandalig"));
  CHECK(calm.count(What::exposed) == 0);
}

TEST_CASE("desk rule 15: unfounded, explained is an outcome, and the thread is watched on") {
  Desk desk;
  desk.complain(1);
  std::string fault;
  auto action = parse_action("outcome", "unfounded_explained", fault);
  REQUIRE(action);
  action->thread = 1;
  desk.webcare.act(*action, 0, desk.now);
  desk.collect();
  CHECK(desk.first(What::outcome).text == "unfounded_explained");
  CHECK(desk.webcare.find(1)->outcome == Outcome::unfounded_explained);
  desk.wait(1min, 10s);
  Post more = desk.customer(1, 7);
  more.worst = 0.99F;
  desk.see(more);
  CHECK(desk.count(What::angrier) == 1);
  CHECK(desk.webcare.find(1)->outcome == Outcome::unfounded_explained);
  CHECK(desk.webcare.find(1)->waits());
}

TEST_CASE("what the desk may say is a list of words, and another word is refused with them") {
  std::string fault;
  CHECK(parse_action("strategy", "ignore", fault)->strategy == Strategy::ignore);
  CHECK(parse_action("feedback", "too_late", fault)->feedback == Feedback::too_late);
  CHECK_FALSE(parse_action("strategy", "hide", fault));
  CHECK(fault == "'hide' is none of remove, ignore, answer");
  CHECK_FALSE(parse_action("mood", "good", fault));
  CHECK_FALSE(parse_action("reason", "", fault));
}

TEST_CASE("desk rule 16: a vague rant is watched without a clock, and four critics promote it") {
  Desk desk;
  Post rant = desk.customer(1, 7);
  rant.root = true;
  rant.concrete = 0.1F;
  desk.see(rant);
  desk.wait(8h, 60s);
  CHECK(desk.events.empty());
  CHECK(desk.webcare.find(1)->vague);
  CHECK(desk.webcare.board(10).empty());
  for (int joiners = 1; joiners <= 4; ++joiners) {
    Post more = desk.customer(1, 100 + static_cast<std::uint64_t>(joiners));
    more.joiners = joiners;
    desk.see(more);
    CHECK(desk.count(What::promoted) == (joiners < 4 ? 0 : 1));
  }
  CHECK(desk.count(What::complaint) == 1);
  desk.wait(2h, 10s);
  CHECK(desk.count(What::late) == 1);
  // A desk that answers everything has its clock at once.
  Settings all = settings();
  all.vague = Vague::answer;
  Desk other(all);
  other.see(rant);
  CHECK(other.count(What::complaint) == 1);
}

TEST_CASE("desk rule 17: compensation in public is a precedent that can be asked for") {
  Desk desk;
  Reply gift;
  gift.answers = gift.compensation = true;
  for (std::uint64_t thread = 1; thread <= 3; ++thread) {
    desk.complain(thread);
    desk.reply(thread, gift);
    desk.wait(1h, 60s);
  }
  CHECK(desk.count(What::compensated) == 3);
  CHECK(desk.webcare.precedents(0, 24h * 30, desk.now) == 3);
  CHECK(desk.webcare.precedents(1, 24h * 30, desk.now) == 0);
  CHECK(desk.webcare.precedents(0, 90min, desk.now) == 1);
}

TEST_CASE("desk rule 24: nearly the same reply in three threads warns once") {
  Desk desk;
  const char* const texts[] = {
      "Wat vervelend dat je pakket er nog niet is, stuur ons een bericht dan kijken we ernaar!",
      "Wat vervelend dat je pakket er nog niet is. Stuur ons een bericht, dan kijken we ernaar",
      "wat vervelend dat je pakket er nog niet is stuur ons een bericht dan kijken we ernaar"};
  for (std::uint64_t thread = 1; thread <= 5; ++thread) {
    desk.complain(thread, thread);
    Post post = desk.official(thread);
    post.text = texts[thread % 3];
    desk.see(post);
    CHECK(desk.count(What::same_reply) == (thread < 3 ? 0 : 1));
    desk.wait(10min, 60s);
  }
  Desk other;
  const char* const own[] = {"De monteur is onderweg naar je, ik bel hem zo even voor je",
                             "Je factuur klopt inderdaad niet, ik heb hem zojuist aangepast",
                             "De storing in Utrecht is voorbij, doet de app het weer bij jou?"};
  for (std::uint64_t thread = 1; thread <= 3; ++thread) {
    other.complain(thread, thread);
    Post post = other.official(thread);
    post.text = own[thread - 1];
    other.see(post);
  }
  CHECK(other.count(What::same_reply) == 0);
}

TEST_CASE("desk rule 29: from angry to glad after the reply is a recovery, with its time") {
  Desk desk;
  desk.complain(1);
  desk.wait(10min, 10s);
  desk.see(glad(desk, 1, 7, kSolved));
  CHECK(desk.count(What::recovered) == 0);  // the brand did nothing
  desk.answer(1);
  desk.wait(25min, 10s);
  desk.see(glad(desk, 1, 8, kSolved));
  CHECK(desk.count(What::recovered) == 0);  // somebody else
  desk.see(glad(desk, 1, 7, kSolved));
  REQUIRE(desk.count(What::recovered) == 1);
  CHECK(desk.first(What::recovered).span == 25min);
  CHECK_FALSE(desk.webcare.find(1)->waits());
  desk.wait(1min, 10s);
  desk.see(desk.customer(1, 7));  // and angry again
  CHECK(desk.webcare.find(1)->recovered_at == Time{});
}

TEST_CASE("desk rule 31: an anonymous author is treated as a named one") {
  const auto play = [](std::string_view name, std::uint64_t author) {
    Desk desk;
    for (const std::uint64_t who : {author, author + 1, author}) {
      Post post = desk.customer(1, who, "Waarom werkt dit niet");
      post.author_name = name;
      desk.see(post);
      desk.wait(1h, 60s);
    }
    std::string out;
    for (const Event& event : desk.events)
      out += std::string(to_string(event.what)) + format_rfc3339(event.at);
    return out;
  };
  CHECK(play("Anouk de Vries", 7) == play("", 0xFFFF'FFFF'0000'0001));
  CHECK(play("Anouk de Vries", 7) == play("user8812736", 3));
}

}  // namespace
}  // namespace brandwacht::desk
