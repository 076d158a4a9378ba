// What a receiver that never answers costs the others: a real pager with its store on this disk,
// ten receivers, ten pages a second for twenty seconds; from the event to the moment when each
// receiver's request begins. First with all of them in order, then with one that never answers and
// one that takes a second for each page.
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <filesystem>
#include <map>

#include "alerting/pager.hpp"
#include "bench/figure.hpp"
#include "bench/loopback.hpp"
#include "monitor/event.hpp"

namespace {

using namespace brandwacht;
using namespace brandwacht::alerting;
using namespace brandwacht::bench;
using namespace std::chrono_literals;
namespace asio = boost::asio;

constexpr std::size_t kGood = 8, kPages = 200;
constexpr Duration kApart = 100ms;

struct Pages {
  std::map<std::string, Wall::time_point> pushed;  // by incident
  std::vector<double> milliseconds;                // of the receivers that are in order
};

class Receiver final : public Notifier {
 public:
  enum class Does : std::uint8_t { answers, is_slow, never_answers };

  Receiver(std::string name, Does does, Clock& clock, Pages& pages)
      : name_(std::move(name)), does_(does), clock_(clock), pages_(pages) {}
  const std::string& name() const override { return name_; }
  asio::awaitable<Outcome> notify(const Page& page, Time) override {
    if (does_ == Does::answers && page.incident.platform == "bench")
      pages_.milliseconds.push_back(std::chrono::duration<double, std::milli>(
                                        Wall::now() - pages_.pushed.at(page.incident.id))
                                        .count());
    if (does_ == Does::is_slow) co_await clock_.sleep_for(1s);
    if (does_ == Does::never_answers) co_await clock_.sleep_for(24h);
    Outcome out;
    out.kind = Outcome::Kind::accepted;
    co_return out;
  }

 private:
  std::string name_;
  Does does_;
  Clock& clock_;
  Pages& pages_;
};

IncidentEvent invented(std::size_t number, Time now) {
  IncidentEvent out{IncidentEventKind::page, now, {}};
  out.incident.thread_key = number + 1;
  out.incident.id = incident_id(out.incident.thread_key, 1);
  out.incident.platform = "bench";
  out.incident.title = "Polderbank: 12 critici in 40 minuten (verzonnen)";
  out.incident.tier = Tier::t2;
  return out;
}

asio::awaitable<void> feed(Queue<IncidentEvent>& events, Clock& clock, Pages& pages) {
  for (std::size_t i = 0; i < kPages; ++i) {
    auto event = invented(i, clock.now());
    pages.pushed[event.incident.id] = Wall::now();
    events.force_push(std::move(event));
    co_await clock.sleep_for(kApart);
  }
}

std::vector<double> run(bool trouble) {
  const auto dir = std::filesystem::temp_directory_path() /
                   fmt::format("brandwacht-isolation-{}-{}", ::getpid(), trouble);
  std::filesystem::create_directories(dir);
  asio::io_context io{1};
  asio::thread_pool pool{1};
  SystemClock clock;
  Pages pages;
  std::vector<std::unique_ptr<Notifier>> receivers;
  std::vector<std::string> names;
  const auto add = [&](std::string name, Receiver::Does does) {
    names.push_back(name);
    receivers.push_back(std::make_unique<Receiver>(std::move(name), does, clock, pages));
  };
  add("silent", trouble ? Receiver::Does::never_answers : Receiver::Does::answers);
  add("slow", trouble ? Receiver::Does::is_slow : Receiver::Does::answers);
  for (std::size_t i = 0; i < kGood; ++i)
    add(fmt::format("desk-{}", i), Receiver::Does::answers);
  PagerSettings settings;
  settings.store.file = dir / "pages.db";
  settings.stop_within = 100ms;
  Pager pager(settings, io.get_executor(), pool, clock, Policy(Routes({}, names)),
              std::move(receivers));
  Queue<IncidentEvent> events(io.get_executor(), 64);
  bool ended = false;
  asio::co_spawn(io, pager.run(events), [&](std::exception_ptr error) {
    require(!error, "the pager failed");
    ended = true;
  });
  asio::co_spawn(io, feed(events, clock, pages),
                 [&](std::exception_ptr error) { require(!error, "the feed failed"); });
  const std::size_t expected = (kGood + (trouble ? 0 : 2)) * kPages;
  const auto deadline = clock.steady() + 1min;
  while (pages.milliseconds.size() < expected && clock.steady() < deadline)
    io.run_for(10ms);
  require(pages.milliseconds.size() == expected, "a page came twice or never");
  events.close();
  while (!ended)
    io.run_for(10ms);
  pool.join();
  std::filesystem::remove_all(dir);
  return pages.milliseconds;
}

}  // namespace

int main() {
  spdlog::set_level(spdlog::level::off);
  double worst = 0;
  for (const bool trouble : {false, true}) {
    const auto delays = run(trouble);
    worst = quantile(delays, 1);
    fmt::print("{:<44} {} pages: p50 {:.1f} ms, p99 {:.1f} ms, worst {:.1f} ms\n",
               trouble ? "one silent, one takes a second, eight in order:" : "ten in order:",
               delays.size(), median(delays), quantile(delays, 0.99), worst);
  }
  figure("stalled_receiver_worst", worst, "ms");
}
