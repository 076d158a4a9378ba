// The Jetstream source while all goes well, and its end.
#include "tests/connectors/jetstream_wire.hpp"
#include "tests/connectors/zstd_fixture.hpp"

namespace brandwacht::connectors {
namespace {

using namespace wire;
using Catch::Matchers::Contains;

TEST_CASE("events arrive whole and in order however TCP and frames cut them") {
  Requests requests;
  const ScriptServer server([&](Peer& peer, int) {
    accept(peer, requests);
    peer.write_one_by_one(posts(0, 3));
    const auto bytes = posts(3, 40);
    for (std::size_t at = 0, step = 1; at < bytes.size(); at += step, step = step * 7 % 31 + 1)
      peer.write(std::string_view(bytes).substr(at, step));
    const auto halves = post(40);
    peer.write(frame(test::text, halves.substr(0, 50), false) + frame(test::pinging, "p") +
               frame(test::continued, halves.substr(50)));
    peer.write(posts(41, 50));  // many in one segment
    stay(peer);
  });
  Wire wire(quick({server.url("ws", "")}));
  REQUIRE(wire.has(50));
  CHECK(wire.sink.texts() == numbers(0, 50));
  CHECK(wire.sink.rejects.empty());
  CHECK(requests.at(0) ==
        "GET /subscribe?maxMessageSizeBytes=1048576&wantedCollections=app.bsky.feed.post");
  CHECK(wire.stats().connected);
  CHECK(wire.stats().connects == 1);
  CHECK(wire.stats().events == 50);
  CHECK(wire.stats().failures == 0);
  CHECK(wire.stats().last_created == Time{Duration{kFirst + 49'000'000}});
  CHECK(wire.stop());
  CHECK_FALSE(wire.stats().connected);
  REQUIRE_FALSE(wire.sink.positions.empty());
  CHECK(wire.sink.positions.back() == std::to_string(kFirst + 49'000'000));
  CHECK(wire.sink.sources.back() == "invented");
}

TEST_CASE("the server's pings are answered") {
  std::atomic<bool> answered = false;
  Requests requests;
  const ScriptServer server([&](Peer& peer, int) {
    accept(peer, requests);
    peer.write(frame(test::pinging, "are you there"));
    const auto answer = test::read_frame(peer);
    answered = answer.opcode == test::ponging && answer.payload == "are you there" && answer.masked;
    stay(peer);
  });
  Wire wire(quick({server.url("ws", "")}));
  CHECK(wire.until([&] { return answered.load(); }));
  // The cancellation may now meet the read between two of its steps; it has to end it all the same.
  const auto before = std::chrono::steady_clock::now();
  CHECK(wire.stop());
  CHECK(std::chrono::steady_clock::now() - before < 10s);
}

TEST_CASE("our own pings keep a quiet connection, and find a dead one") {
  const bool alive = GENERATE(true, false);
  std::atomic<int> pings = 0;
  Requests requests;
  const ScriptServer server([&](Peer& peer, int) {
    accept(peer, requests);
    for (auto got = test::read_frame(peer); got.opcode == test::pinging;
         got = test::read_frame(peer)) {
      ++pings;
      if (alive) peer.write(frame(test::ponging, got.payload));
    }
  });
  auto settings = quick({server.url("ws", "")});
  settings.ping_every = 50ms;
  settings.idle_timeout = 800ms;
  Wire wire(settings);
  if (alive) {
    REQUIRE(wire.until([&] { return pings >= 20; }));  // longer than the idle timeout
    CHECK(wire.stats().connects == 1);
  } else {
    REQUIRE(wire.until([&] { return wire.stats().connects == 2; }));
    CHECK_THAT(wire.stats().last_failure, Contains("sent nothing"));
  }
}

TEST_CASE("compressed frames are read, and single bad ones only counted") {
  const auto dictionary = train_dictionary("polder");
  const auto other = train_dictionary("another");
  Requests requests;
  const ScriptServer server([&](Peer& peer, int) {
    accept(peer, requests);
    for (int i = 0; i < 30; ++i) {
      peer.write(frame(test::binary, compress(post(i), dictionary)));
      peer.write(frame(test::binary, compress(post(1'000), other)));
    }
    const auto huge = compress(std::string(5 << 20, 'a'), dictionary);
    const auto cut = compress(post(1'000), dictionary);
    peer.write(frame(test::binary, huge) + frame(test::binary, cut.substr(0, cut.size() - 2)) +
               frame(test::binary, "") + frame(test::text, post(30)) +
               frame(test::binary, compress(post(31), dictionary)));
    stay(peer);
  });
  auto settings = quick({server.url("ws", "")});
  settings.dictionary = dictionary;
  Wire wire(settings);
  REQUIRE(wire.has(32));
  CHECK(wire.sink.texts() == numbers(0, 32));
  CHECK(wire.stats().undecodable == 33);
  CHECK(wire.stats().connects == 1);
  CHECK_THAT(requests.at(0), Contains("&compress=true"));
}

TEST_CASE("a full line holds the source back without losing anything") {
  Requests requests;
  const ScriptServer server([&](Peer& peer, int) {
    accept(peer, requests);
    peer.write(posts(0, 2'000));
    stay(peer);
  });
  Wire wire(quick({server.url("ws", "")}));
  wire.sink.closed = true;
  REQUIRE(wire.until([&] { return wire.sink.ready_calls == 1; }));
  const auto held = wire.sink.mentions.size();
  CHECK(held == 256);
  CHECK_FALSE(wire.until([&] { return wire.sink.mentions.size() > held; }, 200ms));
  wire.sink.closed = false;
  wire.sink.opened.notify_all();
  REQUIRE(wire.has(2'000));
  CHECK(wire.sink.texts() == numbers(0, 2'000));
  wire.sink.closed = true;  // and it ends while it waits
}

TEST_CASE("positions are told along the way") {
  Requests requests;
  const ScriptServer server([&](Peer& peer, int) {
    accept(peer, requests);
    peer.write(posts(0, 2'500));
    stay(peer);
  });
  Wire wire(quick({server.url("ws", "")}));
  REQUIRE(wire.has(2'500));
  REQUIRE(wire.sink.positions.size() >= 2);
  CHECK(std::is_sorted(wire.sink.positions.begin(), wire.sink.positions.end()));
  CHECK(wire.stop());
  CHECK(wire.sink.positions.back() == std::to_string(kFirst + 2'499'000'000));
}

TEST_CASE("cancelled at any point, the source ends at once") {
  enum class Point { upgrade, waiting, reading, nobody };
  const auto point = GENERATE(Point::upgrade, Point::waiting, Point::reading, Point::nobody);
  Requests requests;
  std::atomic<int> reached = 0;
  const ScriptServer server([&](Peer& peer, int) {
    if (point == Point::waiting) refuse(peer, requests, "503 Service Unavailable", "");
    if (point == Point::reading) accept(peer, requests);
    ++reached;
    if (point != Point::waiting) stay(peer);
  });
  auto settings = quick({point == Point::nobody ? "ws://127.0.0.1:1" : server.url("ws", "")});
  settings.backoff = {20s, 30s};
  Wire wire(settings);
  if (point == Point::nobody)
    CHECK(wire.until([&] { return wire.stats().failures == 1; }));
  else
    CHECK(wire.until([&] { return reached == 1; }));
  if (point == Point::reading) CHECK(wire.until([&] { return wire.stats().connected; }));
  if (point == Point::waiting) CHECK(wire.until([&] { return wire.stats().failures == 1; }));
  const auto before = std::chrono::steady_clock::now();
  CHECK(wire.stop());
  CHECK(std::chrono::steady_clock::now() - before < 10s);
}

}  // namespace
}  // namespace brandwacht::connectors
