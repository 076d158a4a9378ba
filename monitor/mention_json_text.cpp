// The writing half of mention_json.hpp.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "monitor/mention_json.hpp"

namespace brandwacht {
namespace {

constexpr auto kNeedsEscape = [] {
  std::array<bool, 256> table{};
  for (std::size_t c = 0; c < 0x20; ++c)
    table[c] = true;
  table['"'] = table['\\'] = table[0x7F] = true;
  return table;
}();

void append_escape(std::string& out, char c) {
  switch (c) {
    case '"':
    case '\\':
      out += '\\';
      out += c;
      return;
    case '\n':
      out += "\\n";
      return;
    default:
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned char>(c));
  }
}

// `text` is valid UTF-8.
void append_valid(std::string& out, std::string_view text) {
  std::size_t begin = 0;  // of the run that needs no escape
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!kNeedsEscape[static_cast<unsigned char>(text[i])]) continue;
    out += text.substr(begin, i - begin);
    append_escape(out, text[i]);
    begin = i + 1;
  }
  out += text.substr(begin);
}

// The length of the code point that `text` begins with; 0: its first byte begins none.
std::size_t code_point_length(std::string_view text) noexcept {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  const auto code = text.substr(0, length);
  return simdjson::validate_utf8(code.data(), code.size()) ? code.size() : 0;
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  if (simdjson::validate_utf8(text.data(), text.size())) {
    append_valid(out, text);
  } else {
    while (!text.empty()) {
      const std::size_t length = code_point_length(text);
      if (length > 0)
        append_valid(out, text.substr(0, length));
      else
        out += "\xEF\xBF\xBD";  // U+FFFD for each byte that belongs to nothing
      text.remove_prefix(std::max<std::size_t>(length, 1));
    }
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
