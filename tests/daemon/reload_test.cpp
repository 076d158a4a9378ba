// The configuration read again while the daemon runs, and the key of links changed.
#include "monitor/daemon/reload.hpp"

#include <fstream>

#include "alerting/ack_link.hpp"
#include "tests/daemon/inbound_rig.hpp"

namespace brandwacht::daemon {
namespace {

using Rig = InboundRig;

// A reload that waits until the test lets it go on.
struct Slow {
  asio::io_context io;
  ManualClock clock{io, Time{std::chrono::seconds{1'800'000'000}}};
  Event go{io.get_executor()};
  int begun = 0, let = 0;
  std::vector<bool> answers;
  Reloads reloads{io.get_executor(), clock, [this] { return once(); }};
  TaskGroup tasks{io.get_executor()};

  Slow() {
    tasks.spawn("reloads", reloads.run());
    poll();
  }
  ~Slow() {
    tasks.cancel();
    poll();
  }
  asio::awaitable<Reloaded> once() {
    const int number = ++begun;
    while (let < number)
      co_await go.wait();
    Reloaded out;
    if (number == 3) throw std::runtime_error("a defect (invented)");
    out.good = number != 2;
    co_return out;
  }
  void poll() {
    io.restart();
    io.poll();
  }
  void let_one() {
    ++let;
    go.notify_all();
    poll();
  }
  void ask() {
    asio::co_spawn(io, reloads.ask_and_wait(),
                   [this](std::exception_ptr, Reloaded result) { answers.push_back(result.good); });
    poll();
  }
};

std::string edited(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

void write(const Rig& rig, const std::string& text) {
  std::ofstream(rig.file()) << text;
}

}  // namespace

TEST_CASE("a storm of requests to reload is one at a time, and the last one wins") {
  Slow slow;
  slow.ask();
  for (int i = 0; i < 100; ++i)
    slow.reloads.ask();
  slow.ask();
  CHECK(slow.begun == 1);
  CHECK(slow.answers.empty());
  slow.let_one();
  CHECK(slow.begun == 2);  // one for all that came meanwhile
  CHECK(slow.answers == std::vector{true});
  slow.let_one();
  CHECK(slow.begun == 2);
  CHECK(slow.answers == std::vector{true, false});
  CHECK(slow.reloads.stats().good == 1);
  CHECK(slow.reloads.stats().refused == 1);
  CHECK_FALSE(slow.reloads.stats().last_good);
}

TEST_CASE("a reload that breaks is a refusal, and the next one is carried out all the same") {
  Slow slow;
  slow.let = 4;
  for (int i = 0; i < 4; ++i)
    slow.ask();
  CHECK(slow.answers == std::vector{true, false, false, true});
  CHECK(slow.reloads.stats().last_good);
}

TEST_CASE("what cannot be swapped is named, and what can is not") {
  const auto read = [](const std::string& more) {
    config::Problems problems;
    auto document = config::Document::from_string(
        "[[brand]]\nname = \"Polderbank\"\nterms = [\"polderbank\"]\n" + more, "test.toml",
        problems);
    return read_settings(document, problems);
  };
  const Settings old = read("[daemon]\nlisten = \"127.0.0.1:1\"\n[[receiver]]\ntype = \"log\"\n");
  CHECK(needs_restart(old, old).empty());
  CHECK(needs_restart(
            old, read("# another layout\n[[receiver]]\ntype=\"log\"\n\n[daemon]\n"
                      "listen=\"127.0.0.1:1\"\nlog_level=\"debug\"\nshutdown_deadline=\"9 s\"\n"
                      "[decision]\ntheta_page = 0.7\n[budget]\npages = \"2/week\"\n"))
            .empty());
  const auto all = needs_restart(
      old, read("[daemon]\nlisten = \"127.0.0.1:2\"\nlanguage = \"nl\"\ndata_dir = \"elsewhere\"\n"
                "[[receiver]]\ntype = \"log\"\n[threads]\nwindow = \"2 h\"\n[inbound]\n"
                "listen = \"127.0.0.1:3\"\n[[watchdog]]\ntype = \"metric\"\n"));
  for (const char* name : {"[threads]", "listen of [daemon]", "listen of [inbound]",
                           "data_dir of [daemon]", "language of [daemon]", "[[watchdog]]"}) {
    INFO(name);
    CHECK(std::ranges::any_of(all, [&](const std::string& what) { return has(what, name); }));
  }
  CHECK(all.size() == 6);
}

asio::awaitable<void> reload_all(Rig& rig) {
  co_await rig.page_somebody();
  const std::string good = rig.text();
  const auto sent = rig.bodies.size();
  const auto before = rig.daemon->pager().desk_case(rig.incident);

  // A bad one changes nothing, and says where.
  write(rig, edited(good, "terms = [", "termz = ["));
  auto refused = co_await rig.ask("POST", "/api/reload");
  CHECK(refused.status == 409);
  CHECK(has(refused.body, "test.toml:7:"));
  CHECK(has(refused.body, "error: unknown key 'termz'"));
  auto metrics = co_await rig.ask("GET", "/metrics");
  CHECK(has(metrics.body, "brandwacht_config_last_reload_successful 0"));
  CHECK(has(metrics.body, "brandwacht_config_reloads_total{result=\"refused\"} 1"));

  // A good one: another name for the same receiver, thresholds, a link's address and its key.
  std::string fresh = edited(good, "name = \"sink\"", "name = \"desk\"");
  fresh = edited(fresh, "https://page.example", "https://other.example");
  fresh = edited(fresh, "[decision]\n", "[decision]\ntheta_page = 0.61\n");
  fresh = edited(fresh, "[daemon]\n", "[daemon]\nhosts = [\"board.example\"]\n");
  write(rig, fresh + "[threads]\nwindow = \"2 h\"\n");
  const std::string old_link = rig.daemon->face().link(rig.incident, "sink");
  alerting::rotate_ack_key(rig.dir.path() / "data" / "ack.key", rig.clock.now(), 24h);
  auto done = co_await rig.ask("POST", "/api/reload");
  CHECK(done.status == 200);
  CHECK(has(done.body, "\"needs_restart\":[\"[threads]\"]"));
  metrics = co_await rig.ask("GET", "/metrics");
  CHECK(has(metrics.body, "brandwacht_config_last_reload_successful 1"));
  CHECK(has(metrics.body, "brandwacht_outbox_waiting{target=\"desk\"} 0"));
  CHECK_FALSE(has(metrics.body, "target=\"sink\""));
  CHECK(rig.daemon->line().settings().decision.theta_page == Approx(0.61));
  CHECK(rig.daemon->api_hosts() == std::vector<std::string>{"board.example"});
  CHECK(rig.bodies.size() == sent);  // nobody was told
  CHECK(rig.daemon->pager().live().front().id == rig.incident);
  CHECK(encode(*rig.daemon->pager().desk_case(rig.incident)) == encode(*before));

  // A link from before the change of keys still acts, new ones are signed by the new key.
  const std::string link = rig.daemon->face().link(rig.incident, "desk");
  CHECK(link.starts_with("https://other.example/ack/"));
  auto pressed = co_await rig.ask("POST", rig.here(old_link), "name=Fatima", browser());
  CHECK(pressed.status == 200);
  CHECK(rig.held()->who == "Fatima");
  auto shown = co_await rig.ask("GET", rig.here(link));
  CHECK(shown.status == 200);
  CHECK(has(shown.body, "Fatima"));

  // The next reload names again what still needs a restart; the end goes to the new name.
  auto again = co_await rig.ask("POST", "/api/reload");
  CHECK(has(again.body, "\"needs_restart\":[\"[threads]\"]"));
  (void)co_await rig.ask("POST", "/api/incidents/" + rig.incident + "/resolve", "{}");
  co_await rig.wait_for("incident.close");
  CHECK(rig.sent("incident.close") == 1);
}

TEST_CASE(
    "a reload swaps receivers, links, keys and thresholds, tells nobody, and a bad file changes "
    "nothing") {
  Rig rig;
  rig.run(reload_all(rig));
  CHECK(rig.status == 0);
}

asio::awaitable<void> reload_storm(Rig& rig) {
  co_await rig.page_somebody();
  const auto sent = rig.bodies.size();
  for (int i = 0; i < 100; ++i)
    rig.daemon->reloads().ask();
  auto last = co_await rig.ask("POST", "/api/reload");
  CHECK(last.status == 200);
  CHECK(rig.daemon->reloads().stats().good <= 3);
  CHECK(rig.bodies.size() == sent);
  // All or nothing, under a file that goes back and forth.
  const auto desk = encode(*rig.daemon->pager().desk_case(rig.incident));
  const std::string good = rig.text();
  for (int i = 0; i < 20; ++i) {
    write(rig, i % 2 == 0 ? edited(good, "terms = [", "termz = [") : good);
    auto reloaded = co_await rig.ask("POST", "/api/reload");
    CHECK(reloaded.status == (i % 2 == 0 ? 409 : 200));
    CHECK(encode(*rig.daemon->pager().desk_case(rig.incident)) == desk);
  }
  CHECK(rig.bodies.size() == sent);
  // From another site's page nobody reloads anything.
  HttpHeaders foreign;
  foreign.emplace_back("Origin", "https://evil.example");
  std::string nothing;
  auto refused = co_await rig.ask("POST", "/api/reload", std::move(nothing), std::move(foreign));
  CHECK(refused.status == 403);
  auto wrong = co_await rig.ask("GET", "/api/reload");
  CHECK(wrong.status == 405);
}

TEST_CASE("complaint 13: a hundred reloads at once are a few, and page nobody") {
  Rig rig;
  rig.run(reload_storm(rig));
  CHECK(rig.status == 0);
}

TEST_CASE("SIGHUP reads the configuration again: a bad one is refused with its position") {
  test::TempDir dir;
  const std::string file = (dir.path() / "x.toml").string(), log = (dir.path() / "log").string();
  std::ofstream(file) << "[daemon]\nlisten = \"127.0.0.1:0\"\ndata_dir = \"" +
                             (dir.path() / "data").string() +
                             "\"\n[[brand]]\nname = \"P\"\nterms = [\"polderbank\"]\n"
                             "[[receiver]]\ntype = \"log\"\nname = \"log\"\n";
  const auto ran =
      test::shell("until_said() { for i in $(seq 300); do grep -q \"$1\" '" + log +
                  "' && return; sleep 0.1; done; echo \"never said: $1\"; }; "
                  "$BW run -c '" +
                  file + "' 2>'" + log +
                  "' & pid=$!; until_said 'API on'; "
                  "for i in $(seq 100); do kill -HUP $pid; done; until_said 'is in force'; "
                  "echo 'oops = 1' >> '" +
                  file +
                  "'; kill -HUP $pid; until_said 'was refused'; "
                  "kill $pid; wait $pid; echo \"rc $?\"; cat '" +
                  log + "'");
  INFO(ran.out);
  CHECK(has(ran.out, "rc 0"));
  CHECK_FALSE(has(ran.out, "never said"));
  CHECK(has(ran.out, "x.toml:10:"));
  CHECK(has(ran.out, "error: unknown key 'oops'"));
}

TEST_CASE("rotate-key keeps the key that was there until its links have expired") {
  test::TempDir dir;
  const auto data = dir.path() / "data";
  std::filesystem::create_directories(data);
  std::ofstream(dir.path() / "x.toml")
      << "[daemon]\nlisten = \"127.0.0.1:1\"\ndata_dir = \"data\"\n[inbound]\nlink_expiry = \"2 "
         "h\"\n"
         "[[brand]]\nname = \"P\"\nterms = [\"polderbank\"]\n[[receiver]]\ntype = \"log\"\n";
  const Time now = SystemClock().now();
  const auto old = alerting::open_ack_keys(data / "ack.key", now);
  const auto ran = test::shell("$BW rotate-key -c '" + (dir.path() / "x.toml").string() + "'");
  INFO(ran.out);
  CHECK(ran.status == 0);
  CHECK(has(ran.out, "good for 2 h more"));
  CHECK(has(ran.out, "reload the daemon"));  // none runs
  const auto fresh = alerting::open_ack_keys(data / "ack.key", now);
  REQUIRE(fresh.keys.size() == 2);
  CHECK(fresh.keys.at(1) == old.keys.at(0));
  CHECK(fresh.old_until >= now + 2h);
  CHECK(fresh.old_until <= now + 2h + 10min);
}

}  // namespace brandwacht::daemon
