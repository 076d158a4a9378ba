#include "monitor/thread/heartbeat.hpp"

#include <cmath>

#include "tests/support/catch.hpp"
#include "tests/thread/poisson.hpp"

using namespace brandwacht;
using namespace brandwacht::thread;
using namespace std::chrono_literals;

namespace {

struct Source {
  Calendar calendar;
  Heartbeat heartbeat{calendar};
  Dice dice{5};
  Time now{1'767'571'200s};  // 2026-01-05T00:00:00Z
  int began = 0, ended = 0;

  void note(const std::optional<Silence>& silence) {
    if (!silence) return;
    ++(silence->kind == Silence::Kind::began ? began : ended);
  }
  // Events at `rate` an hour, and a tick each 10 s.
  void run(Duration span, double rate) {
    for (const Time end = now + span; now < end; now += 10s) {
      if (const int events = dice.poisson(rate / 360)) note(heartbeat.event(now, events));
      note(heartbeat.tick(now));
    }
  }
};

}  // namespace

TEST_CASE("pitfall 12: a source that falls silent gives one alarm, and one word when it is back") {
  Source source;
  source.run(48h, 60);
  CHECK(source.began == 0);
  const Time dead = source.now;
  source.run(6h, 0);
  CHECK(source.began == 1);
  CHECK(source.heartbeat.silent());
  CHECK(source.heartbeat.coverage(dead - 6h, source.now) == Approx(0.5).margin(0.02));
  source.run(1h, 60);
  CHECK(source.began == 1);
  CHECK(source.ended == 1);
  const auto gap = source.heartbeat.last_gap();
  REQUIRE(gap);
  CHECK(gap->to - gap->from > 6h - 5min);
  CHECK(source.heartbeat.coverage(source.now - 30min, source.now) == 1);
}

TEST_CASE("the alarm comes when silence has become unlikely, sooner for a busy source") {
  for (const double rate : {20.0, 600.0, 100'000.0}) {
    Source source;
    source.run(12h, rate);
    REQUIRE(source.began == 0);
    const Time dead = source.now;
    while (source.began == 0 && source.now < dead + 24h)
      source.run(10s, 0);
    const double hours = std::chrono::duration<double, std::ratio<3600>>(source.now - dead).count();
    INFO("rate " << rate << " hours " << hours);
    const double slots = 360 * (1 - std::exp(-rate / 360));  // an hour with an event
    CHECK(hours < 2.5 * std::log(1000) / slots);
    CHECK(hours >= 1.0 / 60);
  }
}

TEST_CASE("a quiet source is left in peace, and so is one that sleeps at night or comes in lots") {
  Source quiet, sleeper, lots;
  quiet.run(14 * 24h, 0.5);
  CHECK(quiet.began <= 1);
  for (int day = 0; day < 14; ++day) {
    sleeper.run(8h, 0.5);
    sleeper.run(16h, 20);
  }
  CHECK(sleeper.began <= 1);
  for (int i = 0; i < 7 * 288; ++i) {  // fifty every five minutes
    lots.note(lots.heartbeat.event(lots.now, 50));
    lots.run(5min, 0);
  }
  CHECK(lots.began == 0);
}

TEST_CASE("a silence does not become the ordinary") {
  Source source;
  source.run(7 * 24h, 60);
  source.run(5 * 24h, 0);
  source.run(1h, 60);
  const Time dead = source.now;
  source.run(1h, 0);
  CHECK(source.began == 2);
  CHECK(source.now - dead == 1h);
}

TEST_CASE("when the daemon was away there is a gap and no alarm") {
  Source source;
  source.run(24h, 60);
  source.now += 10h;
  source.heartbeat.resume(source.now);
  source.run(1h, 60);
  CHECK(source.began == 0);
  CHECK(source.heartbeat.coverage(source.now - 11h, source.now) == Approx(1.0 / 11).margin(0.01));
}

TEST_CASE("a source without history gives no alarm, and odd times do no harm") {
  Source source;
  source.run(1h, 0);
  CHECK(source.began == 0);
  for (const Time time : {source.now, source.now - 5h, Time::min(), source.now + 1s}) {
    (void)source.heartbeat.event(time, -3);
    (void)source.heartbeat.tick(time);
    CHECK(source.heartbeat.coverage(time, source.now + 1h) <= 1);
    CHECK(source.heartbeat.p_silent(time) <= 1);
  }
}

TEST_CASE("only the last gaps are kept, and a state can be restored") {
  Source source;
  source.run(12h, 60);
  for (int i = 0; i < 40; ++i) {
    source.run(30min, 0);
    source.run(10min, 60);
  }
  CHECK(source.heartbeat.state().gaps > HeartbeatState::kGaps);
  Heartbeat other(source.calendar);
  other.restore(source.heartbeat.state());
  CHECK(other.p_silent(source.now + 5min) == source.heartbeat.p_silent(source.now + 5min));
  CHECK(other.coverage(source.now - 3h, source.now) ==
        source.heartbeat.coverage(source.now - 3h, source.now));
}
