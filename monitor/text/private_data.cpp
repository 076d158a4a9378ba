#include "monitor/text/private_data.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "monitor/text/harmless.hpp"
#include "monitor/text/private_find.hpp"

namespace brandwacht::text {
namespace {

Found find_at(std::string_view text, std::size_t at, PhoneBook& phones) {
  const char c = text[at], before = byte_before(text, at);
  if (is_email_local(c) && !is_email_local(before) && before != '@')
    if (const Found email = find_email(text, at)) return email;
  if (is_ascii_alnum(before)) return {};
  if (is_ascii_letter(c)) {
    if (const Found iban = find_iban(text, at)) return iban;
    if (const Found parcel = find_tracking(text, at)) return parcel;
    return find_named(text, at, phones);
  }
  if (is_ascii_digit(c)) {
    if (const Found parcel = find_tracking(text, at)) return parcel;
    if (const Found address = find_postcode(text, at)) return address;
  }
  if (is_ascii_digit(c) || c == '+' || c == '(') return find_number(text, at, phones);
  return {};
}

// Overwrites a span with what its replacement looks like to every finder.
void hide(std::string& text, const Found& found) {
  std::fill(text.begin() + static_cast<std::ptrdiff_t>(found.begin),
            text.begin() + static_cast<std::ptrdiff_t>(found.end), 'x');
  text[found.begin] = '[';
  text[found.end - 1] = ']';
}

bool one_round(std::string& text, std::vector<PrivateData>& out) {
  const std::size_t had = out.size();
  PhoneBook phones;  // each round asks no more than the one before, in the same order
  for (std::size_t i = 0; i < text.size();) {
    Found found = find_at(text, i, phones);
    if (!found) {
      ++i;
      continue;
    }
    // A bound in bytes may have fallen inside of a character, of which nothing may stay behind.
    while (found.end < text.size() && (static_cast<unsigned char>(text[found.end]) & 0xC0) == 0x80)
      ++found.end;
    out.push_back({found.kind, found.begin, found.end});
    hide(text, found);
    i = found.end;
  }
  return out.size() > had;
}

// Only a text that is built against us is not done after these; then every word with a digit or an
// '@' goes.
constexpr int kMostRounds = 6;

void hide_the_rest(std::string& text, std::vector<PrivateData>& out) {
  const auto ends = [](char c) { return c == ' ' || c == '[' || c == ']'; };
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i;
    bool private_word = false;
    for (; end < text.size() && !ends(text[end]); ++end)
      private_word = private_word || is_ascii_digit(text[end]) || text[end] == '@';
    // A single byte cannot be a "[kind]" in hide(); it needs none, being no number either.
    if (private_word) out.push_back({PrivateKind::order, i, end});
    i = std::max(end, i + 1);
  }
}

}  // namespace

std::string_view to_string(PrivateKind kind) noexcept {
  constexpr std::array<std::string_view, 8> kNames = {"phone",    "iban",  "card",  "bsn",
                                                      "postcode", "email", "order", "customer"};
  const auto at = static_cast<std::size_t>(kind);
  return at < kNames.size() ? kNames[at] : "private";
}

std::vector<PrivateData> find_private(std::string_view text) {
  if (text.find_first_of("0123456789@") == std::string_view::npos) return {};
  std::vector<PrivateData> out;
  Harmless harmless = make_harmless(text);
  // What stood beside a span may be private once the span is a bracket: "0612345678.0612345678".
  int round = 0;
  while (one_round(harmless.text, out))
    if (++round == kMostRounds) {
      hide_the_rest(harmless.text, out);
      break;
    }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.begin < b.begin; });
  for (PrivateData& found : out) {
    found.begin = harmless.original(found.begin);
    found.end = harmless.original(found.end);
  }
  return out;
}

}  // namespace brandwacht::text
