#include <simdjson.h>

#include "tests/daemon/program.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::daemon {
namespace {
using test::has;
using test::shell;

// $1 stands behind the options, with a fixed now.
std::string check_reply(const std::string& rest) {
  return "$BW check-reply --now 2026-11-25T10:00:00+01:00 " + rest;
}

}  // namespace

TEST_CASE(
    "check-reply --ndjson prints every key for every line, with deadlines in the desk's zone") {
  const auto ran = shell(
      R"(printf '%s\n' '{"id":"a","text":"Sorry! Voor 17:00 hoor je van ons. ^Anna"}' '{"id":7,"text":"No comment."}' | )" +
      check_reply("--ndjson"));
  INFO(ran.out);
  CHECK(ran.status == 0);
  const std::string first = ran.out.substr(0, ran.out.find('\n'));
  CHECK(has(first, R"({"id":"a","apology":true,)"));
  CHECK(has(first, R"("promised_by":"2026-11-25T16:00:00.000Z","signed":"Anna")"));
  CHECK(has(ran.out, R"({"id":"7","apology":false,)"));
  CHECK(has(ran.out, R"("no_comment":true)"));
  CHECK(has(ran.out, R"("promised_by":null,"signed":null)"));
  simdjson::dom::parser parser;
  for (const char* key : {"id", "apology", "empathy", "own_side", "no_comment", "legalese", "rude",
                          "asks_private_data", "move_to_private", "holding", "promised_by",
                          "signed", "compensation", "follow_up", "lang"}) {
    INFO(key);
    const simdjson::padded_string padded(first);
    CHECK(parser.parse(padded)[key].error() == simdjson::SUCCESS);
  }
  const auto london = shell(R"(echo '{"id":"1","text":"We will answer before 5pm"}' | )" +
                            check_reply("--ndjson --time-zone Europe/London"));
  CHECK(has(london.out, R"("promised_by":"2026-11-25T17:00:00.000Z")"));
}

TEST_CASE("check-reply says what a bad line is and goes on") {
  const auto ran = shell(
      R"(printf '{"id":"1"}\nno json\n{"id":"2","text":"Sorry"}\n{"id":"3","text":""}\n' | )" +
      check_reply("--ndjson"));
  CHECK(ran.status == 65);
  CHECK(has(ran.out, "standard input:1:"));
  CHECK(has(ran.out, "standard input:2:"));
  CHECK(has(ran.out, R"({"id":"2","apology":true)"));
  CHECK(has(ran.out, R"({"id":"3","apology":false)"));
}

TEST_CASE("check-reply gives its advice with the reason, in Dutch or English") {
  const auto dutch = shell(check_reply("'Geen commentaar.'"));
  CHECK(dutch.status == 0);
  CHECK(has(dutch.out, "bekentenis"));
  CHECK(has(dutch.out, "u beslist"));
  CHECK_FALSE(has(dutch.out, "\x1b["));  // no colour into a pipe
  const auto english =
      shell("echo 'We are refunding everybody by tomorrow. Kim' | " + check_reply("--language en"));
  CHECK(has(english.out, "raises virality"));
  CHECK(has(english.out, "Thursday 2026-11-26 23:59"));
  CHECK(has(english.out, "Signed by Kim"));
  const auto vague = shell(check_reply("'We reageren zo snel mogelijk'"));
  CHECK(has(vague.out, "Noem een tijd"));
}

TEST_CASE("check-reply refuses an empty text, an unknown zone and a time that is none") {
  CHECK(shell(check_reply("'  '")).status == 64);
  CHECK(shell("printf '' | $BW check-reply").status == 64);
  CHECK(shell(check_reply("--time-zone Europe/Utrecht Sorry")).status == 64);
  CHECK(shell("$BW check-reply --now gisteren Sorry").status == 64);
  CHECK(shell(check_reply("-c /nowhere.toml Sorry")).status == 78);
}

TEST_CASE(
    "check-reply reads any bytes, a large text and a third language, and says what it could not "
    "read") {
  const auto bytes = shell("head -c 5000 /dev/urandom | tr -d '\\0' | " + check_reply("-"));
  CHECK(bytes.status == 0);
  const auto large = shell("yes 'Sorry, we zoeken het uit.' | head -c 3000000 | " +
                           check_reply("--language en -"));
  CHECK(large.status == 0);
  CHECK(has(large.out, "Only the first 16 KiB"));
  const auto french = shell(check_reply(
      "--language en 'Bonjour, nous sommes vraiment désolés et nous cherchons une solution'"));
  CHECK(has(french.out, "neither Dutch nor English"));
  const auto control = shell(check_reply("\"$(printf 'Sorry \\033[2J boom')\""));
  CHECK_FALSE(has(control.out, "\x1b"));
}

}  // namespace brandwacht::daemon
