#include "monitor/line/words.hpp"

#include "tests/line/scene.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::line {
namespace {
using namespace scene;
using namespace std::chrono_literals;

thread::Belief belief() {
  thread::Belief out;
  out.risk = 0.62;
  out.joiners = 19;
  out.joiners_window = 19;
  out.joiners_recent = 9;
  out.joiners_before = 4;
  out.participants = 24;
  out.share = 0.75;
  out.first_at = kStart - 47min;
  return out;
}

TEST_CASE("a title says who, how many and how fast, in the language of the desk") {
  CHECK(title(DeskLanguage::en, "Polderbank", belief(), kStart) ==
        "Polderbank: 19 critics in 47 min, 9 in the last 10 min");
  CHECK(title(DeskLanguage::nl, "Polderbank", belief(), kStart) ==
        "Polderbank: 19 critici in 47 min, 9 in de laatste 10 min");
}

TEST_CASE("one critic is singular") {
  auto one = belief();
  one.joiners = 1;
  one.joiners_recent = 0;
  CHECK(title(DeskLanguage::nl, "Lumolo", one, kStart) == "Lumolo: 1 criticus in 47 min");
}

TEST_CASE("the reasons begin with the forecast and its honesty, then the strongest terms") {
  const auto list = reasons(DeskLanguage::nl, belief(), nullptr, kStart);
  REQUIRE(list.size() >= 3);
  CHECK(list[0].text == "62 % kans op nog 30 critici of meer binnen 6 uur (niet gekalibreerd)");
  for (std::size_t i = 2; i < list.size(); ++i)
    if (list[i].weight != 0) CHECK(std::abs(list[i].weight) <= std::abs(list[i - 1].weight));
}

TEST_CASE("the reasons say how long the brand has been silent, or since when it answered") {
  Story story;
  story.first_negative = kStart - 47min;
  CHECK(reasons(DeskLanguage::nl, belief(), &story, kStart).back().text ==
        "nog geen antwoord van het merk, al 47 min");
  story.last_official = kStart - 90min;
  CHECK(reasons(DeskLanguage::en, belief(), &story, kStart).back().text ==
        "last official reply: 1 h 30 min ago");
  CHECK(reasons(DeskLanguage::nl, belief(), &story, kStart).back().text ==
        "laatste antwoord van het merk: 1 u 30 min geleden");
}

}  // namespace
}  // namespace brandwacht::line
