// Silences.
#include <array>

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

// What a silence can ask, besides `surge`.
constexpr std::array kLists{"brand", "platform", "tier", "event", "language", "hours", "incident"};

void write_silence(JsonWriter& json, const alerting::Silence& silence, Time now) {
  json.begin_object().field("id", silence.id).field("holds", silence.holds(now));
  const auto words = alerting::words_of(silence.match);
  for (const char* key : kLists) {
    json.key(key).begin_array();
    for (const auto& [name, list] : words)
      for (const auto& word : list)
        if (name == key) json.string(word);
    json.end_array();
  }
  if (silence.match.surge) json.field("surge", *silence.match.surge);
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
  alerting::MatcherWords words;
  for (const char* key : kLists)
    words.emplace_back(key, fields.list(key));
  if (const auto surge = fields.maybe("surge"))
    words.push_back({"surge", {*surge ? "true" : "false"}});
  if (auto match = alerting::parse_matchers(words, wrong)) out.match = std::move(*match);
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
