// A year of invented traffic: no promise is called broken that was kept, and none is missed.
#include <functional>
#include <map>
#include <queue>
#include <set>
#include <vector>

#include "bench/stream/random.hpp"
#include "bench/stream/stream.hpp"
#include "tests/desk/scene.hpp"

namespace brandwacht::desk {
namespace {
using namespace scene;

// What an official account will write in one thread, and what an oracle says of it.
struct Deed {
  Time at{};
  std::uint64_t thread = 0;
  Time by{};  // Time{}: an answer
  bool operator>(const Deed& other) const { return at > other.at; }
};
using Deeds = std::priority_queue<Deed, std::vector<Deed>, std::greater<>>;

constexpr Duration kGrace = 2min;

// A promise, perhaps put off once or twice, perhaps answered, in time or not. True: it is broken.
bool script(bench::Random& random, std::uint64_t thread, Time begin, Deeds& deeds) {
  const auto minutes = [&](double low, double high) {
    return Duration{static_cast<std::int64_t>(random.between(low, high) * 60e6)};
  };
  const Time said = begin + minutes(5, 60);
  Time by = said + minutes(30, 480);
  deeds.push({said, thread, by});
  const Duration span = by - said;
  const auto within = [&](double low, double high) {
    return said + Duration{static_cast<std::int64_t>(static_cast<double>(span.count()) *
                                                     random.between(low, high))};
  };
  Time answer = random.chance(0.75) ? within(0.1, 1.8) : Time::max();
  if (random.chance(0.3)) {
    const Time again = within(0.2, 0.9);
    if (again < answer) {
      by += minutes(10, 360);
      deeds.push({again, thread, by});
      if (random.chance(0.3) && again + 1min < std::min(answer, by))
        deeds.push({again + 1min, thread, by + 6h});  // a third time is not granted
    }
  }
  if (answer != Time::max()) deeds.push({answer, thread, {}});
  return answer >= by + kGrace;
}

TEST_CASE(
    "desk rule 04: a year of generated traffic has no false broken promise, and misses none") {
  bench::StreamSettings year;
  year.weeks = 52;
  bench::Stream stream(5, year);
  Settings with = settings();
  with.asks = Asks::named;
  with.promise_grace = kGrace;
  Desk desk(with);
  desk.now = bench::Stream::begin();
  bench::Random random(11);
  Deeds deeds;
  std::map<std::uint64_t, bool> truth;
  std::set<std::uint64_t> told;
  int posts = 0;
  const auto hear = [&] {
    desk.collect();
    for (const Event& event : desk.events)
      if (event.what == What::promise_broken) told.insert(event.thread);
    desk.events.clear();
  };
  const auto until = [&](Time at) {
    while (!deeds.empty() && deeds.top().at <= at) {
      const Deed deed = deeds.top();
      deeds.pop();
      desk.now = std::max(desk.now, deed.at);
      desk.webcare.tick(desk.now);
      deed.by == Time{} ? desk.answer(deed.thread) : desk.promise(deed.thread, deed.by);
      hear();
    }
    desk.now = std::max(desk.now, at);
    desk.webcare.tick(desk.now);
    hear();
  };
  while (const bench::Event* event = stream.next()) {
    if (event->kind != MentionKind::create || event->again || event->official) continue;
    until(event->received_at);
    ++posts;
    Post post = desk.customer(event->origin, event->author);
    post.at = event->created_at;
    post.root = event->id == event->origin;
    post.negative = event->negative >= 0.5F;
    desk.see(post);
    if (post.root && post.negative && random.chance(0.15))
      truth.emplace(event->origin, script(random, event->origin, desk.now, deeds));
  }
  until(desk.now + 72h);
  int broken = 0, wrong = 0;
  for (const auto& [thread, is_broken] : truth) {
    broken += is_broken;
    wrong += told.contains(thread) != is_broken;
  }
  CHECK(wrong == 0);
  CHECK(told.size() == static_cast<std::size_t>(broken));
  CHECK(posts > 80'000);
  CHECK(truth.size() > 1'500);
  CHECK(broken > 400);
}

}  // namespace
}  // namespace brandwacht::desk
