#include "alerting/cut.hpp"

#include <algorithm>

namespace brandwacht::alerting {
namespace {

constexpr std::string_view kEllipsis = "\u2026";
constexpr std::string_view kReplacement = "\uFFFD";

bool continues(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

// The start of the code point after the one at `at`. A stray continuation byte is a code point of
// its own.
std::size_t next_code_point(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const std::size_t size = lead >= 0xF8   ? 1
                           : lead >= 0xF0 ? 4
                           : lead >= 0xE0 ? 3
                           : lead >= 0xC0 ? 2
                                          : 1;
  std::size_t end = at + 1;
  while (end < text.size() && end < at + size && continues(text[end]))
    ++end;
  return end;
}

std::size_t units(std::size_t bytes, Unit unit) {
  if (unit == Unit::bytes) return bytes;
  return unit == Unit::utf16 && bytes == 4 ? 2 : 1;
}

// RFC 3629: no overlong form, no surrogate, nothing above U+10FFFF.
bool is_valid(std::string_view one) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(one[i]); };
  switch (one.size()) {
    case 1:
      return byte(0) < 0x80;
    case 2:
      return byte(0) >= 0xC2 && byte(0) < 0xE0;
    case 3:
      if (byte(0) < 0xE0 || byte(0) > 0xEF) return false;
      if (byte(0) == 0xE0) return byte(1) >= 0xA0;
      return byte(0) != 0xED || byte(1) < 0xA0;
    case 4:
      if (byte(0) == 0xF0) return byte(1) >= 0x90;
      return byte(0) > 0xF0 && (byte(0) < 0xF4 || (byte(0) == 0xF4 && byte(1) < 0x90));
    default:
      return false;
  }
}

}  // namespace

std::size_t length(std::string_view text, Unit unit) noexcept {
  if (unit == Unit::bytes) return text.size();
  std::size_t out = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t next = next_code_point(text, at);
    out += units(next - at, unit);
    at = next;
  }
  return out;
}

std::string cut(std::string_view text, Room room) {
  const std::size_t mark = room.unit == Unit::bytes ? kEllipsis.size() : 1;
  std::size_t used = 0, at = 0, keep = 0;  // keep: where the text ends if the mark must fit too
  while (at < text.size()) {
    const std::size_t next = next_code_point(text, at);
    used += units(next - at, room.unit);
    if (used > room.limit) break;
    if (used + mark <= room.limit) keep = next;
    at = next;
  }
  if (at >= text.size()) return std::string(text);
  if (room.limit < mark) return {};
  std::string out(text.substr(0, keep));
  out += kEllipsis;
  return out;
}

std::string cut_code_points(std::string_view text, std::size_t limit) {
  return cut(text, Room{limit, Unit::code_points});
}

std::string cut_bytes(std::string_view text, std::size_t limit) {
  return cut(text, Room{limit, Unit::bytes});
}

std::string one_line(std::string_view text, std::size_t limit) {
  std::string out = cut_code_points(text, limit);
  for (char& c : out)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  return out;
}

std::string valid_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t next = next_code_point(text, at);
    const std::string_view one = text.substr(at, next - at);
    if (is_valid(one)) {
      out += one;
    } else {
      for (std::size_t i = 0; i < one.size(); ++i)
        out += kReplacement;
    }
    at = next;
  }
  return out;
}

}  // namespace brandwacht::alerting
