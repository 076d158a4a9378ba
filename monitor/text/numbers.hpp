// Check digits of the numbers that identify a person or an account.
#pragma once
#include <string_view>

namespace brandwacht::text {

// `digits` holds only '0' to '9' in each of these.
bool passes_luhn(std::string_view digits) noexcept;  // ISO/IEC 7812-1, cards
bool passes_ean(std::string_view digits) noexcept;   // GS1, thirteen digits of a bar code
bool passes_eleven_test(
    std::string_view digits) noexcept;  // nine digits of a BSN, not all the same

// Letters and digits without spaces, either case: known country, its length, and ISO 7064 mod
// 97-10.
bool is_iban(std::string_view iban) noexcept;
// The length of an IBAN of this country (two letters, upper case), 0 if the country has none.
int iban_length(char first, char second) noexcept;

}  // namespace brandwacht::text
