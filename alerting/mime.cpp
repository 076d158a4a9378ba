#include "alerting/mime.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "alerting/json.hpp"
#include "alerting/message.hpp"

namespace brandwacht::alerting {
namespace {

constexpr std::size_t kEncodedWord = 75, kLine = 76;
constexpr std::string_view kWordBegins = "=?UTF-8?Q?", kWordEnds = "?=";

bool alphanumeric(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool begins_code_point(char c) noexcept {
  return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
}

std::string escaped(char c) {
  return fmt::format("={:02X}", static_cast<unsigned char>(c));
}

// RFC 2047 section 5 (3): what may stand in an encoded word anywhere.
std::string in_word(char c) {
  if (c == ' ') return "_";
  if (alphanumeric(c) || std::string_view("!*+-/").find(c) != std::string_view::npos)
    return std::string(1, c);
  return escaped(c);
}

std::string encoded_words(std::string_view text) {
  constexpr std::size_t room = kEncodedWord - kWordBegins.size() - kWordEnds.size();
  std::string out(kWordBegins);
  std::size_t used = 0;
  for (std::size_t at = 0; at < text.size();) {
    std::string letter = in_word(text[at++]);
    while (at < text.size() && !begins_code_point(text[at]))
      letter += in_word(text[at++]);
    if (used + letter.size() > room) {
      out.append(kWordEnds).append("\r\n ").append(kWordBegins);
      used = 0;
    }
    out += letter;
    used += letter.size();
  }
  return out.append(kWordEnds);
}

void append_encoded_line(std::string& out, std::string_view line) {
  std::size_t used = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    const bool last = i + 1 == line.size();
    const bool plain = (c > ' ' && c < 0x7F && c != '=') || (c == ' ' && !last);
    const std::string piece = plain ? std::string(1, c) : escaped(c);
    if (used + piece.size() > kLine - 1) {
      out += "=\r\n";
      used = 0;
    }
    out += piece;
    used += piece.size();
  }
  out += "\r\n";
}

template <class Function>
void for_each_line(std::string_view text, Function function) {
  while (!text.empty()) {
    const auto end = text.find('\n');
    function(text.substr(0, end));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

}  // namespace

std::string mail_header_text(std::string_view text) {
  const std::string line = one_line(text, 500);
  const bool plain =
      line.size() <= kLine - 10 && line.find("=?") == std::string::npos &&
      std::all_of(line.begin(), line.end(), [](char c) { return c >= ' ' && c < 0x7F; });
  return plain ? line : encoded_words(line);
}

std::string quoted_printable(std::string_view text) {
  std::string out;
  for_each_line(text, [&](std::string_view line) { append_encoded_line(out, line); });
  return out;
}

std::string mail_date(Time time) {
  static constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} +0000",
                     kDays.at(std::chrono::weekday(day).c_encoding()), unsigned(date.day()),
                     kMonths.at(unsigned(date.month()) - 1), int(date.year()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

std::string mail_html(std::string_view text) {
  std::string out =
      "<!DOCTYPE html>\n<html><body style=\"font-family:sans-serif;max-width:40em\">\n";
  bool first = true;
  for_each_line(text, [&](std::string_view line) {
    const std::string shown = xml_escaped(line);
    if (std::exchange(first, false))
      fmt::format_to(std::back_inserter(out), "<h2>{}</h2>\n", shown);
    else if (!web_url(line).empty())
      fmt::format_to(std::back_inserter(out), "<p><a href=\"{0}\">{0}</a></p>\n", shown);
    else
      fmt::format_to(std::back_inserter(out), "<p>{}</p>\n", shown);
  });
  return out + "</body></html>\n";
}

std::string xml_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

bool good_mail_address(std::string_view address) noexcept {
  const auto at = address.find('@');
  if (at == 0 || at == std::string_view::npos || at + 1 == address.size()) return false;
  if (address.size() > 254 || address.find('@', at + 1) != std::string_view::npos) return false;
  return std::all_of(address.begin(), address.end(), [](char c) {
    return c > ' ' && c < 0x7F &&
           std::string_view("<>()[]\\,;:\"").find(c) == std::string_view::npos;
  });
}

}  // namespace brandwacht::alerting
