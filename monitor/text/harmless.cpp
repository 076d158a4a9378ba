#include "monitor/text/harmless.hpp"

#include "monitor/text/fold.hpp"

namespace brandwacht::text {
namespace {

bool is_control(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xAD || c == 0x61C || c == 0x180E ||
         c == 0x200B || c == 0x200E || c == 0x200F || c == 0x2028 || c == 0x2029 ||
         (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF ||
         (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE007F);
}

}  // namespace

Harmless make_harmless(std::string_view text) {
  Harmless out;
  out.text.reserve(text.size());
  // Remembers where the `size` bytes from `i` on went, from the first change of length on.
  const auto put = [&](std::string_view written, std::size_t i, std::size_t size) {
    if (out.origin.empty() && written.size() != size)
      for (std::size_t k = 0; k < out.text.size(); ++k)
        out.origin.push_back(k);
    if (!out.origin.empty() || written.size() != size)
      for (std::size_t k = 0; k < written.size(); ++k)
        out.origin.push_back(written.size() == size ? i + k : i);
    out.text += written;
  };
  for (std::size_t i = 0, size = 0; i < text.size(); i += size) {
    const char32_t c = decode_utf8(text.substr(i, 4), size);
    if (c == kInvalid && size == 1)
      put("\xEF\xBF\xBD", i, size);
    else if (is_control(c))
      put(" ", i, size);
    else
      put(text.substr(i, size), i, size);
  }
  if (!out.origin.empty()) out.origin.push_back(text.size());
  return out;
}

}  // namespace brandwacht::text
