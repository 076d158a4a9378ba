#include "monitor/text/matcher.hpp"

#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "monitor/text/fold.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::text {
namespace {

Matcher one(BrandTerms brand) {
  return Matcher({std::move(brand)});
}
Matcher of_terms(std::vector<std::string> terms) {
  return one({"Brand", std::move(terms), {}, {}});
}

bool hits(Matcher& matcher, std::string_view text) {
  MentionView mention;
  mention.text = text;
  return matcher.match(mention).has_value();
}

}  // namespace

TEST_CASE("A term is matched between word boundaries") {
  Matcher matcher = of_terms({"polderbank"});
  for (const char* text :
       {"polderbank", "Polderbank's app", "de polderbank-app", "#polderbank", "@polderbank",
        "(POLDERBANK)", "bij\npolderbank\t!", "info@polderbank.nl", "'polderbank'", "“Polderbank”",
        "😡polderbank😡", "polderbank…", "«polderbank»"})
    CHECK(hits(matcher, text));
  for (const char* text :
       {"polderbanken", "mijnpolderbank", "polder bank", "polderbank_nl", "polderbank2", "", " ",
        "polderban", "polderbankе" /* Cyrillic е */, "épolderbank"})
    CHECK_FALSE(hits(matcher, text));
}

TEST_CASE("Case, accents and other forms of a letter are the same") {
  Matcher cafe = of_terms({"Café Zürich"});
  for (const char* text : {"cafe zurich", "CAFÉ ZÜRICH", "Cafe\u0301 Zu\u0308rich",
                           "ｃａｆｅ　ｚｕｒｉｃｈ", "café\u00A0zürich", "ca\u00ADfé zü\u200Brich"})
    CHECK(hits(cafe, text));
  Matcher letters = of_terms({"IJsselstraße", "Œuvre", "Łódź"});
  for (const char* text :
       {"ijsselstrasse", "ĳsselstraße", "IJSSELSTRAẞE", "oeuvre", "ŒUVRE", "lodz", "ŁÓDŹ"})
    CHECK(hits(letters, text));
  Matcher greek = of_terms({"Ολυμπιακός", "Ёлка"});
  for (const char* text : {"ΟΛΥΜΠΙΑΚΟΣ", "ολυμπιακος", "елка", "ЁЛКА"})
    CHECK(hits(greek, text));
}

TEST_CASE("Scripts without spaces do not hide a term beside them") {
  Matcher matcher = of_terms({"polderbank", "銀行"});
  CHECK(hits(matcher, "最悪polderbankは"));
  CHECK(hits(matcher, "オランダ銀行です"));
  CHECK_FALSE(hits(matcher, "словоpolderbank"));
}

TEST_CASE("A phrase matches over any run of white space") {
  Matcher matcher = of_terms({"de polder bank", "C++ & co", "a b"});
  for (const char* text :
       {"bij de polder bank", "De  Polder\n\tBank!", "met C++  &  Co.", "x a   b y"})
    CHECK(hits(matcher, text));
  for (const char* text :
       {"de polderbank", "ode polder bank", "de polder banken", "de polder, bank", "C+ & co"})
    CHECK_FALSE(hits(matcher, text));
  CHECK(hits(matcher, "a b"));
  CHECK(hits(matcher, "polder bank de polder bank"));
}

TEST_CASE("A term with a hash sign matches only the hashtag") {
  Matcher matcher = of_terms({"#outage"});
  CHECK(hits(matcher, "again #Outage"));
  CHECK(hits(matcher, "(#outage)"));
  CHECK_FALSE(hits(matcher, "an outage"));
  CHECK_FALSE(hits(matcher, "#outages"));
  CHECK_FALSE(hits(matcher, "c#outage"));
  MentionView mention;
  mention.tags.push_back("OUTAGE");
  CHECK(matcher.match(mention));
}

TEST_CASE("Tags outside the text count as hashtags, each for itself") {
  Matcher matcher = of_terms({"polderbank", "grote storing"});
  MentionView mention;
  mention.tags = {"Pölderbank"};
  CHECK(matcher.match(mention));
  mention.tags = {"grote", "storing"};
  CHECK_FALSE(matcher.match(mention));
  mention.tags = {"", "grote storing"};
  CHECK(matcher.match(mention));
  const std::string huge(Matcher::kMaxScanned, 'x');
  mention.tags = {huge, "polderbank"};
  CHECK(matcher.match(mention));
}

