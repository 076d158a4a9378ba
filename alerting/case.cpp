#include "alerting/case.hpp"

#include "alerting/json.hpp"
#include "alerting/json_read.hpp"

namespace brandwacht::alerting {
namespace {

bool read_ack(std::string_view key, simdjson::ondemand::value value, Acknowledgement& out) {
  using json_read::read;
  if (key == "ack_who") return read(value, out.who);
  if (key == "ack_via") return read(value, out.via);
  if (key == "ack_at") return read(value, out.at);
  if (key == "ack_until") return read(value, out.until);
  int tier = 0;
  if (!read(value, tier) || tier < 1 || tier > 4) return false;
  out.tier = static_cast<Tier>(tier);
  return true;
}

bool read_field(std::string_view key, simdjson::ondemand::value value, Case& out) {
  using json_read::read;
  if (key == "incident") return read(value, out.incident);
  if (key == "level") return read(value, out.level);
  if (key == "resolved_by") return read(value, out.resolved_by);
  if (!key.starts_with("ack_")) return true;
  if (!out.ack) out.ack.emplace();
  return read_ack(key, value, *out.ack);
}

}  // namespace

std::string encode(const Case& one) {
  JsonWriter json;
  json.begin_object()
      .field("incident", one.incident)
      .field("level", one.level)
      .field("resolved_by", one.resolved_by);
  if (one.ack)
    json.field("ack_who", one.ack->who)
        .field("ack_via", one.ack->via)
        .field("ack_at", one.ack->at.time_since_epoch().count())
        .field("ack_until", one.ack->until.time_since_epoch().count())
        .field("ack_tier", static_cast<int>(one.ack->tier));
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
