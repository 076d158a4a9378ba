// The finders behind find_private(). Each decides at one position of a harmless text whether
// private data begins there, and looks at a bounded number of bytes around it. None looks across
// '[' or ']', so that "[phone]" is as good a neighbour as the number it stands for.
#pragma once
#include <cstddef>
#include <string_view>

#include "monitor/text/fold.hpp"
#include "monitor/text/private_data.hpp"
#include "monitor/text/private_phone.hpp"

namespace brandwacht::text {

struct Found {
  std::size_t begin = 0, end = 0;  // end == 0: nothing
  PrivateKind kind{};
  explicit operator bool() const { return end > 0; }
};

inline bool is_ascii_alnum(char c) noexcept {
  return is_ascii_letter(c) || is_ascii_digit(c);
}
// The byte at `at`, a space outside of the text.
inline char byte_at(std::string_view text, std::size_t at) noexcept {
  return at < text.size() ? text[at] : ' ';
}
inline char byte_before(std::string_view text, std::size_t at, std::size_t back = 1) noexcept {
  return at >= back ? text[at - back] : ' ';
}

// Phone numbers, cards, BSNs and rijksregisternummers. `at` is a digit, '+' or '('.
Found find_number(std::string_view text, std::size_t at, PhoneBook& phones);
Found find_iban(std::string_view text, std::size_t at);
// A parcel's code that says by itself what it is: 3S..., JVGL..., 1Z..., RR123456785NL.
Found find_tracking(std::string_view text, std::size_t at);
// A number behind the word that begins at `at`: "bsn is 123456789", "klantnr. 12345".
Found find_named(std::string_view text, std::size_t at, PhoneBook& phones);
// A house number with a Dutch postcode before or behind it, or with a Belgian one behind it.
Found find_postcode(std::string_view text, std::size_t at);
// Only where a run of letters of a local part begins, so that every run is read once.
Found find_email(std::string_view text, std::size_t at);
bool is_email_local(char c) noexcept;

// Does a unit follow that makes an amount of the digits before: "1500 euro", "1500 stuks", "50%"?
bool unit_follows(std::string_view text, std::size_t at);

}  // namespace brandwacht::text
