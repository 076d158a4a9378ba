// The house rules on posts that were written for this test. None of them is trained on, but model 4
// was chosen with a look at them.
#include <fstream>
#include <map>
#include <vector>

#include "tests/line/scene.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::line {
namespace {
using namespace scene;

struct Row {
  std::string rule, language, text;
};

std::vector<Row> golden() {
  std::ifstream in(BRANDWACHT_GOLDEN "/house_rules.tsv");
  std::vector<Row> out;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with('#')) continue;
    const auto first = line.find('\t'), second = line.find('\t', first + 1);
    REQUIRE(second != std::string::npos);
    out.push_back({line.substr(0, first), line.substr(first + 1, second - first - 1),
                   line.substr(second + 1)});
  }
  REQUIRE(out.size() == 72);
  return out;
}

// What the desk is told of a post that opens a thread; empty: that it breaks no rule.
std::string told(const Row& row) {
  std::string out;
  Hooks hooks;
  hooks.desk = [&out](const desk::Event& event) {
    if (event.what == desk::What::rule) out = event.text;
  };
  Line line(settings(), std::move(hooks));
  Mention mention = post("1", "anouk", row.text, kStart);
  mention.langs = {row.language};
  mention.accounts = {"polderbank"};
  line.process(mention.view(), kStart);
  return out;
}

// Model 5 misread one critic of thirty, because that a company are cheats passed for abuse; model 6
// none. It must not become two unseen.
TEST_CASE("desk rule 18: criticism is hardly ever a breach of the house rules, most breaches are") {
  std::map<std::string, int> found, all;
  int named = 0, wrong = 0;
  std::vector<std::string> misread;
  for (const Row& row : golden()) {
    if (row.rule == "spam") continue;  // no complaint, so the desk has no case of it
    const std::string rule = told(row);
    ++all[row.rule];
    if (rule.empty()) continue;
    if (row.rule == "-") {
      misread.push_back(row.text + " -> " + rule);
      continue;
    }
    ++found[row.rule];
    ++(rule == row.rule ? named : wrong);
  }
  INFO("abuse " << found["abuse"] << ", threat " << found["threat"] << ", hate " << found["hate"]
                << ", named rightly " << named << ", otherwise " << wrong);
  CAPTURE(misread);
  CHECK(all == std::map<std::string, int>{{"-", 30}, {"abuse", 12}, {"hate", 10}, {"threat", 12}});
  CHECK(misread.size() <= 1);
  CHECK(found["abuse"] >= 10);
  CHECK(found["threat"] >= 10);
  CHECK(found["hate"] >= 6);
  CHECK(wrong == 0);
}

TEST_CASE("desk rule 18: a threat is told though its words be calm") {
  int threats = 0;
  for (const Row& row : golden()) {
    const text::Score score = text::score(row.text, row.language);
    if (static_cast<double>(score.threat) < settings().webcare.house_rule) continue;
    ++threats;
    INFO(row.text << " " << score.negative);
    CHECK_FALSE(told(row).empty());
  }
  CHECK(threats >= 10);
}

TEST_CASE("desk rule 18: spam is told from criticism") {
  for (const Row& row : golden()) {
    const text::Score score = text::score(row.text, row.language);
    INFO(row.text << " " << score.spam);
    CHECK((static_cast<double>(score.spam) >= settings().webcare.house_rule) ==
          (row.rule == "spam"));
  }
}

}  // namespace
}  // namespace brandwacht::line
