#include <simdjson.h>

#include "tests/daemon/program.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

namespace brandwacht::daemon {
namespace {
using test::has;
using test::shell;

constexpr const char* kGood =
    "[daemon]\nlisten = \"127.0.0.1:0\"\ndata_dir = \"data\"\n"
    "[[brand]]\nname = \"Polderbank\"\nterms = [\"polderbank\"]\n[[receiver]]\ntype = \"log\"\n";

TEST_CASE("help teaches: every command is listed and has an example or a promise") {
  const auto help = shell("$BW --help");
  CHECK(help.status == 0);
  for (const char* command : {"run", "demo", "check", "replay", "recording", "score", "explain"}) {
    CHECK(has(help.out, command));
    const auto own = shell(std::string("$BW ") + command + " --help");
    CHECK(own.status == 0);
    CHECK(own.out.size() > 150);
  }
  CHECK(shell("$BW --version").out.starts_with("brandwacht "));
}

TEST_CASE("wrong arguments end with 64 and say what is wrong") {
  CHECK(shell("$BW").status == 64);
  CHECK(shell("$BW sing").status == 64);
  const auto bad = shell("$BW demo --speed fast");
  CHECK(bad.status == 64);
  CHECK(has(bad.out, "speed"));
}

TEST_CASE("check names a good configuration good and a bad one by file, line and column with 78") {
  const test::TempDir dir;
  const auto good = dir.write("good.toml", kGood);
  const auto fine = shell("$BW check " + good.string());
  INFO(fine.out);
  CHECK(fine.status == 0);
  CHECK(has(fine.out, "good: 1 brands"));
  const auto bad =
      dir.write("bad.toml", "[[brand]]\nname = \"a\"\ntermz = [\"abc\"]\n[daemon]\nlisten = 5\n");
  const auto ran = shell("$BW check -c " + bad.string());
  CHECK(ran.status == 78);
  CHECK(has(ran.out, "bad.toml:3:1"));
  CHECK(has(ran.out, "did you mean 'terms'"));
  CHECK(has(ran.out, "bad.toml:5:"));
  CHECK_FALSE(has(ran.out, "\x1b["));  // no colour into a pipe
}

TEST_CASE(
    "run never starts on a wrong configuration, an absent one or an unreadable secret, and says "
    "why") {
  const test::TempDir dir;
  CHECK(shell("$BW run -c " + (dir.path() / "absent.toml").string()).status == 78);
  const auto secret =
      dir.write("secret.toml", std::string(kGood) +
                                   "[[receiver]]\ntype = \"pagerduty\"\nname = \"pd\"\n"
                                   "routing_key_file = \"nowhere.key\"\n");
  const auto ran = shell("timeout 10 $BW run -c " + secret.string());
  CHECK(ran.status == 78);
  CHECK(has(ran.out, "nowhere.key"));
}

TEST_CASE(
    "a busy port, a directory in use and one that cannot be written each give one clear sentence") {
  const test::TempDir dir;
  const auto first = dir.write("first.toml", kGood);
  // The first daemon picks a free port and holds it; the second is told to take the same.
  const auto busy = shell(
      "cd " + dir.path().string() + " && $BW run -c first.toml 2>first.log & pid=$!; cd " +
      dir.path().string() +
      "; for i in $(seq 100); do grep -q 'API on' first.log 2>/dev/null && break; sleep 0.05; done;"
      " port=$(sed -n 's/.*API on http:..127.0.0.1:\\([0-9]*\\).*/\\1/p' first.log);"
      " sed -e \"s/:0\\\"/:$port\\\"/\" -e 's/\"data\"/\"data2\"/' first.toml > second.toml;"
      " timeout 10 $BW run -c second.toml; echo \"second=$?\";"
      " timeout 10 $BW run -c first.toml; echo \"third=$?\";"
      " kill $pid; wait $pid; echo \"first=$?\"");
  INFO(busy.out);
  CHECK(has(busy.out, "second=69"));
  CHECK(has(busy.out, "another program uses this port"));
  CHECK(has(busy.out, "third=69"));
  CHECK(has(busy.out, "in use by another brandwacht"));
  CHECK(has(busy.out, "first=0"));
  std::string text = kGood;
  text.replace(text.find("\"data\""), 6, "\"/proc/nowhere\"");
  const auto bad = shell("timeout 10 $BW run -c " + dir.write("dir.toml", text).string());
  CHECK(bad.status == 69);
  CHECK(has(bad.out, "/proc/nowhere"));
}

TEST_CASE("score gives one line a text and 65 when a line was no text") {
  const auto ran = shell(
      R"(printf '%s\n' '{"id":"a","text":"Wat een waardeloze service, al drie dagen geen internet"}' '{"id":7,"text":"Top geregeld, dank"}' | $BW score)");
  INFO(ran.out);
  CHECK(ran.status == 0);
  simdjson::dom::parser parser;
  const auto newline = ran.out.find('\n');
  const auto first = parser.parse(ran.out.substr(0, newline));
  CHECK(std::string_view(first["id"]) == "a");
  CHECK(std::string_view(first["lang"]) == "nl");
  CHECK(double(first["negative"]) > 0.5);
  simdjson::dom::parser other;
  const auto second = other.parse(ran.out.substr(newline + 1));
  CHECK(std::string_view(second["id"]) == "7");
  CHECK(double(second["negative"]) < 0.5);
  const auto bad = shell("printf '%s\\n' '{\"id\":\"a\"}' 'nonsense' | $BW score");
  CHECK(bad.status == 65);
  CHECK(has(bad.out, "-:1:"));
  CHECK(has(bad.out, "-:2:"));
  CHECK(shell("$BW score /nowhere.ndjson").status == 66);
}

TEST_CASE("route says who would be paged over all steps, as a table and as JSON") {
  const test::TempDir dir;
  const auto file = dir.write("route.toml", std::string(kGood) + R"(name = "phone"
[[receiver]]
type = "log"
name = "lead"
[desk]
time_zone = "Europe/Amsterdam"
[[person]]
name = "anna"
receivers = ["phone"]
[[policy]]
name = "desk"
repeat = 0
last = ["lead"]
  [[policy.step]]
  notify = ["anna"]
[[route]]
tier = ["T1"]
hours = ["Mon-Fri 08:00-18:00"]
policy = "desk"
)");
  const std::string base = "$BW route -c " + file.string() + " --brand Polderbank --tier t1 ";
  const auto table = shell(base + "--at '2026-12-24 17:55'");
  INFO(table.out);
  CHECK(table.status == 0);
  CHECK(has(table.out, "Thu 2026-12-24 17:55"));
  CHECK(has(table.out, "anna"));
  CHECK(has(table.out, "nobody took it"));
  CHECK(has(table.out, "10 min"));
  const auto json = shell(base + "--json --at 2026-12-24T16:55:00Z");
  CHECK(has(json.out, R"("at":"2026-12-24T16:55:00.000Z","steps":[{)"));
  CHECK(has(json.out, R"({"receiver":"phone","person":"anna"})"));
  const auto night = shell(base + "--at '2026-12-24 23:00'");
  CHECK(night.status == 1);
  CHECK(has(night.out, "Nobody would be told"));
  CHECK(shell("$BW route -c " + file.string() + " --brand Polderbnk").status == 64);
  CHECK(shell(base + "--at yesterday").status == 64);
}

TEST_CASE("explain adds up, in text and as JSON") {
  const auto text = shell("$BW explain 'Derde storing deze maand, belachelijk'");
  CHECK(text.status == 0);
  CHECK(has(text.out, "P(negative)"));
  const auto json = shell("$BW explain --json 'Derde storing deze maand, belachelijk'");
  simdjson::dom::parser parser;
  const auto why = parser.parse(json.out);
  double sum = why["base"];
  for (auto part : simdjson::dom::array(why["parts"]))
    sum += double(part["weight"]);
  CHECK(1 / (1 + std::exp(-sum)) == Approx(double(why["negative"])).margin(1e-4));
  CHECK(has(shell("echo 'Top!' | $BW explain --json").out, "\"text\":\"Top!\""));
}

TEST_CASE("replay prints the events of a recording as NDJSON on stdout and pages nobody") {
  const test::TempDir dir;
  const auto config = dir.write("c.toml", kGood);
  const auto ran = shell("$BW replay -c " + config.string() +
                         " " BRANDWACHT_SOURCE "/monitor/daemon/demo/recording.ndjson 2>/dev/null");
  CHECK(ran.status == 0);
  CHECK(has(ran.out, "\"event\":\"page\""));
  CHECK(has(ran.out, "\"threads\":[\"demo-outage-0001\"]"));
  CHECK_FALSE(has(ran.out, "demo-kettle"));  // Lumolo is not in this configuration
  CHECK(shell("$BW replay -c " + config.string() + " /nowhere").status == 66);
}

TEST_CASE("demo --once ends by itself with a summary, in both languages") {
  const auto english = shell("timeout 60 $BW demo --once --speed 0 --language en");
  CHECK(english.status == 0);
  CHECK(has(english.out, "2 threads paged"));
  CHECK(has(english.out, "before the 30th critic"));
  const auto dutch = shell("timeout 60 $BW demo --once --speed 0 --language nl");
  CHECK(has(dutch.out, "voor de 30e criticus"));
  CHECK_FALSE(has(dutch.out, "\x1b["));
}

}  // namespace
}  // namespace brandwacht::daemon
