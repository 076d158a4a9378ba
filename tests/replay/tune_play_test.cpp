// Tuning by real replays of an invented recording through the line.

#include "monitor/replay/player.hpp"
#include "monitor/replay/recording.hpp"
#include "monitor/replay/tune.hpp"
#include "monitor/replay/tune_words.hpp"
#include "monitor/text/scorer.hpp"
#include "tests/replay/tune_stream.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

namespace brandwacht::replay {
namespace {
using namespace std::chrono_literals;

line::Settings polderbank() {
  line::Settings out;
  out.brands.push_back(
      {.name = "Polderbank", .terms = {"polderbank"}, .exclude = {}, .accounts = {}});
  return out;
}

struct Rehearsed {
  brandwacht::test::TempDir dir;
  Player player;
  TuneSettings settings;

  explicit Rehearsed(const test::StreamSettings& stream, std::uint64_t most_bytes = 1U << 30U)
      : player({dir.write("weeks.ndjson", test::to_ndjson(test::invented_stream(stream)))},
               polderbank(), {}, most_bytes) {
    settings.line = polderbank();
    settings.budget = {2, 168h};
    const Stats& read = player.stats().read;
    settings.end = read.last;
    settings.blocks = split(read.first, read.last);
  }
  TuneResult tune() {
    return replay::tune(
        [this](line::Settings with, line::Hooks hooks, Time until) {
          player.play(std::move(with), std::move(hooks), until);
        },
        settings);
  }
};

TEST_CASE("the threshold keeps to the budget where it was chosen, and no lower one would") {
  Rehearsed rehearsed({.grows = 0.015});
  rehearsed.settings.budget = {4, 168h};
  const auto result = rehearsed.tune();
  REQUIRE(result.verdict == Verdict::good);
  CHECK(result.most == most_pages(4, rehearsed.settings.blocks.c.weeks()));
  CHECK(result.page.within);
  CHECK(result.page.pages <= result.most);
  CHECK(result.chosen.pages <= result.page.pages);  // judged with the budget in force
  for (const Tried& tried : result.page.tried)
    CHECK((tried.theta >= result.page.theta || tried.pages > result.most));
  CHECK(result.after.incidents > 1);
  CHECK(result.after.found > 0);
  CHECK(result.pages.size() == static_cast<std::size_t>(result.after.pages));
  for (const FalsePage& worst : result.worst)
    CHECK(worst.page.url.starts_with("https://invented.example/t"));
  for (const Miss& miss : result.misses) {
    CHECK(miss.url.starts_with("https://invented.example/t"));
    CHECK(miss.brand == "Polderbank");
  }
  const auto sentence = in_one_sentence(DeskLanguage::en, rehearsed.settings, result);
  INFO(sentence);
  CHECK(sentence.starts_with("At 4/week you would have been paged for "));
  CHECK(sentence.find(" 30 people had joined") != std::string::npos);
  CHECK(in_one_sentence(DeskLanguage::nl, rehearsed.settings, result).starts_with("Met 4/week "));
}

TEST_CASE("a budget that is in force already does not lower the threshold") {
  Rehearsed rehearsed({.weeks = 9});
  const auto without = rehearsed.tune();
  rehearsed.settings.line.brand_level.budget.pages = rehearsed.settings.budget;
  const auto with = rehearsed.tune();
  REQUIRE(with.verdict == Verdict::good);
  CHECK(with.page.theta == without.page.theta);
  CHECK(with.page.pages == without.page.pages);
}

TEST_CASE("a recording that does not fit in memory is read anew each time, with the same result") {
  Rehearsed kept({.weeks = 9}), again({.weeks = 9}, 1000);
  const auto a = kept.tune(), b = again.tune();
  CHECK(a.page.theta == b.page.theta);
  CHECK(a.after.pages == b.after.pages);
  CHECK(a.calibrated.brier == b.calibrated.brier);
}

TEST_CASE("what the daemon recorded can be tuned on, with the same result as the stream itself") {
  Rehearsed stream({.weeks = 9});
  brandwacht::test::TempDir dir;
  const auto where = dir.path() / "recording";
  Time last{};
  std::vector<Kept> batch;
  {
    line::Hooks hooks;
    hooks.judged = [&](const line::Judged& judged) { batch.emplace_back(judged); };
    line::Line line(polderbank(), std::move(hooks));
    for (const Mention& mention : test::invented_stream({.weeks = 9}))
      line.process(mention.view(), last = mention.received_at);
  }
  Recording(where, {}, last).append(batch, text::scorer_version(), last);
  const Player recorded({where}, polderbank());
  CHECK(recorded.about_brands() == stream.player.about_brands());
  CHECK(recorded.stats().stored_scores == batch.size());
  const auto a = stream.tune();
  const auto b =
      replay::tune([&](line::Settings with, line::Hooks hooks,
                       Time until) { recorded.play(std::move(with), std::move(hooks), until); },
                   stream.settings);
  CHECK(a.page.theta == b.page.theta);
  CHECK(a.after.pages == b.after.pages);
  CHECK(a.calibrated.brier == b.calibrated.brier);
  CHECK_THROWS_WITH(Player({dir.path()}, polderbank()), Catch::Contains("holds no recording"));
}

TEST_CASE("with fewer repeats a budget finds more in time") {
  Rehearsed rehearsed({.weeks = 30});
  rehearsed.settings.budget = {4, 168h};
  const auto result = rehearsed.tune();
  REQUIRE(result.page.within);
  CHECK(result.repage_factor > 1.5);
  CHECK(2 * result.chosen.early > result.chosen.incidents);
  Rehearsed few({.weeks = 30});
  few.settings.budget = rehearsed.settings.budget;
  few.settings.line.decision.repage_factor = result.repage_factor;
  const auto again = few.tune();
  CHECK(again.repage_factor == 0);  // nothing left to raise
  CHECK(again.page.theta == result.page.theta);
}

TEST_CASE("a recording that is too short, calm or lopsided gets words and no numbers") {
  Rehearsed brief({.weeks = 4});
  const auto too_short = brief.tune();
  CHECK(too_short.verdict == Verdict::too_short);
  CHECK(too_short.page.tried.empty());
  CHECK(cautions(DeskLanguage::en, brief.settings, too_short)[0].starts_with(
      "The recording is too short for 2/week"));

  Rehearsed calm({.weeks = 16, .grows = 0});
  const auto no_incidents = calm.tune();
  CHECK(no_incidents.verdict == Verdict::no_incidents);
  CHECK(cautions(DeskLanguage::nl, calm.settings, no_incidents)[0].starts_with(
      "In de blokken C en D kwam geen gesprek tot 30"));

  Rehearsed lopsided({.weeks = 16});
  lopsided.settings.outcome.critics = 60;
  // All that grew that far lies in C if D is empty of threads that can be judged.
  lopsided.settings.blocks.c = {lopsided.settings.blocks.a.from, lopsided.settings.end};
  lopsided.settings.blocks.d = {lopsided.settings.end, lopsided.settings.end};
  const auto one_block = lopsided.tune();
  CHECK(one_block.verdict == Verdict::one_block);
  CHECK(cautions(DeskLanguage::en, lopsided.settings, one_block)[0].find("lie in block C") !=
        std::string::npos);
}

TEST_CASE("more incidents than pages are said to be so") {
  Rehearsed busy({.weeks = 9, .grows = 0.2});
  const auto result = busy.tune();
  REQUIRE(result.verdict == Verdict::good);
  CHECK(result.over_budget);
  bool said = false;
  for (const auto& text : cautions(DeskLanguage::en, busy.settings, result))
    said = said || text.starts_with("There are more incidents than pages");
  CHECK(said);
}

}  // namespace
}  // namespace brandwacht::replay
