#include "alerting/incident_json.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <charconv>

#include "alerting/json.hpp"

namespace brandwacht::alerting {
namespace {

namespace od = simdjson::ondemand;

std::int64_t ticks(Time time) {
  return time.time_since_epoch().count();
}

// Keys use all 64 bits, which JSON numbers do not carry safely.
std::string hex(std::uint64_t key) {
  return fmt::format("{:016x}", key);
}

// The readers take the value whose key was matched. False: a wrong type, so the snapshot is not
// ours.
bool read(od::value value, std::string& out) {
  std::string_view text;
  if (value.get_string().get(text)) return false;
  out = text;
  return true;
}
bool read(od::value value, double& out) {
  return !value.get_double().get(out);
}
bool read(od::value value, bool& out) {
  return !value.get_bool().get(out);
}
bool read(od::value value, int& out) {
  std::int64_t number = 0;
  if (value.get_int64().get(number)) return false;
  out = static_cast<int>(number);
  return true;
}
bool read(od::value value, Time& out) {
  std::int64_t count = 0;
  if (value.get_int64().get(count)) return false;
  out = Time{Duration{count}};
  return true;
}
bool read_hex(od::value value, std::uint64_t& out) {
  std::string_view text;
  if (value.get_string().get(text)) return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out, 16);
  return error == std::errc{} && end == text.data() + text.size();
}
// An enum whose values are 0 (or `first`) to `last`.
template <class Enum>
bool read_enum(od::value value, Enum& out, int first, int last) {
  int number = 0;
  if (!read(value, number) || number < first || number > last) return false;
  out = static_cast<Enum>(number);
  return true;
}

// Calls `each(key, value)` for all fields; false when it does or the object is damaged.
template <class Each>
bool for_fields(od::object object, Each each) {
  for (auto field : object) {
    std::string_view key;
    od::value value;
    if (field.unescaped_key().get(key) || field.value().get(value)) return false;
    if (!each(key, value)) return false;
  }
  return true;
}

template <class Each>
bool for_objects(od::value value, Each each) {
  od::array array;
  if (value.get_array().get(array)) return false;
  for (auto item : array) {
    od::object object;
    if (item.get_object().get(object) || !each(object)) return false;
  }
  return true;
}

bool read_reason(od::object object, Reason& out) {
  return for_fields(object, [&](std::string_view key, od::value value) {
    if (key == "text") return read(value, out.text);
    if (key == "weight") return read(value, out.weight);
    return true;
  });
}

bool read_evidence(od::object object, Evidence& out) {
  return for_fields(object, [&](std::string_view key, od::value value) {
    if (key == "mention") return read_hex(value, out.mention);
    if (key == "author_key") return read_hex(value, out.author_key);
    if (key == "author") return read(value, out.author);
    if (key == "text") return read(value, out.text);
    if (key == "url") return read(value, out.url);
    if (key == "at") return read(value, out.at);
    if (key == "negative") return read(value, out.negative);
    if (key == "root") return read(value, out.root);
    return true;
  });
}

bool read_thread(od::object object, IncidentThread& out) {
  return for_fields(object, [&](std::string_view key, od::value value) {
    if (key == "key") return read_hex(value, out.key);
    if (key == "id") return read(value, out.id);
    return true;
  });
}

bool read_lines(od::value value, std::vector<std::string>& out) {
  od::array array;
  if (value.get_array().get(array)) return false;
  for (auto item : array) {
    od::value line;
    if (item.get(line) || !read(line, out.emplace_back())) return false;
  }
  return true;
}

bool read_advice(od::value value, Advice& out) {
  od::object object;
  if (value.get_object().get(object)) return false;
  return for_fields(object, [&](std::string_view key, od::value field) {
    if (key == "kind") return read(field, out.kind);
    if (key == "lines") return read_lines(field, out.lines);
    if (key == "playbook") return read(field, out.playbook);
    if (key == "playbook_title") return read(field, out.playbook_title);
    return true;
  });
}

bool read_text_field(std::string_view key, od::value value, Incident& out) {
  if (key == "id") return read(value, out.id);
  if (key == "brand") return read(value, out.brand);
  if (key == "platform") return read(value, out.platform);
  if (key == "thread") return read(value, out.thread);
  if (key == "url") return read(value, out.url);
  if (key == "title") return read(value, out.title);
  return true;
}

bool read_list(std::string_view key, od::value value, Incident& out) {
  if (key == "reasons")
    return for_objects(
        value, [&](od::object object) { return read_reason(object, out.reasons.emplace_back()); });
  if (key == "evidence")
    return for_objects(value, [&](od::object object) {
      return read_evidence(object, out.evidence.emplace_back());
    });
  if (key == "threads")
    return for_objects(
        value, [&](od::object object) { return read_thread(object, out.threads.emplace_back()); });
  if (key == "advice") return read_advice(value, out.advice);
  return read_text_field(key, value, out);
}

bool read_field(std::string_view key, od::value value, Incident& out) {
  if (key == "thread_key") return read_hex(value, out.thread_key);
  if (key == "episode") return read(value, out.episode);
  if (key == "surge") return read(value, out.surge);
  if (key == "tier") return read_enum(value, out.tier, 1, 4);
  if (key == "state")
    return read_enum(value, out.state, 0, static_cast<int>(IncidentState::closed));
  if (key == "first_at") return read(value, out.first_at);
  if (key == "opened_at") return read(value, out.opened_at);
  if (key == "updated_at") return read(value, out.updated_at);
  if (key == "risk") return read(value, out.risk);
  if (key == "calibrated") return read(value, out.calibrated);
  if (key == "joiners") return read(value, out.joiners);
  if (key == "joiners_window") return read(value, out.joiners_window);
  if (key == "participants") return read(value, out.participants);
  return read_list(key, value, out);
}

void write_lists(JsonWriter& json, const Incident& incident) {
  json.key("reasons").begin_array();
  for (const auto& reason : incident.reasons)
    json.begin_object().field("text", reason.text).field("weight", reason.weight).end_object();
  json.end_array().key("evidence").begin_array();
  for (const auto& post : incident.evidence)
    json.begin_object()
        .field("mention", hex(post.mention))
        .field("author_key", hex(post.author_key))
        .field("author", post.author)
        .field("text", post.text)
        .field("url", post.url)
        .field("at", ticks(post.at))
        .field("negative", post.negative)
        .field("root", post.root)
        .end_object();
  json.end_array().key("threads").begin_array();
  for (const auto& thread : incident.threads)
    json.begin_object().field("key", hex(thread.key)).field("id", thread.id).end_object();
  json.end_array();
  const Advice& advice = incident.advice;
  json.key("advice").begin_object().field("kind", advice.kind).key("lines").begin_array();
  for (const auto& line : advice.lines)
    json.string(line);
  json.end_array()
      .field("playbook", advice.playbook)
      .field("playbook_title", advice.playbook_title)
      .end_object();
}

}  // namespace

