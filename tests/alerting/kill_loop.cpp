// Kills a pager with SIGKILL at random moments, starts it again, and checks what it promised.
//
// The parent runs an HTTP sink and kills; the child (this program again) runs a Pager with two
// signed webhooks over an endless script of incidents and writes each promise (an event whose
// commit returned) to a pipe. The oracle:
//   1. every promised delivery arrived at both targets,
//   2. within one life of the child no delivery arrived twice, so a page has at most one duplicate
//   per kill, and all
//      duplicates together are at most one per kill and target,
//   3. a delivery id has one dedup key for ever,
//   4. an incident's pages arrived for the first time in the order in which they happened.
//
//   kill_loop [--kills N] [--seed N]
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <spdlog/spdlog.h>
#include <sys/wait.h>
#include <unistd.h>

#include <poll.h>
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <iostream>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include "alerting/pager.hpp"
#include "alerting/signature.hpp"
#include "alerting/webhook.hpp"
#include "tests/alerting/builders.hpp"
#include "tests/alerting/loopback_http.hpp"

extern char** environ;

namespace brandwacht::alerting {
namespace {

using namespace std::chrono_literals;

constexpr std::array kTargets{"a", "b"};
constexpr int kRederived =
    2;  // events that a restarted child derives again, as a line does after a crash

// The script: page, upgrade and close of one incident after the other.
IncidentEvent scripted(int index, Time now) {
  const auto number = static_cast<std::uint64_t>(index / 3) + 1;
  const int stage = index % 3;
  auto incident = invented_incident(number, stage == 0 ? Tier::t2 : Tier::t1, 10 + 5 * stage);
  const auto kind = stage == 0   ? IncidentEventKind::page
                    : stage == 1 ? IncidentEventKind::upgrade
                                 : IncidentEventKind::close;
  return invented_event(kind, std::move(incident), now);
}

// ---- the child

asio::awaitable<void> feed(Pager& pager, Queue<IncidentEvent>& events, Clock& clock, int from) {
  std::mt19937 random(static_cast<unsigned>(from));
  for (int index = from;; ++index) {
    co_await events.room();
    events.force_push(scripted(index, clock.now()));
    pager.position("script", std::to_string(index + 1));
    const Duration pause{random() % 2000};
    co_await clock.sleep_for(pause);
  }
}

asio::awaitable<void> close_when_delivered(Pager& pager, Queue<IncidentEvent>& events,
                                           Clock& clock) {
  for (bool waiting = true; waiting;) {
    co_await clock.sleep_for(5ms);
    waiting = false;
    for (const auto& [name, stats] : pager.stats().delivery.targets)
      waiting = waiting || stats.waiting > 0;
  }
  events.close();
}

int child(const std::string& file, const std::string& port, int pipe, bool last,
          const std::string& life) {
  spdlog::set_level(spdlog::level::off);
  asio::io_context io;
  asio::thread_pool pool(1);
  SystemClock clock;
  LoopbackHttp http("life-" + life);
  std::vector<std::unique_ptr<Notifier>> receivers;
  for (const char* target : kTargets) {
    WebhookSettings settings;
    settings.url = fmt::format("http://127.0.0.1:{}/{}", port, target);
    settings.keys = {std::string(32, 'k')};
    receivers.push_back(make_webhook(target, settings, {http, ""}));
  }
  PagerSettings settings;
  settings.store.file = file;
  settings.target.backoff = {1ms, 20ms};
  settings.committed = [pipe](const IncidentEvent& event) {
    for (const char* target : kTargets) {
      const std::string line = delivery_id(event, target) + "\n";
      if (::write(pipe, line.data(), line.size()) < 0) ::_exit(3);
    }
  };
  Pager pager(settings, io.get_executor(), pool, clock, Routes({}, {"a", "b"}),
              std::move(receivers));
  Queue<IncidentEvent> events(io.get_executor(), 8);
  if (::write(pipe, "ready\n", 6) != 6) return 3;
  int result = 4;
  asio::co_spawn(io, pager.run(events), [&](std::exception_ptr error) { result = error ? 5 : 0; });
  const auto& positions = pager.positions();
  const int from =
      positions.contains("script") ? std::stoi(positions.at("script")) - kRederived : 0;
  if (last)
    asio::co_spawn(io, close_when_delivered(pager, events, clock), asio::detached);
  else
    asio::co_spawn(io, feed(pager, events, clock, std::max(0, from)), asio::detached);
  io.run();
  return result;
}

// ---- the sink

struct Arrival {
  std::string delivery, dedup, life;
};

class Sink {
 public:
  Sink() : acceptor_(io_, Tcp::endpoint(asio::ip::address_v4::loopback(), 0)) {
    asio::co_spawn(io_, accept(), asio::detached);
    thread_ = std::thread([this] { io_.run(); });
  }
  ~Sink() {
    io_.stop();
    thread_.join();
  }
  std::string port() const { return std::to_string(acceptor_.local_endpoint().port()); }
  std::vector<Arrival> arrivals() {
    const std::lock_guard lock(mutex_);
    return arrivals_;
  }
  int refused = 0, forged = 0;  // read after the sink's end of work

