// HMACs, and the few encodings around them: signatures of webhooks in both directions, and of our
// own links. The one file here that uses OpenSSL.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "monitor/time.hpp"

namespace brandwacht::alerting {

// The bytes of "whsec_<base64>". Nullopt: not that form, or not 24 to 64 bytes.
std::optional<std::string> decode_webhook_secret(std::string_view secret);

// The webhook-signature header of Standard Webhooks 1.0.0: "v1,<base64>" for each key (decoded), so
// that a receiver may rotate. Signs "id.seconds.body".
std::string sign_webhook(const std::vector<std::string>& keys, std::string_view id, Time at,
                         std::string_view body);

// Raw bytes: 32, 20 and 32 of them.
std::string hmac_sha256(std::string_view key, std::string_view text);
std::string hmac_sha1(std::string_view key, std::string_view text);  // Twilio signs with it
std::string sha256(std::string_view text);

// Takes equally long wherever two texts of the same length differ, so that a signature cannot be
// guessed byte by byte. The length itself is no secret.
bool same_secret(std::string_view a, std::string_view b) noexcept;

std::string to_hex(std::string_view bytes);  // small letters
std::string to_base64(std::string_view bytes);
std::string to_base64url(std::string_view bytes);                  // without padding
std::optional<std::string> from_base64url(std::string_view text);  // strict
std::string random_bytes(std::size_t count);  // from the kernel; throws std::runtime_error

}  // namespace brandwacht::alerting
