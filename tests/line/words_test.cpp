#include "monitor/line/words.hpp"

#include "monitor/line/desk_words.hpp"

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
  const auto set = [&out](thread::Feature feature, float value) {
    out.features[static_cast<std::size_t>(feature)] = value;
  };
  set(thread::Feature::forecast, 2);
  set(thread::Feature::joiners, 3);
  set(thread::Feature::recent, 2.3F);
  set(thread::Feature::share, 0.75F);
  set(thread::Feature::quoting, 0.4F);
  return out;
}

thread::Calibration weights() {
  thread::Calibration out;
  const auto set = [&out](thread::Feature feature, double weight, double typical) {
    out.weight[static_cast<std::size_t>(feature)] = weight;
    out.typical[static_cast<std::size_t>(feature)] = typical;
  };
  set(thread::Feature::forecast, 0.1, 1);  // +0.1
  set(thread::Feature::joiners, 1, 1);     // +2
  set(thread::Feature::recent, 0.5, 1.3);  // +0.5
  set(thread::Feature::share, 2, 0.9);     // -0.3
  set(thread::Feature::quoting, 1, 0);     // +0.4
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
  const auto list = reasons(DeskLanguage::nl, belief(), weights(), nullptr, kStart);
  REQUIRE(list.size() == 5);
  CHECK(list[1].text == "19 critici in 47 min");
  CHECK(list[1].weight == Approx(2));
  CHECK(list[2].text == "9 critici in de laatste 10 min");
  CHECK(list[3].text == "40 % van de berichten kwam via een citaat: het verspreidt zich");
  CHECK(list[4].text == "ongeveer 75 % van de 24 deelnemers is negatief");
  CHECK(list[4].weight == Approx(-0.3).margin(1e-6));
  CHECK(list[0].text == "62 % kans op nog 30 critici of meer binnen 6 uur (niet gekalibreerd)");
  for (std::size_t i = 2; i < list.size(); ++i)
    if (list[i].weight != 0) CHECK(std::abs(list[i].weight) <= std::abs(list[i - 1].weight));
}

TEST_CASE("every feature has words in both languages, for either way that it points") {
  for (std::size_t i = 0; i < thread::kFeatures; ++i) {
    thread::Calibration one;
    for (const double weight : {-3.0, 3.0}) {
      one.weight[i] = weight;
      one.typical[i] = -1;
      for (const auto language : {DeskLanguage::nl, DeskLanguage::en}) {
        const auto list = reasons(language, belief(), one, nullptr, kStart);
        REQUIRE(list.size() >= 2);
        CHECK(list[1].weight == Approx(weight * (belief().features[i] + 1.0)));
        CHECK(list[1].text != thread::to_string(static_cast<thread::Feature>(i)));
        CHECK(list[1].text.find('{') == std::string::npos);
      }
    }
  }
}

TEST_CASE("the plain count stands on a page whose weights do not mention it") {
  const auto list = reasons(DeskLanguage::en, belief(), {}, nullptr, kStart);
  CHECK(std::ranges::any_of(
      list, [](const Reason& reason) { return reason.text == "19 critics in 47 min"; }));
}

TEST_CASE("a raid of copies is called so, and is not kept quiet") {
  auto raid = belief();
  raid.copies = 12;
  const auto list = reasons(DeskLanguage::en, raid, weights(), nullptr, kStart);
  CHECK(std::ranges::any_of(list, [](const Reason& reason) {
    return reason.text == "looks coordinated: 12 of the 19 critics wrote nearly the same";
  }));
}

TEST_CASE("the reasons say how long the brand has been silent, or since when it answered") {
  Story story;
  story.first_negative = kStart - 47min;
  CHECK(reasons(DeskLanguage::nl, belief(), weights(), &story, kStart).back().text ==
        "nog geen antwoord van het merk, al 47 min");
  story.last_official = kStart - 90min;
  CHECK(reasons(DeskLanguage::en, belief(), weights(), &story, kStart).back().text ==
        "last official reply: 1 h 30 min ago");
  CHECK(reasons(DeskLanguage::nl, belief(), weights(), &story, kStart).back().text ==
        "laatste antwoord van het merk: 1 u 30 min geleden");
}

TEST_CASE("pitfall 02: copies are said to look coordinated, and stand on the page") {
  auto raid = belief();
  raid.copies = 15;
  const auto said = reasons(DeskLanguage::en, raid, weights(), nullptr, kStart);
  CHECK(std::ranges::any_of(said, [](const Reason& reason) {
    return reason.text == "looks coordinated: 15 of the 19 critics wrote nearly the same";
  }));
}

TEST_CASE("pitfall 17: posts in doubt are shown as such, in fractions") {
  auto doubt = belief();
  doubt.posts = 30;
  doubt.unsure_posts = 7;
  doubt.unsure_negative = 3.4;
  const auto has = [&](DeskLanguage language, std::string_view text) {
    const auto said = reasons(language, doubt, weights(), nullptr, kStart);
    return std::ranges::any_of(said, [&](const Reason& reason) { return reason.text == text; });
  };
  CHECK(has(DeskLanguage::en, "7 of the 30 posts are uncertain; 3.4 of them negative by chance"));
  CHECK(has(DeskLanguage::nl, "7 van de 30 berichten zijn onzeker; naar verwachting 3.4 negatief"));
}

TEST_CASE("a surge, budgets, rules and gaps are said in the language of the desk") {
  Group group;
  group.own = true;
  group.since = kStart - 40min;
  group.joiners = 42;
  group.expected = 3;
  for (std::uint64_t i = 1; i <= 38; ++i)
    group.add(i, i <= 2);
  CHECK(surge_title(DeskLanguage::nl, "Polderbank", group, kStart) ==
        "Polderbank: 42 critici in 38 draden in 40 min, 14 keer zoveel als gewoonlijk");
  CHECK(surge_title(DeskLanguage::en, "Polderbank", group, kStart) ==
        "Polderbank: 42 critics in 38 threads in 40 min, 14 times the usual");
  const auto said = surge_reasons(DeskLanguage::nl, group, kStart);
  REQUIRE(said.size() == 2);
  CHECK(said[0].text ==
        "42 critici over alle draden van het merk in 40 min; verwacht waren er 3.0");
  CHECK(said[1].text == "38 draden horen hierbij; 2 daarvan zouden zelf pagen");
  thread::BudgetSettings budget;
  budget.pages = {2, 168h};
  CHECK(budget_words(DeskLanguage::nl, thread::PageReason::spent, budget) ==
        "het budget aan pages van deze week is op");
  CHECK(budget_words(DeskLanguage::en, thread::PageReason::spent, budget) ==
        "this week's budget of pages is spent");
  CHECK_FALSE(budget_words(DeskLanguage::en, thread::PageReason::within, budget));
  CHECK(coverage_words(DeskLanguage::nl, {0.5, {"bluesky"}}) ==
        "gat in de bron: 50 % van de laatste 6 u is gezien; bluesky zwijgt");
  CHECK_FALSE(coverage_words(DeskLanguage::nl, {}));
}

}  // namespace
}  // namespace brandwacht::line
