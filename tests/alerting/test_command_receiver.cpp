// Programs of the desk's own, and GoAlert.
#include <simdjson.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_future.hpp>
#include <fstream>
#include <sstream>
#include <thread>

#include "alerting/command_receiver.hpp"
#include "alerting/goalert.hpp"
#include "tests/alerting/fakes.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::alerting {
namespace {

using namespace std::chrono_literals;
using enum IncidentEventKind;
using Kind = Outcome::Kind;

std::string content(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

struct Desk {
  ScriptedHttp http{[](const HttpRequest&) { return answered(204); }};
  TempDir dir;

  Outcome attempt(const std::string& script, Duration timeout = 20s, Page what = invented()) {
    const auto file = dir / "script.sh";
    std::ofstream(file) << "#!/bin/sh\n" << script << "\n";
    std::filesystem::permissions(file, std::filesystem::perms::owner_all);
    CommandSettings settings;
    settings.command = {file.string(), "two words", "$HOME;`id`"};
    settings.timeout = timeout;
    const auto receiver = make_command("siren", settings, {http, "https://bw.example"});
    boost::asio::io_context io;
    auto out = boost::asio::co_spawn(io, receiver->notify(what, kNoon), boost::asio::use_future);
    io.run();
    return out.get();
  }
  static Page invented() {
    Incident incident = invented_incident();
    incident.title = "$(touch never); \"quoted\" \u2014 (verzonnen)";
    return *invented_page(page, "siren", std::move(incident));
  }
};

}  // namespace

TEST_CASE("a command gets its arguments as they are, the incident as JSON, and nothing else") {
  ::setenv("BRANDWACHT_TEST_SECRET", "hunter2", 1);
  Desk desk;
  const auto out = (desk.dir / "out").string();
  const Outcome got =
      desk.attempt("printf '%s|' \"$@\" > " + out + "\nenv | sort > " + out + ".env\ncat > " + out +
                   ".json\nls /proc/self/fd > " + out + ".fd");
  INFO(got.detail);
  CHECK(got.kind == Kind::accepted);
  CHECK(content(out) == "two words|$HOME;`id`|");
  const auto environment = content(out + ".env");
  CHECK_THAT(environment, Catch::Contains("BRANDWACHT_ACTION=trigger\n") &&
                              Catch::Contains("BRANDWACHT_TIER=T2\n") &&
                              Catch::Contains("BRANDWACHT_DELIVERY=bw-") &&
                              !Catch::Contains("hunter2") && !Catch::Contains("HOME="));
  simdjson::dom::parser parser;
  simdjson::dom::element json;
  REQUIRE(parser.load(out + ".json").get(json) == simdjson::SUCCESS);
  CHECK(std::string_view(json["data"]["incident"]) == invented_incident().id);
  CHECK(std::string_view(json["data"]["title"]) == Desk::invented().incident.title);
  CHECK(content(out + ".fd") == "0\n1\n2\n3\n");  // 3: of ls itself
}

TEST_CASE("the exit of a command says whether to try again") {
  Desk desk;
  CHECK(desk.attempt("exit 0").kind == Kind::accepted);
  const Outcome later = desk.attempt("echo the siren is busy >&2; exit 75");
  CHECK(later.kind == Kind::retry);
  CHECK(later.detail == "the command ended with 75: the siren is busy");
  CHECK(desk.attempt("exit 1").kind == Kind::permanent);
  CHECK(desk.attempt("exit 127").kind == Kind::permanent);
  CHECK(desk.attempt("kill -9 $$").kind == Kind::ambiguous);
}

TEST_CASE("a command that is not there is permanent") {
  Desk desk;
  CommandSettings settings;
  settings.command = {"/nowhere/at/all"};
  const auto receiver = make_command("siren", settings, {desk.http, ""});
  boost::asio::io_context io;
  const Page what = Desk::invented();
  auto out = boost::asio::co_spawn(io, receiver->notify(what, kNoon), boost::asio::use_future);
  io.run();
  const Outcome got = out.get();
  CHECK(got.kind == Kind::permanent);
  CHECK_THAT(got.detail, Catch::Contains("could not be started"));
}

TEST_CASE("a command that hangs is killed with all that it started") {
  Desk desk;
  const auto out = (desk.dir / "pid").string();
  const auto begun = std::chrono::steady_clock::now();
  const Outcome got = desk.attempt("sleep 600 & echo $! > " + out + "\nsleep 600", 1s);
  CHECK(got.kind == Kind::ambiguous);
  CHECK(std::chrono::steady_clock::now() - begun < 10s);
  const int child = std::stoi(content(out));
  // Somebody else's child by now: gone, or a zombie that nobody waits for.
  const auto gone = [&] {
    const auto status = content("/proc/" + std::to_string(child) + "/stat");
    return status.empty() || status.find(") Z ") != std::string::npos;
  };
  for (int i = 0; i < 200 && !gone(); ++i)
    std::this_thread::sleep_for(10ms);
  CHECK(gone());
}

TEST_CASE("a command may read nothing, print a gigabyte, or leave something running") {
  Desk desk;
  const Outcome loud = desk.attempt("head -c 100000000 /dev/zero | tr '\\0' x; exit 1");
  CHECK(loud.kind == Kind::permanent);
  CHECK(loud.detail.size() < 1000);
  const auto begun = std::chrono::steady_clock::now();
  CHECK(desk.attempt("sleep 5 & exit 0").kind == Kind::accepted);
  CHECK(std::chrono::steady_clock::now() - begun < 4s);
}

TEST_CASE("a command under way is killed when the daemon gives up on it") {
  Desk desk;
  CommandSettings settings;
  settings.command = {"/bin/sleep", "600"};
  const auto receiver = make_command("siren", settings, {desk.http, ""});
  boost::asio::io_context io;
  boost::asio::cancellation_signal cancel;
  const Page what = Desk::invented();
  std::exception_ptr ended;
  const auto finish = [&](std::exception_ptr error, Outcome) { ended = error; };
  boost::asio::co_spawn(io, receiver->notify(what, kNoon),
                        boost::asio::bind_cancellation_slot(cancel.slot(), finish));
  boost::asio::steady_timer soon(io, 50ms);
  soon.async_wait([&](auto) { cancel.emit(boost::asio::cancellation_type::terminal); });
  const auto begun = std::chrono::steady_clock::now();
  io.run();
  CHECK(ended);
  CHECK(std::chrono::steady_clock::now() - begun < 5s);
}

TEST_CASE("GoAlert gets a form of its generic API, with the token in the body") {
  ScriptedHttp http([](const HttpRequest&) { return answered(204); });
  GoAlertSettings settings;
  settings.url = "https://goalert.example";
  settings.token = "very-secret";
  const auto receiver = make_goalert("goalert", settings, {http, "https://bw.example"});
  for (const auto kind : {page, close}) {
    boost::asio::io_context io;
    const Page what = *invented_page(kind, "goalert");
    auto out = boost::asio::co_spawn(io, receiver->notify(what, kNoon), boost::asio::use_future);
    io.run();
    CHECK(out.get().kind == Kind::accepted);
  }
  CHECK(http.requests.at(0).url == "https://goalert.example/api/v2/generic/incoming");
  CHECK_THAT(http.requests[0].body, Catch::Contains("token=very-secret") &&
                                        Catch::Contains("dedup=" + invented_incident().id) &&
                                        Catch::Contains("summary=T2%20Acme") &&
                                        !Catch::Contains("action="));
  CHECK_THAT(http.requests.at(1).body,
             Catch::Contains("action=close") && Catch::Contains("dedup=" + invented_incident().id));
}

TEST_CASE("GoAlert's lengths are kept, in bytes, without tearing a letter") {
  GoAlertSettings settings;
  Incident incident = invented_incident();
  incident.title.clear();
  for (int i = 0; i < 3000; ++i)
    incident.title += "\U0001F525";
  incident.brand.clear();
  const Page what = *invented_page(page, "goalert", incident);
  const std::string form = goalert_form(settings, what, {"https://bw.example", "en", true});
  const auto length = [&](const std::string& name) {
    const auto at = form.find(name + "=") + name.size() + 1;
    const auto value = form.substr(at, form.find('&', at) - at);
    std::size_t out = 0;
    for (std::size_t i = 0; i < value.size(); i += value[i] == '%' ? 3 : 1)
      ++out;
    return out;
  };
  CHECK(length("summary") <= 1024);
  CHECK(length("details") <= 6 * 1024);
  CHECK_THAT(form, Catch::Contains("bw.example%2Fincidents%2F" + incident.id));
}

}  // namespace brandwacht::alerting
