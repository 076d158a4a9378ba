#include "monitor/daemon/admin_api.hpp"

#include <algorithm>
#include <charconv>

#include "alerting/json.hpp"
#include "alerting/outbox_list.hpp"
#include "monitor/daemon/api_json.hpp"
#include "monitor/daemon/daemon.hpp"
#include "monitor/pool.hpp"

namespace brandwacht::daemon {
namespace asio = boost::asio;
using namespace std::chrono_literals;
using alerting::Command;
using alerting::CommandResult;
using alerting::JsonWriter;
using net::ServerRequest;
using net::ServerResponse;

namespace {

// Answers stay below the 64 KiB that our own client reads.
constexpr std::size_t kPerPage = 50;
constexpr Duration kLongestSilence = 366 * 24h;

void write_names(JsonWriter& json, std::string_view key, const std::vector<std::string>& names) {
  json.key(key).begin_array();
  for (const auto& name : names)
    json.string(name);
  json.end_array();
}

// --- Incidents

void write_incident(JsonWriter& json, const Incident& incident,
                    const std::optional<alerting::Case>& desk) {
  json.begin_object()
      .field("id", incident.id)
      .field("tier", to_string(incident.tier))
      .field("state", desk && desk->ack ? "acknowledged" : std::string(to_string(incident.state)))
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
  if (desk && desk->ack)
    json.key("acknowledged")
        .begin_object()
        .field("by", desk->ack->who)
        .field("via", desk->ack->via)
        .field("at", format_rfc3339(desk->ack->at))
        .field("until", format_rfc3339(desk->ack->until))
        .end_object();
  json.end_object();
}

ServerResponse incidents(Daemon& daemon, std::string_view target) {
  const auto after = query_value(target, "after");
  const auto limit = query_number(target, "limit", kPerPage, kPerPage);
  JsonWriter json;
  json.begin_object().key("incidents").begin_array();
  std::size_t shown = 0;
  std::string last;
  bool more = false;
  for (const auto& incident : daemon.pager().live()) {  // in the order of their ids
    if (incident.id <= after) continue;
    more = shown == limit;
    if (more) break;
    write_incident(json, incident, daemon.pager().desk_case(incident.id));
    last = incident.id;
    ++shown;
  }
  json.end_array();
  if (more) json.field("next", last);
  json.end_object();
  return json_answer(200, std::move(json).text());
}

std::optional<Command::Kind> kind_of(std::string_view verb) {
  if (verb == "ack") return Command::Kind::acknowledge;
  if (verb == "unack") return Command::Kind::unacknowledge;
  if (verb == "resolve") return Command::Kind::resolve;
  if (verb == "escalate") return Command::Kind::escalate;
  return {};
}

ServerResponse result_answer(const CommandResult& result) {
  JsonWriter json;
  const bool done = result.kind == CommandResult::Kind::done;
  if (result.kind == CommandResult::Kind::unknown) return problem_answer(404, result.text);
  json.begin_object()
      .field("done", done)
      .field("result", done ? "done" : "nothing")
      .field("text", result.text)
      .end_object();
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

// --- Silences

void write_silence(JsonWriter& json, const alerting::Silence& silence, Time now) {
  json.begin_object().field("id", silence.id).field("holds", silence.holds(now));
  write_names(json, "brand", silence.match.brands);
  write_names(json, "platform", silence.match.platforms);
  json.key("tier").begin_array();
  for (const auto tier : silence.match.tiers)
    json.string(to_string(tier));
  json.end_array();
  write_names(json, "event", silence.match.urgencies);
  write_names(json, "incident", silence.match.incidents);
  json.field("from", format_rfc3339(silence.from))
      .field("until", format_rfc3339(silence.until))
      .field("author", silence.author)
      .field("comment", silence.comment)
      .end_object();
}

ServerResponse silences(Daemon& daemon) {
  JsonWriter json;
  json.begin_object().key("silences").begin_array();
  std::size_t shown = 0;
  for (const auto& silence : daemon.pager().silences())
    if (shown++ < kPerPage) write_silence(json, silence, daemon.clock().now());
  json.end_array().end_object();
  return json_answer(200, std::move(json).text());
}

std::optional<Tier> tier_of(std::string_view text) {
  if (text.size() != 2 || (text[0] != 'T' && text[0] != 't') || text[1] < '1' || text[1] > '4')
    return {};
  return static_cast<Tier>(text[1] - '0');
}

// A silence of what `fields` say; else `wrong` says why not.
std::optional<alerting::Silence> silence_of(ApiFields& fields, const Daemon& daemon, Time now,
                                            std::string& wrong) {
  alerting::Silence out;
  out.match.brands = fields.list("brand");
  out.match.platforms = fields.list("platform");
  out.match.urgencies = fields.list("event");
  out.match.incidents = fields.list("incident");
  for (const auto& text : fields.list("tier")) {
    const auto tier = tier_of(text);
    if (!tier) wrong = "\"tier\" is T1, T2, T3 or T4";
    if (tier) out.match.tiers.push_back(*tier);
  }
  for (const auto& event : out.match.urgencies)
    if (event != "page" && event != "notify") wrong = "\"event\" is page or notify";
  for (const auto& brand : out.match.brands)
    if (!daemon.knows_brand(brand)) wrong = "there is no brand \"" + brand + "\" here";
  out.author = fields.text("author", "API");
  out.comment = fields.text("comment");
  out.created = now;
  out.from = fields.time("from").value_or(now);
  const auto span = fields.span("for");
  const auto until = fields.time("until");
  const bool all = fields.flag("all");
  if (const auto problem = fields.problem(); !problem.empty()) wrong = problem;
  if (!wrong.empty()) return {};
  if (span && *span > kLongestSilence) wrong = "a silence lasts a year at most";
  if (!span && !until) wrong = "say how long: \"for\" or \"until\"";
  if (!wrong.empty()) return {};
  out.until = until ? *until : out.from + *span;
  if (out.until <= now || out.until <= out.from) wrong = "it would be over before it begins";
  if (out.until > out.from + kLongestSilence) wrong = "a silence lasts a year at most";
  if (out.match.all() && !all)
    wrong = "without a condition it silences everything; say \"all\": true if that is meant";
  if (!wrong.empty()) return {};
  return out;
}

asio::awaitable<ServerResponse> add_silence(Daemon& daemon, const ServerRequest& request) {
  ApiFields fields(request.body);
  std::string wrong;
  const Time now = daemon.clock().now();
  auto silence = silence_of(fields, daemon, now, wrong);
  if (!silence) co_return problem_answer(400, wrong);
  auto added = daemon.pager().silence(*silence);
  silence->id = co_await std::move(added);
  JsonWriter json;
  write_silence(json, *silence, now);
  co_return json_answer(201, std::move(json).text());
}

asio::awaitable<ServerResponse> expire_silence(Daemon& daemon, std::string id) {
  auto expired = daemon.pager().expire_silence(std::move(id));
  const auto result = co_await std::move(expired);
  co_return result_answer(result);
}

// --- Outbox

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

// --- Tests and drills

ServerResponse exercise(Daemon& daemon, std::string_view id) {
  const Exercise* found = daemon.exercises().find(id);
  if (!found) return problem_answer(404, "there is no test or drill with this id");
  JsonWriter json;
  json.begin_object()
      .field("id", id)
      .field("over", found->over)
      .field("taken", !found->taken_by.empty());
  if (!found->taken_by.empty())
    json.field("by", found->taken_by)
        .field("via", found->via)
        .field("after_seconds",
               std::chrono::duration<double>(found->taken_at - found->begun).count());
  json.end_object();
  return json_answer(200, std::move(json).text());
}

ServerResponse begin_drill(Daemon& daemon, ApiFields& fields, DrillWish wish) {
  wish.brand = fields.text("brand", daemon.first_brand());
  wish.platform = fields.text("platform", wish.platform);
  const std::string tier_text = fields.text("tier", "T2");
  const auto tier = tier_of(tier_text);
  wish.lasts = fields.span("for").value_or(wish.lasts);
  if (const auto wrong = fields.problem(); !wrong.empty()) return problem_answer(400, wrong);
  if (!tier) return problem_answer(400, "\"tier\" is T1, T2, T3 or T4");
  wish.tier = *tier;
  if (!daemon.knows_brand(wish.brand))
    return problem_answer(400, "there is no brand \"" + wish.brand + "\" here");
  if (wish.lasts > 24h) return problem_answer(400, "a drill lasts a day at most");
  const std::string id = daemon.exercises().drill(wish);
  if (id.empty()) return problem_answer(429, "too many drills are under way");
  JsonWriter json;
  json.begin_object().field("id", id).field("drill", true).end_object();
  return json_answer(202, std::move(json).text());
}

asio::awaitable<ServerResponse> begin_page(Daemon& daemon, const ServerRequest& request) {
  ApiFields fields(request.body);
  const std::string target = fields.text("target");
  if (fields.flag("drill")) co_return begin_drill(daemon, fields, DrillWish());
  if (const auto wrong = fields.problem(); !wrong.empty()) co_return problem_answer(400, wrong);
  if (target.empty()) co_return problem_answer(400, "say \"target\", or \"drill\": true");
  auto testing = daemon.exercises().test(target);
  const auto result = co_await std::move(testing);
  if (result.id.empty()) co_return problem_answer(404, "there is no receiver '" + target + "'");
  JsonWriter json;
  json.begin_object()
      .field("id", result.id)
      .field("target", target)
      .field("outcome", to_string(result.outcome.kind))
      .field("accepted", result.outcome.kind == alerting::Outcome::Kind::accepted)
      .field("detail", alerting::one_line(result.outcome.detail, 300))
      .field("seconds", std::chrono::duration<double>(result.took).count())
      .end_object();
  co_return json_answer(200, std::move(json).text());
}

}  // namespace

asio::awaitable<ServerResponse> serve_admin(Daemon& daemon, ServerRequest request) {
  constexpr std::string_view kApi = "/api/";
  auto path = request.path();
  path.remove_prefix(std::min(path.size(), kApi.size()));
  const bool get = request.method == "GET", post = request.method == "POST";
  const auto below = [&](std::string_view folder) {
    return path.starts_with(folder) ? path.substr(folder.size()) : std::string_view{};
  };
  if (path == "incidents" && get) co_return incidents(daemon, request.target);
  if (const auto rest = below("incidents/"); !rest.empty()) {
    auto answer = incident_command(daemon, rest, request);
    co_return co_await std::move(answer);
  }
  if (path == "silences" && get) co_return silences(daemon);
  if (path == "silences" && post) {
    auto answer = add_silence(daemon, request);
    co_return co_await std::move(answer);
  }
  if (const auto id = below("silences/"); !id.empty()) {
    if (request.method != "DELETE") co_return problem_answer(405, "only DELETE is allowed here");
    auto answer = expire_silence(daemon, std::string(id));
    co_return co_await std::move(answer);
  }
  if (path == "outbox" && get) {
    auto answer = outbox(daemon, request);
    co_return co_await std::move(answer);
  }
  if (const auto rest = below("outbox/"); rest.ends_with("/retry")) {
    std::int64_t seq = 0;
    const auto parsed = std::from_chars(rest.data(), rest.data() + rest.size(), seq);
    const auto left = rest.substr(static_cast<std::size_t>(parsed.ptr - rest.data()));
    if (parsed.ec != std::errc() || left != "/retry")
      co_return problem_answer(404, "a delivery has a number");
    if (!post) co_return problem_answer(405, "POST it");
    auto answer = retry(daemon, seq);
    co_return co_await std::move(answer);
  }
  if (path == "page" && post) {
    auto answer = begin_page(daemon, request);
    co_return co_await std::move(answer);
  }
  if (const auto id = below("page/"); !id.empty() && get) co_return exercise(daemon, id);
  const bool known =
      path == "incidents" || path == "silences" || path == "outbox" || path == "page";
  if (known) co_return problem_answer(405, "this method is not allowed here");
  co_return problem_answer(404,
                           "there is /api/incidents, /api/silences, /api/outbox and /api/page");
}

}  // namespace brandwacht::daemon
