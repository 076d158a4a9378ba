// What 50 receivers and 1,000 open incidents cost: a real pager with its store and 50 receivers as
// a configuration makes them, whose vendors answer from memory; each incident, with ten posts, is
// told to every one of them. The file lies in memory where the machine has such a place: this is
// about bytes, not about the disk.
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <filesystem>
#include <fstream>

#include "alerting/pager.hpp"
#include "bench/figure.hpp"

namespace {

using namespace brandwacht;
using namespace brandwacht::alerting;
using namespace brandwacht::bench;
namespace asio = boost::asio;

constexpr std::size_t kReceivers = 50, kIncidents = 1'000;

class Takes final : public HttpClient {
 public:
  asio::awaitable<NetResult<HttpResponse>> send(HttpRequest) override {
    HttpResponse out;
    out.status = 200;
    out.body = "ok";
    ++requests;
    co_return out;
  }
  std::size_t requests = 0;
};

double resident_mb() {
  std::ifstream file("/proc/self/statm");
  double pages = 0, resident = 0;
  file >> pages >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
}

std::vector<std::unique_ptr<Notifier>> receivers(HttpClient& http) {
  std::string toml;
  for (std::size_t i = 0; i < kReceivers; ++i)
    toml += fmt::format(
        "[[receiver]]\ntype = \"webhook\"\nname = \"desk-{}\"\nurl = "
        "\"https://desk-{}.example/page\"\n"
        "secret = \"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"\n",
        i, i);
  config::Problems problems;
  auto document = config::Document::from_string(toml, "bench", problems);
  auto root = document.root();
  const auto specs = read_receivers(root);
  require(!problems.fatal() && specs.size() == kReceivers, "the configuration is wrong");
  return make_receivers(specs, {http, "https://bw.example"});
}

// Ten posts of ordinary length, five reasons, advice.
IncidentEvent invented(std::size_t number, Time now) {
  IncidentEvent out{IncidentEventKind::page, now, {}};
  Incident& incident = out.incident;
  incident.thread_key = number + 1;
  incident.id = incident_id(incident.thread_key, 1);
  incident.brand = "Polderbank";
  incident.platform = "bench";
  incident.thread = fmt::format("thread-{}", number);
  incident.url = "https://social.example/post/1";
  incident.title = "Polderbank: 12 critici in 40 minuten (verzonnen)";
  incident.tier = Tier::t2;
  incident.joiners = 12;
  incident.opened_at = incident.updated_at = now;
  incident.reasons.assign(5, {"12 mensen sluiten zich aan bij de kritiek", 1.5});
  incident.advice.lines.assign(5, "Antwoord binnen een uur op de eerste klacht.");
  for (std::uint64_t i = 0; i < 10; ++i) {
    Evidence post;
    post.mention = number * 10 + i;
    post.author = "j***";
    post.text = fmt::format("{:0>200}", i);
    post.url = "https://social.example/post/1";
    post.at = now;
    incident.evidence.push_back(std::move(post));
  }
  return out;
}

asio::awaitable<void> feed(Queue<IncidentEvent>& events, Clock& clock) {
  for (std::size_t i = 0; i < kIncidents; ++i) {
    co_await events.room();
    events.force_push(invented(i, clock.now()));
  }
}

bool all_told(const Pager& pager) {
  const auto stats = pager.stats();
  std::size_t accepted = 0;
  for (const auto& [name, target] : stats.delivery.targets)
    accepted += target.accepted;
  return accepted >= kReceivers * kIncidents;
}

}  // namespace

int main() {
  spdlog::set_level(spdlog::level::off);
  const std::filesystem::path memory = "/dev/shm";
  const auto dir = (std::filesystem::is_directory(memory) && ::access("/dev/shm", W_OK) == 0
                        ? memory
                        : std::filesystem::temp_directory_path()) /
                   fmt::format("brandwacht-memory-{}", ::getpid());
  std::filesystem::create_directories(dir);
  const double bare = resident_mb();
  asio::io_context io{1};
  asio::thread_pool pool{1};
  SystemClock clock;
  Takes http;
  PagerSettings settings;
  settings.store.file = dir / "pages.db";
  auto made = receivers(http);
  std::vector<std::string> names;
  for (const auto& receiver : made)
    names.push_back(receiver->name());
  Pager pager(settings, io.get_executor(), pool, clock, Policy(Routes({}, names)), std::move(made));
  Queue<IncidentEvent> events(io.get_executor(), 64);
  bool ended = false;
  asio::co_spawn(io, pager.run(events), [&](std::exception_ptr error) {
    require(!error, "the pager failed");
    ended = true;
  });
  io.poll();
  const double idle = resident_mb();
  asio::co_spawn(io, feed(events, clock),
                 [](std::exception_ptr error) { require(!error, "the feed failed"); });
  const auto deadline = clock.steady() + std::chrono::minutes{5};
  while (!all_told(pager) && clock.steady() < deadline)
    io.run_for(std::chrono::milliseconds{50});
  const auto stats = pager.stats();
  const double full = resident_mb();
  require(all_told(pager), "not everybody was told");
  require(stats.open == kIncidents, fmt::format("{} incidents are open", stats.open));
  require(http.requests == kReceivers * kIncidents, "a page went out twice");
  require(stats.store_failures == 0, "the store failed");
  events.close();
  while (!ended)
    io.run_for(std::chrono::milliseconds{50});
  pool.join();
  std::filesystem::remove_all(dir);
  fmt::print(
      "{} receivers, {} open incidents, {} pages: {:.1f} MB before, {:.1f} MB with the "
      "receivers, {:.1f} MB with the incidents ({:.1f} KB each)\n",
      kReceivers, kIncidents, http.requests, bare, idle, full,
      (full - idle) * 1000 / static_cast<double>(kIncidents));
  figure("pager_resident", full, "MB");
}
