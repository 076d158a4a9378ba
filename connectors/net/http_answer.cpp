#include "connectors/net/http_answer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/beast/http/status.hpp>
#include <ctime>

#include "connectors/net/redact.hpp"
#include "connectors/net/url.hpp"

namespace brandwacht::net {
namespace {

// RFC 9110, 5.6.7. Not strftime: its names follow the locale.
std::string http_date(std::time_t now) {
  static constexpr std::array<const char*, 7> days = {"Sun", "Mon", "Tue", "Wed",
                                                      "Thu", "Fri", "Sat"};
  static constexpr std::array<const char*, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::tm t{};
  gmtime_r(&now, &t);
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT", days[t.tm_wday], t.tm_mday,
                     months[t.tm_mon], t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
}

}  // namespace

bool may_have_body(int status) noexcept {
  return status >= 200 && status != 204 && status != 304;
}

bool is_sendable(const ServerResponse& response) noexcept {
  return response.status >= 200 && response.status <= 599 &&
         is_field_value(response.content_type) &&
         std::all_of(response.headers.begin(), response.headers.end(), [](const auto& header) {
           return is_token(header.first) && is_field_value(header.second);
         });
}

std::string answer_head(const ServerResponse& response, AnswerForm form) {
  const auto reason =
      boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(response.status));
  std::string head =
      fmt::format("HTTP/1.1 {} {}\r\nDate: {}\r\n", response.status,
                  std::string_view(reason.data(), reason.size()), http_date(std::time(nullptr)));
  if (may_have_body(response.status))
    head += fmt::format("Content-Type: {}\r\nContent-Length: {}\r\n", response.content_type,
                        response.body.size());
  for (const auto& [name, value] : response.headers)
    head += name + ": " + value + "\r\n";
  if (!form.keep_alive)
    head += "Connection: close\r\n";
  else if (form.http_1_0)
    head += "Connection: keep-alive\r\n";
  return head + "\r\n";
}

ServerResponse plain_answer(int status, std::string_view sentence) {
  ServerResponse response;
  response.status = status;
  response.body = fmt::format("{{\"error\":\"{}\"}}\n", sentence);
  return response;
}

std::string first_segment(std::string_view target) {
  return printable(target.substr(0, target.find_first_of("/?", 1)), 40);
}

}  // namespace brandwacht::net
