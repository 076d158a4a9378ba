#include "monitor/thread/topics.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>

#include "monitor/text/simhash.hpp"
#include "tests/support/catch.hpp"
#include "tests/thread/poisson.hpp"

// Every post here is invented.
using namespace brandwacht;
using namespace brandwacht::thread;
using namespace std::chrono_literals;
using text::signature;

namespace {

constexpr Time kStart{std::chrono::seconds{1'767'600'000}};
constexpr std::uint32_t kBrand = 3;

const std::vector<std::string> kOutage = {
    "Polderbank ligt er alweer uit, ik kan niet pinnen bij de kassa",
    "Storing bij Polderbank? Mijn pinpas wordt overal geweigerd",
    "sta ik dan met een volle kar in de supermarkt, pinnen werkt niet. bedankt Polderbank",
    "Polderbank app geeft alleen maar een foutmelding, inloggen lukt niet",
    "is polderbank down for anyone else? my card keeps getting declined",
    "Al een uur storing en nog steeds geen bericht van @webcare.polderbank.example",
    "Betaalstoring bij Polderbank, hele winkel staat stil",
    "weer een landelijke storing. het is toch elke maand raak met polderbank",
    "Polderbank outage right in the middle of lunch, nobody here can pay",
    "kan iemand anders ook niet inloggen bij polderbank, of ligt het aan mij",
    "iDEAL via Polderbank werkt niet, webshop loopt omzet mis door deze storing",
    "Polderbank storing!!! hoe moet ik nu tanken",
    "onbereikbaar, de app, de site, alles. wat een prutsers bij polderbank",
    "Pinautomaat geeft niks, app ligt plat. Polderbank wat is er aan de hand",
    "Card payments with Polderbank not working since noon, is there an outage",
    "Polderbank: storing verholpen zeggen ze. Nee dus, pinnen doet het nog steeds niet"};

const std::vector<std::string> kPrice = {
    "Polderbank verhoogt de maandelijkse kosten alweer, nu 4 euro voor een rekening",
    "Betalen om je eigen geld te bewaren, de kosten bij polderbank gaan weer omhoog",
    "rekening bij Polderbank wordt duurder per 1 juli. tijd om over te stappen",
    "Weer een verhoging van de kosten van mijn rekening. Polderbank maakt miljarden winst",
    "polderbank raises the monthly fee again while making record profits",
    "miljardenwinst maar wel de kosten van een rekening verhogen, schaam je polderbank"};

// Invented complaints to invented companies of all kinds, from the folder of the bench.
std::vector<std::string> everyday() {
  std::vector<std::string> out;
  for (const char* file : {"/desk-nl.tsv", "/desk-en.tsv"}) {
    std::ifstream in(std::string(BRANDWACHT_BENCH_DATA) + file);
    for (std::string line; std::getline(in, line);) {
      std::vector<std::string> fields;
      std::istringstream cells(line);
      for (std::string cell; std::getline(cells, cell, '\t');)
        fields.push_back(cell);
      if (fields.size() >= 6 && fields[2] == "complaint") out.push_back(fields[5]);
    }
  }
  return out;
}

struct Desk {
  Topics topics;
  Time now = kStart;
  std::uint64_t threads = 0;

  Desk() { topics.expect(kBrand, signature("polderbank webcare"), 1); }
  void learn(const std::vector<std::string>& posts) {
    for (const std::string& post : posts)
      topics.learn(kBrand, signature(post), now += 31s);
    now += 3h;
  }
  TopicMatch assign(std::string_view text, Duration after = 1min) {
    now += after;
    return topics.assign(kBrand, ++threads * 0x9E3779B97F4A7C15, signature(text), now);
  }
};

}  // namespace

TEST_CASE("posts on one outage form few topics, in Dutch and English") {
  const auto rows = everyday();
  REQUIRE(rows.size() > 2'000);
  for (const bool taught : {false, true}) {
    Desk desk;
    if (taught) desk.learn(rows);
    std::map<TopicId, int> sizes;
    for (const std::string& post : kOutage)
      ++sizes[desk.assign(post, 2min).id];
    int most = 0;
    for (const auto& [id, size] : sizes)
      most = std::max(most, size);
    INFO("taught " << taught << ": " << sizes.size() << " topics, the largest of " << most);
    CHECK(sizes.size() <= 6);
    CHECK(most >= 7);
  }
}

TEST_CASE("two matters of one evening stay two topics") {
  Desk desk;
  desk.learn(everyday());
  std::set<TopicId> outage, price;
  for (std::size_t i = 0; i < kOutage.size(); ++i) {
    outage.insert(desk.assign(kOutage[i]).id);
    if (i < kPrice.size()) price.insert(desk.assign(kPrice[i]).id);
  }
  for (const TopicId id : price)
    CHECK(outage.count(id) == 0);
}

TEST_CASE("everyday complaints that follow each other are seldom one topic") {
  const auto rows = everyday();
  std::vector<std::string> first, second;
  Dice dice(4);
  for (const std::string& row : rows)
    (dice.uniform() < 0.5 ? first : second).push_back(row);
  Desk desk;
  desk.learn(first);
  int joined = 0;
  for (int i = 0; i < 1'000; ++i) {
    // A candidate each quarter of an hour: up to eight topics run beside it.
    const auto at = static_cast<std::size_t>(dice.uniform() * static_cast<double>(second.size()));
    joined += desk.assign(second[at], 15min).is_new ? 0 : 1;
  }
  INFO(joined << " of 1000");
  CHECK(joined < 120);
}

TEST_CASE("copies are one topic whatever their words") {
  Desk desk;
  const auto first = desk.assign("iedereen stapt over, doe mee en deel dit bericht verder");
  const auto copy =
      desk.assign("Iedereen stapt over! Doe mee en deel dit bericht verder https://example.com");
  CHECK(copy.id == first.id);
  CHECK_FALSE(copy.is_new);
}

TEST_CASE("a topic is over two hours after its last post, and lasts as long as posts come") {
  Desk desk;
  const TopicId first = desk.assign(kOutage[1]).id;
  for (int i = 0; i < 10; ++i)
    CHECK(desk.assign(kOutage[1], 119min).id == first);
  CHECK(desk.topics.topic_of(kBrand, signature(kOutage[1]), desk.now + 2h) == first);
  CHECK_FALSE(desk.topics.topic_of(kBrand, signature(kOutage[1]), desk.now + 2h + 1us));
  CHECK(desk.assign(kOutage[1], 121min).id != first);
}

TEST_CASE("topics of two brands never meet") {
  Topics topics;
  const Signature post = signature(kOutage[1]);
  const TopicId one = topics.assign(1, 10, post, kStart).id;
  CHECK(topics.assign(2, 20, post, kStart).id != one);
  CHECK_FALSE(topics.topic_of(7, post, kStart));
}

TEST_CASE("a thread stays in its topic, and counts once") {
  Topics topics;
  const auto first = topics.assign(kBrand, 10, signature(kOutage[0]), kStart);
  const auto again = topics.assign(kBrand, 10, signature(kPrice[0]), kStart + 1min);
  CHECK(again.id == first.id);
  CHECK(again.threads == 1);
}

TEST_CASE("the first page of a topic is the incident of its other threads") {
  Desk desk;
  const auto first = desk.assign(kOutage[1]);
  CHECK(first.incident == 0);
  desk.topics.note_page(kBrand, first.id, 77);
  const auto second = desk.assign(kOutage[1]);
  CHECK(second.incident == 77);
  CHECK(second.paged == 1);
  CHECK(second.threads == 2);
  desk.topics.note_page(kBrand, first.id, 88);
  CHECK(desk.assign(kOutage[1]).incident == 77);
  CHECK(desk.topics.find(kBrand, first.id)->paged == 2);
  desk.topics.note_close(77);
  CHECK(desk.assign(kOutage[1]).incident == 0);
}

TEST_CASE("a crisis does not make its words ordinary") {
  Desk desk;
  desk.learn(everyday());
  std::set<TopicId> before, after;
  for (const std::string& post : kOutage)
    before.insert(desk.assign(post).id);
  for (std::size_t i = 0; i < 3'000; ++i)  // two and a half hours of it
    desk.topics.learn(kBrand, signature(kOutage[i % kOutage.size()]), desk.now += 3s);
  desk.now += 3h;
  for (const std::string& post : kOutage)
    after.insert(desk.assign(post).id);
  CHECK(after.size() <= before.size() + 1);
}

TEST_CASE("a post of two topics makes them one, unless both have an incident") {
  for (const bool both : {false, true}) {
    Desk desk;
    const TopicId lock = desk.assign("kwartelslot klemt weer, kwartelslot deugt niet").id;
    const TopicId roof = desk.assign("lekkend zeemeeuwdak, wie repareert zeemeeuwdak").id;
    REQUIRE(lock != roof);
    desk.assign("kwartelslot kapot, wanneer komt kwartelslot");
    desk.assign("zeemeeuwdak lekt, zeemeeuwdak");
    desk.topics.note_page(kBrand, lock, 77);
    if (both) desk.topics.note_page(kBrand, roof, 88);
    const auto bridge = desk.assign("kwartelslot en zeemeeuwdak");
    CHECK(bridge.threads == (both ? 3 : 5));
    const Topic* left = desk.topics.find(kBrand, lock);
    REQUIRE(left != nullptr);
    CHECK((left == desk.topics.find(kBrand, roof)) == !both);
    CHECK(left->incident == 77);
  }
}

TEST_CASE("of a busy brand twenty posts in ten minutes are looked at") {
  Topics topics;
  CHECK(topics.wants(kBrand, kStart));
  int looked = 0;
  for (int i = 0; i < 600; ++i) {
    looked += topics.wants(kBrand, kStart + i * 1s) ? 1 : 0;
    topics.learn(kBrand, signature(kPrice[0]), kStart + i * 1s);
  }
  CHECK(looked == 20);
  CHECK(topics.wants(kBrand, kStart + 10min));
}

TEST_CASE("memory is bounded, and a topic that gives way is counted") {
  Topics topics;
  Dice dice(9);
  Time now = kStart;
  for (std::uint64_t i = 1; i <= 200; ++i) {
    std::string post;
    for (int letter = 0; letter < 48; ++letter)
      post += letter % 8 == 7 ? ' ' : static_cast<char>('a' + dice.uniform() * 26);
    CHECK(topics.assign(kBrand, i, signature(post), now += 1s).id != 0);
  }
  CHECK(topics.dropped() > 100);
  for (std::uint32_t brand = 0; brand < 5'000; brand += 999)
    topics.assign(brand, 1, signature(kOutage[0]), now);
  CHECK(sizeof(OrdinaryWords) + Topics::kTopics * sizeof(Topic) < 33'000);
}

TEST_CASE("saved and restored it goes on as before, and other bytes are refused") {
  Desk one;
  one.learn(everyday());
  for (std::size_t i = 0; i < 8; ++i)
    one.assign(kOutage[i]);
  const std::string saved = one.topics.save();
  Topics two, fresh;
  CHECK(two.restore(saved));
  CHECK(two.save() == saved);
  for (std::size_t i = 8; i < kOutage.size(); ++i) {
    const auto there = one.assign(kOutage[i]);
    const auto here =
        two.assign(kBrand, one.threads * 0x9E3779B97F4A7C15, signature(kOutage[i]), one.now);
    CHECK(here.id == there.id);
    CHECK(here.evidence == there.evidence);
  }
  CHECK(fresh.restore(fresh.save()));
  const std::string kept = two.save();
  for (const std::string& wrong :
       {std::string{}, saved.substr(1), saved + "x", std::string(60, 'x')}) {
    CHECK_FALSE(two.restore(wrong));
    CHECK(two.save() == kept);
  }
}

TEST_CASE("posts without words, and times that step, do no harm") {
  Topics topics;
  const auto empty = topics.assign(kBrand, 1, signature(""), kStart);
  CHECK(topics.assign(kBrand, 2, signature("@iemand https://example.com"), kStart).id != empty.id);
  for (const Time time : {Time::min(), Time::max(), kStart - 100h, kStart}) {
    topics.learn(kBrand, signature(kOutage[0]), time);
    CHECK(topics.assign(kBrand, 3, signature(kOutage[0]), time).id != 0);
    (void)topics.topic_of(kBrand, signature(kOutage[0]), time);
  }
}
