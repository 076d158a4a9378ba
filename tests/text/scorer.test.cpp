#include "monitor/text/scorer.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "tests/support/catch.hpp"
#include "tests/text/labelled.hpp"

namespace brandwacht::text {
namespace {

float negative(std::string_view text) {
  return score(text).negative;
}

void adds_up(std::string_view text, std::string_view declared = {}) {
  const Explanation why = explain(text, declared);
  double sum = why.base;
  for (const Contribution& part : why.parts) {
    sum += part.weight;
    REQUIRE(part.begin <= part.end);
    REQUIRE(part.end <= text.size());
    REQUIRE(std::isfinite(part.weight));
  }
  const double shown = static_cast<double>(why.score.negative);
  const Score direct = score(text, declared);
  REQUIRE(direct.negative == why.score.negative);
  REQUIRE(direct.language == why.score.language);
  REQUIRE(std::abs(sum - std::log(shown / (1 - shown))) < 1e-6);
}

std::vector<Judged> judge_invented() {
  std::vector<Judged> out;
  for (const Labelled& one : read_invented(BRANDWACHT_INVENTED))
    if (one.held_out) out.push_back({negative(one.text), one.critic});
  return out;
}

}  // namespace

// All posts in this file are invented.
TEST_CASE("Critics of a company are recognised") {
  for (const char* text :
       {"Hier ook, al de hele ochtend!",
        "Sta voor paal bij de kassa, bedankt weer.",
        "Ik stap over, helemaal klaar mee.",
        "En weer geen enkele uitleg. Schandalig.",
        "Bij mij is er twee keer afgeschreven!!",
        "Klantenservice hangt gewoon op, wat een aanfluiting",
        "Same here, can’t pay rent because of you",
        "Belachelijk. Waar is mijn geld?",
        "Idd, app doet niks meer 😡",
        "Sinds vanmorgen kan ik niet bij mijn rekening, en niemand die reageert. Hoe lang nog?",
        "ik ook",
        "mijne ook",
        "bij mij ook :(",
        "Werkt hier ook al de hele dag niet",
        "nog steeds geen reactie",
        "wat een klotebedrijf",
        "sloooooom en waardeloooos",
        "BELACHELIJK",
        "refund please, still waiting",
        "kut app",
        "this is a scam",
        "third time this month",
        "Nooit iets van gehoord",
        "Derde storing deze maand, dit is toch niet normaal meer?",
        "Schandalig, werkt weer niet!"}) {
    INFO(text);
    CHECK(negative(text) >= 0.5F);
  }
}

TEST_CASE("Praise, questions and chat are not criticism") {
  for (const char* text :
       {"Bij mij werkt alles prima hoor!", "Niet slecht, top geregeld!", "verdomme wat mooi",
        "Waar kan ik me inschrijven?", "Wat een geweldig initiatief 👏👏",
        "Love my new kettle, not a single problem", "", " ", "Vandaag naar de winkel geweest",
        "fucking great service", "nooit problemen gehad",
        "https://polderbank.example/slecht/schandalig", "@waardeloos hallo", "mooooooi",
        "not bad at all :)", "geen enkel probleem", "Rotterdam"}) {
    INFO(text);
    CHECK(negative(text) < 0.5F);
  }
}

TEST_CASE("Negation, degree and emphasis move the score the right way") {
  CHECK(negative("dit is niet goed") > negative("dit is goed"));
  CHECK(negative("dit is niet slecht") < negative("dit is slecht"));
  CHECK(negative("ik ben niet echt tevreden") > negative("ik ben echt tevreden"));
  CHECK(negative("this isn't good") > negative("this is good"));
  CHECK(negative("this isn’t good") == negative("this isn't good"));
  CHECK(negative("morgen weer 😡") > negative("morgen weer 😍"));
  CHECK(negative("niet. goed") < negative("niet goed"));  // the scope ends with the clause
  CHECK(negative("wachten :(") > negative("wachten :)"));
  CHECK(negative("erg jammer") > negative("een beetje jammer"));
  CHECK(negative("jammer 😡") > negative("jammer"));
  CHECK(negative("WAT JAMMER") > negative("wat jammer"));
  CHECK(score("WAT EEN BENDE").anger > score("wat een bende").anger);
}

// What the lexicon of version 1 got right and the learnt model does not, held to the same bounds.
// They are to be mended by training; take a line out of here when it holds.
TEST_CASE("Plain posts that scorer version 6 misreads", "[!mayfail]") {
  CHECK(negative("storingsellende") >= 0.5F);
  CHECK(score("Lovely weather in the park today").complaint < 0.3F);
  std::string many;
  for (int i = 0; i < 5000; ++i)
    many += "a ";
  CHECK(negative(many) < 0.5F);
}

TEST_CASE("Case, accents and apostrophes do not change what a word means") {
  CHECK(negative("Schandalig") == negative("schandalig"));
  CHECK(negative("schándalig") == negative("schandalig"));
  CHECK(negative("geirriteerd") == negative("geïrriteerd"));
  CHECK(negative("gei\u0308rriteerd") == negative("geïrriteerd"));
}

TEST_CASE("Languages are told apart, with the declared one as a hint only") {
  CHECK(score("Ik sta al een uur te wachten op de trein").language == Language::nl);
  CHECK(score("I have been waiting for the train for an hour").language == Language::en);
  CHECK(score("Ich habe eine Stunde auf den Zug gewartet und das ist nicht gut").language ==
        Language::other);
  CHECK(score("поезд опять опоздал").language == Language::other);
  CHECK(score("電車がまた遅れた").language == Language::other);
  CHECK(score("").language == Language::other);
  CHECK(score("ok", "nl").language == Language::nl);
  CHECK(score("ok", "nl-BE").language == Language::nl);
  CHECK(score("ok", "EN-GB").language == Language::en);
  CHECK(score("Ik sta al een uur te wachten op de trein", "en").language == Language::nl);
  CHECK(score("I have been waiting for the train for an hour", "nl").language == Language::en);
  CHECK(to_string(Language::nl) == "nl");
  CHECK(to_string(Language::en) == "en");
  CHECK(to_string(Language::other) == "other");
}

TEST_CASE("What is read ends at 4,096 bytes") {
  const std::string filler(4100, ' ');
  CHECK(negative(filler + "schandalig") == negative(filler));
  CHECK(negative(filler.substr(0, 4000) + "schandalig") > negative(filler));
}

TEST_CASE("The parts of an explanation add up to the score") {
  for (const Labelled& one : read_invented(BRANDWACHT_INVENTED))
    adds_up(one.text);
  adds_up("");
  adds_up("Waardeloos! Schandalig! Oplichters! Nooit meer! 😡😡😡😡 wat een aanfluiting, ik stap over");
  adds_up("Geweldig! Fantastisch! Top! Perfect! 👏👏👏👏");
  std::string longer;
  for (int i = 0; i < 200; ++i)
    longer += "niet goed maar ook niet slecht, ";
  adds_up(longer, "nl");
}

TEST_CASE("An explanation points at the words") {
  const std::string text = "Ja hoor, wat een aanfluiting!";
  const Explanation why = explain(text);
  const auto part = std::ranges::find(why.parts, "aanfluiting", &Contribution::label);
  REQUIRE(part != why.parts.end());
  CHECK(text.substr(part->begin, part->end - part->begin) == part->label);
  CHECK(part->weight > 0.1);
  // A pair of words is a part of its own.
  CHECK(std::ranges::find(why.parts, "wat een", &Contribution::label) != why.parts.end());
}

TEST_CASE("Any bytes give a probability") {
  std::mt19937 random(3);
  const std::vector<std::string> pieces = {
      "niet",     "goed", "slecht", " ",    "!",      "?",    "\xF0\x9F\x98\xA1",
      "\xF0\x9F", "'",    "’",      "s",    "zooooo", "@",    "#",
      "https://", "www.", ":(",     "<",    "3",      "\xFF", "é",
      "\u0301",   "nog",  "steeds", "geen", "al",     "3",    "weken",
      ".",        "КУ",   "銀",     "\n",   "-",      "kut",  "verdomme"};
  for (int round = 0; round < 6'000; ++round) {
    std::string text;
    for (unsigned n = random() % 40; n > 0; --n) {
      if (round % 2 == 0)
        text.push_back(static_cast<char>(random()));
      else
        text += pieces[random() % pieces.size()];
    }
    if (round % 50 == 0)
      while (text.size() < 6000)
        text += text + "x";
    const Score one = score(text);
    INFO(text);
    REQUIRE(one.negative > 0);
    REQUIRE(one.negative < 1);  // false for NaN too
    adds_up(text);
  }
  CHECK(score(std::string_view("\0schandalig\0", 12)).negative > 0.5F);
}

TEST_CASE("Each class is told by a plain example and not by a plain counterexample") {
  struct Example {
    float Score::*probability;
    const char* yes;
    const char* no;
  };
  for (const Example& one : {
           Example{&Score::anger, "IK BEN ZO BOOS dit is echt BELACHELIJK!!!",
                   "Dank je wel, fijn geholpen"},
           Example{&Score::complaint, "My parcel is three weeks late and nobody answers",
                   "Thank you, all sorted within the hour"},
           Example{&Score::abuse, "stelletje kneuzen, achterlijke idioten",
                   "Hoe laat gaan jullie open?"},
           Example{&Score::threat, "ik weet waar je woont, ik sla je in elkaar",
                   "Ik stap over naar een andere bank"},
           Example{&Score::spam,
                   "WIN a free iPhone! Click https://x.example/win now, crypto giveaway",
                   "My phone is broken again"},
           Example{&Score::call_to_action, "Boycot deze winkel, deel dit bericht massaal!",
                   "Ik heb gisteren brood gekocht"},
           Example{&Score::concrete,
                   "Bestelling van 12 maart nog niet binnen, pakket ligt al 9 dagen in Utrecht",
                   "pff"},
           Example{&Score::joins, "Hier ook!", "Goedemorgen allemaal, lekker weer vandaag"},
           Example{&Score::positive, "Topservice, heel snel geholpen, dank jullie wel!",
                   "Trein rijdt weer niet"},
       }) {
    INFO(one.yes);
    CHECK(score(one.yes).*one.probability > 0.5F);
    INFO(one.no);
    CHECK(score(one.no).*one.probability < 0.3F);
  }
}

TEST_CASE("A blunt threat pages at the shipped threshold, and the same words in daily use do not") {
  for (const char* text :
       {"Ik kom langs en schiet jullie allemaal dood, ik vermoord jullie",
        "Ik steek jullie kantoor in brand", "Volgende keer steek ik die bezorger neer",
        "ik weet waar je woont, pas maar op", "i'm going to kill your driver",
        "I'll burn your office down", "I will break your legs"}) {
    INFO(text);
    CHECK(score(text).threat >= 0.92F);
  }
  for (const char* text :
       {"Ik kom morgen langs om het te ruilen", "Ik ga dood van de honger", "Ik schiet in de lach",
        "we maken ze af zaterdag", "I could murder a curry", "my phone just died again",
        "you guys are killing it", "See you in court"}) {
    INFO(text);
    CHECK(score(text).threat < 0.5F);
  }
}

TEST_CASE("Joining in means what the parent means") {
  Score same;
  same.joins = 0.9F;
  same.negative = 0.5F;
  CHECK(in_context(same, 0.95F) > 0.85F);
  CHECK(in_context(same, 0.05F) < 0.2F);
  Score own = same;
  own.joins = 0.05F;
  CHECK(in_context(own, 0.95F) == Approx(0.5F).margin(0.05));
}

TEST_CASE("On invented posts that the calibration has not seen the scorer ranks and decides well") {
  const std::vector<Judged> judged = judge_invented();
  REQUIRE(judged.size() > 70);
  // The escalation model assumes sensitivity .8 and specificity .9 at one half.
  CHECK(area_under_curve(judged) >= 0.95);
  CHECK(share_right(judged, true, 0.5F) >= 0.85);
  CHECK(share_right(judged, false, 0.5F) >= 0.9);
}

}  // namespace brandwacht::text