 private:
  asio::awaitable<void> accept() {
    for (;;) {
      auto socket = co_await acceptor_.async_accept(asio::use_awaitable);
      asio::co_spawn(io_, serve(std::move(socket)), asio::detached);
    }
  }

  // A killed child leaves half requests and closed sockets: every error just ends the conversation.
  asio::awaitable<void> serve(Tcp::socket socket) {
    const auto use = asio::as_tuple(asio::use_awaitable);
    std::string in;
    auto buffer = asio::dynamic_buffer(in);
    auto [broken, head] = co_await asio::async_read_until(socket, buffer, "\r\n\r\n", use);
    if (broken) co_return;
    HttpResponse request;  // for its headers
    request.headers = parse_headers(std::string_view(in).substr(0, head));
    const auto length = std::stoul(std::string(request.header("Content-Length")));
    if (in.size() < head + length) {
      auto [cut, more] = co_await asio::async_read(
          socket, buffer, asio::transfer_exactly(head + length - in.size()), use);
      if (cut) co_return;
    }
    const bool refuse = random_() % 10 == 0;
    if (refuse)
      ++refused;
    else
      note(request, in.substr(head));
    asio::steady_timer thinking(io_, std::chrono::microseconds{random_() % 3000});
    co_await thinking.async_wait(asio::use_awaitable);
    const std::string answer =
        fmt::format("HTTP/1.1 {}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                    refuse ? "503 Busy\r\nRetry-After: 0" : "200 OK");
    co_await asio::async_write(socket, asio::buffer(answer), use);
  }

  void note(const HttpResponse& request, const std::string& body) {
    const std::string id(request.header("webhook-id"));
    const Time at{
        std::chrono::seconds{std::stoll(std::string(request.header("webhook-timestamp")))}};
    if (request.header("webhook-signature") != sign_webhook({std::string(32, 'k')}, id, at, body))
      ++forged;
    const auto begin = body.find(R"("incident":")") + 12;
    const std::lock_guard lock(mutex_);
    arrivals_.push_back({id, body.substr(begin, body.find('"', begin) - begin),
                         std::string(request.header("User-Agent"))});
  }

  asio::io_context io_;
  Tcp::acceptor acceptor_;
  std::mt19937 random_{4711};
  std::mutex mutex_;
  std::vector<Arrival> arrivals_;
  std::thread thread_;
};

// ---- the parent

class Child {
 public:
  Child(const std::string& file, const std::string& port, bool last, int life) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    out_ = ends[0];
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 9);  // drops O_CLOEXEC
    std::vector<std::string> words{
        "kill_loop", "--child", file, port, last ? "last" : "more", std::to_string(life)};
    std::vector<char*> argv;
    for (auto& word : words)
      argv.push_back(word.data());
    argv.push_back(nullptr);
    const int error =
        ::posix_spawn(&pid_, "/proc/self/exe", &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    if (error != 0) throw std::runtime_error("cannot start the child");
  }
  ~Child() { ::close(out_); }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // Until the child has written `lines` lines; the first says that it is ready.
  bool wait_lines(long lines) {
    while (std::count(text_.begin(), text_.end(), '\n') < lines) {
      pollfd waiting{out_, POLLIN, 0};
      if (::poll(&waiting, 1, 20'000) <= 0 || !read_some()) return false;
    }
    return true;
  }
  void kill() { ::kill(pid_, SIGKILL); }
  // Gives the exit status, or minus the signal. Call once, then promises().
  int wait() {
    while (read_some()) {
    }
    int status = 0;
    ::waitpid(pid_, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }
  // Whole lines only: what a kill cut was not promised.
  std::vector<std::string> promises() const {
    std::vector<std::string> out;
    std::size_t begin = 0;
    for (auto end = text_.find('\n'); end != std::string::npos; end = text_.find('\n', begin)) {
      if (text_[begin] == 'b') out.push_back(text_.substr(begin, end - begin));
      begin = end + 1;
    }
    return out;
  }

 private:
  bool read_some() {
    char buffer[4096];
    const auto count = ::read(out_, buffer, sizeof buffer);
    if (count > 0) text_.append(buffer, static_cast<std::size_t>(count));
    return count > 0;
  }
  pid_t pid_ = 0;
  int out_ = -1;
  std::string text_;
};

int faults = 0;
void fault(const std::string& text) {
  if (++faults <= 20) std::cerr << "FAULT: " << text << '\n';
}

// `first`: when each delivery arrived for the first time.
void judge_order(const std::map<std::string, std::size_t>& first) {
  for (const char* target : kTargets)
    for (int index = 0; index < static_cast<int>(first.size()); ++index) {
      if (index % 3 == 0) continue;  // the first of its incident
      const auto before = first.find(delivery_id(scripted(index - 1, {}), target));
      const auto after = first.find(delivery_id(scripted(index, {}), target));
      if (after == first.end()) continue;
      if (before == first.end() || before->second > after->second)
        fault(after->first + " overtook what came before");
    }
}

void judge(const std::vector<Arrival>& arrivals, const std::set<std::string>& promised, int kills) {
  std::map<std::string, int> count;
  std::map<std::string, std::string> dedup;
  std::set<std::pair<std::string, std::string>> lives;
  std::map<std::string, std::size_t> first;
  for (std::size_t i = 0; i < arrivals.size(); ++i) {
    const Arrival& arrival = arrivals[i];
    ++count[arrival.delivery];
    first.try_emplace(arrival.delivery, i);
    if (!lives.emplace(arrival.delivery, arrival.life).second)
      fault(arrival.delivery + " came twice within " + arrival.life);
    if (dedup.try_emplace(arrival.delivery, arrival.dedup).first->second != arrival.dedup)
      fault(arrival.delivery + " changed its dedup key");
  }
  judge_order(first);
  for (const auto& id : promised)
    if (!count.contains(id)) fault(id + " was promised and never came");
  int duplicates = 0, most = 0;
  for (const auto& [id, times] : count) {
    duplicates += times - 1;
    most = std::max(most, times - 1);
  }
  if (duplicates > kills * static_cast<int>(kTargets.size()))
    fault(fmt::format("{} duplicates for {} kills", duplicates, kills));
  std::cout << fmt::format(
      "{} kills, {} deliveries promised, {} arrived, {} duplicates (most for one: {})\n", kills,
      promised.size(), count.size(), duplicates, most);
  if (promised.size() < static_cast<std::size_t>(kills))
    fault("the child made too little progress to prove anything");
}

int parent(int kills, unsigned seed) {
  std::mt19937 random(seed);
  TempDir dir;
  Sink sink;
  std::set<std::string> promised;
  const auto collect = [&](const Child& from) {
    for (auto& id : from.promises())
      promised.insert(std::move(id));
  };
  const std::string file = (dir / "x.db").string();
  for (int i = 0; i < kills; ++i) {
    Child victim(file, sink.port(), false, i);
    // One in ten dies while it starts. The others after some promises, so that a slow machine makes
    // progress too.
    const bool early = random() % 10 == 0;
    if (!early && !victim.wait_lines(1 + 2 * static_cast<long>(random() % 6)))
      fault("the child did not start");
    std::this_thread::sleep_for(std::chrono::microseconds{random() % (early ? 50'000 : 5'000)});
    victim.kill();
    if (const int status = victim.wait(); status != -SIGKILL)
      fault(fmt::format("the child ended by itself: {}", status));
    collect(victim);
  }
  Child last(file, sink.port(), true, kills);
  if (const int status = last.wait(); status != 0)
    fault(fmt::format("the last child failed: {}", status));
  collect(last);
  judge(sink.arrivals(), promised, kills);
  if (sink.forged > 0) fault("wrong signatures");
  for (const auto& entry : std::filesystem::directory_iterator(dir.path()))
    if (entry.path().string().find(".corrupt-") != std::string::npos)
      fault("a kill damaged the file");
  if (faults > 0) std::cerr << faults << " faults with seed " << seed << '\n';
  return faults > 0 ? 1 : 0;
}

}  // namespace
}  // namespace brandwacht::alerting

int main(int argc, char** argv) {
  const std::vector<std::string> args(argv + 1, argv + argc);
  if (args.size() == 5 && args[0] == "--child")
    return brandwacht::alerting::child(args[1], args[2], 9, args[3] == "last", args[4]);
  int kills = 200;
  unsigned seed = 1;
  for (std::size_t i = 0; i + 1 < args.size(); i += 2) {
    if (args[i] == "--kills") kills = std::stoi(args[i + 1]);
    if (args[i] == "--seed") seed = static_cast<unsigned>(std::stoul(args[i + 1]));
  }
  return brandwacht::alerting::parent(kills, seed);
}
