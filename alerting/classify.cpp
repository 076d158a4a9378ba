#include "alerting/classify.hpp"

#include <fmt/format.h>

#include "alerting/json.hpp"
#include "alerting/retry_after.hpp"

namespace brandwacht::alerting {
namespace {

using Kind = Outcome::Kind;

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
