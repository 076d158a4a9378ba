#include "alerting/case.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "alerting/json.hpp"
#include "alerting/json_read.hpp"

namespace brandwacht::alerting {
namespace {

namespace od = simdjson::ondemand;

constexpr std::size_t kKnown = 32;

bool read_tier(od::value value, Tier& out) {
  int tier = 0;
  if (!json_read::read(value, tier) || tier < 1 || tier > 4) return false;
  out = static_cast<Tier>(tier);
  return true;
}

bool read_ack(std::string_view key, od::value value, Acknowledgement& out) {
  using json_read::read;
  if (key == "ack_who") return read(value, out.who);
  if (key == "ack_via") return read(value, out.via);
  if (key == "ack_at") return read(value, out.at);
  if (key == "ack_until") return read(value, out.until);
  return read_tier(value, out.tier);
}

bool read_step(std::string_view key, od::value value, Case& out) {
  using json_read::read;
  if (key == "policy") return read(value, out.policy);
  if (key == "round") return read(value, out.round);
  if (key == "step") return read(value, out.step);
  if (key == "exhausted") return read(value, out.exhausted);
  if (key == "due") return read(value, out.due);
  if (key == "known") return read(value, out.known);
  if (key == "waits_for") return read(value, out.waits_for);
  return true;
}

bool read_field(std::string_view key, od::value value, Case& out) {
  using json_read::read;
  if (key == "incident") return read(value, out.incident);
  if (key == "level") return read(value, out.level);
  if (key == "told") return read(value, out.told);
  if (key == "owed") return read(value, out.owed);
  if (key == "tier") return read_tier(value, out.tier);
  if (key == "resolved_by") return read(value, out.resolved_by);
  if (key == "closed") return read(value, out.closed);
  if (!key.starts_with("ack_")) return read_step(key, value, out);
  if (!out.ack) out.ack.emplace();
  return read_ack(key, value, *out.ack);
}

void write_list(JsonWriter& json, std::string_view name, const std::vector<std::string>& list) {
  json.key(name).begin_array();
  for (const auto& word : list)
    json.string(word);
  json.end_array();
}

}  // namespace

bool learn(Case& one, const IncidentEvent& event) {
  std::string name = fmt::format("{}-{}-{}", to_string(event.kind), to_string(event.incident.tier),
                                 event.incident.joiners);
  if (std::find(one.known.begin(), one.known.end(), name) != one.known.end()) return false;
  if (one.known.size() >= kKnown) one.known.erase(one.known.begin());
  one.known.push_back(std::move(name));
  return true;
}

void shift(Case& one, Duration by) {
  if (one.due != kNever) one.due += by;
  if (!one.ack) return;
  one.ack->at += by;
  one.ack->until += by;
}

std::string encode(const Case& one) {
  JsonWriter json;
  json.begin_object()
      .field("incident", one.incident)
      .field("level", one.level)
      .field("told", one.told)
      .field("owed", one.owed)
      .field("tier", static_cast<int>(one.tier))
      .field("resolved_by", one.resolved_by)
      .field("closed", one.closed)
      .field("policy", one.policy)
      .field("round", one.round)
      .field("step", one.step)
      .field("exhausted", one.exhausted)
      .field("due", one.due.time_since_epoch().count());
  if (one.ack)
    json.field("ack_who", one.ack->who)
        .field("ack_via", one.ack->via)
        .field("ack_at", one.ack->at.time_since_epoch().count())
        .field("ack_until", one.ack->until.time_since_epoch().count())
        .field("ack_tier", static_cast<int>(one.ack->tier));
  write_list(json, "known", one.known);
  write_list(json, "waits_for", one.waits_for);
  json.end_object();
  return std::move(json).text();
}

std::optional<Case> decode_case(std::string_view json) {
  Case out;
  const bool ok = json_read::for_fields_of(
      json, [&](std::string_view key, auto value) { return read_field(key, value, out); });
  if (!ok || out.incident.empty()) return {};
  return out;
}

}  // namespace brandwacht::alerting
