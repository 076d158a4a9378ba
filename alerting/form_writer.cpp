#include "alerting/form_writer.hpp"

#include <array>

namespace brandwacht::alerting {
namespace {

bool unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

}  // namespace

std::string percent_encode(std::string_view text) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size() + text.size() / 2);
  for (const char c : text) {
    if (unreserved(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kHex[byte >> 4U];
    out += kHex[byte & 0xFU];
  }
  return out;
}

FormWriter& FormWriter::field(std::string_view name, std::string_view value) {
  if (!out_.empty()) out_ += '&';
  out_ += percent_encode(name);
  out_ += '=';
  out_ += percent_encode(value);
  return *this;
}

FormWriter& FormWriter::field(std::string_view name, long long value) {
  return field(name, std::string_view(std::to_string(value)));
}

}  // namespace brandwacht::alerting
