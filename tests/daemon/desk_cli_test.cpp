// The commands that a desk types, against a daemon that runs as its users run it.
#include <fstream>

#include "tests/daemon/program.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

namespace brandwacht::daemon {
namespace {
using test::has;
using test::Ran;
using test::shell;

// A daemon on a free port for as long as this lives; ended by its own pid.
class Running {
 public:
  Running() {
    dir.write("bw.toml",
              "[daemon]\nlisten = \"127.0.0.1:0\"\ndata_dir = \"data\"\nlanguage = \"nl\"\n"
              "[[brand]]\nname = \"Polderbank\"\nterms = [\"polderbank\"]\n"
              "[decision]\nhold = \"0 s\"\n[[receiver]]\ntype = \"log\"\nname = \"logboek\"\n");
    start();
  }
  ~Running() { stop(); }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  void start() {
    const auto ran =
        shell(in() +
              "rm -f log; $BW run -c bw.toml >/dev/null 2>log & echo $! > pid; for i in $(seq "
              "200); do grep "
              "-qs 'API on' "
              "log && break; sleep 0.05; done; sed -n 's/.*API on \\(http:[^ \"]*\\).*/\\1/p' log");
    url = ran.out.substr(0, ran.out.find('\n'));
    running_ = true;
  }
  int stop() {
    if (!running_) return 0;
    running_ = false;
    return shell(in() +
                 "kill $(cat pid); for i in $(seq 200); do kill -0 $(cat pid) 2>/dev/null || "
                 "exit 0; sleep 0.05; done; exit 1")
        .status;
  }
  Ran bw(const std::string& arguments) const {
    const std::string place = has(arguments, "fsck") ? " -c bw.toml" : " --url " + url;
    return shell(in() + "USER=fatima SUDO_USER= $BW " + arguments + place);
  }
  void complain() const {
    std::string posts;
    for (int i = 0; i <= 20; ++i) {
      const std::string n = std::to_string(i);
      posts += R"({"platform":"test","id":")" + (i == 0 ? std::string("root") : "r" + n) +
               R"(","thread":"root","author":"a)" + n + R"(","text":")" +
               (i == 0 ? "Polderbank ligt er weer uit, schandalig (verzonnen)"
                       : "Belachelijk, waardeloze app, werkt nooit (verzonnen)") +
               "\"}\n";
    }
    dir.write("posts.ndjson", posts);
    (void)shell(in() + "python3 -c \"import urllib.request as u; u.urlopen(u.Request('" + url +
                "/v1/mentions', open('posts.ndjson','rb').read(), {'Content-Type': "
                "'application/x-ndjson'}))\"");
  }
  std::string in() const { return "cd " + dir.path().string() + "; "; }

  test::TempDir dir;
  std::string url;

