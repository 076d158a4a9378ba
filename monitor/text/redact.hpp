// Takes private data out of a text. The only way in which text of a post leaves the text folder for logs, the store,
// pages and the console.
#pragma once
#include <string>
#include <string_view>

namespace brandwacht::text {

// Replaces phone numbers, IBANs (mod 97), card numbers (Luhn), BSNs (11-test), Dutch postcodes with house number and
// e-mail addresses by "[phone]", "[iban]", "[card]", "[bsn]", "[postcode]", "[email]". Control characters become spaces
// and invalid UTF-8 becomes U+FFFD, so that no text can drive a terminal. Idempotent.
std::string redact(std::string_view text);

// redact(), then at most `code_points`, never inside one, "…" at the cut.
std::string redact(std::string_view text, std::size_t code_points);

}  // namespace brandwacht::text
