// All numbers are documentation or test numbers, or invented to pass their check digit.
#include "monitor/text/redact.hpp"

#include <ctime>
#include <random>
#include <string>
#include <utility>

#include "monitor/text/fold.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::text {
namespace {

void same(std::string_view text) {
  CHECK(redact(text) == text);
}

}  // namespace

TEST_CASE("Phone numbers are taken out") {
  for (const char* number :
       {"0612345678",       "06-12345678",          "06 12 34 56 78",  "06 1234 5678",
        "06.12.34.56.78",   "020-1234567",          "(020) 123 45 67", "+31612345678",
        "+31 6 12345678",   "+31 (0)6 12 34 56 78", "0031612345678",   "0032 470 12 34 56",
        "+32 470 12 34 56", "0470 12 34 56",        "02 123 45 67",    "+1 202-555-0143",
        "+44 20 7946 0958", "06\u00A012345678",     "06 - 12345678",   "06\u201112345678"})
    CHECK(redact(std::string("bel ") + number + ", snel") == "bel [phone], snel");
  same("op 01-02-2026 10:15 uur");
  same("05/06/2026 12:00");
  same("bel 0800-1234");
  same("kost 1.234.567,89 euro");
  same("0.123456789 procent");
  same("kenmerk A0612345678");
}

TEST_CASE("IBANs are taken out when their check digits are right") {
  for (const char* iban :
       {"NL91ABNA0417164300", "NL91 ABNA 0417 1643 00", "nl91abna0417164300", "BE68 5390 0754 7034",
        "DE89 3704 0044 0532 0130 00", "GB29NWBK60161331926819", "NL91-ABNA-0417-1643-00"})
    CHECK(redact(std::string("naar ") + iban + " graag") == "naar [iban] graag");
  CHECK(redact("NL91ABNA0417164300graag") == "[iban]graag");
  same("NL92ABNA0417164300");
  same("NL91ABNA04171643");
  same("XX91ABNA0417164300");
}

TEST_CASE("Cards and BSNs are taken out") {
  for (const char* card : {"4111111111111111", "4111 1111 1111 1111", "5555-5555-5555-4444",
                           "378282246310005", "3782 822463 10005"})
    CHECK(redact(std::string("pas ") + card + ".") == "pas [card].");
  same("pas 4111 1111 1111 1112.");
  CHECK(redact("nummer 111222333") == "nummer [bsn]");
  CHECK(redact("bsn 123456782 toch") == "bsn [bsn] toch");
  CHECK(redact("BSN-nummer: 1234.56.789") == "BSN-nummer: [bsn]");
  CHECK(redact("mijn burgerservicenummer is 123456789") == "mijn burgerservicenummer is [bsn]");
  CHECK(redact("order 123456782") == "order [order]");  // though it passes the 11-test
  CHECK(redact("klantnummer 123456782") == "klantnummer [customer]");
  same("getal 123456789");
  same("getal 111111111");
}

TEST_CASE("Postcodes with a house number and e-mail addresses are taken out") {
  for (const char* address : {"1234 AB 12", "1234AB 12", "1234ab 12a", "1234 AB, 12-3",
                              "1234 ab nr. 12", "12, 1234 AB", "12a 1234AB"})
    CHECK(redact(std::string("op ") + address + "!") == "op [postcode]!");
  same("postcode 1234 AB");
  same("In 2024 is 1 op de 3 klanten weg");
  same("sinds 2019 en 3 keer gebeld");
  CHECK(redact("mail jan.de-vries+x@voorbeeld.example.nl.") == "mail [email].");
  CHECK(redact("(info@example.com)") == "([email])");
  CHECK(redact("rené@example.com") == "[email]");
  same("@klant@sociaal.example volg mij");
  same("a@b en x@y");
}

