#include "monitor/daemon/api_client.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <filesystem>

#include "config/duration.hpp"
#include "connectors/net/http_client.hpp"
#include "connectors/net/redact.hpp"
#include "monitor/clock.hpp"
#include "monitor/daemon/exit_codes.hpp"
#include "monitor/daemon/inbound_settings.hpp"
#include "monitor/daemon/problems.hpp"
#include "monitor/daemon/settings.hpp"

namespace brandwacht::daemon {
namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

void say(const std::string& sentence) {
  fmt::print(stderr, "brandwacht: {}\n", sentence);
}

// Only the daemon's section: the operator may not be able to read the secrets that others name.
int url_of(const ApiPlace& place, std::string& url) {
  if (!place.url.empty()) {
    url = place.url;
    while (url.ends_with('/'))
      url.pop_back();
    return kOk;
  }
  DaemonSettings daemon;
  if (std::filesystem::exists(place.config)) {
    config::Problems problems;
    auto document = config::Document::from_file(place.config, problems);
    std::string listen;
    if (auto root = document.root(); document.ok())
      if (auto section = root.section("daemon")) section->read("listen", listen);
    print_problems(problems, STDERR_FILENO);
    if (problems.fatal()) return kConfig;
    if (!listen.empty() && !split_listen(listen, daemon.listen_address, daemon.listen_port)) {
      say("[daemon] listen of " + place.config + " is no address and port");
      return kConfig;
    }
  } else if (place.config != ApiPlace().config) {
    say("there is no " + place.config);
    return kConfig;
  }
  if (daemon.listen_address == "0.0.0.0") daemon.listen_address = "127.0.0.1";
  if (daemon.listen_address == "::") daemon.listen_address = "::1";
  const bool v6 = daemon.listen_address.find(':') != std::string::npos;
  url = fmt::format("http://{}{}{}:{}", v6 ? "[" : "", daemon.listen_address, v6 ? "]" : "",
                    daemon.listen_port);
  return kOk;
}

NetResult<HttpResponse> exchange(HttpRequest request) {
  asio::io_context io{1};
  asio::thread_pool resolver{1};
  auto http = net::make_http_client(io.get_executor(), resolver);
  NetResult<HttpResponse> out = NetError{NetFault::protocol, "no answer", 0};
  asio::co_spawn(io, http->send(std::move(request)),
                 [&](std::exception_ptr error, NetResult<HttpResponse> answer) {
                   if (!error) out = std::move(answer);
                 });
  io.run();
  return out;
}

int exit_of(int http) {
  if (http >= 200 && http < 300) return kOk;
  return http >= 400 && http < 500 ? kDataError : kUnavailable;
}

}  // namespace

void add_api_options(CLI::App& command, ApiPlace& place) {
  command.add_option("-c,--config", place.config, "whose [daemon] listen says where the daemon is")
      ->capture_default_str();
  command.add_option("--url", place.url, "where it is, such as http://127.0.0.1:8428");
  command.add_flag("--json", place.json, "what the API said, for programs");
}

std::string ApiAnswer::text(const simdjson::dom::element& object, std::string_view pointer) {
  std::string_view out;
  if (object.at_pointer(pointer).get_string().get(out)) return {};
  return net::printable(out, 2000);
}

double ApiAnswer::number(const simdjson::dom::element& object, std::string_view pointer) {
  double out = 0;
  return object.at_pointer(pointer).get_double().get(out) ? 0 : out;
}

bool ApiAnswer::flag(const simdjson::dom::element& object, std::string_view pointer) {
  bool out = false;
  return !object.at_pointer(pointer).get_bool().get(out) && out;
}

ApiAnswer ask_api(const ApiPlace& place, const std::string& method, const std::string& path,
                  std::string body) {
  ApiAnswer out;
  std::string url;
  out.status_ = url_of(place, url);
  if (out.status_ != kOk) return out;
  HttpRequest request;
  request.method = method;
  request.url = url + path;
  request.body = std::move(body);
  request.headers.emplace_back("Content-Type", "application/json");
  request.timeout = 90s;
  const auto answer = exchange(std::move(request));
  if (!answer.has_value()) {
    say(fmt::format("no daemon answers at {}: {}", url, answer.error().detail));
    say("is `brandwacht run` up? -c names its configuration, --url says directly where it is");
    out.status_ = kUnavailable;
    return out;
  }
  out.body_ = answer->body;
  out.parser_ = std::make_shared<simdjson::dom::parser>();
  const bool read = !out.parser_->parse(out.body_).get(out.json_);
  out.status_ = exit_of(answer->status);
  if (out.status_ != kOk) {
    const std::string error = read ? ApiAnswer::text(out.json_, "/error") : std::string{};
    say(error.empty() ? fmt::format("the daemon answered HTTP {}", answer->status) : error);
  } else if (!read) {
    say(fmt::format("what answers at {} is no Brandwacht of this version", url));
    out.status_ = kUnavailable;
  }
  return out;
}

std::string operator_name(const std::string& given) {
  if (!given.empty()) return given;
  for (const char* variable : {"SUDO_USER", "USER", "LOGNAME"})
    if (const char* name = std::getenv(variable); name && *name) return name;
  return "cli";
}

std::string query_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || c == '.';
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

std::string shown_time(std::string_view rfc3339) {
  const auto time = parse_rfc3339(rfc3339);
  if (!time) return {};
  const std::time_t seconds =
      std::chrono::system_clock::to_time_t(std::chrono::floor<std::chrono::seconds>(*time));
  const std::time_t now = std::time(nullptr);
  std::tm at{}, today{};
  ::localtime_r(&seconds, &at);
  ::localtime_r(&now, &today);
  const bool same_day = at.tm_year == today.tm_year && at.tm_yday == today.tm_yday;
  return same_day ? fmt::format("{:%H:%M}", at) : fmt::format("{:%Y-%m-%d %H:%M}", at);
}

std::string shown_age(std::string_view rfc3339, Time now) {
  const auto time = parse_rfc3339(rfc3339);
  return time ? format_span(now - *time) : std::string{};
}

bool check_span(const char* option, const std::string& text) {
  const auto parsed = config::parse_duration(text);
  if (parsed.value) return true;
  say(fmt::format("{}: '{}' {}{}{}", option, text, parsed.fault,
                  parsed.suggestion.empty() ? "" : "; ", parsed.suggestion));
  return false;
}

}  // namespace brandwacht::daemon
