// Numbers that are private because of the word before them, and codes of parcels.
#include <algorithm>
#include <array>
#include <string>

#include "monitor/text/private_digits.hpp"
#include "monitor/text/private_find.hpp"
#include "monitor/text/private_words.hpp"

namespace brandwacht::text {
namespace {

// The letters from `at` on in lower case, "ë" as "e", "-" left out where `glued`; at most 40,
// longer words are none.
struct Word {
  std::string letters;
  std::size_t end = 0;
};
Word read_word(std::string_view text, std::size_t at, bool glued) {
  Word out{{}, at};
  for (; out.end < text.size(); ++out.end) {
    const char c = text[out.end];
    const bool dash =
        glued && c == '-' && out.end > at && is_ascii_letter(byte_at(text, out.end + 1));
    const bool e = text.substr(out.end, 2) == "\xC3\xAB";  // "cliënt"
    if (!dash && !e && !is_ascii_letter(c)) break;
    if (out.end - at >= 40) return {{}, out.end};
    if (!dash) out.letters.push_back(e ? 'e' : ascii_lower(c));
    out.end += e;
  }
  return out;
}

struct Named {
  const Stem* stem = nullptr;
  bool numbered = false;
};

Named stem_of(std::string_view word) {
  for (const Stem& stem : kStems)
    if (word == stem.word) return {&stem, false};
  for (const std::string_view number : kNumberWords) {
    if (!word.ends_with(number) || word.size() < number.size() + 3) continue;
    std::string_view rest = word.substr(0, word.size() - number.size());
    for (int s = 0; s < 2; ++s) {
      for (const Stem& stem : kStems)
        if (rest == stem.word || (rest.ends_with(stem.word) && stem.word.size() > 3 &&
                                  rest.size() > stem.word.size() + 2))
          return {&stem, true};
      if (!rest.ends_with('s')) break;
      rest.remove_suffix(1);
    }
  }
  return {};
}

template <typename Words>
bool is_one_of(const Words& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// What stands between the word and its number.
struct Gap {
  std::size_t end = 0;  // where the number begins; 0: none does
  bool numbered = false, colon = false;
};

Gap read_gap(std::string_view text, std::size_t at, bool numbered) {
  Gap out{0, numbered, false};
  bool open = false;  // a number word has to follow
  std::size_t i = at;
  for (int words = 0; i < text.size() && i - at <= 32;) {
    const char c = text[i];
    if (is_ascii_digit(c)) break;
    if (is_ascii_letter(c)) {
      const Word word = read_word(text, i, false);
      if (is_ascii_digit(byte_at(text, word.end)) && !is_one_of(kNumberWords, word.letters)) break;
      if (is_one_of(kNumberWords, word.letters)) {
        out.numbered = true;
        open = false;
      } else if (const auto* found = std::find(kBetween.begin(), kBetween.end(), word.letters);
                 found != kBetween.end()) {
        open = open || (found - kBetween.begin() > 2 && !out.numbered);
      } else {
        break;
      }
      if (++words > 4) return {};
      i = word.end;
      continue;
    }
    if (c == '#') out.numbered = true;
    if (c == ':' || c == '=') out.colon = true;
    if ((c == ',' || c == '.') && !out.numbered) open = true;
    if (text.substr(i).starts_with("\xC2\xA0") || text.substr(i).starts_with("\xC2\xBA")) {
      i += 2;
    } else if (std::string_view(" :=#-(\"',.&").find(c) != std::string_view::npos) {
      ++i;
    } else {
      return {};
    }
  }
  if (i == at && !numbered) return {};
  if (i < text.size() && i - at <= 32 && !open && is_ascii_alnum(text[i])) out.end = i;
  return out;
}

bool is_inner(char c) {
  return c == '-' || c == '_' || c == '/' || c == '.';
}

struct Token {
  std::size_t end = 0, digits = 0, letters = 0, marks = 0, capitals = 0, size = 0;
};

// Letters and digits from `at` on, with single marks inside; then, if it is all digits, further
// groups of three and more behind single spaces, and a shorter one at the end of several.
Token read_token(std::string_view text, std::size_t at) {
  Token out;
  std::size_t i = at;
  const auto part = [&] {
    for (; i < text.size() && i - at <= 40; ++i) {
      const char c = text[i];
      if (!is_ascii_alnum(c) && !(is_inner(c) && is_ascii_alnum(byte_at(text, i + 1)))) break;
      out.digits += is_ascii_digit(c);
      out.letters += is_ascii_letter(c);
      out.capitals += c >= 'A' && c <= 'Z';
      out.marks += is_inner(c);
    }
  };
  part();
  // "AB 12345"
  if (out.digits == 0 && out.capitals == out.letters && out.letters <= 4 &&
      byte_at(text, i) == ' ' && is_ascii_digit(byte_at(text, i + 1))) {
    ++i;
    part();
  }
  const std::size_t first = i - at;  // "44 88 12" is one number, "1234 56" may be two
  for (int groups = 1; out.digits >= 2 && byte_at(text, i) == ' ' && i - at <= 40; ++groups) {
    std::size_t end = i + 1;
    while (is_ascii_digit(byte_at(text, end)))
      ++end;
    const std::size_t size = end - i - 1;
    if (size < (groups > 1 || first == 2 ? 2 : 3) || size > 12 ||
        is_ascii_alnum(byte_at(text, end)) || unit_follows(text, end))
      break;
    out.digits += size;
    i = end;
  }
  out.end = i - at <= 40 ? i : 0;
  out.size = i - at;
  return out;
}

// Day, month and year in either order, as 12-03-2026, 2026/3/12 or 12.03.26.
bool is_written_date(std::string_view token) {
  const Digits d = read_digits(token, 0);
  const std::string groups = d.groups(d.count);
  if (groups.size() != 3 || groups[1] > '2') return false;
  const auto value = [&](std::size_t group) {
    int out = 0;
    for (std::size_t i = 0; i < d.count; ++i)
      if (d.group[i] == group) out = out * 10 + (d.value[i] - '0');
    return out;
  };
  const auto year = [&](std::size_t group) {
    return groups[group] == '2' ||
           (groups[group] == '4' && (value(group) / 100 == 19 || value(group) / 100 == 20));
  };
  const bool month_inside = value(1) >= 1 && value(1) <= 31;
  return month_inside && ((groups[0] <= '2' && value(0) <= 31 && year(2)) ||
                          (groups[0] == '4' && groups[2] <= '2' && year(0)));
}

bool is_year(std::string_view token) {
  return token.size() == 4 && (token.starts_with("19") || token.starts_with("20"));
}

// 2019-2024, 2023/2024
bool is_years(std::string_view token) {
  return is_year(token) ||
         (token.size() == 9 && is_year(token.substr(0, 4)) && is_year(token.substr(5)));
}

// An amount with points between the thousands: 10.000.
bool is_amount(std::string_view token) {
  std::size_t group = 0, dots = 0;
  for (const char c : token) {
    if (c == '.') {
      if (group > 3 || (dots > 0 && group != 3)) return false;
      ++dots;
      group = 0;
    } else if (is_ascii_digit(c)) {
      ++group;
    } else {
      return false;
    }
  }
  return dots > 0 && group <= 3;
}

Found named_bsn(std::string_view text, const Gap& gap) {
  const Digits d = read_digits(text, gap.end);
  for (std::size_t n = std::min<std::size_t>(d.count, 11); n >= 8; --n)
    if (n != 10 && !d.plus && !is_ascii_alnum(byte_at(text, d.end[n - 1])))
      return {gap.end, d.end[n - 1], PrivateKind::bsn};
  return {};
}

bool is_number_of(std::string_view text, const Gap& gap, const Token& token) {
  const std::string_view value = text.substr(gap.end, token.size);
  if (token.digits < 4 || is_written_date(value) || (is_years(value) && value.size() > 4))
    return false;
  const char next = byte_at(text, token.end);
  if (next == '@' || (next == ':' && is_ascii_digit(byte_at(text, token.end + 1)))) return false;
  if (gap.numbered) return true;
  if (is_year(value) || is_amount(value) || unit_follows(text, token.end)) return false;
  return token.letters == 0 || token.capitals == token.letters || token.letters <= 3;
}

bool is_tracking_length(std::string_view lower, std::size_t digits) {
  const std::size_t n = lower.size();
  if (lower.starts_with("3s")) return n >= 11 && n <= 17 && digits >= 7;
  if (lower.starts_with("jvgl")) return n >= 16 && n <= 28 && digits == n - 4;
  if (lower.starts_with("jjd")) return n >= 16 && n <= 28 && digits >= 12;
  if (lower.starts_with("1z")) return n == 18 && digits >= 9;
  return false;
}

// Universal Postal Union S10: two letters, eight digits and their check digit, the country.
bool is_s10(std::string_view lower) {
  if (lower.size() != 13) return false;
  constexpr std::array<int, 8> kWeights = {8, 6, 4, 2, 3, 5, 9, 7};
  int sum = 0;
  for (std::size_t i = 0; i < 13; ++i)
    if (is_ascii_digit(lower[i]) != (i > 1 && i < 11)) return false;
  for (std::size_t i = 0; i < 8; ++i)
    sum += kWeights[i] * (lower[i + 2] - '0');
  const int check = 11 - sum % 11;
  return lower[10] - '0' == (check == 10 ? 0 : check == 11 ? 5 : check);
}

}  // namespace

bool unit_follows(std::string_view text, std::size_t at) {
  if (text.substr(at, 2) == ",-") return true;
  if (byte_at(text, at) == ',' && is_ascii_digit(byte_at(text, at + 1)) &&
      is_ascii_digit(byte_at(text, at + 2)) && !is_ascii_digit(byte_at(text, at + 3)))
    return true;
  std::size_t i = at;
  if (byte_at(text, i) == ' ') ++i;
  const std::string_view rest = i < text.size() ? text.substr(i) : std::string_view();
  if (rest.starts_with('%') || rest.starts_with("€") || rest.starts_with('$')) return true;
  const Word word = read_word(text, i, false);
  return i > at && !word.letters.empty() && is_one_of(kUnits, word.letters);
}

Found find_tracking(std::string_view text, std::size_t at) {
  std::string lower;
  std::size_t digits = 0;
  for (std::size_t i = at; i < text.size() && is_ascii_alnum(text[i]); ++i) {
    if (lower.size() == 28) return {};
    lower.push_back(ascii_lower(text[i]));
    digits += is_ascii_digit(text[i]);
  }
  if (byte_before(text, at) == '@' || byte_before(text, at) == '#') return {};
  if (digits < 7 || (!is_tracking_length(lower, digits) && !is_s10(lower))) return {};
  return {at, at + lower.size(), PrivateKind::order};
}

Found find_named(std::string_view text, std::size_t at, PhoneBook& phones) {
  const Word word = read_word(text, at, true);
  const Named named = stem_of(word.letters);
  if (named.stem == nullptr) return {};
  // "?ref=123" in an address of the web.
  if (byte_at(text, word.end) == '=' &&
      (byte_before(text, at) == '?' || byte_before(text, at) == '&'))
    return {};
  const Gap gap = read_gap(text, word.end, named.numbered);
  if (gap.end == 0) return {};
  if (named.stem->kind == PrivateKind::bsn) return named_bsn(text, gap);
  if (const Found iban = find_iban(text, gap.end)) return iban;
  const Token token = read_token(text, gap.end);
  if (token.end == 0 || !is_number_of(text, gap, token)) return {};
  // "Uw kenmerk 2026.118.44" is written as a number: it needs no further word.
  const bool marked = token.marks > 0 && token.digits > 4;
  if (!named.stem->bare && !gap.numbered && !gap.colon && !marked) return {};
  // A number that is written as a phone or a card is one; undivided digits are what the word says.
  const Found number = is_ascii_digit(text[gap.end]) ? find_number(text, gap.end, phones) : Found{};
  const bool divided =
      number.end > 0 &&
      text.substr(number.begin, number.end - number.begin).find_first_not_of("0123456789") !=
          text.npos;
  if (divided && number.kind != PrivateKind::bsn) return number;
  return {gap.end, token.end, named.stem->kind};
}

}  // namespace brandwacht::text