TEST_CASE("Nothing in a text can drive a terminal or forge a line") {
  CHECK(redact("a\x1b[31mb\r\nc\td\x7f") == "a [31mb  c d ");
  CHECK(redact(std::string_view("a\0b", 3)) == "a b");
  CHECK(redact("a\u202Eb\u2066c\u2069d\u200Be\uFEFFf\u0085g") == "a b c d e f g");
  CHECK(redact("a\xFF\xC3(\xE2\x82") == "a\uFFFD\uFFFD(\uFFFD\uFFFD");
  CHECK(redact("\xED\xA0\x80") == "\uFFFD\uFFFD\uFFFD");
  same("één 😡 👨‍👩‍👧 emoji");
}

TEST_CASE("A cut text holds whole code points and says that it was cut") {
  CHECK(redact("één twee", 5) == "één …");
  CHECK(redact("één", 3) == "één");
  CHECK(redact("één", 2) == "é…");
  CHECK(redact("één", 1) == "…");
  CHECK(redact("één", 0).empty());
  CHECK(redact("", 5).empty());
  CHECK(redact("bel 0612345678", 14) == "bel [phone]");  // redacted before it is cut
}

TEST_CASE("Redacting twice changes nothing more") {
  const std::vector<std::string> pieces = {"0612345678",
                                           "06",
                                           "+31",
                                           "(0)",
                                           "(020)",
                                           " ",
                                           "-",
                                           ".",
                                           "1234",
                                           "AB",
                                           "12",
                                           "ab",
                                           "123456782",
                                           "bsn",
                                           "bsn: ",
                                           "NL91ABNA0417164300",
                                           "NL91",
                                           "ABNA",
                                           "4111111111111111",
                                           "4111 1111",
                                           "@",
                                           "a.nl",
                                           "jan",
                                           "00",
                                           "é",
                                           "\xff",
                                           "[",
                                           "]",
                                           ",",
                                           "/",
                                           "9",
                                           "0",
                                           "111222333",
                                           "nr",
                                           "\n",
                                           "\u00A0",
                                           "+",
                                           "(",
                                           ")",
                                           "x",
                                           "1234 AB 12"};
  std::mt19937 random(7);
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (unsigned n = 1 + random() % 10; n > 0; --n)
      text += pieces[random() % pieces.size()];
    const std::string once = redact(text);
    INFO(text);
    REQUIRE(redact(once) == once);
    REQUIRE(redact(text, 12) == redact(once, 12));
  }
}

TEST_CASE("Random bytes come out as harmless UTF-8") {
  std::mt19937 random(11);
  for (int round = 0; round < 2'000; ++round) {
    std::string text;
    for (unsigned n = random() % 64; n > 0; --n)
      text.push_back(static_cast<char>(random()));
    const std::string out = redact(text);
    REQUIRE(redact(out) == out);
    for (std::size_t i = 0, size = 0; i < out.size(); i += size) {
      const char32_t c = decode_utf8(std::string_view(out).substr(i, 4), size);
      REQUIRE((c != kInvalid || size == 3));
      REQUIRE((c >= 0x20 && (c < 0x7F || c > 0x9F)));
    }
  }
}

TEST_CASE("A long text of anything takes time in proportion") {
  for (const char* piece :
       {"1", "a@", "0 ", "NL", "06", "(0", "+", "bsn ", "a.", "1234AB ", "12, ", "- ", "\xff"}) {
    std::string text;
    while (text.size() < (128U << 10))
      text += piece;
    const std::clock_t begin = std::clock();  // of this process: the machine may be busy
    const std::string out = redact(text);
    const double took = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    CHECK_FALSE(out.empty());
    INFO(piece);
    // A thousand times what an optimised build needs: only more than linear growth takes longer.
    CHECK(took < 10);
  }
}

// Found by the fuzz target: the address ended inside of a character.
TEST_CASE("An address that is cut at the longest length takes the whole of its last character") {
  std::string text = "mail a.b@c.exa";
  for (int i = 0; i < 120; ++i)
    text += '\xFF';
  const std::string once = redact(text);
  CHECK(once.starts_with("mail [email]"));
  CHECK(redact(once) == once);
}

}  // namespace brandwacht::text
