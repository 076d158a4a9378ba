// Finds private data in a text: numbers and addresses that lead to one person or one account.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace brandwacht::text {

enum class PrivateKind : std::uint8_t {
  phone,     // Dutch, Belgian and international; not 112, not 0800-1234
  iban,      // ISO 13616: length of the country and mod 97
  card,      // ISO/IEC 7812: 13 to 19 digits, known prefix, Luhn
  bsn,       // Dutch BSN (11-test, or named) and Belgian rijksregisternummer (mod 97)
  postcode,  // with its house number; the street and the town stay
  email,
  order,    // number of an order, ticket, case, booking, parcel
  customer  // number of a customer, account, policy, member, contract
};
std::string_view to_string(PrivateKind kind) noexcept;

struct PrivateData {
  PrivateKind kind{};
  std::size_t begin = 0, end = 0;  // bytes of the text that was given, [begin, end)
  bool operator==(const PrivateData&) const = default;
};

// Sorted by begin, without overlaps. Any bytes will do; control characters count as the spaces that
// redact() makes of them. Time linear in the text; a text without a digit and without '@' costs one
// pass. The first number that looks like a phone number loads libphonenumber's tables (about 1 ms).
// Thread-safe. What it finds is complete: with every span replaced by "[kind]" it finds nothing.
std::vector<PrivateData> find_private(std::string_view text);

}  // namespace brandwacht::text
