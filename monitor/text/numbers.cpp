#include "monitor/text/numbers.hpp"

#include "monitor/text/fold.hpp"

namespace brandwacht::text {
namespace {

// Country and length, from the public SWIFT registry of IBAN formats.
constexpr std::string_view kLengths =
    "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29ES24"
    "FI18FK18FO18FR27GB22GE22GI23GL18GR27GT28HN28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32"
    "LI21LT20LU20LV21LY25MC27MD24ME22MK19MN20MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29PT25QA29RO24"
    "RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28TL23TN24TR26UA29VA22VG24XK20YE30";

char upper(char c) {
  return is_ascii_letter(c) ? static_cast<char>(c & ~0x20) : c;
}

}  // namespace

bool passes_luhn(std::string_view digits) noexcept {
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    int digit = digits[digits.size() - 1 - i] - '0';
    if (i % 2 == 1) digit = digit > 4 ? 2 * digit - 9 : 2 * digit;
    sum += digit;
  }
  return sum % 10 == 0;
}

bool passes_ean(std::string_view digits) noexcept {
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i)
    sum += (digits[digits.size() - 1 - i] - '0') * (i % 2 == 1 ? 3 : 1);
  return digits.size() == 13 && sum % 10 == 0;
}

bool passes_eleven_test(std::string_view digits) noexcept {
  if (digits.size() != 9 || digits.find_first_not_of(digits[0]) == std::string_view::npos)
    return false;
  int sum = -(digits[8] - '0');  // the last digit weighs -1, the others 9 to 2
  for (std::size_t i = 0; i < 8; ++i)
    sum += (digits[i] - '0') * static_cast<int>(9 - i);
  return sum % 11 == 0;
}

int iban_length(char first, char second) noexcept {
  for (std::size_t i = 0; i < kLengths.size(); i += 4)
    if (kLengths[i] == first && kLengths[i + 1] == second)
      return (kLengths[i + 2] - '0') * 10 + (kLengths[i + 3] - '0');
  return 0;
}

bool is_iban(std::string_view iban) noexcept {
  if (iban.size() < 5 || !is_ascii_digit(iban[2]) || !is_ascii_digit(iban[3])) return false;
  if (iban_length(upper(iban[0]), upper(iban[1])) != static_cast<int>(iban.size())) return false;
  int remainder = 0;
  for (std::size_t i = 0; i < iban.size(); ++i) {
    const char c = upper(iban[(i + 4) % iban.size()]);  // the first four characters count last
    const int value = is_ascii_digit(c) ? c - '0' : c - 'A' + 10;
    if (!is_ascii_digit(c) && !is_ascii_letter(c)) return false;
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder == 1;
}

}  // namespace brandwacht::text
