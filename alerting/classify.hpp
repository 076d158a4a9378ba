// What the answer of a pager's server means. One function for all; where vendors differ stands in
// VendorRules.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "alerting/notifier.hpp"

namespace brandwacht::alerting {

struct VendorRules {
  std::string vendor;                // for the sentence: "PagerDuty"
  Duration throttled_wait{0};        // after a 429 without Retry-After; 0: the usual backoff
  bool gone_disables = false;        // 410: the target wants nothing more
  bool show_body = false;            // of a refusal: the vendor explains it there
  std::vector<std::string> secrets;  // never shown, should the server echo them
};

// 2xx: accepted. 408, 425, 429, 5xx and 3xx (never followed: a proxy in maintenance): retry. Other
// 4xx: permanent. A fault before the request was written: retry; after it: ambiguous; an impossible
// URL: permanent.
Outcome classify(const NetResult<HttpResponse>& answer, const VendorRules& rules, Time now);

// Every part of a secret URL that could give it away, the longest first: the URL, its path, and
// each piece of that with eight letters or more.
std::vector<std::string> url_secrets(std::string_view url);

// An Authorization header, and what stands behind its scheme.
std::vector<std::string> header_secrets(const std::string& authorization);

// The wait that a vendor's JSON asks for at `pointer`, in seconds; between zero and
// kLongestRetryAfter. Nullopt: there is none.
std::optional<Duration> wait_in_body(std::string_view body, std::string_view pointer);

// Every occurrence of a secret becomes "***".
std::string redact_secrets(std::string text, const std::vector<std::string>& secrets);

}  // namespace brandwacht::alerting
