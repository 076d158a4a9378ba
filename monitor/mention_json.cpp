#include "monitor/mention_json.hpp"

#include <array>
#include <cstring>
#include <new>
#include <utility>

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
    case simdjson::MEMALLOC:
      return LineFault::too_long;
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

// What the strings of a line are like.
enum class Escapes : std::uint8_t {
  none,  // no backslash: every string is its own bytes
  some,
  // A string can come out with U+0000 or a surrogate. simdjson refuses both when they are written
  // raw, so they need an escape: \u0000 or \uD800 to \uDFFF. One look at the line saves two at
  // every string.
  risky,
};
Escapes escapes_of(std::string_view line) noexcept {
  const char* at = line.data();
  const char* const end = at + line.size();
  auto found = Escapes::none;
  while ((at = static_cast<const char*>(
              std::memchr(at, '\\', static_cast<std::size_t>(end - at)))) != nullptr) {
    found = Escapes::some;
    if (end - at < 4) break;
    if (at[1] == 'u' && (at[2] == 'd' || at[2] == 'D' || (at[2] == '0' && at[3] == '0')))
      return Escapes::risky;
    at += 2;
  }
  return found;
}

// Walks the brackets of JSON text whose strings are known to be closed or cut off by the end.
class Brackets {
 public:
  // False: the character is the first one behind a complete value.
  bool step(char c) noexcept {
    if (quoted_) {
      quoted_ = escaped_ || c != '"';
      escaped_ = !escaped_ && c == '\\';
      return true;
    }
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') return true;
    if (seen_ && depth_ == 0) return false;
    seen_ = true;
    if (c == '"') quoted_ = true;
    if (c == '[' || c == '{') ++depth_;
    if ((c == ']' || c == '}') && depth_ > 0) --depth_;
    return true;
  }
  std::size_t depth() const noexcept { return depth_; }
  bool open() const noexcept { return !seen_ || quoted_ || depth_ > 0; }

 private:
  std::size_t depth_ = 0;
  bool quoted_ = false, escaped_ = false, seen_ = false;
};

// What simdjson calls the same error in both cases, or differently depending on the bytes behind
// the line.
LineFault syntax_fault(std::string_view line) noexcept {
  Brackets brackets;
  for (char c : line)
    if (!brackets.step(c)) return LineFault::bad_json;
  return brackets.open() ? LineFault::truncated : LineFault::bad_json;
}

// Reads the fields of one line into `out_`. A key given twice: the last counts, and null takes
// back.
class FieldReader {
 public:
  FieldReader(MentionView& out, Escapes escapes) noexcept : out_(out), escapes_(escapes) {}

  LineFault field(const char* key, od::value& value) noexcept;

 private:
  LineFault read(od::value& value, std::string_view& out) const noexcept;
  LineFault read(od::value& value, bool& out) const noexcept;
  LineFault read(od::value& value, Time& out) const noexcept;
  LineFault read(od::value& value, MentionKind& out) const noexcept;
  template <std::size_t Size>
  LineFault read(od::value& value,
                 boost::container::static_vector<std::string_view, Size>& out) const noexcept;

  MentionView& out_;
  const Escapes escapes_;
};

// The bytes between the quotes, left where they are; simdjson would copy them. A token reaches up
// to the next one, so white space may follow the quote. False: no string.
bool unescaped_string(od::value& value, std::string_view& out) noexcept {
  const std::string_view token = value.raw_json_token();
  if (token.size() < 2 || token.front() != '"') return false;
  std::size_t end = token.size() - 1;
  while (end > 1 && token[end] != '"')
    --end;
  out = token.substr(1, end - 1);
  return true;
}

// Of a value that is not what its field asks for: null is absent. The explicit .get() matters:
// is_null() fails on "nul" and the like, and its conversion to bool would throw.
LineFault null_or(od::value& value, simdjson::error_code error) noexcept {
  bool null = false;
  if (error == simdjson::INCORRECT_TYPE && !value.is_null().get(null) && null)
    return LineFault::none;
  return fault_of(error);
}

LineFault FieldReader::read(od::value& value, std::string_view& out) const noexcept {
  if (escapes_ == Escapes::none && unescaped_string(value, out)) return LineFault::none;
  if (const auto error = value.get_string().get(out)) {
    out = {};
    return null_or(value, error);
  }
  if (escapes_ != Escapes::risky) return LineFault::none;
  if (has_nul(out)) return LineFault::embedded_nul;
  return has_surrogate(out) ? LineFault::wrong_type : LineFault::none;
}

LineFault FieldReader::read(od::value& value, bool& out) const noexcept {
  if (const auto error = value.get_bool().get(out)) {
    out = false;
    return null_or(value, error);
  }
  return LineFault::none;
}

LineFault FieldReader::read(od::value& value, Time& out) const noexcept {
  std::string_view text;
  const auto fault = read(value, text);
  const auto time = text.empty() ? Time{} : parse_rfc3339(text);
  if (!time) return LineFault::bad_time;
  out = *time;
  return fault;
}

LineFault FieldReader::read(od::value& value, MentionKind& out) const noexcept {
  std::string_view text;
  const auto fault = read(value, text);
  const auto kind = text.empty() ? MentionKind::create : parse_mention_kind(text);
  if (!kind) return LineFault::bad_kind;
  out = *kind;
  return fault;
}

