#include "monitor/http.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/throw_exception.hpp>
#include <stdexcept>

namespace brandwacht {
namespace {

char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_name(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

std::string_view to_string(NetFault fault) noexcept {
  switch (fault) {
    case NetFault::bad_url:
      return "bad_url";
    case NetFault::resolve:
      return "resolve";
    case NetFault::connect:
      return "connect";
    case NetFault::tls:
      return "tls";
    case NetFault::timeout:
      return "timeout";
    case NetFault::ambiguous:
      return "ambiguous";
    case NetFault::closed:
      return "closed";
    case NetFault::too_large:
      return "too_large";
    case NetFault::protocol:
      return "protocol";
  }
  return "unknown";
}

void throw_exception_from_error(const NetError& error, const boost::source_location& where) {
  boost::throw_exception(
      std::runtime_error(fmt::format("{} ({})", error.detail, to_string(error.fault))), where);
}

std::string_view HttpResponse::header(std::string_view name) const noexcept {
  for (const auto& [key, value] : headers)
    if (same_name(key, name)) return value;
  return {};
}

}  // namespace brandwacht
