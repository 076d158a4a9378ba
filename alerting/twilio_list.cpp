#include "alerting/twilio_list.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <optional>

#include "alerting/form_writer.hpp"

namespace brandwacht::alerting {
namespace {

namespace dom = simdjson::dom;

std::string_view text_of(dom::element item, std::string_view key) {
  std::string_view out;
  if (item[key].get(out) != simdjson::SUCCESS) return {};
  return out;
}

std::optional<int> number(std::string_view text) {
  int out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc{} || end != text.data() + text.size()) return {};
  return out;
}

// "Fri, 24 May 2019 17:18:27 +0000", as RFC 2822 has it.
std::optional<Time> parse_date(std::string_view text) {
  static constexpr std::array<std::string_view, 12> kMonths{
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (text.size() != 31) return {};
  const auto month = std::find(kMonths.begin(), kMonths.end(), text.substr(8, 3));
  const auto day = number(text.substr(5, 2)), year = number(text.substr(12, 4));
  const auto hour = number(text.substr(17, 2)), minute = number(text.substr(20, 2)),
             second = number(text.substr(23, 2));
  if (month == kMonths.end() || !day || !year || !hour || !minute || !second) return {};
  const std::chrono::year_month_day date(std::chrono::year(*year),
                                         std::chrono::month(unsigned(month - kMonths.begin()) + 1),
                                         std::chrono::day(unsigned(*day)));
  if (!date.ok()) return {};
  return Time(std::chrono::sys_days(date)) + std::chrono::hours(*hour) +
         std::chrono::minutes(*minute) + std::chrono::seconds(*second);
}

using Matches = std::function<bool(dom::element item)>;

std::string find(std::string_view list, const char* key, Time since, const Matches& matches) {
  dom::parser parser;
  dom::array items;
  const simdjson::padded_string text(list);
  if (parser.parse(text)[key].get(items) != simdjson::SUCCESS) return {};
  for (const dom::element item : items) {
    const auto created = parse_date(text_of(item, "date_created"));
    const auto status = text_of(item, "status");
    if (!created || *created < since || status == "failed" || status == "canceled") continue;
    if (text_of(item, "direction").starts_with("outbound") && matches(item))
      return std::string(text_of(item, "sid"));
  }
  return {};
}

}  // namespace

std::string find_twilio_message(std::string_view list, std::string_view form, Time since) {
  return find(list, "messages", since, [form](dom::element item) {
    FormWriter body;
    body.field("Body", text_of(item, "body"));
    const auto at = form.find(body.text());
    const auto end = at + body.text().size();
    return at != std::string_view::npos && (at == 0 || form[at - 1] == '&') &&
           (end == form.size() || form[end] == '&');
  });
}

std::string find_twilio_call(std::string_view list, std::string_view from, Time since) {
  return find(list, "calls", since,
              [from](dom::element item) { return text_of(item, "from") == from; });
}

std::string base64(std::string_view bytes) {
  static constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto byte = [&](std::size_t k) {
      return i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U;
    };
    const unsigned group = (byte(0) << 16U) | (byte(1) << 8U) | byte(2);
    for (unsigned k = 0; k < 4; ++k)
      out += i + k > bytes.size() ? '=' : kLetters[(group >> (18U - 6U * k)) & 63U];
  }
  return out;
}

}  // namespace brandwacht::alerting
