#include "alerting/signature.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sys/random.h>

#include <array>
#include <cerrno>
#include <stdexcept>

namespace brandwacht::alerting {
namespace {

constexpr std::string_view kPrefix = "whsec_";

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string hmac(const EVP_MD* digest, std::string_view key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned int size = 0;
  if (!HMAC(digest, key.data(), static_cast<int>(key.size()), bytes(text), text.size(), out.data(),
            &size))
    throw std::runtime_error("OpenSSL cannot compute an HMAC");
  return {reinterpret_cast<const char*>(out.data()), size};
}

int digit_of_base64url(char c) noexcept {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '-' ? 62 : c == '_' ? 63 : -1;
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
    out += "v1," + to_base64(hmac_sha256(key, signed_text));
  }
  return out;
}

std::string hmac_sha256(std::string_view key, std::string_view text) {
  return hmac(EVP_sha256(), key, text);
}

std::string hmac_sha1(std::string_view key, std::string_view text) {
  return hmac(EVP_sha1(), key, text);
}

std::string sha256(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned int size = 0;
  if (!EVP_Digest(text.data(), text.size(), out.data(), &size, EVP_sha256(), nullptr))
    throw std::runtime_error("OpenSSL cannot compute SHA-256");
  return {reinterpret_cast<const char*>(out.data()), size};
}

bool same_secret(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string to_hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  out.reserve(2 * bytes.size());
  for (const char c : bytes) {
    out += kDigits[static_cast<unsigned char>(c) >> 4U];
    out += kDigits[static_cast<unsigned char>(c) & 15U];
  }
  return out;
}

std::string to_base64(std::string_view text) {
  std::string out(4 * ((text.size() + 2) / 3) + 1, '\0');  // OpenSSL adds a NUL
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes(text),
                                     static_cast<int>(text.size()));
  out.resize(static_cast<std::size_t>(length));
  return out;
}

std::string to_base64url(std::string_view text) {
  std::string out = to_base64(text);
  while (out.ends_with('='))
    out.pop_back();
  for (char& c : out)
    c = c == '+' ? '-' : c == '/' ? '_' : c;
  return out;
}

std::optional<std::string> from_base64url(std::string_view text) {
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const int digit = digit_of_base64url(c);
    if (digit < 0) return {};
    bits = (bits << 6U) | static_cast<std::uint32_t>(digit);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out += static_cast<char>((bits >> static_cast<unsigned>(count)) & 0xFFU);
  }
  // What is left must be nothing: else two texts would be one token.
  if (count >= 6 || (bits & ((1U << static_cast<unsigned>(count)) - 1)) != 0) return {};
  return out;
}

std::string random_bytes(std::size_t count) {
  std::string out(count, '\0');
  for (std::size_t done = 0; done < count;) {
    const auto got = ::getrandom(out.data() + done, count - done, 0);
    if (got < 0 && errno != EINTR) throw std::runtime_error("the kernel gives no random bytes");
    if (got > 0) done += static_cast<std::size_t>(got);
  }
  return out;
}

}  // namespace brandwacht::alerting