TEST_CASE("An exclusion silences terms but not accounts") {
  Matcher matcher = one({"Polder", {"polder"}, {"polder model", "#wandelen"}, {"@polder.test"}});
  CHECK(hits(matcher, "de polder is kapot"));
  CHECK_FALSE(hits(matcher, "het Polder  Model, die polder"));
  CHECK_FALSE(hits(matcher, "polder #wandelen"));
  CHECK(hits(matcher, "@polder.test het polder model"));
  MentionView mention;
  mention.text = "polder";
  mention.tags = {"wandelen"};
  CHECK_FALSE(matcher.match(mention));
}

TEST_CASE("Addressing an account is a match") {
  Matcher matcher = one({"Polder", {}, {}, {"polderbank.test", "did:plc:abc123", "@Polder_Help"}});
  for (const char* text :
       {"@polderbank.test help", "hé @PolderBank.Test.", "cc @polder_help!", "(@polder_help)"})
    CHECK(hits(matcher, text));
  for (const char* text :
       {"polderbank.test", "@polderbank", "@polderbank.test.nl", "info@polderbank.test",
        "@polder_helpt", "@polder_help@elders.test", "@polder_help-desk"})
    CHECK_FALSE(hits(matcher, text));
  MentionView mention;
  mention.accounts = {"iemand", "did:plc:abc123"};
  CHECK(matcher.match(mention));
  mention.accounts = {"POLDER_HELP"};
  CHECK(matcher.match(mention));
  mention.accounts = {"polderbank"};
  CHECK_FALSE(matcher.match(mention));
}

TEST_CASE("The first brand of the configuration wins") {
  Matcher matcher({{"A", {"alfa"}, {"niet alfa"}, {}},
                   {"B", {"beta", "alfa beta"}, {}, {"b.test"}},
                   {"C", {"gamma"}, {}, {}}});
  MentionView mention;
  const auto brand = [&](std::string_view text) {
    mention.text = text;
    return matcher.match(mention);
  };
  CHECK(brand("gamma beta alfa") == 0U);
  CHECK(brand("gamma @b.test") == 1U);
  CHECK(brand("gamma beta, niet alfa") == 1U);
  CHECK(brand("gamma") == 2U);
  CHECK(brand("delta") == std::nullopt);
  CHECK(brand("gamma") == 2U);  // nothing is left over from the mention before
}

