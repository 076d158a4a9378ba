// Random streams against the naive reference, and every order of one stream against every other.
#include <algorithm>
#include <random>

#include "tests/support/catch.hpp"
#include "tests/thread/naive.hpp"

using namespace brandwacht;
using namespace brandwacht::thread;

namespace {

struct Stream {
  explicit Stream(unsigned seed) : random(seed) {}

  int up_to(int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); }
  bool one_in(int n) { return up_to(n) == 0; }

  // Mentions 1..count, of which the first are roots. Half the roots quote something in a thread of
  // a lower number (a post quotes what is older, so there are no circles); replies may quote too.
  // Anything may arrive before anything.
  std::vector<Observation> make(int count, int roots, int authors, bool replies_quote) {
    std::vector<Post> posts;
    for (int i = 1; i <= count; ++i) {
      Post post;
      post.id = post.thread = static_cast<std::uint64_t>(i);
      if (i > roots) post.thread = static_cast<std::uint64_t>(1 + up_to(roots));
      post.author = static_cast<std::uint64_t>(up_to(authors));
      post.at = kNoon + seconds{up_to(5000)};
      post.negative = one_in(2) ? 0.8F : 0.2F;
      posts.push_back(post);
    }
    for (Post& post : posts) {
      const bool root = post.id == post.thread;
      if (root ? one_in(2) : !replies_quote || !one_in(8)) continue;
      const Post& other = posts[static_cast<std::size_t>(up_to(count))];
      if (other.thread < post.thread) post.quoted = other.id;
    }
    std::vector<Observation> out;
    for (const Post& post : posts) {
      Observation made = observation(post);
      made.official = one_in(40);
      made.received_at += seconds{up_to(300)};
      if (one_in(50)) made.created_at = made.received_at + minutes{5};
      if (one_in(50)) made.created_at = Time{};
      out.push_back(made);
    }
    return out;
  }

  std::mt19937 random;
};

void compare(const Belief& is, const Belief& should) {
  CHECK(is.joiners == should.joiners);
  CHECK(is.participants == should.participants);
  CHECK(is.joiners_window == should.joiners_window);
  CHECK(is.joiners_recent == should.joiners_recent);
  CHECK(is.joiners_before == should.joiners_before);
  CHECK(is.first_at == std::chrono::floor<seconds>(should.first_at));
  CHECK(is.last_at == std::chrono::floor<seconds>(should.last_at));
  CHECK(is.last_critic_at == std::chrono::floor<seconds>(should.last_critic_at));
}

void compare(const Table& table, const Naive& naive, Time now) {
  const auto homes = naive.homes();
  CHECK(table.size() == homes.size());
  for (const auto thread : homes) {
    const auto is = table.belief(thread, now);
    REQUIRE(is);
    compare(*is, naive.belief(thread, now));
  }
}

constexpr Time kEnd = kNoon + seconds{5400};

}  // namespace

TEST_CASE(
    "random streams with edits, repetitions, deletes and quotes count as the naive reference") {
  const auto seed = GENERATE(range(1, 40));
  CAPTURE(seed);
  Stream stream(static_cast<unsigned>(seed));
  const int authors =
      seed % 3 == 0 ? 400 : 12;  // beyond the small representations, or many meetings
  auto told = stream.make(600, 2 + seed % 30, authors, true);
  std::shuffle(told.begin(), told.end(), stream.random);
  const Settings settings;
  Table table(settings);
  Naive naive(settings);
  for (std::size_t i = 0; i < told.size(); ++i) {
    Observation now = told[i];
    if (stream.one_in(5))
      now = told[static_cast<std::size_t>(stream.up_to(static_cast<int>(i) + 1))];
    if (stream.one_in(6)) {
      now.edit = true;
      now.negative = stream.one_in(2) ? 0.9F : 0.1F;
    }
    if (stream.one_in(15)) {
      const auto gone =
          told[static_cast<std::size_t>(stream.up_to(static_cast<int>(told.size())))].mention;
      (void)table.remove(gone, now.received_at);
      naive.remove(gone);
    }
    (void)table.observe(now);
    naive.observe(now);
    if (i % 150 == 0) compare(table, naive, kEnd - seconds{stream.up_to(5400)});
  }
  for (int i = 0; i < 10; ++i)
    compare(table, naive, kEnd + minutes{7 * i});
}

TEST_CASE("pitfall 09: any order of the same observations gives the same counts") {
  const auto seed = GENERATE(range(1, 25));
  CAPTURE(seed);
  Stream stream(static_cast<unsigned>(seed));
  auto told = stream.make(300, 2 + seed, seed % 2 == 0 ? 200 : 15, false);
  for (int i = 0; i < 60; ++i) {  // repetitions, some delivered later, and edits
    Observation again = told[static_cast<std::size_t>(stream.up_to(300))];
    again.received_at += seconds{stream.up_to(100)};
    if (stream.one_in(2)) {
      again.edit = true;
      again.negative = stream.one_in(2) ? 0.9F : 0.1F;
    }
    told.push_back(again);
  }
  const Settings settings;
  Naive naive(settings);
  for (const auto& observation : told)
    naive.observe(observation);
  for (int order = 0; order < 12; ++order) {
    std::shuffle(told.begin(), told.end(), stream.random);
    Table table(settings);
    for (const auto& observation : told)
      (void)table.observe(observation);
    compare(table, naive, kEnd);
  }
}

TEST_CASE("a chain of quotes ends in one thread, in every order of arrival") {
  // Root 1; 2 answers 1; 3 quotes 2; 4 answers 3; 5 quotes 4; 6 answers 5. Authors as numbered.
  std::vector<Observation> told;
  told.push_back(observation({.id = 1, .author = 1}));
  told.push_back(observation({.id = 2, .thread = 1, .author = 2}));
  told.push_back(observation({.id = 3, .author = 3, .quoted = 2}));
  told.push_back(observation({.id = 4, .thread = 3, .author = 4}));
  told.push_back(observation({.id = 5, .author = 5, .quoted = 4}));
  told.push_back(observation({.id = 6, .thread = 5, .author = 6}));
  std::vector<int> order{0, 1, 2, 3, 4, 5};
  do {
    Table table{Settings{}};
    for (const int i : order)
      (void)table.observe(told[static_cast<std::size_t>(i)]);
    const auto belief = table.belief(key_of(1), kNoon);
    REQUIRE(belief);
    CHECK(table.size() == 1);
    CHECK(belief->joiners == 5);
    CHECK(table.tracked(key_of(5), 0) == 7U);
  } while (std::next_permutation(order.begin(), order.end()));
}
