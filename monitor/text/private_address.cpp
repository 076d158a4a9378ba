// IBANs, e-mail addresses, and house numbers with their postcode.
#include <array>
#include <string>

#include "monitor/text/numbers.hpp"
#include "monitor/text/private_find.hpp"

namespace brandwacht::text {
namespace {

bool is_iban_space(char c) {
  return c == ' ' || c == '-' || c == '.';
}

// Dutch account numbers name their bank in letters; to ask for them is cheap.
bool has_dutch_bank(std::string_view iban) {
  for (std::size_t i = 4; i < iban.size(); ++i)
    if (is_ascii_letter(iban[i]) != (i < 8)) return false;
  return true;
}

// Two lower-case letters that are a word: "in 2024 is 1 op de drie" is no address.
constexpr std::string_view kWords =
    " aan al am an as at be by cm da de do dm en er eu ga gb go he hz if ik in is it ja je kb kg "
    "km ma mb me ml mm my na nd nu of om on op or pm rd sd so st te th to tv uk up us vd we wk ze "
    "zo m2 ms kw ha mw gw tb ";
// Two capitals that stand behind a year or a measure: "sinds 2024 NS 3 keer".
constexpr std::string_view kCapitals =
    " NS EU AI TV VS UK US PC IT HR OV NL BE DE PS ER EK WK OM GB MB KB TB KM KG KW MW CM MM ML "
    "IN OP OF AM PM EN SA SD SS AD ";

// The bytes behind "1234 AB" at `at`, or 0. Behind "Laan 14," capitals are no measure. PostNL gives
// out no SA, SD and SS.
std::size_t postcode_end(std::string_view text, std::size_t at, bool behind_house) {
  if (text.size() - at < 6 || text[at] < '1' || text[at] > '9') return 0;
  for (std::size_t i = at + 1; i < at + 4; ++i)
    if (!is_ascii_digit(text[i])) return 0;
  const std::size_t letters = text[at + 4] == ' ' ? at + 5 : at + 4;
  if (letters + 2 > text.size() || !is_ascii_letter(text[letters]) ||
      !is_ascii_letter(text[letters + 1]))
    return 0;
  const std::size_t end = letters + 2;
  if (is_ascii_alnum(byte_at(text, end))) return 0;
  const std::string word = ' ' + std::string(text.substr(letters, 2)) + ' ';
  const bool spaced = letters == at + 5;
  if (spaced && kWords.find(word) != std::string_view::npos) return 0;
  if (spaced && !behind_house && kCapitals.find(word) != std::string_view::npos) return 0;
  return end;
}

// A house number such as "12", "12-3", "12 bis", "12a": the bytes behind it, or 0.
std::size_t house_end(std::string_view text, std::size_t at) {
  std::size_t i = at;
  while (i < text.size() && is_ascii_digit(text[i]) && i - at < 6)
    ++i;
  if (i == at || i - at == 6 || text[at] == '0') return 0;
  std::size_t suffix = i;
  if (suffix < text.size() && (text[suffix] == '-' || text[suffix] == '/')) ++suffix;
  const std::size_t letters = suffix;
  while (suffix < text.size() && is_ascii_alnum(text[suffix]) && suffix - letters < 4)
    ++suffix;
  if (suffix > letters && !is_ascii_alnum(byte_at(text, suffix))) return suffix;
  return is_ascii_alnum(byte_at(text, i)) ? 0 : i;
}

std::size_t skip(std::string_view text, std::size_t at, std::string_view any, std::size_t most) {
  std::size_t i = at;
  while (i < text.size() && i - at < most && any.find(text[i]) != std::string_view::npos)
    ++i;
  return i;
}

// Is the end of `before` a street's name: "in de Kerkstraat ", "rue de la Loi "?
bool ends_with_street(std::string_view before) {
  if (before.size() > 48) before.remove_prefix(before.size() - 48);
  if (const std::size_t other = before.find_last_of("0123456789[].,;:!?"); other != before.npos)
    before.remove_prefix(other + 1);
  if (!before.ends_with(' ')) return false;
  std::string lower = " ";
  for (const char c : before)
    lower.push_back(ascii_lower(c));
  for (const std::string_view suffix :
       {"straat ", "laan ", "weg ", "plein ", "lei ", "dreef ", "kaai ", "baan ", "markt ", "hof ",
        "singel ", "kade ", "gracht ", "dijk ", "vest ", "pad "})
    if (lower.ends_with(suffix)) return true;
  for (const std::string_view word :
       {" rue ", " avenue ", " av. ", " boulevard ", " chaussée ", " place ", " square ", " quai "})
    if (lower.find(word) != std::string::npos) return true;
  return false;
}

// The end of a Belgian postcode with a town behind it, "9000 Gent", or 0.
std::size_t belgian_end(std::string_view text, std::size_t at) {
  if (byte_at(text, at) < '1' || byte_at(text, at) > '9') return 0;
  for (std::size_t i = at; i < at + 4; ++i)
    if (!is_ascii_digit(byte_at(text, i))) return 0;
  const char first = byte_at(text, at + 5), second = byte_at(text, at + 6);
  const bool town = byte_at(text, at + 4) == ' ' && first >= 'A' && first <= 'Z' &&
                    (is_ascii_letter(second) || static_cast<unsigned char>(second) >= 0x80);
  return town && is_ascii_letter(byte_at(text, at + 7)) ? at + 4 : 0;
}

// The end of "domain.nl" from `at`, or 0.
std::size_t domain_end(std::string_view text, std::size_t at) {
  std::size_t i = at, last_dot = 0, end = 0;
  for (; i < text.size() && i - at < 255; ++i) {
    const char c = text[i];
    if (c == '.') {
      if (i == at || text[i - 1] == '.') break;
      last_dot = i;
    } else if (!is_ascii_alnum(c) && c != '-' && static_cast<unsigned char>(c) < 0x80) {
      break;
    } else if (last_dot > 0 && i >= last_dot + 2) {
      end = i + 1;
    }
  }
  return end;
}

}  // namespace

Found find_iban(std::string_view text, std::size_t at) {
  if (text.size() - at < 4 || !is_ascii_letter(text[at]) || !is_ascii_letter(text[at + 1]))
    return {};
  if (is_ascii_letter(text[at + 2])) return {};  // most words end here
  const auto upper = [&](std::size_t i) { return static_cast<char>(text[i] & ~0x20); };
  const int length = iban_length(upper(at), upper(at + 1));
  if (length == 0) return {};
  std::array<char, 34> iban{};
  int count = 0;
  std::size_t i = at;
  while (count < length && i < text.size()) {
    if (is_ascii_alnum(text[i])) {
      iban[static_cast<std::size_t>(count++)] = text[i++];
    } else if (count >= 2 && is_iban_space(text[i]) && !is_iban_space(text[i - 1])) {
      ++i;
    } else if (count >= 2 && text.substr(i).starts_with("\xC2\xA0")) {
      i += 2;
    } else {
      return {};
    }
  }
  const std::string_view all{iban.data(), static_cast<std::size_t>(length)};
  if (count < length || !is_iban(all)) return {};
  if (upper(at) == 'N' && upper(at + 1) == 'L' && !has_dutch_bank(all)) return {};
  return {at, i, PrivateKind::iban};
}

Found find_postcode(std::string_view text, std::size_t at) {
  if (const std::size_t code = postcode_end(text, at, false)) {  // 1234 AB 12, 1234AB nr. 12
    std::size_t i = skip(text, code, " ,:-", 3);
    for (const std::string_view word : {"huisnummer", "huisnr", "nummer", "nr", "no", "number"})
      if (i > code && text.substr(i).starts_with(word)) {
        i = skip(text, i + word.size(), " .:", 3);
        break;
      }
    if (const std::size_t end = i > code && i < text.size() ? house_end(text, i) : 0)
      return {at, end, PrivateKind::postcode};
  }
  const std::size_t house = house_end(text, at);
  if (house == 0) return {};
  std::size_t code = skip(text, house, " ,", 3);
  if (code > house && code < text.size())  // 12, 1234 AB
    if (const std::size_t end = postcode_end(text, code, text[house] == ','))
      return {at, end, PrivateKind::postcode};
  for (const std::string_view box : {"bus ", "boîte ", "bte ", "b"})  // 12 bus 3, 9000 Gent
    if (code > house && text.substr(code).starts_with(box)) {
      const std::size_t end = house_end(text, code + box.size());
      if (end > 0) code = skip(text, end, " ,", 3);
      break;
    }
  const std::size_t end = code > house ? belgian_end(text, code) : 0;
  if (end == 0 || !ends_with_street(text.substr(0, at))) return {};
  return {at, end, PrivateKind::postcode};
}

bool is_email_local(char c) noexcept {
  return is_ascii_alnum(c) || static_cast<unsigned char>(c) >= 0x80 ||
         std::string_view("._%+-'").find(c) != std::string_view::npos;
}

// Bytes of a local part that are looked at (RFC 5321 allows 64): a run as long as the text may be
// looked at again behind each span that is taken out of it.
constexpr std::size_t kMostLocal = 256;

// A leading '@' makes it a public handle of the fediverse, @name@server.
Found find_email(std::string_view text, std::size_t at) {
  std::size_t i = at;
  while (i < text.size() && i - at <= kMostLocal && is_email_local(text[i]))
    ++i;
  if (i == at || i + 3 >= text.size() || text[i] != '@') return {};
  const std::size_t end = domain_end(text, i + 1);
  return end == 0 ? Found{} : Found{at, end, PrivateKind::email};
}

}  // namespace brandwacht::text
