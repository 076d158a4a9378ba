#include "alerting/classify.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "alerting/json.hpp"
#include "alerting/retry_after.hpp"
#include "alerting/vendor_answer.hpp"

namespace brandwacht::alerting {
namespace {

using Kind = Outcome::Kind;

// Shorter pieces of a URL are words such as "services".
constexpr std::size_t kShortestSecret = 8;

Kind kind_of(const NetError& error) {
  switch (error.fault) {
    case NetFault::bad_url:
      return Kind::permanent;
    case NetFault::ambiguous:
    case NetFault::too_large:  // an answer came, so the request had arrived
    case NetFault::protocol:
      return Kind::ambiguous;
    case NetFault::resolve:
    case NetFault::connect:
    case NetFault::tls:
    case NetFault::timeout:
    case NetFault::closed:
      break;
  }
  return Kind::retry;
}

Kind kind_of(int status) {
  if (status >= 200 && status < 300) return Kind::accepted;
  if (status >= 400 && status < 500 && status != 408 && status != 425 && status != 429)
    return Kind::permanent;
  return Kind::retry;
}

std::string sentence(const HttpResponse& response, const VendorRules& rules) {
  std::string out = fmt::format("{} answered HTTP {}", rules.vendor, response.status);
  if (rules.show_body && !response.body.empty())
    out += ": " + one_line(redact_secrets(response.body, rules.secrets));
  return out;
}

}  // namespace

std::string redact_secrets(std::string text, const std::vector<std::string>& secrets) {
  for (const auto& secret : secrets) {
    if (secret.empty()) continue;
    for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at + 3))
      text.replace(at, secret.size(), "***");
  }
  return text;
}

std::vector<std::string> url_secrets(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  const auto slash = url.find('/', scheme + 3);
  if (slash == std::string_view::npos) return {};
  const std::string_view path = url.substr(slash);
  std::vector<std::string> out{std::string(url)};
  if (path.size() >= kShortestSecret) out.emplace_back(path);
  for (std::size_t at = 0; at < path.size();) {
    const auto end = std::min(path.size(), path.find_first_of("/?&=", at));
    if (end - at >= kShortestSecret) out.emplace_back(path.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

std::vector<std::string> header_secrets(const std::string& authorization) {
  std::vector<std::string> out{authorization};
  if (const auto space = authorization.find(' '); space != std::string::npos)
    out.push_back(authorization.substr(space + 1));
  return out;
}

std::optional<Duration> wait_in_body(std::string_view body, std::string_view pointer) {
  const auto seconds = VendorAnswer(body).number(pointer);
  if (!seconds || *seconds < 0) return {};
  const double longest = std::chrono::duration<double>(kLongestRetryAfter).count();
  return std::chrono::duration_cast<Duration>(
      std::chrono::duration<double>(std::min(*seconds, longest)));
}

Outcome classify(const NetResult<HttpResponse>& answer, const VendorRules& rules, Time now) {
  Outcome out;
  if (answer.has_error()) {
    out.kind = kind_of(answer.error());
    out.detail = fmt::format("{}: {}", rules.vendor,
                             one_line(redact_secrets(answer.error().detail, rules.secrets)));
    return out;
  }
  const HttpResponse& response = *answer;
  out.kind = kind_of(response.status);
  if (out.kind == Kind::accepted) return out;
  out.detail = sentence(response, rules);
  out.disable = rules.gone_disables && response.status == 410;
  if (out.kind == Kind::retry) {
    out.wait = parse_retry_after(response.header("Retry-After"), now);
    if (!out.wait && response.status == 429 && rules.throttled_wait > Duration{0})
      out.wait = rules.throttled_wait;
  }
  return out;
}

}  // namespace brandwacht::alerting