 private:
  bool running_ = false;
};

TEST_CASE("an operator sees what is open, takes it, lets go of it and ends it, all from a shell") {
  const Running daemon;
  REQUIRE(has(daemon.url, "http://127.0.0.1:"));
  CHECK(has(daemon.bw("incidents").out, "no incident is open"));
  daemon.complain();
  std::string list;
  for (int i = 0; i < 50 && !has(list, "bw-"); ++i)
    list = daemon.bw("incidents").out;
  REQUIRE(has(list, "bw-"));
  CHECK(has(list, "HELD BY"));
  CHECK(has(list, "Polderbank"));
  const auto begin = list.find("bw-");
  const std::string id = list.substr(begin, list.find(' ', begin) - begin);
  const auto taken = daemon.bw("ack " + id + " --for 45min");
  CHECK(taken.status == 0);
  CHECK(has(taken.out, "fatima"));
  CHECK(has(daemon.bw("incidents").out, "fatima until"));
  CHECK(has(daemon.bw("incidents --json").out, "\"by\":\"fatima\""));
  CHECK(daemon.bw("unack " + id).status == 0);
  const auto again = daemon.bw("unack " + id);
  CHECK(again.status == 0);
  CHECK(has(again.out, "nothing to do"));
  CHECK(daemon.bw("resolve " + id + " --as Jan").status == 0);
  const auto unknown = daemon.bw("ack bw-0000000000000001-1");
  CHECK(unknown.status == 65);
  CHECK(has(unknown.out, "no open incident"));
  CHECK(daemon.bw("ack " + id + " --for soon").status == 64);
  const auto log = daemon.bw("outbox list");
  CHECK(has(log.out, "logboek"));
  CHECK(has(log.out, "accepted"));
  CHECK(daemon.bw("outbox retry 1").status == 65);
  CHECK(has(daemon.bw("outbox list --json --limit 1").out, "\"outbox\":[{\"seq\":"));
}

TEST_CASE("silences are begun, listed and ended from a shell") {
  const Running daemon;
  CHECK(has(daemon.bw("silence list").out, "nothing is silenced"));
  const auto all = daemon.bw("silence add --for 2h");
  CHECK(all.status == 65);
  CHECK(has(all.out, "everything"));
  const auto added =
      daemon.bw("silence add --brand Polderbank --tier T3 --for 2h --comment 'gepland onderhoud'");
  INFO(added.out);
  REQUIRE(added.status == 0);
  const std::string id = added.out.substr(0, added.out.find(':'));
  const auto list = daemon.bw("silence list");
  CHECK(has(list.out, id));
  CHECK(has(list.out, "brand=Polderbank tier=T3"));
  CHECK(has(list.out, "gepland onderhoud"));
  CHECK(has(list.out, "fatima"));
  CHECK(daemon.bw("silence expire " + id).status == 0);
  CHECK(daemon.bw("silence expire " + id).status == 65);
  const auto nights = daemon.bw("silence add --hours 'Mon-Fri 18:00-22:00' --no-surge --for 2h");
  CHECK(nights.status == 0);
  CHECK(has(daemon.bw("silence list").out, "hours=mon,tue,wed,thu,fri 18:00-22:00 no surge"));
  CHECK(daemon.bw("silence add --hours noon --for 2h").status == 65);
}

TEST_CASE(
    "a daemon is told to read its configuration again from a shell, and says what it thinks") {
  const Running daemon;
  const auto good = daemon.bw("reload");
  CHECK(good.status == 0);
  CHECK(has(good.out, "the configuration is in force"));
  (void)shell(daemon.in() + "printf '[threads]\\nwindow = \"2 h\"\\n' >> bw.toml");
  CHECK(has(daemon.bw("reload").out, "[threads] needs a restart"));
  (void)shell(daemon.in() + "echo 'oops = 1' >> bw.toml");
  const auto bad = daemon.bw("reload");
  CHECK(bad.status == 78);
  CHECK(has(bad.out, "refused"));
  CHECK(has(shell(daemon.in() + "cat log").out, "unknown key 'oops'"));
}

TEST_CASE("a receiver is tested and a drill is held from a shell") {
  const Running daemon;
  const auto tested = daemon.bw("page --target logboek");
  CHECK(tested.status == 0);
  CHECK(has(tested.out, "logboek took the test page"));
  CHECK(daemon.bw("page --target niemand").status == 65);
  CHECK(daemon.bw("page").status == 64);
  const auto unanswered = daemon.bw("page --target logboek --wait 1s");
  CHECK(unanswered.status == 75);
  const auto drilled = daemon.bw("page --drill --target logboek --tier T1");
  INFO(drilled.out);
  CHECK(drilled.status == 0);
  CHECK(has(drilled.out, "logboek took it after"));
  const auto list = daemon.bw("incidents").out;
  CHECK(has(list, "OEFENING: Polderbank"));
  CHECK(daemon.bw("page --drill --tier T9").status == 65);
}

TEST_CASE("fsck wants the daemon stopped, finds damage with 65, and repairs what can be repaired") {
  Running daemon;
  REQUIRE(has(daemon.url, "http://"));
  daemon.complain();
  CHECK(daemon.bw("outbox fsck").status == 69);
  CHECK(daemon.stop() == 0);
  const auto good = daemon.bw("outbox fsck");
  INFO(good.out);
  CHECK(good.status == 0);
  CHECK(has(good.out, "1  open incidents"));
  CHECK(has(daemon.bw("outbox fsck --json").out, "\"good\":true"));
  {
    std::fstream file(daemon.dir.path() / "data" / "pages.db",
                      std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4096);
    file << std::string(4096, 'x');
  }
  const auto bad = daemon.bw("outbox fsck");
  CHECK(bad.status == 65);
  CHECK(has(bad.out, "--repair"));
  const auto repaired = daemon.bw("outbox fsck --repair");
  INFO(repaired.out);
  CHECK(repaired.status == 0);
  CHECK(has(repaired.out, ".corrupt-"));
  CHECK(daemon.bw("outbox fsck").status == 0);
  daemon.start();
  CHECK(has(daemon.bw("outbox list").out, "TARGET"));
}

TEST_CASE("where no daemon answers, or its configuration is absent, that is said with 69 and 78") {
  const auto nobody = shell("$BW incidents --url http://127.0.0.1:9");
  CHECK(nobody.status == 69);
  CHECK(has(nobody.out, "no daemon answers"));
  CHECK(shell("$BW incidents -c /nowhere/bw.toml").status == 78);
  CHECK(shell("$BW outbox fsck --data-dir /nowhere").status == 66);
  CHECK(shell("$BW ack").status == 64);
  for (const char* command :
       {"incidents", "ack", "unack", "resolve", "escalate", "silence", "outbox", "page"}) {
    const auto help = shell(std::string("$BW ") + command + " --help");
    CHECK(help.status == 0);
    CHECK(has(help.out, std::string("brandwacht ") + command));
  }
}

}  // namespace
}  // namespace brandwacht::daemon
