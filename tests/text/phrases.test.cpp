#include "monitor/text/phrases.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>

#include "tests/support/catch.hpp"

namespace brandwacht::text {
namespace {

const std::vector<std::pair<const char*, const Phrases*>>& shipped() {
  static const PhraseLists& lists = PhraseLists::shipped();
  static const std::vector<std::pair<const char*, const Phrases*>> all = {
      {"replies-nl", &lists.replies_nl},
      {"replies-en", &lists.replies_en},
      {"times-nl", &lists.times_nl},
      {"times-en", &lists.times_en}};
  return all;
}

// The words that the phrases of `list` are found at, joined; "" if none is.
std::string found(const char* list, std::string_view text) {
  const Phrases phrases(list);
  const Words words = words_of(text);
  std::string out;
  for (const auto& match : phrases.find(words))
    for (std::size_t i = match.begin; i < match.end; ++i)
      out += (out.empty() ? "" : " ") + words.list[i].text;
  return out;
}

std::size_t in_section(const Phrases& list, std::string_view section) {
  return static_cast<std::size_t>(std::ranges::count_if(
      list.entries(), [&](const auto& entry) { return entry.section == section; }));
}

}  // namespace

TEST_CASE("Every phrase that is shipped is found in its own example") {
  for (const auto& [name, list] : shipped())
    for (std::size_t i = 0; i < list->entries().size(); ++i) {
      const auto& entry = list->entries()[i];
      INFO(name << ":" << entry.line << ": " << entry.source << " in '" << entry.example << "'");
      const auto matches = list->find_all(words_of(entry.example));
      CHECK(std::ranges::any_of(matches, [&](const auto& match) { return match.entry == i; }));
    }
}

TEST_CASE("No phrase is said by the others of its section already") {
  for (const auto& [name, list] : shipped()) {
    std::map<std::string, std::map<std::string, std::set<std::size_t>>> seen;
    const auto key = [](const Phrases::Entry& entry, const std::string& spelled) {
      return (entry.exception ? "!" : "") + spelled;
    };
    for (const auto& entry : list->entries())
      for (const std::string& spelled : entry.spelled)
        seen[entry.section][key(entry, spelled)].insert(entry.line);
    for (const auto& entry : list->entries()) {
      INFO(name << ":" << entry.line << ": " << entry.source);
      CHECK(std::ranges::any_of(entry.spelled, [&](const std::string& spelled) {
        return seen[entry.section][key(entry, spelled)].size() == 1;
      }));
    }
  }
}

TEST_CASE("desk rule 03: there are 60 time expressions and more in each language") {
  CHECK(in_section(PhraseLists::shipped().times_nl, "time") >= 60);
  CHECK(in_section(PhraseLists::shipped().times_en, "time") >= 60);
}

TEST_CASE("Phrases are found in any case, accents, spacing and length, and with one slip") {
  constexpr const char* kList = "[a]\nexcuses\ngeen commentaar\nverontschuldigingen\n";
  CHECK(found(kList, "EXCUSES!") == "excuses");
  CHECK(found(kList, "Éxcúsés") == "excuses");
  CHECK(found(kList, "excusesss") == "excusess");
  CHECK(found(kList, "excu ses") == "excu ses");
  CHECK(found(kList, "Geen  commentaar.") == "geen commentaar");
  CHECK(found(kList, "geen-commentaar") == "geen commentaar");
  CHECK(found(kList, "geencommentaar") == "geencommentaar");
  CHECK(found(kList, "verontshuldigingen") == "verontshuldigingen");
  CHECK(found(kList, "excuus").empty());
  CHECK(found(kList, "geen. Commentaar").empty());  // not over the end of a sentence
}

TEST_CASE("Gaps, choices, beginnings, endings, names and what may be left out") {
  constexpr const char* kList =
      "[words]\nwe = we|wij\n[a]\n$we .. terug\nbel* nu? op\n*nummer ?\n<n> uur = hours\n";
  CHECK(found(kList, "Wij komen er op terug") == "wij komen er op terug");
  CHECK(found(kList, "we een twee drie vier terug").empty());
  CHECK(found(kList, "belde op") == "belde op");
  CHECK(found(kList, "bellen nu op") == "bellen nu op");
  CHECK(found(kList, "wat is je klantnummer?") == "klantnummer");
  CHECK(found(kList, "dat is je klantnummer.").empty());
  CHECK(found(kList, "over 12 uur") == "12 uur");
}

TEST_CASE("An exception takes away what it overlaps, in its section only") {
  constexpr const char* kList = "[a]\nexcuses\n!geen excuses\n[b]\nexcuses\n";
  CHECK(found(kList, "onze excuses") == "excuses excuses");
  CHECK(found(kList, "geen excuses") == "excuses");
}

TEST_CASE("A list that cannot be read says at which line") {
  for (const char* bad : {"excuses\n", "[a]\nx\n$nobody x\n", "[a\nx\n", "[a]\n.. x\n",
                          "[a]\nword? x\n", "[a]\na|* b\n"}) {
    INFO(bad);
    CHECK_THROWS_AS(Phrases(bad), std::runtime_error);
  }
  CHECK_THROWS_WITH(Phrases("[a]\nx\n$nobody x\n"), Catch::Matchers::Contains("line 3"));
}

TEST_CASE("Words are cut from any bytes, and point into them") {
  const std::string text = "17u30, \xFF\xFE caf\xC3\xA9 \xF0\x9F\x99\x84 we'll p.m. \xE2\x82";
  const Words words = words_of(text);
  std::string joined;
  for (const Word& word : words.list) {
    REQUIRE(word.begin < word.end);
    REQUIRE(word.end <= text.size());
    joined += word.text + "|";
  }
  CHECK(joined == "17|u|30|cafe|\xF0\x9F\x99\x84|we'll|p|m|");
  CHECK(words_of("").list.empty());
  CHECK(words_of("?!... \n").list.empty());
}

}  // namespace brandwacht::text
