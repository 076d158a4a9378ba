#include "monitor/text/redact.hpp"

#include <array>
#include <cstdint>

#include "monitor/text/fold.hpp"
#include "monitor/text/numbers.hpp"

// Why it is idempotent: whether the bytes [begin, end) are private is decided by these bytes and by
// whether the byte before and (except for an IBAN) the one behind is a letter or digit. At every
// position all kinds and all lengths are tried, longest first. So what is left standing between two
// replacements was already looked at and found harmless, and a bracket is as good a boundary as the
// letter or digit that it replaced.
namespace brandwacht::text {
namespace {

bool is_alnum(char c) {
  return is_ascii_letter(c) || is_ascii_digit(c);
}

bool is_control(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xAD || c == 0x61C || c == 0x180E ||
         c == 0x200B || c == 0x200E || c == 0x200F || c == 0x2028 || c == 0x2029 ||
         (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF ||
         (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE007F);
}

std::string neutralise(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    std::size_t size = 0;
    const char32_t c = decode_utf8(text.substr(i, 4), size);
    if (c == kInvalid && size == 1)
      out += "\xEF\xBF\xBD";
    else if (is_control(c))
      out += ' ';
    else
      out.append(text, i, size);
    i += size;
  }
  return out;
}

struct Found {
  std::size_t begin = 0, end = 0;  // what is replaced; end == 0: nothing
  std::string_view label;
};

// Bytes of a separator between groups of digits at `at`; 0: none there. People also paste
// typographic spaces and dashes.
std::size_t separator(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at);
  if (rest.empty()) return 0;
  if (rest[0] == ' ' || rest[0] == '-' || rest[0] == '.' || rest[0] == '/') return 1;
  if (rest.starts_with("\xC2\xA0")) return 2;  // no-break space
  for (const std::string_view wide : {"\xE2\x80\xAF", "\xE2\x80\x89", "\xE2\x80\x90",
                                      "\xE2\x80\x91", "\xE2\x80\x92", "\xE2\x80\x93"})
    if (rest.starts_with(wide)) return 3;
  return 0;
}

std::size_t separators(std::string_view text, std::size_t at) {
  std::size_t end = at;
  for (int i = 0; i < 3; ++i)
    end += separator(text, end);
  return end - at;
}

// Digits from a position on, with the places at which a number could end.
struct Digits {
  static constexpr std::size_t kMax = 20;
  std::array<char, kMax> value{};
  std::array<std::size_t, kMax> end{};     // byte behind digit i
  std::array<std::uint8_t, kMax> group{};  // which group digit i is in
  std::array<std::uint8_t, kMax> group_size{};
  std::array<char, kMax> before_group{};  // first byte of the separator before group i
  std::size_t count = 0;
  bool plus = false;  // begins with '+'