TEST_CASE("An account belongs to a brand whatever its case and leading @") {
  const Matcher matcher({{"A", {"x"}, {}, {"@PolderBank"}},
                         {"B", {"y"}, {}, {"polderbank.test", "did:plc:b", "polderbank"}}});
  CHECK(matcher.brand_of_account("", "polderbank") == 0U);
  CHECK(matcher.brand_of_account("did:plc:b", "anders") == 1U);
  CHECK(matcher.brand_of_account("did:plc:x", "@POLDERBANK.test") == 1U);
  CHECK(matcher.brand_of_account("", "polderbank.tes") == std::nullopt);
  CHECK(matcher.brand_of_account("", "") == std::nullopt);
  CHECK(matcher.brand_of_account("", "@") == std::nullopt);
  CHECK(matcher.brand_of_account("", std::string(100'000, 'a')) == std::nullopt);
}

TEST_CASE("Many accounts and terms stay apart") {
  std::vector<BrandTerms> brands;
  for (int i = 0; i < 300; ++i) {
    const std::string n = std::to_string(i);
    brands.push_back({"Brand " + n, {"merk" + n, "merk nummer " + n}, {}, {"merk" + n + ".test"}});
  }
  Matcher matcher(brands);
  for (std::uint32_t i = 0; i < 300; ++i) {
    const std::string text = "ik haat merk  nummer " + std::to_string(i) + "!";
    MentionView mention;
    mention.text = text;
    CHECK(matcher.match(mention) == i);
    CHECK(matcher.brand_of_account("", "Merk" + std::to_string(i) + ".test") == i);
  }
}

TEST_CASE("A term is found wherever it stands, and nowhere else") {
  Matcher few = of_terms({"polderbank", "ab", "Zürich", "銀行"});
  std::vector<std::string> terms = {"polderbank", "ab", "Zürich", "銀行"};
  for (int i = 0; i < 40; ++i)
    terms.push_back("vulling" + std::to_string(i));
  Matcher many = of_terms(terms);  // too many for the quick check before the search
  for (const std::string filler : {".", "x ", "é ", "銀", "😡"}) {
    std::string before;
    for (int n = 0; n < 70; ++n, before += filler) {
      for (const char* term : {"PolderBank", "AB", "zurich", "ZÜRICH", "銀行"}) {
        const std::string text = before + " " + term;
        INFO(text);
        REQUIRE(hits(few, text));
        REQUIRE(hits(few, text + " " + before));
        REQUIRE(hits(many, text));
      }
      REQUIRE_FALSE(hits(few, before + "polderban"));
      REQUIRE_FALSE(hits(few, before + "polderbanx" + before));
      REQUIRE_FALSE(hits(many, before + "polderban"));
    }
  }
}

TEST_CASE("Folding in blocks is folding letter by letter") {
  std::mt19937 random(5);
  const std::vector<std::string> pieces = {"A",
                                           "z",
                                           "[",
                                           "@",
                                           "`",
                                           "é",
                                           "É",
                                           "銀",
                                           "\u3000",
                                           "😡",
                                           "👍🏽",
                                           "\xFF",
                                           "\xED\xA0\x80",
                                           "\xE3\x80",
                                           "ABCDEFGH",
                                           "ß",
                                           "\u0301",
                                           "\x7F",
                                           " "};
  for (int round = 0; round < 2'000; ++round) {
    std::string text, expected;
    for (unsigned n = random() % 30; n > 0; --n)
      text += pieces[random() % pieces.size()];
    for (std::size_t i = 0, size = 0; i < text.size(); i += size) {
      const Folded folded = fold_code_point(decode_utf8(std::string_view(text).substr(i, 4), size));
      char bytes[8];
      if (folded.count > 0) expected.append(bytes, encode_utf8(folded.first, bytes));
      if (folded.count > 1) expected.append(bytes, encode_utf8(folded.second, bytes));
    }
    REQUIRE(fold(text) == expected);
  }
}

TEST_CASE("Long, odd and hostile texts are survived") {
  Matcher matcher =
      of_terms({"polderbank", std::string(3000, 'q') + " einde", "f(o)o*[a]\\d+", "a a a a a"});
  CHECK(hits(matcher, std::string(3000, 'Q') + "\n einde"));
  CHECK_FALSE(hits(matcher, std::string(3000, 'Q') + "einde"));
  CHECK(hits(matcher, "wat is F(O)O*[A]\\D+ ?"));
  CHECK_FALSE(hits(matcher, "fooooa1"));
  CHECK(hits(matcher, std::string_view("\0polderbank\0", 12)));
  CHECK(hits(matcher, "\xFFpolderbank\xC3"));
  CHECK(hits(matcher, std::string(60'000, ' ') + "polderbank"));
  CHECK_FALSE(hits(matcher, std::string(200'000, ' ') + "polderbank"));
  CHECK_FALSE(hits(matcher, std::string(300'000, '\xE9')));
  std::string half(Matcher::kMaxScanned - 10, ' ');
  CHECK_FALSE(hits(matcher, half + "polderbanken"));  // the cut does not make a word of half a word
  std::string as;
  for (int i = 0; i < 40'000; ++i)
    as += "a\n";
  CHECK(hits(matcher, as));
}

TEST_CASE("A term without letters or digits is refused with its name") {
  for (const char* term : {"", "  ", "#", "@", "\u0301", "\u200B"})
    CHECK_THROWS_AS(of_terms({"goed", term}), std::invalid_argument);
  CHECK_THROWS_AS(one({"Brand", {"goed"}, {""}, {}}), std::invalid_argument);
  CHECK_THROWS_AS(one({"Brand", {"goed"}, {}, {"@"}}), std::invalid_argument);
  CHECK_THROWS_WITH(of_terms({"#"}), Catch::Contains("Brand") && Catch::Contains("\"#\""));
}

TEST_CASE("Without brands nothing matches") {
  Matcher matcher{std::vector<BrandTerms>{}};
  CHECK_FALSE(hits(matcher, "polderbank"));
  CHECK(matcher.brand_of_account("a", "b") == std::nullopt);
  Matcher moved = std::move(matcher);
  CHECK_FALSE(hits(moved, "polderbank"));
}

}  // namespace brandwacht::text
