// A text that can neither drive a terminal nor forge a log line.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace brandwacht::text {

struct Harmless {
  std::string text;
  // Byte i of `text` was byte origin[i] of the original, and one entry more for the end. Empty:
  // every byte stands where it stood.
  std::vector<std::size_t> origin;

  std::size_t original(std::size_t at) const { return origin.empty() ? at : origin[at]; }
};

// Control characters (C0, C1, ESC, line ends, bidi overrides, zero-width spaces) become spaces,
// invalid UTF-8 becomes U+FFFD.
Harmless make_harmless(std::string_view text);

}  // namespace brandwacht::text
