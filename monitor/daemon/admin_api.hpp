// The part of the API with which a desk acts. JSON in and out; errors are {"error":"one sentence"}
// with a status that says whose fault it is.
//
//   GET    /api/incidents               those that are open, by id (?after=ID&limit=50)
//   POST   /api/incidents/ID/ack        {"who","for"}; also unack, resolve, escalate
//   GET    /api/silences                those that are not over
//   POST   /api/silences                {"brand","platform","tier","event","language","hours",
//                                       "surge","incident","all","for" or "until","from","author",
//                                       "comment"}
//   DELETE /api/silences/ID
//   GET    /api/outbox                  newest first (?state=dead&target=T&incident=ID&before=SEQ)
//   POST   /api/outbox/SEQ/retry        of a dead one
//   POST   /api/page                    {"target"} or
//   {"drill":true,"brand","platform","tier","for"} GET    /api/page/ID                 what came of
//   it
//   POST   /api/reload                  the configuration again: 200 {"reloaded","problems",
//                                       "needs_restart"}, or 409 where it is refused
#pragma once
#include "connectors/net/http_server.hpp"

namespace brandwacht::daemon {

class Daemon;

// `request` has a path below /api/.
boost::asio::awaitable<net::ServerResponse> serve_admin(Daemon& daemon, net::ServerRequest request);

}  // namespace brandwacht::daemon
