// Silences.
#include "alerting/json.hpp"
#include "monitor/daemon/admin_parts.hpp"
#include "monitor/daemon/api_json.hpp"
#include "monitor/daemon/daemon.hpp"

namespace brandwacht::daemon::admin {
namespace asio = boost::asio;
using namespace std::chrono_literals;
using net::ServerRequest;
using net::ServerResponse;

using alerting::JsonWriter;

namespace {

constexpr Duration kLongestSilence = 366 * 24h;

void write_names(JsonWriter& json, std::string_view key, const std::vector<std::string>& names) {
  json.key(key).begin_array();
  for (const auto& name : names)
    json.string(name);
  json.end_array();
}

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

}  // namespace

ServerResponse silences(Daemon& daemon) {
  JsonWriter json;
  json.begin_object().key("silences").begin_array();
  std::size_t shown = 0;
  for (const auto& silence : daemon.pager().silences())
    if (shown++ < kPerPage) write_silence(json, silence, daemon.clock().now());
  json.end_array().end_object();
  return json_answer(200, std::move(json).text());
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

}  // namespace brandwacht::daemon::admin
