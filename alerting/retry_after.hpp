// The Retry-After header of RFC 9110 section 10.2.3: seconds, or an HTTP-date in any of its three
// forms.
#pragma once
#include <optional>
#include <string_view>

#include "monitor/time.hpp"

namespace brandwacht::alerting {

// A server may not silence a pager for longer than this, whatever it asks for.
inline constexpr Duration kLongestRetryAfter = std::chrono::hours{1};

// How long to wait from `now`, between zero and kLongestRetryAfter. Nullopt: neither form.
std::optional<Duration> parse_retry_after(std::string_view value, Time now) noexcept;

}  // namespace brandwacht::alerting
