// Kills a pager with SIGKILL at random moments, starts it again, and checks what it promised.
//
// The parent runs an HTTP sink and kills; the child (this program again) runs a Pager with three
// signed webhooks over an endless script of incidents and writes each promise (an event whose
// commit returned, an acknowledgement that was carried out) to a pipe. Its policy tells "a" and "b"
// at once and "c" 10 ms later, unless somebody has it. The oracle:
//   1. every promised delivery arrived at both "a" and "b",
//   2. within one life of the child no delivery arrived twice, and none has more than one
//   duplicate:
//      what a kill cut off waits until a child stays up for five seconds. A child that a slow
//      machine lets live for so long may cost one more,
//   3. a delivery id has one dedup key for ever,
//   4. an incident's pages arrived for the first time in the order in which they happened,
//   5. no step of an incident was decided after it was acknowledged, and no step was lost where
//      nobody had it for long enough.
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
#include "tests/alerting/kill_loop_judge.hpp"
#include "tests/alerting/kill_loop_sink.hpp"

extern char** environ;

namespace brandwacht::alerting {
namespace {

using namespace std::chrono_literals;

// ---- the child

void promise(int pipe, const std::string& line) {
  if (::write(pipe, line.data(), line.size()) < 0) ::_exit(3);
}

asio::awaitable<void> acknowledge(Pager& pager, Clock& clock, int index, int pipe) {
  Command command;
  command.incident = scripted(index, {}).incident.id;
  command.who = "invented";
  const Time at = clock.now();
  const std::string line =
      fmt::format("ack {} {}\n", command.incident, at.time_since_epoch().count());
  auto carried = pager.command(std::move(command));
  const auto result = co_await std::move(carried);
  if (result.kind == CommandResult::Kind::done) promise(pipe, line);
}

asio::awaitable<void> feed(Pager& pager, Queue<IncidentEvent>& events, Clock& clock, int from,
                           int pipe) {
  std::mt19937 random(static_cast<unsigned>(from));
  for (int index = from;; ++index) {
    co_await events.room();
    events.force_push(scripted(index, clock.now()));
    pager.position("script", std::to_string(index + 1));
    const bool page = index % 3 == 0;
    const Duration pause{page && is_slow(index) ? kPause.count() : random() % 2000};
    co_await clock.sleep_for(pause);
    if (page && is_acknowledged(index)) co_await acknowledge(pager, clock, index, pipe);
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
  for (const char* target : kReceivers) {
    WebhookSettings settings;
    settings.url = fmt::format("http://127.0.0.1:{}/{}", port, target);
    settings.keys = {std::string(32, 'k')};
    receivers.push_back(make_webhook(target, settings, {http, ""}));
  }
  PagerSettings settings;
  settings.store.file = file;
  settings.target.backoff = {1ms, 20ms};
  settings.committed = [pipe](const IncidentEvent& event) {
    for (const char* target : kTargets)
      promise(pipe, delivery_id(event, target) + "\n");
  };
  Pager pager(settings, io.get_executor(), pool, clock, desk_policy(), std::move(receivers));
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
    asio::co_spawn(io, feed(pager, events, clock, std::max(0, from), pipe), asio::detached);
  io.run();
  return result;
}

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
      if (text_[begin] == 'b' || text_[begin] == 'a')
        out.push_back(text_.substr(begin, end - begin));
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

int parent(int kills, unsigned seed) {
  std::mt19937 random(seed);
  TempDir dir;
  Sink sink;
  std::set<std::string> promised;
  std::map<std::string, Time> acks;
  int long_lives = 0;
  const auto collect = [&](const Child& from) {
    for (auto& line : from.promises()) {
      if (!line.starts_with("ack ")) {
        promised.insert(std::move(line));
        continue;
      }
      const auto space = line.rfind(' ');
      const Time at{Duration{std::stoll(line.substr(space + 1))}};
      acks.try_emplace(line.substr(4, space - 4), at);
    }
  };
  const std::string file = (dir / "x.db").string();
  for (int i = 0; i < kills; ++i) {
    const auto born = std::chrono::steady_clock::now();
    Child victim(file, sink.port(), false, i);
    // One in ten dies while it starts. The others after some promises, so that a slow machine makes
    // progress too.
    const bool early = random() % 10 == 0;
    if (!early && !victim.wait_lines(1 + 2 * static_cast<long>(random() % 6)))
      fault("the child did not start");
    std::this_thread::sleep_for(std::chrono::microseconds{random() % (early ? 50'000 : 5'000)});
    victim.kill();
    if (std::chrono::steady_clock::now() - born >= kStaysUp) ++long_lives;
    if (const int status = victim.wait(); status != -SIGKILL)
      fault(fmt::format("the child ended by itself: {}", status));
    collect(victim);
  }
  Child last(file, sink.port(), true, kills);
  if (const int status = last.wait(); status != 0)
    fault(fmt::format("the last child failed: {}", status));
  collect(last);
  judge(sink.arrivals(), promised, kills, acks, 1 + long_lives);
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
