#include "monitor/replay/recorded.hpp"

#include <charconv>
#include <cstring>
#include <iterator>
#include <new>

#include "monitor/hash.hpp"
#include "monitor/replay/recorded_own.hpp"

namespace brandwacht::replay {
namespace {

namespace od = simdjson::ondemand;

// "0.9312" is what we write. Anything else is looked at with care.
bool read_number(od::value& value, float& out) noexcept {
  const std::string_view raw = value.raw_json_token();
  if (raw.size() >= 6 && raw[1] == '.' && (raw[0] == '0' || raw[0] == '1')) {
    const auto digit = [&](std::size_t at) { return static_cast<unsigned>(raw[at] - '0'); };
    if (digit(2) < 10 && digit(3) < 10 && digit(4) < 10 && digit(5) < 10 &&
        (raw.size() == 6 || digit(6) > 9)) {
      const unsigned number =
          digit(0) * 10'000 + digit(2) * 1000 + digit(3) * 100 + digit(4) * 10 + digit(5);
      out = static_cast<float>(static_cast<double>(number) / 10'000.0);
      return number <= 10'000;
    }
  }
  double number = 0;
  if (value.get_double().get(number)) return false;
  out = static_cast<float>(number);
  return number >= 0 && number <= 1;
}

float* probability(text::Score& score, std::string_view key) noexcept {
  switch (key.empty() ? '\0' : key[0]) {
    case 'n':
      return key == "negative" ? &score.negative : nullptr;
    case 'p':
      return key == "positive" ? &score.positive : nullptr;
    case 'a':
      return key == "anger" ? &score.anger : key == "abuse" ? &score.abuse : nullptr;
    case 'c':
      return key == "complaint"        ? &score.complaint
             : key == "call_to_action" ? &score.call_to_action
             : key == "concrete"       ? &score.concrete
                                       : nullptr;
    case 't':
      return key == "threat" ? &score.threat : nullptr;
    case 'h':
      return key == "hate" ? &score.hate : nullptr;
    case 's':
      return key == "spam" ? &score.spam : nullptr;
    case 'j':
      return key == "joins" ? &score.joins : nullptr;
    default:
      return nullptr;
  }
}

// Keys of our lines have no escapes; one that has is unknown, and unknown ones are passed over.
std::string_view key_of(od::field& field) noexcept {
  constexpr std::size_t kLongest = 16;
  const char* const raw = field.key().raw();
  std::size_t size = 0;  // the padding behind the line lets us look
  while (size < kLongest && raw[size] != '"')
    ++size;
  return {raw, size};
}

LineFault read_score(od::value& value, text::Score& score) noexcept {
  od::object object;
  if (value.get_object().get(object)) return LineFault::wrong_type;
  std::string_view raw;
  if (object.raw_json().get(raw)) return LineFault::bad_json;
  if (read_own_score(raw, score)) return LineFault::none;
  score = {};
  if (object.reset().error() != simdjson::SUCCESS) return LineFault::bad_json;
  for (auto item : object) {
    od::field field;
    if (std::move(item).get(field)) return LineFault::bad_json;
    const std::string_view key = key_of(field);
    if (float* const target = probability(score, key)) {
      if (!read_number(field.value(), *target)) return LineFault::wrong_type;
    } else if (key == "cues") {
      std::uint64_t cues = 0;
      if (field.value().get_uint64().get(cues)) return LineFault::wrong_type;
      score.cues = static_cast<std::uint8_t>(cues);
    } else if (key == "lang") {
      std::string_view name;
      if (field.value().get_string().get(name)) return LineFault::wrong_type;
      score.language = name == "nl"   ? text::Language::nl
                       : name == "en" ? text::Language::en
                                      : text::Language::other;
    }
  }
  return LineFault::none;
}

LineFault read_hex(std::string_view hex, std::uint64_t& out) noexcept {
  const char* const end = hex.data() + hex.size();
  // NOLINTNEXTLINE(bugprone-suspicious-stringview-data-usage): the end is given
  const auto [at, error] = std::from_chars(hex.data(), end, out, 16);
  return error == std::errc{} && at == end ? LineFault::none : LineFault::wrong_type;
}

LineFault read_keys(od::value& value, thread::Observation& seen) noexcept {
  std::uint64_t* const targets[] = {&seen.mention, &seen.thread, &seen.parent, &seen.quoted,
                                    &seen.author};
  od::array array;
  if (value.get_array().get(array)) return LineFault::wrong_type;
  std::size_t count = 0;
  for (auto item : array) {
    std::string_view hex;
    if (count == std::size(targets) || item.get_string().get(hex)) return LineFault::wrong_type;
    if (const auto fault = read_hex(hex, *targets[count++]); fault != LineFault::none) return fault;
  }
  return count == std::size(targets) ? LineFault::none : LineFault::missing_field;
}

LineFault read_time(od::value& value, Time& out) noexcept {
  std::string_view text;
  if (value.get_string().get(text)) return LineFault::wrong_type;
  return read_own_time(text, out) ? LineFault::none : LineFault::bad_time;
}

struct Target {
  RecordedLine& line;
  bool keys = false;
};

std::string_view* words(line::Judged& out, std::string_view key) noexcept {
  switch (key.empty() ? '\0' : key[0]) {
    case 'a':
      return key == "author" ? &out.author : key == "author_name" ? &out.author_name : nullptr;
    case 'b':
      return key == "brand" ? &out.brand : nullptr;
    case 'i':
      return key == "id" ? &out.id : nullptr;
    case 'l':
      return key == "lang" ? &out.lang : nullptr;
    case 'p':
      return key == "platform" ? &out.platform : key == "parent" ? &out.parent : nullptr;
    case 'q':
      return key == "quoted" ? &out.quoted : nullptr;
    case 't':
      return key == "text" ? &out.text : key == "thread" ? &out.thread : nullptr;
    case 'u':
      return key == "url" ? &out.url : nullptr;
    default:
      return nullptr;
  }
}

LineFault read_field(std::string_view key, od::value& value, Target& target) noexcept {
  line::Judged& out = target.line.judged;
  if (std::string_view* const text = words(out, key))
    return value.get_string().get(*text) ? LineFault::wrong_type : LineFault::none;
  if (key == "score") return read_score(value, out.score);
  if (key == "created_at") return read_time(value, out.seen.created_at);
  if (key == "received_at") return read_time(value, out.seen.received_at);
  if (key == "official")
    return value.get_bool().get(out.seen.official) ? LineFault::wrong_type : LineFault::none;
  if (key == "erased")
    return value.get_bool().get(out.erased) ? LineFault::wrong_type : LineFault::none;
  if (key == "keys") {
    target.keys = true;
    return read_keys(value, out.seen);
  }
  if (key == "addressed")
    return value.get_bool().get(out.seen.voice.addressed) ? LineFault::wrong_type : LineFault::none;
  if (key == "link")
    return value.get_bool().get(out.seen.voice.link) ? LineFault::wrong_type : LineFault::none;
  if (key == "print") {
    std::string_view hex;
    if (value.get_string().get(hex)) return LineFault::wrong_type;
    return read_hex(hex, out.seen.voice.print);
  }
  if (key == "seq")
    return value.get_uint64().get(target.line.seq) ? LineFault::wrong_type : LineFault::none;
  if (key == "scorer") {
    std::uint64_t version = 0;
    if (value.get_uint64().get(version)) return LineFault::wrong_type;
    target.line.scorer = static_cast<std::uint32_t>(version);
    return LineFault::none;
  }
  if (key == "kind") {
    std::string_view name;
    if (value.get_string().get(name)) return LineFault::wrong_type;
    const auto kind = parse_mention_kind(name);
    if (!kind) return LineFault::bad_kind;
    out.kind = *kind;
  }
  return LineFault::none;
}

}  // namespace

RecordedParser::RecordedParser() {
  if (parser_.allocate(kMaxLineBytes)) throw std::bad_alloc();
}

LineFault RecordedParser::read_json(std::string_view line, RecordedLine& out, bool& keys) {
  const simdjson::padded_string_view padded(line.data(), line.size(),
                                            line.size() + simdjson::SIMDJSON_PADDING);
  od::document document;
  if (parser_.iterate(padded).get(document)) return LineFault::bad_json;
  od::object object;
  if (document.get_object().get(object)) return LineFault::not_an_object;
  Target target{out};
  for (auto item : object) {
    od::field field;
    if (std::move(item).get(field)) return LineFault::bad_json;
    const LineFault fault = read_field(key_of(field), field.value(), target);
    if (fault != LineFault::none) return fault;
  }
  if (document.current_location().error() != simdjson::OUT_OF_BOUNDS) return LineFault::bad_json;
  keys = target.keys;
  return LineFault::none;
}

LineFault RecordedParser::parse(std::string_view line, RecordedLine& out) {
  out = {};
  if (line.size() > kMaxLineBytes) return LineFault::too_long;
  bool keys = false;
  if (!read_own_line(line, out)) {
    out = {};
    if (const LineFault fault = read_json(line, out, keys); fault != LineFault::none) return fault;
  }
  line::Judged& judged = out.judged;
  thread::Observation& seen = judged.seen;
  if (seen.received_at == Time{}) return LineFault::missing_field;
  const bool counted = judged.kind == MentionKind::create || judged.kind == MentionKind::edit;
  if (!keys) {
    if (judged.platform.empty() || judged.id.empty() || judged.author.empty())
      return LineFault::missing_field;
    if (judged.platform != platform_) {
      platform_ = judged.platform;
      platform_hash_ = hash_bytes(platform_);
    }
    const auto key = [this](std::string_view id) {
      return id.empty() ? 0 : hash_bytes(id, platform_hash_);
    };
    if (judged.thread.empty()) judged.thread = judged.id;
    seen.mention = key(judged.id);
    seen.thread = judged.thread == judged.id ? seen.mention : key(judged.thread);
    seen.parent = judged.parent == judged.thread ? seen.thread : key(judged.parent);
    seen.quoted = key(judged.quoted);
    seen.author = key(judged.author);
  }
  if (counted && judged.brand.empty()) return LineFault::missing_field;
  seen.negative = judged.score.negative;
  const thread::Voice text = seen.voice;
  seen.voice = line::voice_of(judged.score);
  seen.voice.addressed = text.addressed;
  seen.voice.link = text.link;
  seen.voice.print = text.print;
  seen.voice.private_data = seen.official && line::exposes(judged.text);
  seen.edit = judged.kind == MentionKind::edit;
  return LineFault::none;
}

}  // namespace brandwacht::replay
