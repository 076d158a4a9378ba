#include "alerting/json.hpp"

#include <fmt/format.h>

#include <cmath>
#include <iterator>

#include "monitor/mention_json.hpp"

namespace brandwacht::alerting {
namespace {

constexpr std::string_view kEllipsis = "\u2026";

bool continues(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

// The start of the code point after the one at `at`. A stray continuation byte is a code point of
// its own.
std::size_t next_code_point(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const std::size_t length = lead >= 0xF8   ? 1
                             : lead >= 0xF0 ? 4
                             : lead >= 0xE0 ? 3
                             : lead >= 0xC0 ? 2
                                            : 1;
  std::size_t end = at + 1;
  while (end < text.size() && end < at + length && continues(text[end]))
    ++end;
  return end;
}

}  // namespace

void JsonWriter::separate() {
  if (need_comma_) out_ += ',';
  need_comma_ = true;
}

JsonWriter& JsonWriter::begin_object() {
  separate();
  out_ += '{';
  need_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::end_object() {
  out_ += '}';
  need_comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::begin_array() {
  separate();
  out_ += '[';
  need_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::end_array() {
  out_ += ']';
  need_comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  separate();
  append_json_string(out_, name);
  out_ += ':';
  need_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::string(std::string_view value) {
  separate();
  append_json_string(out_, value);
  return *this;
}

JsonWriter& JsonWriter::number(double value) {
  separate();
  fmt::format_to(std::back_inserter(out_), "{}", std::isfinite(value) ? value : 0.0);
  return *this;
}

JsonWriter& JsonWriter::integer(std::int64_t value) {
  separate();
  fmt::format_to(std::back_inserter(out_), "{}", value);
  return *this;
}

JsonWriter& JsonWriter::boolean(bool value) {
  separate();
  out_ += value ? "true" : "false";
  return *this;
}

std::string cut_code_points(std::string_view text, std::size_t limit) {
  std::size_t count = 0, at = 0,
              keep = 0;  // keep: where the text ends if it must make room for the ellipsis
  while (at < text.size() && count < limit) {
    if (count + 1 == limit) keep = at;
    at = next_code_point(text, at);
    ++count;
  }
  if (at >= text.size()) return std::string(text);
  std::string out(text.substr(0, keep));
  if (limit > 0) out += kEllipsis;
  return out;
}

std::string cut_bytes(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return std::string(text);
  if (limit < kEllipsis.size()) return {};
  std::size_t end = 0;
  for (std::size_t next = 0; next < text.size();) {
    next = next_code_point(text, next);
    if (next > limit - kEllipsis.size()) break;
    end = next;
  }
  std::string out(text.substr(0, end));
  out += kEllipsis;
  return out;
}

std::string one_line(std::string_view text, std::size_t limit) {
  std::string out = cut_code_points(text, limit);
  for (char& c : out)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  return out;
}

}  // namespace brandwacht::alerting
