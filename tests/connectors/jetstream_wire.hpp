// A Jetstream source on the wire, against a server that sends invented events byte for byte as a
// test says.
#pragma once
#include <boost/asio/io_context.hpp>
#include <mutex>

#include "connectors/jetstream.hpp"
#include "monitor/task_group.hpp"
#include "tests/connectors/support.hpp"
#include "tests/net/script_server.hpp"
#include "tests/net/websocket_script.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::connectors::wire {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using test::frame;
using test::Peer;
using test::ScriptServer;
using Texts = std::vector<std::string>;

inline constexpr std::int64_t kFirst = 1'790'000'000'000'000;

// The n-th invented post, a second after the one before it.
inline std::string post(std::int64_t number) {
  const auto text = std::to_string(number);
  return R"({"did":"did:plc:invented","time_us":)" + std::to_string(kFirst + number * 1'000'000) +
         R"(,"kind":"commit","commit":{"rev":"r","operation":"create","collection":"app.bsky.feed.post",)" +
         R"("rkey":"3inv)" + text +
         R"(","record":{"$type":"app.bsky.feed.post","langs":["nl"],"text":")" + text +
         R"("},"cid":"c"}})";
}

inline std::string posts(int from, int to) {
  std::string out;
  for (int i = from; i < to; ++i)
    out += frame(test::text, post(i));
  return out;
}

inline Texts numbers(int from, int to) {
  Texts out;
  for (int i = from; i < to; ++i)
    out.push_back(std::to_string(i));
  return out;
}

inline std::string cursor_at(std::int64_t number, Duration rewind) {
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

inline void refuse(Peer& peer, Requests& requests, const std::string& status,
                   const std::string& body) {
  requests.add(peer.read_message());
  peer.write("HTTP/1.1 " + status + "\r\nContent-Type: text/plain\r\nContent-Length: " +
             std::to_string(body.size()) + "\r\n\r\n" + body);
}

inline void accept(Peer& peer, Requests& requests) {
  requests.add(accept_websocket(peer));
}

// Until the source leaves.
inline void stay(Peer& peer) {
  peer.ends_within(60'000);
}

inline JetstreamSettings quick(const std::vector<std::string>& hosts) {
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

}  // namespace brandwacht::connectors::wire
