#include "alerting/form.hpp"

#include <algorithm>

namespace brandwacht::alerting {
namespace {

constexpr std::size_t kMaxFields = 200;

int digit_of(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool unescape(std::string_view text, std::string& out) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      if (text.size() - i < 3) return false;
      const int a = digit_of(text[i + 1]), b = digit_of(text[i + 2]);
      if (a < 0 || b < 0) return false;
      out += static_cast<char>(16 * a + b);
      i += 2;
    }
  }
  return true;
}

}  // namespace

std::optional<FormFields> parse_form(std::string_view body) {
  FormFields out;
  while (!body.empty()) {
    const auto end = std::min(body.find('&'), body.size());
    const auto pair = body.substr(0, end);
    body.remove_prefix(std::min(end + 1, body.size()));
    if (pair.empty()) continue;
    if (out.size() == kMaxFields) return {};
    const auto equals = std::min(pair.find('='), pair.size());
    auto& [name, value] = out.emplace_back();
    if (!unescape(pair.substr(0, equals), name)) return {};
    if (equals < pair.size() && !unescape(pair.substr(equals + 1), value)) return {};
  }
  return out;
}

std::string_view form_field(const FormFields& fields, std::string_view name) noexcept {
  for (const auto& [key, value] : fields)
    if (key == name) return value;
  return {};
}

std::string_view query_of(std::string_view target) noexcept {
  const auto at = target.find('?');
  return at == std::string_view::npos ? std::string_view{} : target.substr(at + 1);
}

}  // namespace brandwacht::alerting
