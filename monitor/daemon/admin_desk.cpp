// POST /api/desk: what the desk says of an incident or a thread: its strategy, the outcome, whether
// a page was of use, why a post was removed.
#include <charconv>
#include <optional>

#include "alerting/json.hpp"
#include "monitor/daemon/admin_parts.hpp"
#include "monitor/daemon/api_json.hpp"
#include "monitor/daemon/daemon.hpp"

namespace brandwacht::daemon::admin {
namespace {

std::optional<std::uint64_t> key_of(std::string_view hex) {
  std::uint64_t key = 0;
  const auto [end, error] = std::from_chars(hex.data(), hex.data() + hex.size(), key, 16);
  if (hex.size() != 16 || error != std::errc{} || end != hex.data() + hex.size()) return {};
  return key;
}

// "bw-<16 hex>-<episode>"
std::optional<std::uint64_t> key_of_incident(std::string_view id) {
  if (id.size() < 21 || !id.starts_with("bw-") || id[19] != '-') return {};
  return key_of(id.substr(3, 16));
}

// Of an open incident, or the only one that is watched; else it has to be said.
std::string brand_of(Daemon& daemon, std::string_view incident) {
  for (const auto& live : daemon.pager().live())
    if (live.id == incident) return live.brand;
  const auto& brands = daemon.line().settings().brands;
  return brands.size() == 1 ? brands.front().name : std::string();
}

}  // namespace

net::ServerResponse desk_action(Daemon& daemon, const net::ServerRequest& request) {
  ApiFields fields(request.body);
  const std::string incident = fields.text("incident"), thread = fields.text("thread");
  const std::string kind = fields.text("kind"), value = fields.text("value");
  std::string brand = fields.text("brand");
  const std::string who = fields.text("who");
  if (const auto wrong = fields.problem(); !wrong.empty()) return problem_answer(400, wrong);
  const auto key = incident.empty() ? key_of(thread) : key_of_incident(incident);
  if (!key)
    return problem_answer(400,
                          "\"incident\" is an id such as bw-1122334455667788-1, or \"thread\" "
                          "16 hexadecimal digits");
  std::string fault;
  auto action = desk::parse_action(kind, value, fault);
  if (!action) return problem_answer(400, fault);
  action->thread = *key;
  action->incident = incident;
  action->who = who;
  if (brand.empty()) brand = brand_of(daemon, incident);
  if (!daemon.line().act(*action, brand, daemon.clock().now()))
    return problem_answer(404, "this thread is not known; name its brand");
  alerting::JsonWriter json;
  json.begin_object().field("done", true).end_object();
  return json_answer(200, std::move(json).text());
}

}  // namespace brandwacht::daemon::admin
