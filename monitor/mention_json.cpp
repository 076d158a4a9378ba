#include "monitor/mention_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <iterator>

namespace brandwacht {
namespace {

namespace od = simdjson::ondemand;

LineFault fault_of(simdjson::error_code error) noexcept {
  switch (error) {
    case simdjson::INCORRECT_TYPE:
    case simdjson::STRING_ERROR:
      return LineFault::wrong_type;
    case simdjson::UTF8_ERROR:
      return LineFault::bad_utf8;
    case simdjson::DEPTH_ERROR:
      return LineFault::too_deep;
    case simdjson::CAPACITY:
      return LineFault::too_long;
    case simdjson::EMPTY:
    case simdjson::UNCLOSED_STRING:
    case simdjson::INCOMPLETE_ARRAY_OR_OBJECT:
      return LineFault::truncated;
    default:
      return LineFault::bad_json;
  }
}

// U+0000 would cut an identifier short wherever C strings are used.
bool has_nul(std::string_view text) noexcept {
  return !text.empty() && std::memchr(text.data(), 0, text.size()) != nullptr;
}

// simdjson refuses a lone high surrogate but lets a lone low one through as the bytes ED B0..BF xx.
bool has_surrogate(std::string_view text) noexcept {
  for (std::size_t at = text.find('\xED'); at != std::string_view::npos && at + 1 < text.size();
       at = text.find('\xED', at + 1))
    if (static_cast<unsigned char>(text[at + 1]) >= 0xA0) return true;
  return false;
}

LineFault read(od::value value, std::string_view& out) noexcept {
  std::string_view text;
  if (const auto error = value.get_string().get(text)) {
    if (error == simdjson::INCORRECT_TYPE && value.is_null()) {
      out = {};
      return LineFault::none;
    }
    return fault_of(error);
  }
  if (has_nul(text)) return LineFault::embedded_nul;
  if (has_surrogate(text)) return LineFault::wrong_type;
  out = text;
  return LineFault::none;
}

LineFault read(od::value value, bool& out) noexcept {
  if (const auto error = value.get_bool().get(out)) {
    if (error != simdjson::INCORRECT_TYPE || !value.is_null()) return fault_of(error);
    out = false;
  }
  return LineFault::none;
}

LineFault read(od::value value, Time& out) noexcept {
  std::string_view text;
  if (const auto fault = read(value, text); fault != LineFault::none) return fault;
  if (text.empty()) return LineFault::none;
  const auto time = parse_rfc3339(text);
  if (!time) return LineFault::bad_time;
  out = *time;
  return LineFault::none;
}

LineFault read(od::value value, MentionKind& out) noexcept {
  std::string_view text;
  if (const auto fault = read(value, text); fault != LineFault::none) return fault;
  if (text.empty()) return LineFault::none;
  const auto kind = parse_mention_kind(text);
  if (!kind) return LineFault::bad_kind;
  out = *kind;
  return LineFault::none;
}

// One string or an array of strings; what does not fit is ignored.
template <class List>
LineFault read_list(od::value value, List& out) noexcept {
  out.clear();
  od::json_type type{};
  if (const auto error = value.type().get(type)) return fault_of(error);
  if (type != od::json_type::array) {
    std::string_view text;
    const auto fault = read(value, text);
    if (fault == LineFault::none && !text.empty()) out.push_back(text);
    return fault;
  }
  od::array items;
  if (const auto error = value.get_array().get(items)) return fault_of(error);
  for (auto item : items) {
    od::value element;
    if (const auto error = std::move(item).get(element)) return fault_of(error);
    std::string_view text;
    if (const auto fault = read(element, text); fault != LineFault::none) return fault;
    if (!text.empty() && out.size() < out.capacity()) out.push_back(text);
  }
  return LineFault::none;
}

// simdjson skips what nobody reads without looking at its depth. No recursion, so it is harmless;
// but a value of a thousand brackets is no mention.
LineFault skip(od::value value) noexcept {
  od::json_type type{};
  if (const auto error = value.type().get(type)) return fault_of(error);
  if (type != od::json_type::array && type != od::json_type::object) return LineFault::none;
  std::string_view raw;
  if (type == od::json_type::array) {
    od::array array;
    if (const auto error = value.get_array().get(array)) return fault_of(error);
    if (const auto error = array.raw_json().get(raw)) return fault_of(error);
  } else {
    od::object object;
    if (const auto error = value.get_object().get(object)) return fault_of(error);
    if (const auto error = object.raw_json().get(raw)) return fault_of(error);
  }
  std::size_t depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    const char c = raw[i];
    if (quoted) {
      if (c == '\\') ++i;
      quoted = c != '"';
    } else if (c == '"') {
      quoted = true;
    } else if ((c == '[' || c == '{') && ++depth > kMaxDepth) {
      return LineFault::too_deep;
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return LineFault::none;
}

LineFault read_field(std::string_view key, od::value value, MentionView& out) noexcept {
  switch (key.size()) {
    case 2:
      if (key == "id") return read(value, out.id);
      break;
    case 3:
      if (key == "url") return read(value, out.url);
      break;
    case 4:
      if (key == "text") return read(value, out.text);
      if (key == "kind") return read(value, out.kind);
      if (key == "lang") return read_list(value, out.langs);
      if (key == "tags") return read_list(value, out.tags);
      break;
    case 6:
      if (key == "author") return read(value, out.author);
      if (key == "thread") return read(value, out.thread);
      if (key == "parent") return read(value, out.parent);
      if (key == "quoted") return read(value, out.quoted);
      break;
    case 8:
      if (key == "platform") return read(value, out.platform);
      if (key == "official") return read(value, out.official);
      if (key == "accounts") return read_list(value, out.accounts);
      break;
    case 10:
      if (key == "created_at") return read(value, out.created_at);
      break;
    case 11:
      if (key == "author_name") return read(value, out.author_name);
      if (key == "received_at") return read(value, out.received_at);
      break;
    default:
      break;
  }
  return skip(value);
}

LineFault complete(MentionView& out, Time now) noexcept {
  if (out.platform.empty()) return LineFault::missing_field;
  if (out.id.empty() && out.kind != MentionKind::author_gone) return LineFault::missing_field;
  if (out.author.empty() && out.kind != MentionKind::remove) return LineFault::missing_field;
  if (out.thread.empty()) out.thread = out.id;
  if (out.received_at == Time{}) out.received_at = now;
  if (out.created_at == Time{}) out.created_at = out.received_at;
  return LineFault::none;
}

}  // namespace

std::string_view to_string(LineFault fault) noexcept {
  static constexpr std::array<std::string_view, static_cast<std::size_t>(LineFault::count_)> kNames{
      "none",          "too_long",      "truncated",  "bad_json", "bad_utf8", "too_deep",
      "not_an_object", "missing_field", "wrong_type", "bad_time", "bad_kind", "embedded_nul"};
  const auto index = static_cast<std::size_t>(fault);
  return index < kNames.size() ? kNames[index] : "unknown";
}

MentionParser::MentionParser() {
  // The capacity is the size limit. It covers what LineSplitter lets through.
  if (parser_.allocate(kMaxLineBytes)) throw std::bad_alloc();
}

LineFault MentionParser::parse(std::string_view line, Time now, MentionView& out) {
  out = MentionView{};
  od::document document;
  const simdjson::padded_string_view padded(line.data(), line.size(),
                                            line.size() + simdjson::SIMDJSON_PADDING);
  if (line.size() > kMaxLineBytes) return LineFault::too_long;
  if (const auto error = parser_.iterate(padded).get(document))
    return has_nul(line) ? LineFault::embedded_nul : fault_of(error);
  od::object object;
  if (const auto error = document.get_object().get(object))
    return error == simdjson::INCORRECT_TYPE ? LineFault::not_an_object : fault_of(error);
  for (auto item : object) {
    od::field field;
    if (const auto error = std::move(item).get(field)) return fault_of(error);
    const auto raw = field.key();
    // The raw key ends at its closing quote; a key with escapes keeps its backslashes and so
    // matches nothing.
    const char* begin = raw.raw();
    const char* end = static_cast<const char*>(
        std::memchr(begin, '"', static_cast<std::size_t>(line.data() + line.size() - begin)));
    if (end == nullptr) return LineFault::truncated;
    const std::string_view key(begin, static_cast<std::size_t>(end - begin));
    if (const auto fault = read_field(key, field.value(), out); fault != LineFault::none)
      return fault;
  }
  // Nothing may stand behind the document; On-Demand does not look there by itself.
  if (document.current_location().error() != simdjson::OUT_OF_BOUNDS) return LineFault::bad_json;
  return complete(out, now);
}

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t i = 0; i < text.size();) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x80) {
      const std::size_t length = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
      const auto code = text.substr(i, length);
      if (c >= 0xC2 && c <= 0xF4 && simdjson::validate_utf8(code.data(), code.size())) {
        out += code;
        i += length;
      } else {
        out += "\xEF\xBF\xBD";
        ++i;
      }
      continue;
    }
    if (c == '"' || c == '\\') {
      out += '\\';
      out += text[i];
    } else if (c == '\n') {
      out += "\\n";
    } else if (c < 0x20 || c == 0x7F) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", c);
    } else {
      out += text[i];
    }
    ++i;
  }
  out += '"';
}

