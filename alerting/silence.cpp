#include "alerting/silence.hpp"

#include <algorithm>

#include "alerting/json.hpp"
#include "alerting/json_read.hpp"

namespace brandwacht::alerting {
namespace {

// What stands below `match`: each list under its key.
bool read_match(simdjson::ondemand::value value, Matchers& out) {
  simdjson::ondemand::object object;
  if (value.get_object().get(object)) return false;
  MatcherWords words;
  const bool ok = json_read::for_fields(object, [&](std::string_view key, auto list) {
    return json_read::read(list, words.emplace_back(key, std::vector<std::string>()).second);
  });
  std::string wrong;
  auto matchers = ok ? parse_matchers(words, wrong) : std::nullopt;
  if (matchers) out = std::move(*matchers);
  return matchers.has_value();
}

// As silences were written by the version before.
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
  if (key == "match") return read_match(value, out.match);
  if (key == "brands") return read(value, out.match.brands);
  if (key == "platforms") return read(value, out.match.platforms);
  if (key == "tiers") return read_tiers(value, out.match.tiers);
  if (key == "urgencies") return read(value, out.match.urgencies);
  if (key == "languages") return read(value, out.match.languages);
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
  json.key("match").begin_object();
  for (const auto& [key, list] : words_of(silence.match)) {
    json.key(key).begin_array();
    for (const auto& word : list)
      json.string(word);
    json.end_array();
  }
  json.end_object();
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