// One string or an array of strings; what does not fit is ignored.
template <std::size_t Size>
LineFault FieldReader::read(
    od::value& value, boost::container::static_vector<std::string_view, Size>& out) const noexcept {
  out.clear();
  od::json_type type{};
  if (const auto error = value.type().get(type)) return fault_of(error);
  std::string_view text;
  if (type != od::json_type::array) {
    const auto fault = read(value, text);
    if (!text.empty()) out.push_back(text);
    return fault;
  }
  od::array items;
  if (const auto error = value.get_array().get(items)) return fault_of(error);
  for (auto item : items) {
    od::value element;
    if (const auto error = std::move(item).get(element)) return fault_of(error);
    if (const auto fault = read(element, text); fault != LineFault::none) return fault;
    // In two parts, as it was just written: to read both at once stalls.
    if (!text.empty() && out.size() < out.capacity()) out.emplace_back(text.data(), text.size());
  }
  return LineFault::none;
}

// simdjson skips what nobody reads without looking at its depth. No recursion, so it is harmless;
// but a value of a thousand brackets is no mention.
LineFault skip(od::value& value) noexcept {
  od::json_type type{};
  if (const auto error = value.type().get(type)) return fault_of(error);
  std::string_view raw;
  if (type == od::json_type::array) {
    od::array array;
    if (const auto error = value.get_array().get(array)) return fault_of(error);
    if (const auto error = array.raw_json().get(raw)) return fault_of(error);
  } else if (type == od::json_type::object) {
    od::object object;
    if (const auto error = value.get_object().get(object)) return fault_of(error);
    if (const auto error = object.raw_json().get(raw)) return fault_of(error);
  }
  Brackets brackets;
  for (char c : raw) {
    brackets.step(c);
    if (brackets.depth() > kMaxDepth) return LineFault::too_deep;
  }
  return LineFault::none;
}

// Whether the raw key is `name`, which ends in the key's closing quote. A key with escapes keeps
// its backslashes and so matches nothing. Reads at most the 13 bytes of the longest name, which the
// padding behind the line allows.
template <std::size_t Size>
bool is_key(const char* raw, const char (&name)[Size]) noexcept {
  static_assert(Size <= 14);
  return std::memcmp(raw, name, Size - 1) == 0;
}

LineFault FieldReader::field(const char* key, od::value& value) noexcept {
  switch (key[0]) {
    case 'a':
      if (is_key(key, "author\"")) return read(value, out_.author);
      if (is_key(key, "author_name\"")) return read(value, out_.author_name);
      if (is_key(key, "accounts\"")) return read(value, out_.accounts);
      break;
    case 'c':
      if (is_key(key, "created_at\"")) return read(value, out_.created_at);
      break;
    case 'i':
      if (is_key(key, "id\"")) return read(value, out_.id);
      break;
    case 'k':
      if (is_key(key, "kind\"")) return read(value, out_.kind);
      break;
    case 'l':
      if (is_key(key, "lang\"")) return read(value, out_.langs);
      break;
    case 'o':
      if (is_key(key, "official\"")) return read(value, out_.official);
      break;
    case 'p':
      if (is_key(key, "platform\"")) return read(value, out_.platform);
      if (is_key(key, "parent\"")) return read(value, out_.parent);
      break;
    case 'q':
      if (is_key(key, "quoted\"")) return read(value, out_.quoted);
      break;
    case 'r':
      if (is_key(key, "received_at\"")) return read(value, out_.received_at);
      break;
    case 't':
      if (is_key(key, "text\"")) return read(value, out_.text);
      if (is_key(key, "thread\"")) return read(value, out_.thread);
      if (is_key(key, "tags\"")) return read(value, out_.tags);
      break;
    case 'u':
      if (is_key(key, "url\"")) return read(value, out_.url);
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

LineFault read_fields(od::document& document, Escapes escapes, MentionView& out) noexcept {
  od::object object;
  if (const auto error = document.get_object().get(object))
    return error == simdjson::INCORRECT_TYPE ? LineFault::not_an_object : fault_of(error);
  FieldReader reader(out, escapes);
  for (auto item : object) {
    if (const auto error = item.error()) return fault_of(error);
    // By reference: to copy the field stalls on its parts having just been written.
    od::field&& field = std::move(item).value_unsafe();
    const auto fault = reader.field(field.key().raw(), field.value());
    if (fault != LineFault::none) return fault;
  }
  // Nothing may stand behind the document; On-Demand does not look there by itself.
  const auto rest = document.current_location().error();
  return rest == simdjson::OUT_OF_BOUNDS ? LineFault::none : LineFault::bad_json;
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
  static const MentionView kEmpty;
  out = kEmpty;  // `MentionView{}` would clear all its 700 bytes, at a tenth of the cost of a line
  if (line.size() > kMaxLineBytes) return LineFault::too_long;
  const simdjson::padded_string_view padded(line.data(), line.size(),
                                            line.size() + simdjson::SIMDJSON_PADDING);
  od::document document;
  if (const auto error = parser_.iterate(padded).get(document)) {
    if (has_nul(line)) return LineFault::embedded_nul;
    const auto fault = fault_of(error);
    return fault == LineFault::bad_json ? syntax_fault(line) : fault;
  }
  auto fault = read_fields(document, escapes_of(line), out);
  if (fault == LineFault::bad_json) fault = syntax_fault(line);
  return fault == LineFault::none ? complete(out, now) : fault;
}

}  // namespace brandwacht
