// The Jetstream source and everything that goes wrong at the other end.
#include "tests/connectors/jetstream_wire.hpp"
#include "tests/connectors/zstd_fixture.hpp"

namespace brandwacht::connectors {
namespace {

using namespace wire;
using Catch::Matchers::Contains;

TEST_CASE("after a reset inside a frame the stream is taken up five seconds earlier") {
  Requests requests;
  const ScriptServer server([&](Peer& peer, int number) {
    accept(peer, requests);
    if (number == 0) {
      peer.write(posts(0, 10));
      const auto half = frame(test::text, post(10));
      peer.write(half.substr(0, half.size() / 2));
      peer.reset();
      return;
    }
    peer.write(posts(4, 12));
    stay(peer);
  });
  Wire wire(quick({server.url("ws", "")}));
  REQUIRE(wire.has(18));
  // What comes twice is given twice: dropping it is not the source's business.
  auto expected = numbers(0, 10);
  for (const auto& text : numbers(4, 12))
    expected.push_back(text);
  CHECK(wire.sink.texts() == expected);
  CHECK_THAT(requests.at(1), Contains(cursor_at(9, 5s)));
  CHECK(wire.stats().failures == 1);
}

TEST_CASE("the next host is asked for ten seconds more") {
  Requests first, second;
  const ScriptServer down([&](Peer& peer, int) {
    accept(peer, first);
    peer.write(posts(0, 30) + test::close_frame(1001, "server shutting down"));
    stay(peer);
  });
  const ScriptServer up([&](Peer& peer, int) {
    accept(peer, second);
    peer.write(posts(19, 40));
    stay(peer);
  });
  Wire wire(quick({down.url("ws", ""), up.url("ws", "")}));
  REQUIRE(wire.has(51));
  CHECK(first.size() == 1);
  CHECK_THAT(second.at(0), Contains(cursor_at(29, 10s)));
  CHECK_THAT(wire.stats().last_failure, Contains("server shutting down") && Contains("1001"));
}

TEST_CASE("a stored cursor is used, and one the server refuses is given up with a word") {
  Requests requests;
  const ScriptServer server([&](Peer& peer, int number) {
    if (number == 0) {
      refuse(peer, requests, "400 Bad Request", "invalid cursor: out of range");
      return;
    }
    accept(peer, requests);
    peer.write(posts(0, 1));
    stay(peer);
  });
  Wire wire(quick({server.url("ws", "")}), std::to_string(kFirst));
  REQUIRE(wire.has(1));
  CHECK_THAT(requests.at(0), Contains(cursor_at(0, 10s)));
  CHECK_THAT(requests.at(1), !Contains("cursor="));
  CHECK_THAT(wire.stats().last_failure, Contains("without the cursor"));
}

TEST_CASE("refusals before the upgrade are waited out") {
  const auto status =
      GENERATE(as<std::string>(), "503 Service Unavailable", "429 Too Many Requests",
               "400 Bad Request", "500 Internal Server Error");
  Requests requests;
  const ScriptServer server([&](Peer& peer, int number) {
    if (number < 2) {
      refuse(peer, requests, status, "service not ready: warming up");
      return;
    }
    accept(peer, requests);
    peer.write(posts(0, 1));
    stay(peer);
  });
  Wire wire(quick({server.url("ws", "")}));
  REQUIRE(wire.has(1));
  CHECK(requests.size() == 3);
  CHECK(wire.stats().failures == 2);
  CHECK(wire.stats().connects == 1);
  CHECK_THAT(wire.stats().last_failure, Contains(status.substr(0, 3)) && Contains("warming up"));
}

TEST_CASE("with the wrong dictionary the source goes on uncompressed from where it was") {
  const auto dictionary = train_dictionary("polder");
  const auto other = train_dictionary("another");
  Requests requests;
  const ScriptServer server([&](Peer& peer, int number) {
    accept(peer, requests);
    if (number > 0) {
      peer.write(posts(5, 30));
      stay(peer);
      return;
    }
    peer.write(posts(0, 10));
    for (int i = 10; i < 60; ++i)
      peer.write(frame(test::binary, compress(post(i), other)));
    stay(peer);
  });
  auto settings = quick({server.url("ws", "")});
  settings.dictionary = dictionary;
  Wire wire(settings);
  REQUIRE(wire.has(35));
  CHECK(wire.stats().undecodable == JetstreamSession::kUndecodableLimit);
  CHECK_THAT(requests.at(1), !Contains("compress") && Contains(cursor_at(9, 5s)));
  CHECK_THAT(wire.stats().last_failure, Contains("dictionary") && Contains("uncompressed"));
}

TEST_CASE("bad events are counted by kind and the stream goes on") {
  Requests requests;
  const ScriptServer server([&](Peer& peer, int) {
    accept(peer, requests);
    const auto deep = std::string(200, '[') + std::string(200, ']');
    peer.write(posts(0, 1) + frame(test::text, "") + frame(test::text, post(1).substr(0, 70)) +
               frame(test::text, "[]") + frame(test::text, R"({"did":"a","x":)" + deep + "}") +
               frame(test::text, "{\"a\":\"" + std::string(3 << 19, 'a') + "\"}") +
               frame(test::text, R"({"did":7})") + posts(1, 2));
    stay(peer);
  });
  Wire wire(quick({server.url("ws", "")}));
  REQUIRE(wire.has(2));
  CHECK(wire.sink.texts() == numbers(0, 2));
  CHECK(wire.sink.rejects == std::map<LineFault, int>{{LineFault::truncated, 2},
                                                      {LineFault::not_an_object, 1},
                                                      {LineFault::too_deep, 1},
                                                      {LineFault::too_long, 1},
                                                      {LineFault::wrong_type, 1}});
  CHECK(wire.stats().connects == 1);
}

TEST_CASE("a message that cannot be received is left behind, not met for ever") {
  const auto bad = GENERATE(frame(test::text, std::string(5 << 20, 'a')),
                            frame(test::text, "{\"did\":\"\xC3\x28\"}"));
  Requests requests;
  const ScriptServer server([&](Peer& peer, int number) {
    accept(peer, requests);
    if (number < 2)
      peer.write(posts(0, 3) + bad);
    else
      peer.write(posts(4, 5));
    stay(peer);
  });
  Wire wire(quick({server.url("ws", "")}));
  REQUIRE(wire.has(7));
  CHECK_THAT(requests.at(1), Contains(cursor_at(2, 5s)));
  CHECK_THAT(requests.at(2), Contains(cursor_at(3, 0s)));
  CHECK_THAT(wire.stats().last_failure, Contains("skipping"));
}

TEST_CASE("a server that pings but sends no event any more is left for the next") {
  Requests first, second;
  std::atomic<bool> stop = false;
  const ScriptServer stalled([&](Peer& peer, int) {
    accept(peer, first);
    peer.write(posts(0, 3));
    while (!stop && peer.write(frame(test::pinging, "")))
      if (peer.ends_within(20)) break;
  });
  const ScriptServer alive([&](Peer& peer, int) {
    accept(peer, second);
    peer.write(posts(0, 6));
    stay(peer);
  });
  auto settings = quick({stalled.url("ws", ""), alive.url("ws", "")});
  settings.ping_every = 40ms;
  settings.stall_timeout = 200ms;
  Wire wire(settings);
  REQUIRE(wire.has(9));
  CHECK_THAT(second.at(0), Contains(cursor_at(2, 10s)));
  CHECK_THAT(wire.stats().last_failure, Contains("sent no event for"));
  stop = true;
}

}  // namespace
}  // namespace brandwacht::connectors
