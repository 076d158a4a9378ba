#include "monitor/daemon/admin_api.hpp"

#include <algorithm>
#include <charconv>

#include "alerting/json.hpp"
#include "monitor/daemon/admin_parts.hpp"
#include "monitor/daemon/api_json.hpp"
#include "monitor/daemon/daemon.hpp"

namespace brandwacht::daemon {
namespace asio = boost::asio;
using namespace std::chrono_literals;
using alerting::CommandResult;
using alerting::JsonWriter;
using net::ServerRequest;
using net::ServerResponse;

namespace admin {

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

std::optional<Tier> tier_of(std::string_view text) {
  if (text.size() != 2 || (text[0] != 'T' && text[0] != 't') || text[1] < '1' || text[1] > '4')
    return {};
  return static_cast<Tier>(text[1] - '0');
}

namespace {

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

}  // namespace

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

asio::awaitable<ServerResponse> reload(Daemon& daemon) {
  auto reloading = daemon.reloads().ask_and_wait();
  const Reloaded result = co_await std::move(reloading);
  JsonWriter json;
  const auto list = [&](std::string_view key, const std::vector<std::string>& lines) {
    json.key(key).begin_array();
    for (const auto& line : lines)
      json.string(line);
    json.end_array();
  };
  json.begin_object();
  if (!result.good)
    json.field("error", "the configuration was refused, the one before is in force");
  json.field("reloaded", result.good);
  list("problems", result.problems);
  list("needs_restart", result.needs_restart);
  json.end_object();
  co_return json_answer(result.good ? 200 : 409, std::move(json).text());
}

}  // namespace admin

asio::awaitable<ServerResponse> serve_admin(Daemon& daemon, ServerRequest request) {
  using namespace admin;
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
  if (path == "reload" && post) {
    auto answer = reload(daemon);
    co_return co_await std::move(answer);
  }
  if (path == "desk" && post) co_return desk_action(daemon, request);
  if (path == "page" && post) {
    auto answer = begin_page(daemon, request);
    co_return co_await std::move(answer);
  }
  if (const auto id = below("page/"); !id.empty() && get) co_return exercise(daemon, id);
  const bool known = path == "incidents" || path == "silences" || path == "outbox" ||
                     path == "desk" || path == "page" || path == "reload";
  if (known) co_return problem_answer(405, "this method is not allowed here");
  co_return problem_answer(404,
                           "there is /api/incidents, /api/silences, /api/outbox, /api/desk, "
                           "/api/page and /api/reload");
}

}  // namespace brandwacht::daemon