  std::string_view first(std::size_t n) const { return {value.data(), n}; }
  bool groups_at_least(std::size_t n, std::uint8_t least) const {
    for (std::size_t g = 0; g <= group[n - 1]; ++g)
      if (group_size[g] < least) return false;
    return true;
  }
};

Digits read_digits(std::string_view text, std::size_t at) {
  Digits out;
  out.plus = at < text.size() && text[at] == '+';
  if (out.plus) ++at;
  std::uint8_t group = 0;
  bool bracket = false;
  while (at < text.size()) {
    if (is_ascii_digit(text[at])) {
      if (out.count == Digits::kMax) break;
      out.value[out.count] = text[at++];
      out.group[out.count] = group;
      ++out.group_size[group];
      out.end[out.count++] = at;
      continue;
    }
    // "(0)" as in +31 (0)6, and "(020) 123": brackets may surround a group.
    const std::size_t start = at;
    at += separators(text, at);
    if (at < text.size() && text[at] == '(' && !bracket) {
      bracket = true;
      ++at;
    } else if (at < text.size() && text[at] == ')' && bracket) {
      bracket = false;
      ++at;
      at += separators(text, at);
    }
    if (at == start || at >= text.size() || !is_ascii_digit(text[at])) break;
    if (out.count > 0 && out.count < Digits::kMax) out.before_group[++group] = text[start];
  }
  return out;
}

bool is_date(const Digits& d) {  // 01-02-2026, which a time may follow
  return d.group_size[0] <= 2 && d.group_size[1] <= 2 && d.group_size[2] == 4 &&
         d.before_group[1] == d.before_group[2] && d.before_group[1] != ' ';
}

bool is_phone(const Digits& d, std::size_t n) {
  const std::string_view v = d.first(n);
  if (d.plus) return n >= 8 && n <= 16 && v[0] != '0';
  if (v.starts_with("00")) return n >= 11 && n <= 17 && v[2] != '0';
  if (v[0] != '0' || v[1] == '0' || d.group_size[0] < 2 || is_date(d)) return false;
  if (n == 10) return true;      // Dutch: 06, 010, 0900...; Belgian mobile 04xx
  return n == 9 && v[1] != '6';  // Belgian, landline
}

bool is_card(const Digits& d, std::size_t n) {
  return !d.plus && n >= 13 && n <= 19 && d.value[0] >= '2' && d.value[0] <= '6' &&
         d.groups_at_least(n, 2) && passes_luhn(d.first(n));
}

bool is_bsn(const Digits& d, std::size_t n) {
  return !d.plus && n == 9 && d.group[n - 1] == 0 && passes_eleven_test(d.first(n));
}

Found find_number(std::string_view text, std::size_t at) {
  const bool bracket = text[at] == '(';
  // No number that we know begins with a group of one digit: most digits in a post end here.
  const bool lone =
      is_ascii_digit(text[at]) && (at + 1 == text.size() || !is_ascii_digit(text[at + 1]));
  if (lone) return {};
  Digits d = read_digits(text, bracket ? at + 1 : at);
  if (bracket) {
    // "(020) 123 45 67": the closing bracket was no separator of what read_digits saw first.
    const std::size_t close = d.count > 0 ? d.end[d.count - 1] : 0;
    if (close == 0 || close >= text.size() || text[close] != ')' || d.value[0] != '0' ||
        d.count > 5)
      return {};
    const Digits rest = read_digits(text, close + 1 + separators(text, close + 1));
    if (rest.plus || rest.count + d.count > Digits::kMax) return {};
    for (std::size_t i = 0; i < rest.count; ++i) {
      d.value[d.count] = rest.value[i];
      d.group[d.count] = static_cast<std::uint8_t>(rest.group[i] + 1);
      d.end[d.count++] = rest.end[i];
    }
  }
  for (std::size_t n = d.count; n >= 8; --n) {
    const std::size_t end = d.end[n - 1];
    if (end < text.size() && is_alnum(text[end])) continue;
    if (bracket) {
      if (is_phone(d, n)) return {at, end, "[phone]"};
      continue;
    }
    if (is_card(d, n)) return {at, end, "[card]"};
    if (is_bsn(d, n)) return {at, end, "[bsn]"};
    if (is_phone(d, n)) return {at, end, "[phone]"};
  }
  return {};
}

bool is_iban_space(char c) {
  return c == ' ' || c == '-' || c == '.';
}

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
    if (is_alnum(text[i])) {
      iban[static_cast<std::size_t>(count++)] = text[i++];
    } else if (count >= 2 && is_iban_space(text[i]) && !is_iban_space(text[i - 1])) {
      ++i;
    } else if (count >= 2 && text.substr(i).starts_with("\xC2\xA0")) {
      i += 2;
    } else {
      return {};
    }
  }
  if (count < length || !is_iban({iban.data(), static_cast<std::size_t>(length)})) return {};
  return {at, i, "[iban]"};
}

// "bsn 123456789", "BSN-nummer: 1234 56 789": with the word before it, nine digits need no check
// digit.
Found find_named_bsn(std::string_view text, std::size_t at) {
  std::size_t i = at;
  for (const std::string_view word :
       {"burgerservicenummer", "sofinummer", "sofi-nummer", "bsn-nummer", "bsnnummer", "bsn"}) {
    std::size_t k = 0;
    while (k < word.size() && at + k < text.size() && ascii_lower(text[at + k]) == word[k])
      ++k;
    if (k != word.size()) continue;
    i = at + k;
    break;
  }
  if (i == at) return {};
  std::size_t skipped = 0;
  for (; i < text.size() && !is_ascii_digit(text[i]); ++i)              // " is: ", " nummer "
    if (++skipped > 12 || text[i] == '[' || text[i] == ']') return {};  // not "[bsn]" itself
  if (skipped == 0 || i == text.size()) return {};
  const Digits d = read_digits(text, i);
  for (std::size_t n = d.count; n >= 8; --n) {
    const std::size_t end = d.end[n - 1];
    if (n <= 9 && (end == text.size() || !is_alnum(text[end]))) return {i, end, "[bsn]"};
  }
  return {};
}

// Two lower-case letters that are a word: "in 2024 is 1 op de drie" is no address.
bool is_short_word(char a, char b) {
  constexpr std::string_view kWords =
      "aan al am an as at be by cm da de do dm en er eu ga gb go he hz if ik in is it ja je kb kg "
      "km "
      "ma mb me ml mm my na nd nu of om on op or pm rd sd so st te th to tv uk up us vd we wk ze "
      "zo ";
  const char word[] = {a, b, ' '};
  return kWords.find(std::string_view(word, 3)) != std::string_view::npos;
}