std::string encode(const Incident& incident) {
  JsonWriter json;
  json.begin_object()
      .field("id", incident.id)
      .field("thread_key", hex(incident.thread_key))
      .field("episode", incident.episode)
      .field("surge", incident.surge)
      .field("brand", incident.brand)
      .field("platform", incident.platform)
      .field("thread", incident.thread)
      .field("url", incident.url)
      .field("tier", static_cast<int>(incident.tier))
      .field("state", static_cast<int>(incident.state))
      .field("first_at", ticks(incident.first_at))
      .field("opened_at", ticks(incident.opened_at))
      .field("updated_at", ticks(incident.updated_at))
      .field("risk", incident.risk)
      .field("calibrated", incident.calibrated)
      .field("joiners", incident.joiners)
      .field("joiners_window", incident.joiners_window)
      .field("participants", incident.participants)
      .field("title", incident.title);
  write_lists(json, incident);
  json.end_object();
  return std::move(json).text();
}

std::optional<Incident> decode_incident(std::string_view json) {
  od::parser parser;
  const simdjson::padded_string padded(json);
  od::document document;
  od::object object;
  Incident out;
  if (parser.iterate(padded).get(document) || document.get_object().get(object)) return {};
  const bool ok = for_fields(
      object, [&](std::string_view key, od::value value) { return read_field(key, value, out); });
  if (!ok || out.id.empty()) return {};
  return out;
}

std::optional<IncidentEventKind> parse_event_kind(std::string_view text) noexcept {
  using enum IncidentEventKind;
  for (const auto kind : {page, notify, upgrade, cool, close})
    if (to_string(kind) == text) return kind;
  return {};
}

}  // namespace brandwacht::alerting
