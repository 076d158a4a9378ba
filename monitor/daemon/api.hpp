// The daemon's HTTP API: mentions in, health, readiness, metrics, and what is hot right now.
//
//   POST /v1/mentions   one mention as JSON or many as NDJSON; answered once they are stored
//   GET  /v1/threads    the hottest threads (?limit=20)
//   GET  /v1/incidents  the open incidents
//   GET  /incidents/ID  one of them; the link on a page
//   GET  /healthz       200 while the loop turns
//   GET  /readyz        200 when pages would be stored and a source delivers; else 503 and what is
//                       wrong
//   GET  /metrics       Prometheus text 0.0.4
//   /api/...            what a desk acts with, see monitor/daemon/admin_api.hpp
//   /ack/..., /hooks/.. unless [inbound] has a listener of its own, see
//   monitor/daemon/public_face.hpp
#pragma once
#include "connectors/net/http_server.hpp"

namespace brandwacht::daemon {

class Daemon;

boost::asio::awaitable<net::ServerResponse> serve(Daemon& daemon, net::ServerRequest request);

}  // namespace brandwacht::daemon
