// Against the real Alertmanager, where it is installed.
#include <signal.h>
#include <simdjson.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <cstdlib>
#include <fstream>
#include <set>
#include <thread>

#include "alerting/alertmanager.hpp"
#include "tests/alerting/builders.hpp"
#include "tests/alerting/loopback_http.hpp"
#include "tests/support/catch.hpp"

namespace brandwacht::alerting {
namespace {

using namespace std::chrono_literals;
constexpr auto kProgram = "prometheus-alertmanager";  // searched in PATH

bool installed() {
  return std::system("command -v prometheus-alertmanager >/dev/null 2>&1") == 0;
}

unsigned short free_port() {
  asio::io_context io;
  Tcp::acceptor acceptor(io, Tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  return acceptor.local_endpoint().port();
}

class RealAlertmanager {
 public:
  RealAlertmanager() : port_(std::to_string(free_port())) {
    const auto config = dir_ / "alertmanager.yml";
    std::ofstream(config) << "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n";
    const std::string config_flag = "--config.file=" + config.string();
    const std::string storage_flag = "--storage.path=" + (dir_ / "data").string();
    const std::string listen_flag = "--web.listen-address=127.0.0.1:" + port_;
    pid_ = ::fork();
    if (pid_ == 0) {
      if (!::freopen("/dev/null", "w", stderr)) ::_exit(126);
      ::execlp(kProgram, kProgram, config_flag.c_str(), storage_flag.c_str(), listen_flag.c_str(),
               "--cluster.listen-address=", static_cast<char*>(nullptr));
      ::_exit(127);
    }
    for (int i = 0; i < 200 && get("/-/ready").status != 200; ++i)
      std::this_thread::sleep_for(50ms);
  }
  ~RealAlertmanager() {
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, nullptr, 0);
  }
  RealAlertmanager(const RealAlertmanager&) = delete;
  RealAlertmanager& operator=(const RealAlertmanager&) = delete;

  std::string url() const { return "http://127.0.0.1:" + port_; }

  HttpResponse get(const std::string& path) {
    LoopbackHttp http;
    HttpRequest request;
    request.method = "GET";
    request.url = url() + path;
    asio::io_context io;
    auto answer = asio::co_spawn(io, http.send(request), asio::use_future);
    io.run();
    const auto got = answer.get();
    return got.has_value() ? *got : HttpResponse{};
  }

  // Severities of what fires for `incident`.
  std::set<std::string> firing(const std::string& incident) {
    const auto body = get("/api/v2/alerts?active=true").body;
    simdjson::dom::parser parser;
    simdjson::dom::array alerts;
    // The body is chunked or not; the array stands between the outermost brackets.
    const auto begin = body.find('['), end = body.rfind(']');
    std::set<std::string> out;
    if (begin == std::string::npos || parser.parse(body.substr(begin, end - begin + 1)).get(alerts))
      return {"no JSON"};
    for (auto alert : alerts)
      if (std::string_view(alert["labels"]["incident"]) == incident)
        out.emplace(std::string_view(alert["labels"]["severity"]));
    return out;
  }

 private:
  TempDir dir_;
  std::string port_;
  pid_t pid_ = 0;
};

Outcome send(Notifier& notifier, const Page& page, Time now) {
  asio::io_context io;
  auto out = asio::co_spawn(io, notifier.notify(page, now), asio::use_future);
  io.run();
  return out.get();
}

}  // namespace

TEST_CASE("a real Alertmanager takes a page, follows its upgrade and resolves it") {
  if (!installed()) {
    WARN("SKIPPED: prometheus-alertmanager is not installed");
    return;
  }
  RealAlertmanager server;
  REQUIRE(server.get("/-/ready").status == 200);
  LoopbackHttp http;
  AlertmanagerSettings settings;
  settings.urls = {server.url()};
  const auto notifier = make_alertmanager("am", settings, {http, "https://bw.example"});
  const Time now = SystemClock{}.now();
  auto incident = invented_incident(5, Tier::t2);
  incident.opened_at = now - 1min;
  using Set = std::set<std::string>;

  const auto page = invented_page(IncidentEventKind::page, "am", incident, now - 1s);
  CHECK(send(*notifier, *page, now).kind == Outcome::Kind::accepted);
  CHECK(server.firing(incident.id) == Set{"error"});
  CHECK(send(*notifier, *page, now + 1s).kind == Outcome::Kind::accepted);  // the repeat
  CHECK(server.firing(incident.id) == Set{"error"});

  auto worse = incident;
  worse.tier = Tier::t1;
  worse.joiners = 30;
  const auto upgrade = invented_page(IncidentEventKind::upgrade, "am", worse, now);
  CHECK(send(*notifier, *upgrade, now).kind == Outcome::Kind::accepted);
  CHECK(server.firing(incident.id) == Set{"critical"});

  const auto end = invented_page(IncidentEventKind::close, "am", worse, now);
  CHECK(send(*notifier, *end, now).kind == Outcome::Kind::accepted);
  CHECK(server.firing(incident.id).empty());
}

TEST_CASE("a real Alertmanager takes text of every kind") {
  if (!installed()) {
    WARN("SKIPPED: prometheus-alertmanager is not installed");
    return;
  }
  RealAlertmanager server;
  LoopbackHttp http;
  AlertmanagerSettings settings;
  settings.urls = {server.url()};
  const auto notifier = make_alertmanager("am", settings, {http, ""});
  auto incident = invented_incident(6);
  incident.brand = "caf\u00e9 \"X\" \\ \n \xFF";
  incident.platform.clear();  // Alertmanager drops empty labels
  incident.url = "at://did:plc:invented";
  incident.title = "\U0001F525\x01 < & >";
  const Time now = SystemClock{}.now();
  incident.opened_at = now + 1h;  // a clock that stepped back
  const auto page = invented_page(IncidentEventKind::page, "am", incident, now);
  const auto got = send(*notifier, *page, now);
  INFO(got.detail);
  CHECK(got.kind == Outcome::Kind::accepted);
  CHECK(server.firing(incident.id) == std::set<std::string>{"error"});
}

}  // namespace brandwacht::alerting
