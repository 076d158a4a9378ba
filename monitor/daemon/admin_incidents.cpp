// Open incidents, and what people say about them.
#include "alerting/json.hpp"
#include "monitor/daemon/admin_parts.hpp"
#include "monitor/daemon/api_json.hpp"
#include "monitor/daemon/daemon.hpp"

namespace brandwacht::daemon::admin {
namespace asio = boost::asio;
using namespace std::chrono_literals;
using net::ServerRequest;
using net::ServerResponse;

using alerting::Command;
using alerting::CommandResult;
using alerting::JsonWriter;

namespace {

void write_incident(JsonWriter& json, const Incident& incident,
                    const std::optional<alerting::Case>& desk, Time now) {
  const bool held = desk && desk->held(now);  // what has run out is remembered, but holds no more
  json.begin_object()
      .field("id", incident.id)
      .field("tier", to_string(incident.tier))
      .field("state", held ? "acknowledged" : std::string(to_string(incident.state)))
      .field("brand", incident.brand)
      .field("platform", incident.platform)
      .field("title", incident.title)
      .field("opened_at", format_rfc3339(incident.opened_at))
      .field("updated_at", format_rfc3339(incident.updated_at))
      .field("critics", incident.joiners)
      .field("critics_last_hour", incident.joiners_window)
      .field("risk", incident.risk)
      .field("url", alerting::cut_bytes(incident.url, 500))
      .field("drill", is_drill(incident));
  if (held)
    json.key("acknowledged")
        .begin_object()
        .field("by", desk->ack->who)
        .field("via", desk->ack->via)
        .field("at", format_rfc3339(desk->ack->at))
        .field("until", format_rfc3339(desk->ack->until))
        .end_object();
  json.end_object();
}

std::optional<Command::Kind> kind_of(std::string_view verb) {
  if (verb == "ack") return Command::Kind::acknowledge;
  if (verb == "unack") return Command::Kind::unacknowledge;
  if (verb == "resolve") return Command::Kind::resolve;
  if (verb == "escalate") return Command::Kind::escalate;
  return {};
}

}  // namespace

ServerResponse incidents(Daemon& daemon, std::string_view target) {
  const auto after = query_value(target, "after");
  const auto limit = query_number(target, "limit", kPerPage, kPerPage);
  JsonWriter json;
  json.begin_object().key("incidents").begin_array();
  std::size_t shown = 0;
  std::string last;
  bool more = false;
  const Time now = daemon.clock().now();
  for (const auto& incident : daemon.pager().live()) {  // in the order of their ids
    if (incident.id <= after) continue;
    more = shown == limit;
    if (more) break;
    write_incident(json, incident, daemon.pager().desk_case(incident.id), now);
    last = incident.id;
    ++shown;
  }
  json.end_array();
  if (more) json.field("next", last);
  json.end_object();
  return json_answer(200, std::move(json).text());
}

asio::awaitable<ServerResponse> incident_command(Daemon& daemon, std::string_view path,
                                                 const ServerRequest& request) {
  const auto slash = std::min(path.find('/'), path.size());
  const auto kind = kind_of(path.substr(std::min(slash + 1, path.size())));
  if (!kind) co_return problem_answer(404, "there is ack, unack, resolve and escalate");
  if (request.method != "POST") co_return problem_answer(405, "POST it");
  ApiFields fields(request.body);
  Command command;
  command.kind = *kind;
  command.incident = path.substr(0, slash);
  command.who = fields.text("who", "API");
  command.via = fields.text("via", "api");
  command.at = daemon.clock().now();
  command.expires = fields.span("for");
  if (const auto wrong = fields.problem(); !wrong.empty()) co_return problem_answer(400, wrong);
  auto carried_out = daemon.command(std::move(command));
  const auto result = co_await std::move(carried_out);
  co_return result_answer(result);
}

}  // namespace brandwacht::daemon::admin
