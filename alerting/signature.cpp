#include "alerting/signature.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <stdexcept>

namespace brandwacht::alerting {
namespace {

constexpr std::string_view kPrefix = "whsec_";

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string hmac_base64(std::string_view key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (!HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes(text), text.size(),
            digest.data(), &size))
    throw std::runtime_error("OpenSSL cannot compute HMAC-SHA256");
  std::array<unsigned char, 2 * EVP_MAX_MD_SIZE> encoded{};
  const int length = EVP_EncodeBlock(encoded.data(), digest.data(), static_cast<int>(size));
  return {reinterpret_cast<const char*>(encoded.data()), static_cast<std::size_t>(length)};
}

}  // namespace

std::optional<std::string> decode_webhook_secret(std::string_view secret) {
  if (!secret.starts_with(kPrefix)) return {};
  std::string encoded(secret.substr(kPrefix.size()));
  while (encoded.size() % 4 != 0)  // some tools leave the padding out
    encoded += '=';
  if (encoded.empty() || encoded.size() > 128) return {};
  std::string out(encoded.size() / 4 * 3, '\0');
  const int length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes(encoded),
                                     static_cast<int>(encoded.size()));
  if (length < 0) return {};
  // EVP_DecodeBlock counts the padding as bytes.
  const std::size_t padding = encoded.ends_with("==") ? 2 : encoded.ends_with('=') ? 1 : 0;
  out.resize(static_cast<std::size_t>(length) - padding);
  if (out.size() < 24 || out.size() > 64) return {};
  return out;
}

std::string sign_webhook(const std::vector<std::string>& keys, std::string_view id, Time at,
                         std::string_view body) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
  const std::string signed_text = fmt::format("{}.{}.{}", id, seconds, body);
  std::string out;
  for (const auto& key : keys) {
    if (!out.empty()) out += ' ';
    out += "v1," + hmac_base64(key, signed_text);
  }
  return out;
}

}  // namespace brandwacht::alerting
