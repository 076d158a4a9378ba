// What serve_admin() is made of. Internal to the sources of the API.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "alerting/command.hpp"
#include "connectors/net/http_server.hpp"
#include "monitor/incident.hpp"

namespace brandwacht::daemon {
class Daemon;

namespace admin {

using Answer = boost::asio::awaitable<net::ServerResponse>;
// Answers below the 64 KiB that our own client reads have no more entries than this.
inline constexpr std::size_t kPerPage = 50;

net::ServerResponse result_answer(const alerting::CommandResult& result);
std::optional<Tier> tier_of(std::string_view text);  // "T1" to "T4"

net::ServerResponse incidents(Daemon& daemon, std::string_view target);
// `path` is ID/verb.
Answer incident_command(Daemon& daemon, std::string_view path, const net::ServerRequest& request);

net::ServerResponse silences(Daemon& daemon);
Answer add_silence(Daemon& daemon, const net::ServerRequest& request);
Answer expire_silence(Daemon& daemon, std::string id);

Answer outbox(Daemon& daemon, const net::ServerRequest& request);
Answer retry(Daemon& daemon, std::int64_t seq);

net::ServerResponse exercise(Daemon& daemon, std::string_view id);
net::ServerResponse desk_action(Daemon& daemon, const net::ServerRequest& request);
Answer reload(Daemon& daemon);
Answer begin_page(Daemon& daemon, const net::ServerRequest& request);

}  // namespace admin
}  // namespace brandwacht::daemon
