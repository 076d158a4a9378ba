// From the socket write of the mention that decides, to the first byte of the page's HTTP request
// at the receiver: a whole daemon with its store on disk, 10,000 mentions a second, or as many as
// the argument says, coming in over HTTP.
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>

#include "bench/corpus.hpp"
#include "bench/figure.hpp"
#include "bench/loopback.hpp"
#include "bench/scripted_thread.hpp"
#include "monitor/daemon/daemon.hpp"
#include "monitor/mention_json.hpp"

namespace {

using namespace brandwacht;
using namespace brandwacht::bench;
namespace asio = boost::asio;

constexpr std::size_t kBatch = 100, kIncidents = 100, kUsual = 10'000;  // the last: a second
constexpr std::size_t kIncidentsPerSecond = 5, kCriticsPerSecond = 5;

std::string configuration(std::uint16_t sink, const std::filesystem::path& dir) {
  return fmt::format(R"(
[daemon]
listen = "127.0.0.1:0"
data_dir = "{}"
[[brand]]
name = "Polderbank"
terms = ["polderbank"]
[[receiver]]
type = "webhook"
name = "sink"
url = "http://127.0.0.1:{}/page"
secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
)",
                     dir.string(), sink);
}

class Arrivals {
 public:
  void seen(Wall::time_point at, std::string_view body) {
    const auto begin = body.find("incident-");
    if (begin == std::string_view::npos || body.find("\"incident.page\"") == std::string_view::npos)
      return;
    const std::lock_guard lock(mutex_);
    auto& entry = at_[std::string(body.substr(begin, 13))];
    if (entry.second++ == 0) entry.first = at;
  }
  std::map<std::string, std::pair<Wall::time_point, int>> take() {
    const std::lock_guard lock(mutex_);
    return at_;
  }
  std::size_t size() {
    const std::lock_guard lock(mutex_);
    return at_.size();
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::pair<Wall::time_point, int>> at_;
};

}  // namespace

int main(int argc, char** argv) {
  const std::size_t per_second = argc > 1 ? std::stoul(argv[1]) : kUsual;
  require(per_second >= 1'000 && per_second <= 1'000'000, "usage: page_latency [MENTIONS/S]");
  const auto batch_every = std::chrono::microseconds{1'000'000 * kBatch / per_second};
  const std::size_t apart = per_second / kBatch / kIncidentsPerSecond;  // batches
  const std::size_t connections = per_second / kBatch / kCriticsPerSecond;
  spdlog::set_level(spdlog::level::off);
  const std::size_t decisive =
      decisive_critic(connections * std::chrono::duration_cast<Duration>(batch_every));
  const auto dir =
      std::filesystem::temp_directory_path() / fmt::format("brandwacht-bench-{}", ::getpid());
  std::filesystem::remove_all(dir);
  Arrivals arrivals;
  LoopbackSink sink([&](Wall::time_point at, std::string_view body) { arrivals.seen(at, body); });

  brandwacht::config::Problems problems;
  auto document =
      brandwacht::config::Document::from_string(configuration(sink.port(), dir), "bench", problems);
  auto settings = daemon::read_settings(document, problems);
  for (const auto& problem : problems.sorted())
    require(problem.warning, to_string(problem));
  asio::io_context io{1};
  SystemClock clock;
  auto daemon = std::make_unique<daemon::Daemon>(io, clock, std::move(settings));
  const std::uint16_t port = daemon->port();
  std::thread loop([&] {
    asio::co_spawn(io, daemon->run(), [](std::exception_ptr, int) {});
    io.run();
  });

  // Connections in turn: each batch's answer waits for its commit.
  std::vector<std::unique_ptr<LoopbackClient>> clients;
  for (std::size_t i = 0; i < connections; ++i)
    clients.push_back(std::make_unique<LoopbackClient>(port));
  const Corpus noise = make_corpus({.mentions = 20'000, .matching = 0, .seed = 3});
  std::size_t at = 0;
  const auto noise_line = [&] {
    if (at >= noise.bytes) at = 0;
    const auto end = noise.ndjson.find('\n', at) + 1;
    const auto line = std::string_view(noise.ndjson).substr(at, end - at);
    at = end;
    return line;
  };
  std::map<std::string, Wall::time_point> written;
  std::size_t batches = 0, late = 0;
  const auto start = Wall::now();
  // Incident i says its critic c in batch apart * i + connections * c: all of them on one
  // connection, so that none comes before its root.
  for (std::size_t batch = 0; batch <= apart * kIncidents + connections * kCritics; ++batch) {
    std::string body;
    std::vector<std::string> decides;
    const Time now = clock.now();
    for (std::size_t incident = 0; incident < kIncidents; ++incident) {
      const std::size_t since = batch - apart * incident;
      if (apart * incident > batch || since % connections != 0 || since / connections > kCritics)
        continue;
      auto one = scripted_mention(incident, since / connections);
      one.created_at = one.received_at = now;
      body += to_json(one.view()) + "\n";
      if (since / connections == decisive) decides.push_back(one.thread);
    }
    for (auto left = kBatch - static_cast<std::size_t>(std::ranges::count(body, '\n')); left > 0;
         --left)
      body += noise_line();
    auto& client = *clients[batch % clients.size()];
    if (batch >= clients.size()) require(client.answer() == 200, "the daemon refused a batch");
    const auto due = start + batch_every * static_cast<int>(batch);
    if (Wall::now() > due + batch_every) ++late;
    std::this_thread::sleep_until(due);
    for (const auto& thread : decides)
      written[thread] = Wall::now();
    client.post("/v1/mentions", body);
    ++batches;
  }
  const double rate = static_cast<double>(batches * kBatch) /
                      std::chrono::duration<double>(Wall::now() - start).count();
  for (int wait = 0; wait < 100 && arrivals.size() < kIncidents; ++wait)
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
  clients.clear();
  asio::post(io, [&] { daemon->stop(); });
  loop.join();
  daemon.reset();
  std::filesystem::remove_all(dir);

  const auto got = arrivals.take();
  require(got.size() == kIncidents, fmt::format("{} of {} pages arrived", got.size(), kIncidents));
  require(rate > 0.9 * static_cast<double>(per_second), "the sender was too slow");
  std::vector<double> milliseconds;
  for (const auto& [thread, seen] : got) {
    require(seen.second == 1, "a page came twice");
    require(seen.first > written[thread], "a page came before its reason");
    milliseconds.push_back(
        std::chrono::duration<double, std::milli>(seen.first - written[thread]).count());
  }
  fmt::print(
      "{} pages at {:.0f} mentions/s (critic {} decides): p50 {:.1f} ms, p90 {:.1f} ms, p99 {:.1f} "
      "ms, worst {:.1f} ms; {} of {} batches were sent late\n",
      got.size(), rate, decisive, quantile(milliseconds, 0.5), quantile(milliseconds, 0.9),
      quantile(milliseconds, 0.99), quantile(milliseconds, 1), late, batches);
  const std::string name =
      per_second == kUsual ? "page_latency_p99" : fmt::format("page_latency_p99_{}", per_second);
  figure(name, quantile(milliseconds, 0.99), "ms");
}
