#include "monitor/daemon/api.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "connectors/ingest.hpp"
#include "monitor/daemon/admin_api.hpp"
#include "monitor/daemon/api_guard.hpp"
#include "monitor/daemon/api_json.hpp"
#include "monitor/daemon/daemon.hpp"
#include "monitor/mention_json.hpp"

namespace brandwacht::daemon {
namespace {

using net::ServerRequest;
using net::ServerResponse;

std::string thread_json(const line::HotThread& thread) {
  const auto& belief = thread.belief;
  std::string out = "{\"thread\":";
  append_json_string(out, thread.story ? thread.story->root_id : "");
  out += ",\"brand\":";
  append_json_string(out, thread.brand);
  fmt::format_to(
      std::back_inserter(out),
      R"(,"state":"{}","waits_for":"{}","joiners":{},"joiners_window":{},"joiners_recent":{},"participants":{},"risk":{:.3f},)"
      R"("calibrated":{},"first_at":"{}","last_at":"{}"}})",
      to_string(thread.decision.state), to_string(thread.decision.waits), belief.joiners,
      belief.joiners_window, belief.joiners_recent, belief.participants, belief.risk,
      belief.calibrated, format_rfc3339(belief.first_at), format_rfc3339(belief.last_at));
  return out;
}

ServerResponse threads(Daemon& daemon, std::string_view target) {
  std::string body = "{\"threads\":[";
  for (const auto& thread :
       daemon.line().hottest(std::max<std::size_t>(1, query_number(target, "limit", 20, 1000)),
                             daemon.clock().now())) {
    if (body.back() != '[') body += ',';
    body += thread_json(thread);
  }
  return json_answer(200, body + "]}");
}

ServerResponse incidents(Daemon& daemon) {
  std::string body = "{\"incidents\":[";
  for (const auto& incident : daemon.pager().live()) {
    if (body.back() != '[') body += ',';
    body += to_json(IncidentEvent{IncidentEventKind::page, incident.updated_at, incident});
  }
  return json_answer(200, body + "]}");
}

// Where the link on a page leads.
ServerResponse incident(Daemon& daemon, std::string_view id) {
  for (const auto& live : daemon.pager().live())
    if (live.id == id)
      return json_answer(200,
                         to_json(IncidentEvent{IncidentEventKind::page, live.updated_at, live}));
  return problem_answer(404, "no open incident has this id");
}

// Who waits for an answer, the longest first, and what was promised.
ServerResponse desk_board(Daemon& daemon, std::string_view target) {
  const Time now = daemon.clock().now();
  auto& line = daemon.line();
  const auto time = [](Time at) {
    return at == Time{} ? std::string("null") : '"' + format_rfc3339(at) + '"';
  };
  std::string body = "{\"cases\":[";
  for (const desk::Case& one : line.webcare().board(query_number(target, "limit", 100, 1000))) {
    if (body.back() != '[') body += ',';
    body += "{\"brand\":";
    append_json_string(body, line.settings().brands[one.brand].name);
    fmt::format_to(
        std::back_inserter(body),
        R"(,"key":"{:016x}","waits_since":{},"waits_s":{},"due":{},"clock_known":{},"promised_by":{},"promise_broken":{},)"
        R"("first_reply":{},"strategy":"{}","outcome":"{}"}})",
        one.thread, time(one.open_since),
        std::chrono::duration_cast<std::chrono::seconds>(line.webcare().age(one, now)).count(),
        time(one.first_reply == Time{} ? one.late_at : Time{}), !one.before,
        time(one.promise == desk::Promise::standing || one.promise == desk::Promise::broken
                 ? one.promised_by
                 : Time{}),
        one.promise == desk::Promise::broken, time(one.first_reply), desk::to_string(one.strategy),
        desk::to_string(one.outcome));
  }
  return json_answer(200, body + "]}");
}

ServerResponse ready(const Daemon& daemon) {
  const auto readiness = daemon.readiness();
  std::string body = fmt::format("{{\"ready\":{},\"problems\":[", readiness.ready);
  for (const auto& text : readiness.problems) {
    if (body.back() != '[') body += ',';
    append_json_string(body, text);
  }
  return json_answer(readiness.ready ? 200 : 503, body + "]}");
}

boost::asio::awaitable<ServerResponse> ingest(Daemon& daemon, const ServerRequest& request) {
  const auto result = connectors::ingest_body(request.body, request.header("content-type"),
                                              daemon.clock().now(), daemon.intake());
  if (!result.supported)
    co_return problem_answer(415, "send application/json or application/x-ndjson");
  co_await daemon.intake().ready();
  const bool stored = co_await daemon.journal().settled();
  const int status = result.accepted == 0 && result.rejected() > 0 ? 400 : stored ? 200 : 503;
  co_return json_answer(status, connectors::to_json(result));
}

}  // namespace

boost::asio::awaitable<ServerResponse> serve(Daemon& daemon, ServerRequest request) {
  const auto path = request.path();
  if (PublicFace::serves(path) && daemon.inbound_port() == 0) {
    auto answer = daemon.face().serve(std::move(request));
    co_return co_await std::move(answer);
  }
  // What a scraper or a load balancer asks holds nothing to protect, and they call us by any name.
  const bool harmless = path == "/healthz" || path == "/readyz" || path == "/metrics";
  if (const auto why = refused(request, daemon.api_hosts()); why && !harmless)
    co_return problem_answer(403, *why);
  if (path.starts_with("/api/")) {
    auto answer = serve_admin(daemon, std::move(request));
    co_return co_await std::move(answer);
  }
  const bool get = request.method == "GET" || request.method == "HEAD";
  if (path == "/v1/mentions") {
    if (request.method != "POST") co_return problem_answer(405, "POST mentions here");
    co_return co_await ingest(daemon, request);
  }
  constexpr std::string_view kIncident = "/incidents/";
  if (get && path.starts_with(kIncident)) co_return incident(daemon, path.substr(kIncident.size()));
  const bool known = path == "/v1/threads" || path == "/v1/incidents" || path == "/v1/desk" ||
                     path == "/healthz" || path == "/readyz" || path == "/metrics" || path == "/";
  if (!known)
    co_return problem_answer(404,
                             "there is /api/..., /v1/mentions, /v1/threads, /v1/incidents, "
                             "/v1/desk, /healthz, /readyz and /metrics");
  if (!get) co_return problem_answer(405, "only GET is allowed here");
  if (path == "/v1/threads") co_return threads(daemon, request.target);
  if (path == "/v1/desk") co_return desk_board(daemon, request.target);
  if (path == "/v1/incidents") co_return incidents(daemon);
  if (path == "/readyz") co_return ready(daemon);
  if (path == "/metrics") {
    ServerResponse response;
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    response.body = daemon.metrics();
    co_return response;
  }
  co_return json_answer(200, "{\"ok\":true,\"version\":\"" BRANDWACHT_VERSION "\"}");
}

}  // namespace brandwacht::daemon