// The bytes behind "1234 AB" at `at`, or 0.
std::size_t postcode_end(std::string_view text, std::size_t at) {
  if (text.size() - at < 6 || text[at] < '1' || text[at] > '9') return 0;
  for (std::size_t i = at + 1; i < at + 4; ++i)
    if (!is_ascii_digit(text[i])) return 0;
  const std::size_t letters = text[at + 4] == ' ' ? at + 5 : at + 4;
  if (letters + 2 > text.size() || !is_ascii_letter(text[letters]) ||
      !is_ascii_letter(text[letters + 1]))
    return 0;
  const std::size_t end = letters + 2;
  if (end < text.size() && is_alnum(text[end])) return 0;
  const bool spaced = letters == at + 5;
  if (spaced && text[letters] >= 'a' && is_short_word(text[letters], text[letters + 1])) return 0;
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
  while (suffix < text.size() && is_alnum(text[suffix]) && suffix - letters < 4)
    ++suffix;
  if (suffix > letters && (suffix == text.size() || !is_alnum(text[suffix]))) return suffix;
  return i == text.size() || !is_alnum(text[i]) ? i : 0;
}

std::size_t skip(std::string_view text, std::size_t at, std::string_view any, std::size_t most) {
  std::size_t i = at;
  while (i < text.size() && i - at < most && any.find(text[i]) != std::string_view::npos)
    ++i;
  return i;
}

Found find_postcode(std::string_view text, std::size_t at) {
  if (const std::size_t code = postcode_end(text, at)) {  // 1234 AB 12, 1234AB nr. 12
    std::size_t i = skip(text, code, " ,:-", 3);
    for (const std::string_view word : {"huisnummer", "huisnr", "nummer", "nr", "no"})
      if (i > code && text.substr(i).starts_with(word)) {
        i = skip(text, i + word.size(), " .:", 3);
        break;
      }
    if (const std::size_t end = i > code && i < text.size() ? house_end(text, i) : 0)
      return {at, end, "[postcode]"};
  }
  if (const std::size_t house = house_end(text, at)) {  // 12, 1234 AB
    const std::size_t code = skip(text, house, " ,", 3);
    const std::size_t end = code > house && code < text.size() ? postcode_end(text, code) : 0;
    if (end > 0) return {at, end, "[postcode]"};
  }
  return {};
}

bool is_local(char c) {
  return is_alnum(c) || static_cast<unsigned char>(c) >= 0x80 ||
         std::string_view("._%+-'").find(c) != std::string_view::npos;
}

// The end of "example.nl" from `at`, or 0.
std::size_t domain_end(std::string_view text, std::size_t at) {
  std::size_t i = at, last_dot = 0, end = 0;
  for (; i < text.size() && i - at < 255; ++i) {
    const char c = text[i];
    if (c == '.') {
      if (i == at || text[i - 1] == '.') break;
      last_dot = i;
    } else if (!is_alnum(c) && c != '-' && static_cast<unsigned char>(c) < 0x80) {
      break;
    } else if (last_dot > 0 && i >= last_dot + 2) {
      end = i + 1;
    }
  }
  return end;
}

// Looks only where a run of local-part characters begins, so that every run is read once. A leading
// '@' makes it a public handle of the fediverse, @name@server.
Found find_email(std::string_view text, std::size_t at) {
  std::size_t i = at;
  while (i < text.size() && is_local(text[i]))
    ++i;
  if (i == at || i + 3 >= text.size() || text[i] != '@') return {};
  const std::size_t end = domain_end(text, i + 1);
  return end == 0 ? Found{} : Found{at, end, "[email]"};
}

Found find_at(std::string_view text, std::size_t at, char before) {
  const char c = text[at];
  if (is_local(c) && !is_local(before) && before != '@')
    if (const Found email = find_email(text, at); email.end > 0) return email;
  if (is_alnum(before)) return {};
  if (is_ascii_letter(c)) {
    const Found iban = find_iban(text, at);
    return iban.end > 0 ? iban : find_named_bsn(text, at);
  }
  if (is_ascii_digit(c))
    if (const Found address = find_postcode(text, at); address.end > 0) return address;
  if (is_ascii_digit(c) || c == '+' || c == '(') return find_number(text, at);
  return {};
}

std::string replace_private(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  char before = ' ';
  for (std::size_t i = 0; i < text.size();) {
    const Found found = find_at(text, i, before);
    if (found.end == 0) {
      before = text[i];
      out.push_back(text[i++]);
      continue;
    }
    out.append(text, i, found.begin - i);
    out += found.label;
    i = found.end;
    before = ']';
  }
  return out;
}

}  // namespace

std::string redact(std::string_view text) {
  return replace_private(neutralise(text));
}

std::string redact(std::string_view text, std::size_t code_points) {
  std::string out = redact(text);
  std::size_t points = 0, cut = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if ((static_cast<unsigned char>(out[i]) & 0xC0) == 0x80) continue;
    if (points + 1 == code_points) cut = i;
    if (++points <= code_points) continue;
    out.resize(cut);
    if (code_points > 0) out += "…";
    break;
  }
  return out;
}

}  // namespace brandwacht::text
