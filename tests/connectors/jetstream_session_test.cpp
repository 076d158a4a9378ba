#include "connectors/jetstream_session.hpp"

#include "tests/support/catch.hpp"

namespace brandwacht::connectors {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::Contains;

constexpr std::int64_t kEvent = 1'790'000'000'000'000;
const Time kNow{Duration{kEvent + 1'000'000}};

JetstreamSettings three_hosts() {
  JetstreamSettings settings;
  settings.hosts = {"wss://a.example", "wss://b.example", "wss://c.example"};
  return settings;
}

const NetError kReset{NetFault::closed, "connection reset by peer", 0};

NetError refused(int status, std::string body = "no") {
  return {NetFault::protocol, std::move(body), status};
}

// A session, its clock and the host and cursor of each attempt.
struct Bench {
  explicit Bench(JetstreamSettings given = three_hosts(), std::string_view cursor = {})
      : settings(std::move(given)), session(settings, cursor, 7) {}

  JetstreamAttempt connect() {
    const auto attempt = session.next();
    session.opened(kNow, at);
    return attempt;
  }
  std::string fail(const NetError& error, Duration after = 0s) {
    at += after;
    return session.failed(error, at);
  }

  JetstreamSettings settings;
  JetstreamSession session;
  Clock::Steady at{};
};

std::string cursor_in(const std::string& url) {
  const auto at = url.find("&cursor=");
  return at == std::string::npos ? "" : url.substr(at + 8);
}

TEST_CASE("the first address asks for posts, from now on, in messages that fit") {
  Bench bench;
  const auto attempt = bench.session.next();
  CHECK(
      attempt.url ==
      "wss://a.example/subscribe?maxMessageSizeBytes=1048576&wantedCollections=app.bsky.feed.post");
  CHECK(attempt.host == "a.example");
  CHECK(attempt.wait == 0s);
  CHECK_FALSE(attempt.compressed);
}

TEST_CASE("filters are encoded and compression is asked for with a dictionary only") {
  auto settings = three_hosts();
  settings.collections = {"app.bsky.feed.post", "app.bsky.graph.*"};
  settings.dids = {"did:plc:invented", "did:web:polder.example&cursor=1"};
  settings.dictionary = "not looked into here";
  Bench bench(settings);
  const auto attempt = bench.session.next();
  CHECK(attempt.url ==
        "wss://a.example/subscribe?maxMessageSizeBytes=1048576&wantedCollections=app.bsky.feed.post"
        "&wantedCollections=app.bsky.graph.%2A&wantedDids=did:plc:invented"
        "&wantedDids=did:web:polder.example%26cursor%3D1&compress=true");
  CHECK(attempt.compressed);
}

TEST_CASE("the cursor is rewound five seconds on the same host and ten on another") {
  auto settings = three_hosts();
  Bench bench(settings);
  bench.connect();
  bench.session.processed(kEvent, kNow);
  bench.fail(kReset, 61s);  // was healthy: the same host again
  auto again = bench.session.next();
  CHECK(again.host == "a.example");
  CHECK(cursor_in(again.url) == std::to_string(kEvent - 5'000'000));
  bench.fail(kReset);
  again = bench.session.next();
  CHECK(again.host == "b.example");
  CHECK(cursor_in(again.url) == std::to_string(kEvent - 10'000'000));
}

TEST_CASE("a host counts as the cursor's own once its replay has caught up") {
  Bench bench;
  bench.connect();
  bench.session.processed(kEvent, kNow);
  bench.fail(kReset);
  bench.connect();  // b
  bench.session.processed(kEvent - 9'000'000, kNow);
  CHECK(bench.session.cursor() == std::to_string(kEvent));
  bench.fail(kReset, 61s);
  CHECK(cursor_in(bench.connect().url) == std::to_string(kEvent - 10'000'000));
  bench.session.processed(kEvent + 1, kNow);
  bench.fail(kReset, 61s);
  CHECK(cursor_in(bench.connect().url) == std::to_string(kEvent + 1 - 5'000'000));
}

TEST_CASE("after a restart the stored cursor counts as another host's") {
  Bench bench(three_hosts(), std::to_string(kEvent));
  CHECK(cursor_in(bench.session.next().url) == std::to_string(kEvent - 10'000'000));
  CHECK(bench.session.behind(kNow + 40h) > JetstreamSession::kLookback);
}

TEST_CASE("a stored cursor that is no time in microseconds counts as none") {
  for (const std::string text : {"", "abc", "12", "1790000000000000x", "-1790000000000000",
                                 "99999999999999999999999", "2026-01-01"}) {
    INFO(text);
    Bench bench(three_hosts(), text);
    CHECK(cursor_in(bench.session.next().url).empty());
    CHECK(bench.session.cursor().empty());
    CHECK(bench.session.behind(kNow) == 0s);
  }
}

TEST_CASE("a connection that ends before its first event leaves no hole") {
  Bench bench;
  bench.connect();
  bench.fail(kReset, 61s);
  const auto opened = kNow.time_since_epoch().count();
  CHECK(cursor_in(bench.connect().url) == std::to_string(opened - 5'000'000));
  // Our clock may be ahead of the server's: the first event's own time replaces the guess.
  bench.session.processed(kEvent - 3'600'000'000, kNow);
  CHECK(bench.session.cursor() == std::to_string(kEvent - 3'600'000'000));
}

TEST_CASE("an event from the far future does not become the cursor") {
  Bench bench;
  bench.connect();
  bench.session.processed(kEvent, kNow);
  bench.session.processed(kEvent + std::int64_t{86'400'000'000}, kNow);
  CHECK(bench.session.cursor() == std::to_string(kEvent));
}

TEST_CASE("failures go round the hosts with growing waits, and health starts them anew") {
  Bench bench;
  std::vector<std::string> hosts;
  for (int i = 0; i < 7; ++i) {
    const auto attempt = bench.session.next();
    hosts.push_back(attempt.host);
    if (i > 0) {
      CHECK(attempt.wait >= 500ms);
      CHECK(attempt.wait <= std::min<Duration>(500ms * (1 << i), 30s));
    }
    bench.fail({NetFault::connect, "connection refused"});
  }
  CHECK(hosts == std::vector<std::string>{"a.example", "b.example", "c.example", "a.example",
                                          "b.example", "c.example", "a.example"});
  bench.connect();
  bench.fail(kReset, 59s);
  CHECK(bench.session.next().host == "c.example");
  bench.session.opened(kNow, bench.at);
  bench.fail(kReset, 60s);
  const auto attempt = bench.session.next();
  CHECK(attempt.host == "c.example");  // it was healthy
  CHECK(attempt.wait <= 1s);
}

TEST_CASE("waits stay under thirty seconds and are spread") {
  Bench bench;
  Duration least = 1h, most = 0s;
  for (int i = 0; i < 300; ++i) {
    bench.fail({NetFault::timeout, "no answer"});
    const auto wait = bench.session.next().wait;
    if (i < 10) continue;
    least = std::min(least, wait);
    most = std::max(most, wait);
  }
  CHECK(most <= 30s);
  CHECK(most > 20s);
  CHECK(least < 10s);
}

TEST_CASE("a server that refuses the cursor is asked without it, and the loss is said") {
  Bench bench(three_hosts(), std::to_string(kEvent));
  CHECK_FALSE(cursor_in(bench.session.next().url).empty());
  const auto sentence = bench.fail(refused(400, "invalid cursor: strconv.ParseInt"));
  CHECK_THAT(sentence, Contains("without the cursor"));
  CHECK_THAT(sentence, Contains("a.example"));
  const auto again = bench.session.next();
  CHECK(again.host == "a.example");
  CHECK(cursor_in(again.url).empty());
  CHECK(again.wait <= 1s);
  // Said again to a request without one, it is a refusal like any other.
  bench.fail(refused(400, "invalid cursor"));
  CHECK(bench.session.next().wait >= 60s);
}

struct Refusal {
  NetError error;
  bool slow;
  std::string next_host;
};

TEST_CASE("each refusal has its wait") {
  const std::vector<Refusal> table = {
      {refused(400, "invalid subscriber options: invalid collection: x"), true, "b.example"},
      {refused(401), true, "b.example"},
      {refused(403), true, "b.example"},
      {refused(404), true, "b.example"},
      {refused(408), false, "b.example"},
      {refused(429, "too many requests"), true, "b.example"},
      {refused(500), false, "b.example"},
      {refused(502), false, "b.example"},
      {refused(503, "service not ready: warming up"), false, "b.example"},
      {{NetFault::resolve, "no such host"}, false, "b.example"},
      {{NetFault::tls, "certificate expired"}, false, "b.example"},
      {{NetFault::timeout, "nothing received for 75 s"}, false, "b.example"},
      {{NetFault::closed, "server shutting down", 1001}, false, "b.example"},
      {{NetFault::closed, "bad payload", 1007}, false, "b.example"},
      {{NetFault::closed, "consumer too slow", 1008}, true, "b.example"},
      {{NetFault::closed, "", 1011}, false, "b.example"},
  };
  for (const auto& [error, slow, next_host] : table) {
    Bench bench;
    bench.session.next();
    const auto sentence = bench.fail(error);
    INFO(sentence);
    CHECK_THAT(sentence, Contains(error.detail));
    if (error.status != 0) CHECK_THAT(sentence, Contains(std::to_string(error.status)));
    const auto attempt = bench.session.next();
    CHECK(attempt.host == next_host);
    CHECK(attempt.wait >= (slow ? Duration{60s} : Duration{500ms}));
    CHECK(attempt.wait <= (slow ? Duration{120s} : Duration{1s}));
  }
}

TEST_CASE("a server that shuts down is left even after a long healthy time") {
  Bench bench;
  bench.connect();
  bench.fail({NetFault::closed, "server shutting down", 1001}, 2h);
  CHECK(bench.session.next().host == "b.example");
}

TEST_CASE("a message that cannot be received is not met for ever") {
  const auto unreadable = GENERATE(NetError{NetFault::too_large, "a message over 4 MiB"},
                                   NetError{NetFault::protocol, "payload was not valid utf8"});
  Bench bench;
  bench.connect();
  bench.session.processed(kEvent, kNow);
  // Once more, as usual: another host may not send it.
  CHECK_THAT(bench.fail(unreadable), !Contains("skipping"));
  CHECK(cursor_in(bench.connect().url) == std::to_string(kEvent - 10'000'000));
  CHECK_THAT(bench.fail(unreadable), Contains("skipping 1 s"));
  CHECK(cursor_in(bench.connect().url) == std::to_string(kEvent + 1'000'000));
  CHECK_THAT(bench.fail(unreadable), Contains("skipping 2 s"));
  CHECK(cursor_in(bench.connect().url) == std::to_string(kEvent + 3'000'000));
  // Past it: the usual rewind, and the next one starts small again.
  bench.session.processed(kEvent + 3'500'000, kNow);
  bench.fail(kReset, 61s);
  CHECK(cursor_in(bench.connect().url) == std::to_string(kEvent - 1'500'000));
  bench.fail(unreadable);
  bench.connect();
  CHECK_THAT(bench.fail(unreadable), Contains("skipping 1 s"));
}

TEST_CASE("nothing is skipped for an answer that was no WebSocket") {
  Bench bench(three_hosts(), std::to_string(kEvent));
  for (int i = 0; i < 5; ++i) {
    CHECK(cursor_in(bench.session.next().url) == std::to_string(kEvent - 10'000'000));
    CHECK_THAT(bench.fail({NetFault::protocol, "not HTTP"}), !Contains("skipping"));
  }
}

TEST_CASE("a host that went silent is left even after a long healthy time") {
  Bench bench;
  bench.connect();
  bench.fail({NetFault::timeout, "sent no event for 5 min"}, 2h);
  CHECK(bench.session.next().host == "b.example");
}

TEST_CASE("twenty undecodable frames in a row end the compression, fewer do not") {
  auto settings = three_hosts();
  settings.dictionary = "the wrong one";
  Bench bench(settings);
  CHECK(bench.connect().compressed);
  for (int i = 0; i < 19; ++i)
    CHECK_FALSE(bench.session.undecodable());
  bench.session.decoded();
  for (int i = 0; i < 19; ++i)
    CHECK_FALSE(bench.session.undecodable());
  CHECK(bench.session.undecodable());
  bench.fail({NetFault::protocol, "the dictionary does not fit"});
  const auto attempt = bench.session.next();
  CHECK_FALSE(attempt.compressed);
  CHECK(attempt.url.find("compress") == std::string::npos);
}

}  // namespace
}  // namespace brandwacht::connectors
