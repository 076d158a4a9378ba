#include "monitor/text/private_digits.hpp"

#include "monitor/text/fold.hpp"

namespace brandwacht::text {
namespace {

// People also paste typographic spaces and dashes.
std::size_t separator(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at);
  if (rest.empty()) return 0;
  if (rest[0] == ' ' || rest[0] == '-' || rest[0] == '.' || rest[0] == '/') return 1;
  if (rest.starts_with("\xC2\xA0")) return 2;  // no-break space
  for (const std::string_view wide : {"\xE2\x80\xAF", "\xE2\x80\x89", "\xE2\x80\x90",
                                      "\xE2\x80\x91", "\xE2\x80\x92", "\xE2\x80\x93"})
    if (rest.starts_with(wide)) return 3;
  return 0;
}

}  // namespace

std::size_t separators(std::string_view text, std::size_t at) {
  std::size_t end = at;
  for (int i = 0; i < 3 && end < text.size(); ++i)
    end += separator(text, end);
  return end - at;
}

std::string Digits::groups(std::size_t n) const {
  std::string out;
  for (std::size_t i = 0; i < n; ++i) {
    if (i == 0 || group[i] != group[i - 1]) out.push_back('0');
    if (out.back() < '9') ++out.back();
  }
  return out;
}

Digits read_digits(std::string_view text, std::size_t at) {
  Digits out;
  out.plus = at < text.size() && text[at] == '+';
  if (out.plus) ++at;
  std::uint8_t group = 0;
  bool bracket = false;
  while (at < text.size()) {
    if (is_ascii_digit(text[at])) {
      if (out.count == Digits::kMax) break;
      out.value[out.count] = text[at++];
      out.group[out.count] = group;
      ++out.group_size[group];
      out.end[out.count++] = at;
      continue;
    }
    // "(0)" as in +31 (0)6, and "(020) 123": brackets may surround a group.
    const std::size_t start = at;
    at += separators(text, at);
    if (at < text.size() && text[at] == '(' && !bracket) {
      bracket = true;
      ++at;
    } else if (at < text.size() && text[at] == ')' && bracket) {
      bracket = false;
      ++at;
      at += separators(text, at);
    }
    if (at == start || at >= text.size() || !is_ascii_digit(text[at])) break;
    if (out.count > 0 && out.count < Digits::kMax) out.before_group[++group] = text[start];
  }
  return out;
}

}  // namespace brandwacht::text
