#include "monitor/text/tokens.hpp"

#include <memory>
#include <string>
#include <vector>

#include "tests/support/catch.hpp"

namespace brandwacht::text {
namespace {

std::unique_ptr<Tokens> read(std::string_view text) {
  auto out = std::make_unique<Tokens>();
  tokenize(text, *out);
  return out;
}

std::vector<std::uint64_t> hashes(std::string_view text) {
  const auto tokens = read(text);
  std::vector<std::uint64_t> out;
  for (std::size_t i = 0; i < tokens->size; ++i)
    out.push_back(tokens->list[i].hash);
  return out;
}

std::vector<std::string> pieces(std::string_view text) {
  const auto tokens = read(text);
  std::vector<std::string> out;
  for (std::size_t i = 0; i < tokens->size; ++i)
    out.emplace_back(
        text.substr(tokens->list[i].begin, tokens->list[i].end - tokens->list[i].begin));
  return out;
}

}  // namespace

TEST_CASE("A post is cut into words, numbers, accounts, links, emoji and marks") {
  CHECK(pieces("@Klant_Hulp hoe kan dit?! https://x.example/a 3 dagen 😡😡 :( ...") ==
        std::vector<std::string>{"@Klant_Hulp", "hoe", "kan", "dit", "?!", "https://x.example/a",
                                 "3", "dagen", "😡😡", ":(", "..."});
  CHECK(pieces("e-mail, niet (echt) 'leuk'") ==
        std::vector<std::string>{"e", "mail", "niet", "echt", "leuk"});
  CHECK(pieces("").empty());
  CHECK(pieces(" \n.,-").size() <= 1);
}

TEST_CASE("Case, accents, apostrophes and drawn out letters do not change a word") {
  CHECK(hashes("SLECHT") == hashes("slecht"));
  CHECK(hashes("één") == hashes("een"));
  CHECK(hashes("can’t") == hashes("can't"));
  CHECK(hashes("zooooo") == hashes("zooo"));
  CHECK(hashes("bank's") == hashes("bank"));
  CHECK(hashes("\u0441лава") != hashes("cлава"));
}

TEST_CASE("Of numbers only the form counts, of accounts and links nothing") {
  CHECK(hashes("28") == hashes("31"));
  CHECK(hashes("28") != hashes("310"));
  CHECK(hashes("20gb") == hashes("40GB"));
  CHECK(hashes("@a") == hashes("@another.name"));
  CHECK(hashes("http://a.example") == hashes("https://b.example/x?y=1"));
  CHECK(hashes("😡") == hashes("😡😡😡"));
  CHECK(hashes("!!") != hashes("!"));
  CHECK(hashes("!!!!!") == hashes("!!"));
}

TEST_CASE("A word reads the same wherever it stands in the text") {
  // The fast path reads sixteen bytes at once; near the end it reads a copy.
  const std::string word = "vertraging";
  for (std::size_t before = 0; before < 40; ++before)
    for (std::size_t after = 0; after < 20; ++after) {
      const std::string text = std::string(before, ' ') + word + std::string(after, ' ');
      REQUIRE(hashes(text) == hashes(word));
    }
  const std::string long_word = "arbeidsongeschiktheidsverzekeringsmaatschappijen";
  CHECK(hashes(long_word).size() == 1);
  CHECK(hashes(long_word) == hashes(" " + long_word + " "));
}

TEST_CASE("Capitals, drawn out words and foreign letters are counted") {
  const auto tokens = read("WAT een ZOOOOOI straße señor");
  CHECK(tokens->words == 5);
  CHECK(tokens->caps == 2);
  CHECK(tokens->elongated == 1);
  CHECK(tokens->letter_count == 2);
}

TEST_CASE("What lies beyond the limits is not read") {
  std::string many;
  for (int i = 0; i < 2000; ++i)
    many += "a ";
  CHECK(read(many)->size == Tokens::kMax);
  const std::string far = std::string(kMaxScored, ' ') + "slecht";
  CHECK(read(far)->size == 0);
}

}  // namespace brandwacht::text
