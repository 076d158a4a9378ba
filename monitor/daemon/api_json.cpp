#include "monitor/daemon/api_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "config/duration.hpp"
#include "config/reader.hpp"
#include "connectors/net/redact.hpp"
#include "monitor/mention_json.hpp"

namespace brandwacht::daemon {

net::ServerResponse json_answer(int status, std::string body) {
  net::ServerResponse response;
  response.status = status;
  response.body = std::move(body);
  response.body += '\n';
  return response;
}

net::ServerResponse problem_answer(int status, std::string_view message) {
  std::string body = "{\"error\":";
  append_json_string(body, message);
  return json_answer(status, body + "}");
}

std::string_view query_value(std::string_view target, std::string_view name) noexcept {
  const auto begin = target.find('?');
  if (begin == std::string_view::npos) return {};
  for (std::string_view rest = target.substr(begin + 1); !rest.empty();) {
    const auto end = std::min(rest.find('&'), rest.size());
    const auto pair = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=')
      return pair.substr(name.size() + 1);
  }
  return {};
}

std::size_t query_number(std::string_view target, std::string_view name, std::size_t otherwise,
                         std::size_t most) noexcept {
  const auto text = query_value(target, name);
  std::size_t value = otherwise;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return std::min(value, most);
}

ApiFields::ApiFields(std::string_view body) : parser_(std::make_unique<simdjson::dom::parser>()) {
  if (body.find_first_not_of(" \t\r\n") == std::string_view::npos) return;
  simdjson::dom::object object;
  if (parser_->parse(std::string(body)).get_object().get(object)) {
    problem_ = "the body is not a JSON object";
    return;
  }
  for (const auto field : object)
    fields_.emplace(std::string(field.key), field.value);
}

const simdjson::dom::element* ApiFields::find(std::string_view name) {
  known_.emplace_back(name);
  const auto found = fields_.find(name);
  if (found == fields_.end() || found->second.is_null()) return nullptr;
  return &found->second;
}

void ApiFields::wrong(std::string_view name, std::string_view what) {
  if (problem_.empty()) problem_ = fmt::format("\"{}\" must be {}", name, what);
}

std::string ApiFields::text(std::string_view name, std::string_view otherwise) {
  const auto* value = find(name);
  std::string_view out = otherwise;
  if (value && value->get_string().get(out)) wrong(name, "a string");
  return std::string(out);
}

std::vector<std::string> ApiFields::list(std::string_view name) {
  std::vector<std::string> out;
  const auto* value = find(name);
  if (!value) return out;
  std::string_view one;
  simdjson::dom::array many;
  if (!value->get_string().get(one)) {
    out.emplace_back(one);
  } else if (!value->get_array().get(many)) {
    for (const auto item : many) {
      if (item.get_string().get(one)) {
        wrong(name, "a string or an array of strings");
        break;
      }
      out.emplace_back(one);
    }
  } else {
    wrong(name, "a string or an array of strings");
  }
  return out;
}

bool ApiFields::flag(std::string_view name) {
  const auto* value = find(name);
  bool out = false;
  if (value && value->get_bool().get(out)) wrong(name, "true or false");
  return out;
}

std::optional<bool> ApiFields::maybe(std::string_view name) {
  if (!find(name)) return {};
  return flag(name);
}

std::optional<Duration> ApiFields::span(std::string_view name) {
  const std::string words = text(name);
  if (words.empty()) return {};
  const auto parsed = config::parse_duration(words);
  if (!parsed.value || *parsed.value <= Duration{0}) wrong(name, "a duration, such as \"30 min\"");
  return parsed.value;
}

std::optional<Time> ApiFields::time(std::string_view name) {
  const std::string words = text(name);
  if (words.empty()) return {};
  const auto parsed = parse_rfc3339(words);
  if (!parsed) wrong(name, "a time, such as \"2026-05-25T14:00:00Z\"");
  return parsed;
}

std::string ApiFields::problem() const {
  if (!problem_.empty()) return problem_;
  for (const auto& [name, value] : fields_) {
    if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
    const auto meant = config::did_you_mean(name, known_);
    return fmt::format("there is no \"{}\" here{}{}", net::printable(name, 40),
                       meant.empty() ? "" : "; ", meant);
  }
  return {};
}

}  // namespace brandwacht::daemon
