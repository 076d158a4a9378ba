// The Jetstream source against a server that sends invented events byte for byte as a test says.
#include "connectors/jetstream.hpp"

#include <boost/asio/io_context.hpp>
#include <mutex>

#include "monitor/task_group.hpp"
#include "tests/connectors/support.hpp"
#include "tests/connectors/zstd_fixture.hpp"
#include "tests/net/script_server.hpp"
#include "tests/net/websocket_script.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::connectors {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using test::frame;
using test::Peer;
using test::ScriptServer;
using Texts = std::vector<std::string>;

constexpr std::int64_t kFirst = 1'790'000'000'000'000;

// The n-th invented post, a second after the one before it.
std::string post(std::int64_t number) {
  const auto text = std::to_string(number);
  return R"({"did":"did:plc:invented","time_us":)" + std::to_string(kFirst + number * 1'000'000) +
         R"(,"kind":"commit","commit":{"rev":"r","operation":"create","collection":"app.bsky.feed.post",)" +
         R"("rkey":"3inv)" + text +
         R"(","record":{"$type":"app.bsky.feed.post","langs":["nl"],"text":")" + text +
         R"("},"cid":"c"}})";
}

std::string posts(int from, int to) {
  std::string out;
  for (int i = from; i < to; ++i)
    out += frame(test::text, post(i));
  return out;
}

Texts numbers(int from, int to) {
  Texts out;
  for (int i = from; i < to; ++i)
    out.push_back(std::to_string(i));
  return out;
}

std::string cursor_at(std::int64_t number, Duration rewind) {
  return "cursor=" + std::to_string(kFirst + number * 1'000'000 - rewind.count());
}

// The request targets in the order of the connections; written by the server's threads.
class Requests {
 public:
  void add(const std::string& request) {
    const std::lock_guard lock(mutex_);
    targets_.push_back(request.substr(0, request.find(" HTTP/1.1")));
  }
  std::string at(std::size_t index) const {
    const std::lock_guard lock(mutex_);
    return index < targets_.size() ? targets_[index] : "";
  }
  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return targets_.size();
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> targets_;
};

void refuse(Peer& peer, Requests& requests, const std::string& status, const std::string& body) {
  requests.add(peer.read_message());
  peer.write("HTTP/1.1 " + status + "\r\nContent-Type: text/plain\r\nContent-Length: " +
             std::to_string(body.size()) + "\r\n\r\n" + body);
}

void accept(Peer& peer, Requests& requests) {
  requests.add(accept_websocket(peer));
}

// Until the source leaves.
void stay(Peer& peer) {
  peer.ends_within(60'000);
}

JetstreamSettings quick(const std::vector<std::string>& hosts) {
  JetstreamSettings settings;
  settings.hosts = hosts;
  settings.backoff = {1ms, 10ms};
  settings.slow_retry = 40ms;
  return settings;
}

class Wire {
 public:
  explicit Wire(JetstreamSettings settings, std::string cursor = {}) {
    context_.push_back({io.get_executor(), pool_, clock_, "brandwacht-test"});
    source = std::make_unique<Jetstream>("invented", std::move(settings), context_.front());
    tasks_.spawn("source", source->run(sink, std::move(cursor)));
  }
  ~Wire() {
    CHECK(stop());
    pool_.join();
  }

  template <class Condition>
  bool until(Condition condition, Duration limit = 60s) {
    const auto deadline = std::chrono::steady_clock::now() + limit;
    while (!condition() && std::chrono::steady_clock::now() < deadline) {
      io.restart();
      io.run_for(2ms);
    }
    return condition();
  }
  bool has(std::size_t mentions) {
    return until([&] { return sink.mentions.size() >= mentions; });
  }
  bool stop() {
    tasks_.cancel();
    return until([&] { return tasks_.size() == 0; });
  }
  const ConnectorStats& stats() const { return source->stats(); }

  asio::io_context io;
  struct Sink final : CollectingSink {
    explicit Sink(asio::io_context& io) : opened(io.get_executor()) {}
    asio::awaitable<void> ready() override {
      ++ready_calls;
      while (closed)
        co_await opened.wait();
    }
    Event opened;
    bool closed = false;
  } sink{io};
  std::unique_ptr<Jetstream> source;

 private:
  asio::thread_pool pool_{1};
  SystemClock clock_;
  std::vector<ConnectorContext> context_;
  TaskGroup tasks_{io.get_executor()};
};

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

TEST_CASE("a full line holds the source back without losing anything") {
  Requests requests;
  const ScriptServer server([&](Peer& peer, int) {
    accept(peer, requests);
    peer.write(posts(0, 2'000));
    stay(peer);
  });
  Wire wire(quick({server.url("ws", "")}));
  wire.sink.closed = true;
  REQUIRE(wire.has(1));
  CHECK_FALSE(wire.until([&] { return wire.sink.mentions.size() > 256; }, 200ms));
  CHECK(wire.sink.ready_calls == 1);
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
