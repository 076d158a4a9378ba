// A whole daemon in this process with a receiver that keeps what it was sent, over HTTP on
// loopback. All posts are invented.
#pragma once
#include <boost/asio/co_spawn.hpp>
#include <fstream>

#include "connectors/net/http_client.hpp"
#include "monitor/daemon/daemon.hpp"
#include "monitor/mention_json.hpp"
#include "tests/daemon/program.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

namespace brandwacht::daemon {
namespace asio = boost::asio;
using namespace std::chrono_literals;
using test::has;

class InboundRig {
 public:
  test::TempDir dir;
  asio::io_context io{1};
  SystemClock clock;
  asio::thread_pool pool{1};
  TaskGroup servers{io.get_executor()};
  std::unique_ptr<HttpClient> http = net::make_http_client(io.get_executor(), pool);
  std::unique_ptr<net::HttpServer> sink;
  std::vector<std::string> bodies;  // what the receiver was sent
  int sink_status = 200;
  std::unique_ptr<Daemon> daemon;
  std::string more;  // of the configuration
  std::string link, incident;
  int status = -1;

  asio::awaitable<HttpResponse> ask(std::string method, std::string url, std::string body = {},
                                    HttpHeaders headers = {}) {
    HttpRequest request;
    request.method = std::move(method);
    request.url = url.starts_with('/') ? "http://127.0.0.1:" + std::to_string(daemon->port()) + url
                                       : std::move(url);
    request.body = std::move(body);
    request.headers = std::move(headers);
    auto response = co_await http->send(std::move(request));
    if (!response.has_value()) throw std::runtime_error(response.error().detail);
    co_return *response;
  }
  // A link leads to external_url; here to the daemon's own port.
  std::string here(const std::string& url) const { return url.substr(url.find("/ack/")); }
  // Who holds the incident now.
  std::optional<alerting::Acknowledgement> held() const {
    const auto desk = daemon->pager().desk_case(incident);
    return desk && desk->held(clock.now()) ? desk->ack : std::nullopt;
  }
  std::size_t sent(std::string_view part) const {
    return static_cast<std::size_t>(
        std::ranges::count_if(bodies, [&](const std::string& body) { return has(body, part); }));
  }
  asio::awaitable<void> wait_for(std::string part, std::size_t count = 1) {
    for (int i = 0; i < 200 && sent(part) < count; ++i)
      co_await clock.sleep_for(50ms);
  }
  asio::awaitable<void> page_somebody() {
    std::string body;
    for (int i = 0; i <= 20; ++i) {
      Mention mention;
      mention.platform = "test";
      mention.id = i == 0 ? "root" : "r" + std::to_string(i);
      mention.thread = "root";
      mention.author = "author" + std::to_string(i);
      mention.text = i == 0 ? "Polderbank ligt er weer uit, schandalig"
                            : "Belachelijk, waardeloze app, werkt nooit";
      mention.created_at = mention.received_at = clock.now();
      body += to_json(mention.view()) + "\n";
    }
    HttpHeaders headers;
    headers.emplace_back("Content-Type", "application/x-ndjson");
    (void)co_await ask("POST", "/v1/mentions", std::move(body), std::move(headers));
    co_await wait_for("incident.page");
    incident = daemon->pager().live().front().id;
  }

  // The configuration that the daemon begins with.
  std::filesystem::path file() const { return dir.path() / "test.toml"; }
  std::string text() const {
    return "[daemon]\nlisten = \"127.0.0.1:0\"\nlanguage = \"nl\"\ndata_dir = \"" +
           (dir.path() / "data").string() +
           "\"\n[[brand]]\nname = \"Polderbank\"\nterms = [\"polderbank\"]\n"
           "[decision]\nhold = \"0 s\"\n"
           "[[receiver]]\ntype = \"webhook\"\nname = \"sink\"\nurl = \"http://127.0.0.1:" +
           std::to_string(sink->port()) +
           "/page\"\nsecret = \"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"\n" +
           (has(more, "[inbound]") ? "" : "[inbound]\nexternal_url = \"https://page.example\"\n") +
           more;
  }

  void run(asio::awaitable<void> script) {
    open_sink();
    daemon = std::make_unique<Daemon>(io, clock, settings());
    std::exception_ptr failed;
    servers.spawn("sink", sink->run());
    asio::co_spawn(io, around(std::move(script)),
                   [&](std::exception_ptr error) { failed = error; });
    asio::co_spawn(io, daemon->run(), [&](std::exception_ptr error, int code) {
      if (error) failed = error;
      status = code;
      servers.cancel();
    });
    io.restart();
    io.run();
    daemon.reset();
    if (failed) std::rethrow_exception(failed);
  }

 private:
  void open_sink() {
    net::HttpServerSettings at;
    at.port = sink ? sink->port() : std::uint16_t{0};
    sink.reset();
    sink = std::make_unique<net::HttpServer>(
        io.get_executor(), at,
        [this](net::ServerRequest request) { return keep(std::move(request)); });
  }
  asio::awaitable<net::ServerResponse> keep(net::ServerRequest request) {
    bodies.push_back(std::move(request.body));
    net::ServerResponse response;
    response.status = sink_status;
    co_return response;
  }
  asio::awaitable<void> around(asio::awaitable<void> script) {
    std::exception_ptr failed;
    try {
      co_await std::move(script);
    } catch (...) {
      failed = std::current_exception();
    }
    daemon->stop();
    if (failed) std::rethrow_exception(failed);
  }
  Settings settings() {
    std::ofstream(file()) << text();
    config::Problems problems;
    auto out = read_settings(file(), problems);
    for (const auto& problem : problems.sorted())
      UNSCOPED_INFO(to_string(problem));
    REQUIRE_FALSE(problems.fatal());
    return out;
  }
};

inline const HttpHeaders& browser() {
  static const HttpHeaders headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                                      {"Accept", "text/html,*/*"}};
  return headers;
}

}  // namespace brandwacht::daemon
