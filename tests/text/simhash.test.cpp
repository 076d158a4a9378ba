#include "monitor/text/simhash.hpp"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "monitor/text/tokens.hpp"
#include "tests/support/catch.hpp"

// Every post here is invented.
namespace brandwacht::text {
namespace {

int shared(std::string_view a, std::string_view b) {
  const Signature first = signature(a), second = signature(b);
  int out = 0;
  for (const auto term : first.terms())
    out += static_cast<int>(std::ranges::count(second.terms(), term));
  return out;
}

}  // namespace

TEST_CASE("a copy is a copy whatever its case, accents, links and names") {
  const SimHash one = simhash("Polderbank liegt al weken over de storing, stop met betalen!");
  CHECK(one != 0);
  for (const char* copy :
       {"POLDERBANK LIEGT AL WEKEN OVER DE STORING, STOP MET BETALEN!!!",
        "@webcare.polderbank.example polderbank liegt al weken over de storing stop met betalen",
        "Polderbánk liegt al weken over de störing. Stop met betalen https://example.com/a?b=1",
        "Polderbank LIEGT al weken over de storing, stop met betalen \xF0\x9F\x98\xA1"})
    CHECK(simhash_distance(one, simhash(copy)) <= kNearDuplicateBits);
  CHECK(near_duplicate(one, one));
}

TEST_CASE("posts of different people on the same matter are not copies") {
  const std::vector<std::string> posts = {
      "Polderbank ligt er alweer uit, ik kan niet betalen bij de kassa",
      "Storing bij Polderbank: mijn pinpas werkt niet en de app ook niet",
      "is polderbank down for anyone else? cannot log in to the app",
      "Al een uur in de wacht bij Polderbank en niemand neemt op",
      "Waarom werkt internetbankieren van Polderbank nooit op zaterdag",
      "Polderbank app says try again later. It has been later for two hours"};
  for (std::size_t i = 0; i < posts.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      CHECK(simhash_distance(simhash(posts[i]), simhash(posts[j])) > 10);
}

TEST_CASE("a text of three words is nobody's copy") {
  CHECK(simhash("wat een zooi") == 0);
  CHECK(simhash("") == 0);
  CHECK(simhash("@a @b @c @d https://example.com 1 2 3 4 5") == 0);
  CHECK_FALSE(near_duplicate(simhash("wat een zooi"), simhash("wat een zooi")));
  CHECK(simhash("wat een grote zooi") != 0);
}

TEST_CASE("random texts are half the bits apart") {
  std::mt19937_64 random(7);
  double total = 0;
  int near = 0;
  SimHash before = 0;
  for (int i = 0; i < 2'000; ++i) {
    std::string text;
    for (int word = 0; word < 15; ++word) {
      for (int letter = 0; letter < 6; ++letter)
        text += static_cast<char>('a' + random() % 26);
      text += ' ';
    }
    const SimHash hash = simhash(text);
    if (i > 0) {
      total += simhash_distance(before, hash);
      near += near_duplicate(before, hash) ? 1 : 0;
    }
    before = hash;
  }
  CHECK(near == 0);
  CHECK(total / 1'999 == Approx(32).margin(1));
}

TEST_CASE("a text of any length has a hash, and broken UTF-8 does no harm") {
  std::string many;
  for (int i = 0; i < 700; ++i)
    many += "storing ";
  CHECK(simhash(many) != 0);
  CHECK(simhash("\xFF\xFE slecht \xC3 slecht \xE2\x82 slecht erg") != 0);
  CHECK(signature(many).size <= Signature::kMaxTerms);
}

TEST_CASE("words of one family share a term, and empty words give none") {
  CHECK(shared("betaalstoring", "storing") >= 1);
  CHECK(shared("pinstoringen", "storing") >= 1);
  CHECK(shared("storingen", "storing") >= 1);
  CHECK(shared("betalen", "betaling") >= 1);
  CHECK(shared("payments", "payment") >= 1);
  CHECK(shared("vertraging", "vertraagd") == 2);  // the word, and the matter
  CHECK(shared("storing", "outage") == 1);
  CHECK(shared("downtown", "outage") == 0);
  CHECK(shared("storing", "vertraging") == 0);
  CHECK(signature("het is niet van mij, that was the").size == 0);
}

TEST_CASE("a signature holds distinct terms within its bound") {
  std::string text;
  for (int i = 0; i < 60; ++i)
    text += std::string(1, static_cast<char>('a' + i % 26)) + "xqz" +
            std::string(1, static_cast<char>('a' + i / 26)) + "woord ";
  const Signature made = signature(text);
  CHECK(made.size == Signature::kMaxTerms);
  auto sorted = made.list;
  std::ranges::sort(sorted);
  CHECK(std::ranges::adjacent_find(sorted) == sorted.end());
}

}  // namespace brandwacht::text
