// Takes private data out of a text. The only way in which text of a post leaves the text folder for
// logs, the store, pages and the console.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace brandwacht::text {

// Replaces what find_private() finds (private_data.hpp) by its kind: "[phone]", "[iban]", "[card]",
// "[bsn]", "[postcode]", "[email]", "[order]", "[customer]". Control characters (C0, C1, ESC,
// line ends, bidi overrides, zero-width spaces) become spaces and invalid UTF-8 becomes U+FFFD, so
// that no text can drive a terminal or forge a log line. Idempotent; linear in the text's size.
std::string redact(std::string_view text);

// redact(), then at most `code_points` code points including the "…" that stands at the cut.
std::string redact(std::string_view text, std::size_t code_points);

}  // namespace brandwacht::text
