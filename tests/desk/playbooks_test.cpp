#include "monitor/desk/playbooks.hpp"

#include <filesystem>
#include <fstream>

#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

namespace brandwacht::desk {
namespace {

std::string fits(bool dutch, std::string_view text, std::uint8_t signs = 0, Tier tier = Tier::t2) {
  const auto books = Playbooks::shipped(dutch);
  const Playbook* book = books->fitting({&text, 1}, signs, tier);
  return book == nullptr ? "" : book->name;
}

TEST_CASE("desk rule 24: the playbook that fits, by its words and signs, in Dutch and English") {
  CHECK(fits(true, "Sinds vanmorgen ligt de app eruit, weer een storing") == "outage");
  CHECK(fits(true, "Mijn pakketje is niet bezorgd, de koerier kwam niet") == "delivery");
  CHECK(fits(true, "Jullie hebben dubbel betaald geïncasseerd, ik wil mijn geld terug") ==
        "billing");
  CHECK(fits(true, "Mijn gegevens op straat door een datalek bij jullie!") == "data-leak");
  CHECK(fits(true, "Wat een onbeschofte medewerker in de winkel, ik werd afgesnauwd") ==
        "rude-employee");
  CHECK(fits(true, "Na een week kapot, en de kwaliteit is bedroevend") == "product-failure");
  CHECK(fits(true, "Oplichters zijn het, allemaal leugens") == "unfounded-claim");
  CHECK(fits(true, "Teken de petitie en boycot ze, weg met die greenwashing") ==
        "activist-campaign");
  CHECK(fits(false, "The app is down again, another outage") == "outage");
  CHECK(fits(false, "My parcel was never delivered, the courier lied") == "delivery");
  CHECK(fits(false, "I was charged twice, I want a refund") == "billing");
  CHECK(fits(false, "Sign the petition, boycott them") == "activist-campaign");
  // Signs are stronger than words.
  CHECK(fits(true, "De app ligt eruit, storing, server down", kSignThreat) == "hate-or-threat");
  CHECK(fits(true, "klik", kSignSpam) == "spam");
  CHECK(fits(true, "alles", kSignCopies) == "activist-campaign");
  CHECK(fits(true, "bel mij", kSignPrivate) == "data-leak");
  CHECK(fits(true, "Wat een mooie dag").empty());
  // "app" is a word of its own only, "storing" is also in "storingen".
  CHECK(fits(true, "appeltaart met appelsap").empty());
  CHECK(fits(true, "die storingen ook altijd") == "outage");
}

TEST_CASE("desk rule 23: the playbooks tell to admit a mistake, and never to say 'no comment'") {
  for (const bool dutch : {true, false}) {
    const auto books = Playbooks::shipped(dutch);
    const auto* rude = books->find("rude-employee");
    REQUIRE(rude != nullptr);
    CHECK(rude->text.find(dutch ? "Was het fout, zeg dat dan" : "Was it wrong, then say so") !=
          std::string::npos);
  }
}

TEST_CASE("both languages ship the same ten scenarios, complete") {
  const auto nl = Playbooks::shipped(true), en = Playbooks::shipped(false);
  REQUIRE(nl->all().size() == 10);
  REQUIRE(en->all().size() == 10);
  for (std::size_t i = 0; i < 10; ++i) {
    CHECK(nl->all()[i].name == en->all()[i].name);
    CHECK(nl->all()[i].kind == en->all()[i].kind);
    CHECK(nl->all()[i].when == en->all()[i].when);
    CHECK(nl->all()[i].text.starts_with("# " + nl->all()[i].title));
    CHECK(en->all()[i].text.starts_with("# " + en->all()[i].title));
    CHECK(nl->all()[i].text.size() > 300);
  }
}

TEST_CASE("a folder of one's own is read, and everything wrong with it is said") {
  test::TempDir dir;
  const auto write = [&](const char* name, std::string_view text) {
    std::ofstream(dir.path() / name) << text;
  };
  write("a.md",
        "---\nname: fire\ntitle: Brand\nkind: answer\nwords: brand, vuur\n---\n\n# Brand\n");
  write("b.md", "# no front matter\n");
  write("c.md", "---\nname: x\ntitle: X\nkind: dance\nwords: x\n---\n");
  write("d.md", "---\nname: y\ntitle: Y\nkind: answer\n---\n");
  write("e.md", "---\nname: fire\ntitle: Weer\nkind: answer\nwords: weer\n---\n");
  write("f.md", "---\nname: z\ntitle: Z\ncolour: red\n---\n");
  write("g.md", "---\nname: z\ntitle: Z\nkind: answer\nwords: z\n");
  write("readme.txt", "not read");
  std::vector<std::string> problems;
  const auto books = Playbooks::from_folder(dir.path(), problems);
  REQUIRE(books.all().size() == 1);
  CHECK(books.all()[0].text == "# Brand\n");
  REQUIRE(problems.size() == 6);
  CHECK(problems[0].find("b.md: it does not begin") == 0);
  CHECK(problems[1].find("there is no kind 'dance'") != std::string::npos);
  CHECK(problems[2].find("never fits") != std::string::npos);
  CHECK(problems[3].find("another playbook 'fire'") != std::string::npos);
  CHECK(problems[4].find("knows no 'colour'") != std::string::npos);
  CHECK(problems[5].find("does not end") != std::string::npos);
  problems.clear();
  (void)Playbooks::from_folder(dir.path() / "absent", problems);
  CHECK(problems.size() == 1);
}

}  // namespace
}  // namespace brandwacht::desk
