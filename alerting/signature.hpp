// Signatures of Standard Webhooks 1.0.0 (v1: HMAC-SHA256). The one file here that uses OpenSSL.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "monitor/time.hpp"

namespace brandwacht::alerting {

// The bytes of "whsec_<base64>". Nullopt: not that form, or not 24 to 64 bytes.
std::optional<std::string> decode_webhook_secret(std::string_view secret);

// The webhook-signature header: "v1,<base64>" for each key (decoded), so that a receiver may
// rotate. Signs "id.seconds.body".
std::string sign_webhook(const std::vector<std::string>& keys, std::string_view id, Time at,
                         std::string_view body);

}  // namespace brandwacht::alerting