namespace {

void append_key(std::string& out, std::string_view key) {
  out += out.size() > 1 ? ",\"" : "\"";
  out += key;
  out += "\":";
}

void append_text(std::string& out, std::string_view key, std::string_view value) {
  if (value.empty()) return;
  append_key(out, key);
  append_json_string(out, value);
}

template <class List>
void append_list(std::string& out, std::string_view key, const List& items) {
  if (items.empty()) return;
  append_key(out, key);
  char before = '[';
  for (const auto& item : items) {
    out += before;
    append_json_string(out, item);
    before = ',';
  }
  out += ']';
}

}  // namespace

std::string to_json(const MentionView& mention) {
  std::string out = "{";
  append_text(out, "platform", mention.platform);
  append_text(out, "id", mention.id);
  append_text(out, "kind", to_string(mention.kind));
  if (mention.thread != mention.id) append_text(out, "thread", mention.thread);
  append_text(out, "parent", mention.parent);
  append_text(out, "quoted", mention.quoted);
  append_text(out, "author", mention.author);
  append_text(out, "author_name", mention.author_name);
  append_text(out, "created_at", format_rfc3339(mention.created_at));
  append_text(out, "received_at", format_rfc3339(mention.received_at));
  append_list(out, "lang", mention.langs);
  append_text(out, "text", mention.text);
  append_text(out, "url", mention.url);
  append_list(out, "accounts", mention.accounts);
  append_list(out, "tags", mention.tags);
  if (mention.official) {
    append_key(out, "official");
    out += "true";
  }
  out += '}';
  return out;
}

}  // namespace brandwacht
