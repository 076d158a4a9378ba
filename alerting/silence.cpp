#include "alerting/silence.hpp"

#include <algorithm>

#include "alerting/json.hpp"
#include "alerting/json_read.hpp"

namespace brandwacht::alerting {
namespace {

void write_list(JsonWriter& json, std::string_view name, const std::vector<std::string>& list) {
  json.key(name).begin_array();
  for (const auto& word : list)
    json.string(word);
  json.end_array();
}

std::vector<std::string> words_of(const std::vector<Tier>& tiers) {
  std::vector<std::string> out;
  for (const Tier tier : tiers)
    out.emplace_back(to_string(tier));
  return out;
}

bool read_tiers(simdjson::ondemand::value value, std::vector<Tier>& out) {
  std::vector<std::string> words;
  if (!json_read::read(value, words)) return false;
  for (const auto& word : words)
    for (const auto tier : {Tier::t1, Tier::t2, Tier::t3, Tier::t4})
      if (word == to_string(tier)) out.push_back(tier);
  return out.size() == words.size();
}

bool read_field(std::string_view key, simdjson::ondemand::value value, Silence& out) {
  using json_read::read;
  if (key == "id") return read(value, out.id);
  if (key == "brands") return read(value, out.match.brands);
  if (key == "platforms") return read(value, out.match.platforms);
  if (key == "tiers") return read_tiers(value, out.match.tiers);
  if (key == "urgencies") return read(value, out.match.urgencies);
  if (key == "incidents") return read(value, out.match.incidents);
  if (key == "from") return read(value, out.from);
  if (key == "until") return read(value, out.until);
  if (key == "author") return read(value, out.author);
  if (key == "comment") return read(value, out.comment);
  if (key == "created") return read(value, out.created);
  return true;
}

}  // namespace

std::string encode(const Silence& silence) {
  JsonWriter json;
  json.begin_object().field("id", silence.id);
  write_list(json, "brands", silence.match.brands);
  write_list(json, "platforms", silence.match.platforms);
  write_list(json, "tiers", words_of(silence.match.tiers));
  write_list(json, "urgencies", silence.match.urgencies);
  write_list(json, "incidents", silence.match.incidents);
  json.field("from", silence.from.time_since_epoch().count())
      .field("until", silence.until.time_since_epoch().count())
      .field("author", silence.author)
      .field("comment", silence.comment)
      .field("created", silence.created.time_since_epoch().count())
      .end_object();
  return std::move(json).text();
}

std::optional<Silence> decode_silence(std::string_view json) {
  Silence out;
  const bool ok = json_read::for_fields_of(
      json, [&](std::string_view key, auto value) { return read_field(key, value, out); });
  if (!ok || out.id.empty()) return {};
  return out;
}

}  // namespace brandwacht::alerting
