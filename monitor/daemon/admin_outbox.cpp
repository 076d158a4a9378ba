// The delivery log.
#include <algorithm>

#include "alerting/json.hpp"
#include "alerting/outbox_list.hpp"
#include "monitor/daemon/admin_parts.hpp"
#include "monitor/daemon/api_json.hpp"
#include "monitor/daemon/daemon.hpp"
#include "monitor/pool.hpp"

namespace brandwacht::daemon::admin {
namespace asio = boost::asio;
using namespace std::chrono_literals;
using net::ServerRequest;
using net::ServerResponse;

using alerting::CommandResult;
using alerting::JsonWriter;

namespace {

void write_time(JsonWriter& json, std::string_view key, const std::optional<Time>& time) {
  if (time) json.field(key, format_rfc3339(*time));
}

void write_entry(JsonWriter& json, const alerting::OutboxEntry& entry) {
  json.begin_object()
      .field("seq", entry.seq)
      .field("incident", entry.incident)
      .field("target", entry.target)
      .field("event", entry.event)
      .field("state", entry.state)
      .field("attempts", static_cast<std::int64_t>(entry.attempts))
      .field("decided_at", format_rfc3339(entry.at))
      .field("delivery", entry.delivery_id);
  write_time(json, "accepted_at", entry.accepted);
  write_time(json, "seen_at", entry.seen);
  if (entry.accepted)
    json.field("delay_seconds", std::chrono::duration<double>(*entry.accepted - entry.at).count());
  if (!entry.finished) json.field("next_at", format_rfc3339(entry.next_due));
  if (!entry.seen_by.empty()) json.field("seen_by", entry.seen_by);
  if (!entry.note.empty()) json.field("note", alerting::cut_code_points(entry.note, 100));
  if (!entry.detail.empty()) json.field("detail", alerting::cut_code_points(entry.detail, 200));
  json.end_object();
}

}  // namespace

asio::awaitable<ServerResponse> outbox(Daemon& daemon, const ServerRequest& request) {
  alerting::OutboxFilter filter;
  filter.state = query_value(request.target, "state");
  filter.target = query_value(request.target, "target");
  filter.incident = query_value(request.target, "incident");
  filter.before = static_cast<std::int64_t>(query_number(request.target, "before", 0, INT64_MAX));
  filter.limit = query_number(request.target, "limit", kPerPage, kPerPage);
  auto job = [file = daemon.outbox_file(), filter] {
    Database db(file);
    return list_outbox(db, filter);
  };
  auto listing = on_pool(daemon.store_pool(), std::move(job));
  const auto entries = co_await std::move(listing);
  JsonWriter json;
  json.begin_object().key("outbox").begin_array();
  for (const auto& entry : entries)
    write_entry(json, entry);
  json.end_array();
  if (entries.size() == filter.limit && filter.limit > 0) json.field("next", entries.back().seq);
  json.end_object();
  co_return json_answer(200, std::move(json).text());
}

asio::awaitable<ServerResponse> retry(Daemon& daemon, std::int64_t seq) {
  auto job = [file = daemon.outbox_file(), seq, now = daemon.clock().now(),
              targets = daemon.pager().targets()] {
    Database db(file);
    const auto entry = alerting::outbox_entry(db, seq);
    const bool known =
        entry && std::find(targets.begin(), targets.end(), entry->target) != targets.end();
    auto row = known ? alerting::revive(db, seq, now) : std::nullopt;
    return std::pair{entry, row};
  };
  auto reviving = on_pool(daemon.store_pool(), std::move(job));
  const auto [entry, row] = co_await std::move(reviving);
  if (!entry) co_return problem_answer(404, "there is no delivery with this number");
  if (!row && entry->state == "dead")
    co_return problem_answer(409, "its receiver '" + entry->target + "' is no longer configured");
  if (!row)
    co_return problem_answer(409, "it is not dead but " + entry->state + ": nothing to retry");
  daemon.pager().deliver(*row);
  CommandResult done;
  done.text = "owed again to " + entry->target;
  co_return result_answer(done);
}

}  // namespace brandwacht::daemon::admin
