// Numbers that tell by themselves what they are: phone, card, BSN, rijksregisternummer.
#include <array>
#include <cstdint>
#include <string>

#include "monitor/text/numbers.hpp"
#include "monitor/text/private_digits.hpp"
#include "monitor/text/private_find.hpp"

namespace brandwacht::text {
namespace {

bool is_year(std::string_view v) {
  return v.starts_with("19") || v.starts_with("20");
}

bool is_date(const Digits& d) {  // 01-02-2026, 01 02 2026, which a time may follow
  return d.group_size[0] <= 2 && d.group_size[1] <= 2 && d.group_size[2] == 4 &&
         is_year(d.first(8).substr(d.group_size[0] + d.group_size[1])) &&
         d.before_group[1] == d.before_group[2];
}

// How the first group of a Dutch or Belgian number looks when it stands apart: "06", "020", "0470",
// "06123", or the two digits of a Belgian zone before seven others. Lottery numbers look otherwise.
bool is_area_group(const Digits& d, std::size_t n) {
  const std::size_t size = d.group_size[0];
  const char zone = d.value[1];
  if (size == 2)
    return n == 10 ? zone == '6' : zone == '2' || zone == '3' || zone == '4' || zone == '9';
  return size >= 3 && size <= 6 && d.group[n - 1] <= 4;
}

bool is_phone(const Digits& d, std::size_t n, bool bracket, PhoneBook& phones) {
  using enum PhoneBook::Answer;
  const std::string_view v = d.first(n);
  const bool zeros = v.starts_with("00");
  if (d.plus || zeros) {
    const std::string_view national = zeros ? v.substr(2) : v;
    if (national.size() < 8 || national.size() > 15 || national[0] == '0') return false;
    const PhoneBook::Answer answer = phones.ask("+" + std::string(national));
    return answer == valid || (answer == possible && !zeros && d.group[n - 1] > 1);
  }
  if (v[0] != '0' || d.group_size[0] < 2 || is_date(d)) return false;
  if (n != 10 && (n != 9 || v[1] == '6')) return false;
  // "06 12 18 24 30 42" goes on: numbers of a lottery. A second phone number begins with a zero.
  if (n < d.count && !bracket && d.group_size[0] == 2 && d.group_size[d.group[n]] == 2 &&
      d.value[n] != '0')
    return false;
  const bool grouped = bracket || d.group[n - 1] > 0;
  if (grouped && !bracket && !is_area_group(d, n)) return false;
  const PhoneBook::Answer answer = phones.ask(v);
  return answer == valid || (answer == possible && grouped);
}

// Issuers' prefixes and lengths (ISO/IEC 7812 register as the networks publish it).
bool is_card_prefix(std::string_view v) {
  const auto in = [&](std::size_t digits, std::string_view from, std::string_view to) {
    return v.substr(0, digits) >= from && v.substr(0, digits) <= to;
  };
  const std::size_t n = v.size();
  if (v[0] == '4') return n == 16 || n == 19 || (n == 13 && !passes_ean(v));  // Visa
  if (in(2, "51", "55") || in(4, "2221", "2720")) return n == 16;             // Mastercard
  if (in(2, "34", "34") || in(2, "37", "37")) return n == 15;                 // American Express
  if (in(3, "300", "305") || in(2, "36", "36") || in(2, "38", "39")) return n == 14;  // Diners
  if (in(4, "3528", "3589")) return n >= 16;                                          // JCB
  if (in(4, "6011", "6011") || in(2, "62", "62") || in(3, "644", "659")) return n >= 16;
  return n >= 13 && (in(4, "5018", "5020") || in(4, "5038", "5038") || in(4, "5893", "5893") ||
                     in(4, "6304", "6304") || in(4, "6703", "6703") || in(4, "6759", "6763"));
}

bool is_card(const Digits& d, std::size_t n) {
  if (d.plus || n < 13 || n > 19 || !is_card_prefix(d.first(n)) || !passes_luhn(d.first(n)))
    return false;
  const std::string groups = d.groups(n);
  return groups.size() == 1 || groups == "4444" || groups == "465" || groups == "464" ||
         groups == "44443" || groups == "68" || groups == "4447";
}

bool is_bsn(const Digits& d, std::size_t n) {
  if (d.plus || n != 9 || !passes_eleven_test(d.first(n))) return false;
  const std::string groups = d.groups(n);
  if (groups == "333") return d.before_group[1] == ' ';  // with dots it is an amount
  return groups.size() == 1 || groups == "423" || groups == "324";
}

// Belgian: yymmdd, a serial, and 97 - (the nine digits before, with a 2 in front for those born
// from 2000 on) mod 97. The month may be 0, or 20 or 40 higher (bis numbers).
bool is_rijksregister(const Digits& d, std::size_t n) {
  if (d.plus || n != 11) return false;
  const std::string groups = d.groups(n);
  if (groups.size() != 1 && groups != "22232" && groups != "632" && groups != "65") return false;
  const auto value = [&](std::size_t at, std::size_t size) {
    std::uint64_t out = 0;
    for (const char c : d.first(n).substr(at, size))
      out = out * 10 + static_cast<std::uint64_t>(c - '0');
    return out;
  };
  if (value(2, 2) % 20 > 12 || value(2, 2) > 52 || value(4, 2) > 31 || value(6, 3) == 0)
    return false;
  const std::uint64_t born = value(0, 9), check = value(9, 2);
  return check == 97 - born % 97 || check == 97 - (born + 2'000'000'000) % 97;
}

// Whether a number may begin at `at`: not in an address of the web, an amount, a fraction.
bool may_begin(std::string_view text, std::size_t at) {
  const char c = byte_before(text, at), before = byte_before(text, at, 2);
  if (c == '.' || c == ',') return !is_ascii_digit(before);
  if (c == '/') return !is_ascii_letter(before) && before != '/';
  if (c == '-') return !is_ascii_alnum(before);
  if (text.substr(0, at).ends_with("€") || text.substr(0, at).ends_with("€ ")) return false;
  if (c == ' ' && before == '$') return false;
  return std::string_view("=_#@&$%*^~").find(c) == std::string_view::npos;
}

// Whether nine digits that were not announced stand alone.
bool stands_alone(std::string_view text, std::size_t at, std::size_t end) {
  const char c = byte_before(text, at), next = byte_at(text, end);
  if (c == '/' || c == '-' || c == '+' || (c == ' ' && is_ascii_digit(byte_before(text, at, 2))))
    return false;
  if (next == '/' || next == '_' || next == '=' || next == '%') return false;
  return !(is_ascii_digit(byte_at(text, end + 1)) &&
           std::string_view(" .,-:+*").find(next) != std::string_view::npos);
}

// "(020) 123 45 67": the digits of both sides, or none.
Digits read_bracketed(std::string_view text, std::size_t at) {
  Digits d = read_digits(text, at + 1);
  const std::size_t close = d.count > 0 ? d.end[d.count - 1] : 0;
  if (close == 0 || byte_at(text, close) != ')' || d.count > 5) return {};
  if (d.value[0] != '0' && !d.plus) return {};
  const Digits rest = read_digits(text, close + 1 + separators(text, close + 1));
  if (rest.plus || rest.count + d.count > Digits::kMax) return {};
  for (std::size_t i = 0; i < rest.count; ++i) {
    d.value[d.count] = rest.value[i];
    d.group[d.count] = static_cast<std::uint8_t>(rest.group[i] + 1);
    d.end[d.count++] = rest.end[i];
  }
  return d;
}

}  // namespace

Found find_number(std::string_view text, std::size_t at, PhoneBook& phones) {
  const bool bracket = text[at] == '(';
  // No number that we know begins with a group of one digit: most digits in a post end here.
  if (is_ascii_digit(text[at]) && !is_ascii_digit(byte_at(text, at + 1))) return {};
  if (!may_begin(text, at)) return {};
  const Digits d = bracket ? read_bracketed(text, at) : read_digits(text, at);
  for (std::size_t n = d.count; n >= 9; --n) {
    const std::size_t end = d.end[n - 1];
    if (is_ascii_alnum(byte_at(text, end)) || unit_follows(text, end)) continue;
    if (!bracket) {
      if (is_card(d, n)) return {at, end, PrivateKind::card};
      const bool alone = stands_alone(text, at, end);
      if (alone && (is_rijksregister(d, n) || is_bsn(d, n))) return {at, end, PrivateKind::bsn};
    }
    if (is_phone(d, n, bracket, phones)) return {at, end, PrivateKind::phone};
  }
  return {};
}

}  // namespace brandwacht::text
