#include "connectors/net/redact.hpp"

#include <algorithm>
#include <vector>

namespace brandwacht::net {
namespace {

constexpr std::size_t shortest_secret = 8;
constexpr std::size_t longest_text = 16 << 10;  // of a page; only its beginning is shown

// Length of the UTF-8 character at the front; 0: broken or cut off. Overlong forms pass: this is
// for eyes, not for parsers.
std::size_t character(std::string_view text) noexcept {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t size = lead < 0x80   ? 1
                           : lead < 0xc2 ? 0
                           : lead < 0xe0 ? 2
                           : lead < 0xf0 ? 3
                           : lead < 0xf5 ? 4
                                         : 0;
  if (size == 0 || size > text.size()) return 0;
  for (std::size_t i = 1; i < size; ++i)
    if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) return 0;
  return size;
}

void add_pieces(std::vector<std::string_view>& out, std::string_view text, std::string_view marks) {
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of(marks), text.size());
    if (end >= shortest_secret) out.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

}  // namespace

std::string printable(std::string_view text, std::size_t most) {
  std::string out;
  bool gap = false;
  while (!text.empty()) {
    const auto byte = static_cast<unsigned char>(text.front());
    const auto size = character(text);
    if (byte <= 0x20 || byte == 0x7f) {
      gap = !out.empty();
      text.remove_prefix(1);
      continue;
    }
    const auto shown = size == 0 ? std::string_view("?") : text.substr(0, size);
    if (out.size() + gap + shown.size() > most) break;
    if (std::exchange(gap, false)) out += ' ';
    out += shown;
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return out;
}

std::string redact(std::string_view text, std::string_view target, const HttpHeaders& headers) {
  std::vector<std::string_view> secrets;
  add_pieces(secrets, target, "/?&=");
  for (const auto& [name, value] : headers)
    add_pieces(secrets, value, " ,;=");
  // A longer one first: it may contain a shorter one.
  std::sort(secrets.begin(), secrets.end(), [](auto a, auto b) { return a.size() > b.size(); });
  std::string out(text.substr(0, longest_text));
  for (const auto secret : secrets)
    for (auto at = out.find(secret); at != std::string::npos; at = out.find(secret, at))
      out.replace(at, secret.size(), "[...]");
  return out;
}

}  // namespace brandwacht::net
