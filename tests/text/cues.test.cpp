#include "monitor/text/cues.hpp"

#include <algorithm>
#include <stdexcept>

#include "monitor/text/scorer.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::text {
namespace {

bool says(std::string_view text, std::string_view cue) {
  const auto names = cue_names(score(text).cues);
  return std::ranges::find(names, cue) != names.end();
}

}  // namespace

TEST_CASE("Words of deletion, time, the first person and 'they' are cues, in both languages") {
  CHECK(says("mijn reactie is verwijderd", "deletion"));
  CHECK(says("they DELETED my comment", "deletion"));
  CHECK(says("al drie weken niets", "time"));
  CHECK(says("since Tuesday", "time"));
  CHECK(says("ik wacht nog", "first_person"));
  CHECK(says("my parcel", "first_person"));
  CHECK(says("ze doen maar wat", "they"));
  CHECK(says("They don't care", "they"));
}

TEST_CASE("A post without such a word has no cue") {
  CHECK(cue_names(score("mooie winkel").cues).empty());
  CHECK(cue_names(score("").cues).empty());
}

TEST_CASE("A list of cues is read with every word folded; an unknown cue is refused") {
  const auto words = cue_words("# comment\nnegator\tNiet géén\ntime\tniet\n");
  REQUIRE(words.size() == 2);
  std::uint8_t all = 0;
  for (const auto& [hash, bits] : words)
    all |= bits;
  CHECK(all == (kNegator | kTime));
  CHECK_THROWS_AS(cue_words("nonsense\tword\n"), std::runtime_error);
}

TEST_CASE("Every cue word of the program is in the model") {
  for (const auto& [hash, bits] : cue_words(shipped_cues()))
    REQUIRE(bits != 0);
  CHECK(says("maandenlang", "time"));
  CHECK(says("gecensureerd", "deletion"));
}

}  // namespace brandwacht::text
