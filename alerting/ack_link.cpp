#include "alerting/ack_link.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <optional>
#include <stdexcept>

#include "alerting/signature.hpp"

namespace brandwacht::alerting {
namespace {

constexpr char kVersion = 1;
constexpr std::size_t kMacBytes = 16, kNonceBytes = 9, kKeyBytes = 32;
constexpr std::size_t kHead = 2 + 4 + kNonceBytes + 1;  // up to the incident
constexpr std::size_t kMaxKeys = 2;
constexpr std::string_view kUntil = " until ";
constexpr Duration kUntilReload =
    std::chrono::minutes{5};                          // for so long the daemon may go on signing
constexpr std::int64_t kLastSecond = 32'503'680'000;  // of the year 2999
constexpr std::size_t kMaxButton = 64;                // Telegram's callback_data
constexpr std::size_t kMacOfButton = 22;              // base64url of 16 bytes
constexpr std::string_view kKinds = "aure";           // in the order of Command::Kind

// A token of one form is none of the other.
std::string mac_of(std::string_view key, std::string_view form, std::string_view text) {
  std::string signed_text(form);
  signed_text += '\0';
  signed_text += text;
  return hmac_sha256(key, signed_text).substr(0, kMacBytes);
}

bool signed_by_one(const AckKeys& keys, std::string_view form, std::string_view text,
                   std::string_view mac, Time now) {
  bool good = false;
  for (const auto& key : keys.keys) {
    const bool counts = &key == keys.keys.data() || now < keys.old_until;
    good = (same_secret(mac_of(key, form, text), mac) && counts) || good;
  }
  return good;
}

std::int64_t seconds_of(Time time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

std::optional<Command::Kind> kind_of(char letter) {
  const auto at = kKinds.find(letter);
  if (at == std::string_view::npos) return {};
  return static_cast<Command::Kind>(at);
}

ReadToken judged(AckToken token, Time now) {
  ReadToken out;
  out.verdict = now < token.expires ? ReadToken::Verdict::good : ReadToken::Verdict::expired;
  out.token = std::move(token);
  return out;
}

std::optional<std::string> key_of(std::string_view line) {
  if (line.size() != 2 * kKeyBytes) return {};
  std::string key;
  for (std::size_t i = 0; i < line.size(); i += 2) {
    unsigned value = 0;
    const char* end = line.data() + i + 2;
    const auto [at, error] = std::from_chars(line.data() + i, end, value, 16);
    if (error != std::errc{} || at != end) return {};
    key += static_cast<char>(value);
  }
  return key;
}

AckKeys keys_in(std::istream& file) {
  AckKeys out;
  for (std::string line; std::getline(file, line);) {
    auto key = key_of(std::string_view(line).substr(0, line.find(' ')));
    if (!key || out.keys.size() == kMaxKeys) continue;
    const auto until = line.find(kUntil);
    std::int64_t seconds = 0;
    if (!out.keys.empty() && until != std::string::npos &&
        std::from_chars(line.data() + until + kUntil.size(), line.data() + line.size(), seconds)
                .ec == std::errc{})
      out.old_until = Time{std::chrono::seconds{std::clamp<std::int64_t>(seconds, 0, kLastSecond)}};
    out.keys.push_back(std::move(*key));
  }
  return out;
}

// Whole or not at all, and never readable by others: a crash in between leaves no half key.
void write_lines(const std::filesystem::path& file, const std::string& lines) {
  const auto fresh = file.string() + ".new";
  ::unlink(fresh.c_str());
  const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  const bool written =
      fd >= 0 && ::write(fd, lines.data(), lines.size()) == static_cast<ssize_t>(lines.size()) &&
      ::fsync(fd) == 0;
  if (fd >= 0) ::close(fd);
  if (!written || ::rename(fresh.c_str(), file.c_str()) != 0)
    throw std::runtime_error(
        fmt::format("the key of acknowledge links cannot be written to {}", file.string()));
}

AckKeys make_keys(const std::filesystem::path& file) {
  AckKeys out;
  out.keys.push_back(random_bytes(kKeyBytes));
  write_lines(file, to_hex(out.keys.front()) + "\n");
  spdlog::info("a new key for acknowledge links is in {}", file.string());
  return out;
}

}  // namespace

AckKeys open_ack_keys(const std::filesystem::path& file, Time now) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return make_keys(file);
  std::ifstream stream(file);
  if (!stream)
    throw std::runtime_error(
        fmt::format("the key of acknowledge links cannot be read from {}", file.string()));
  AckKeys out = keys_in(stream);
  if (out.keys.empty()) {
    const auto aside = fmt::format("{}.corrupt-{}", file.string(), seconds_of(now));
    std::filesystem::rename(file, aside);
    spdlog::critical(
        "{} held no key and is kept as {}: links in pages sent before now count as "
        "forged",
        file.string(), aside);
    return make_keys(file);
  }
  if ((status.st_mode & 077U) != 0) {
    spdlog::warn("{} could be read by others; its mode is 0600 again", file.string());
    ::chmod(file.c_str(), 0600);
  }
  return out;
}

AckKeys rotate_ack_key(const std::filesystem::path& file, Time now, Duration links_last) {
  AckKeys out = open_ack_keys(file, now);
  out.keys.insert(out.keys.begin(), random_bytes(kKeyBytes));
  out.keys.resize(kMaxKeys);
  const auto until = seconds_of(now + links_last + kUntilReload);
  out.old_until = Time{std::chrono::seconds{until}};
  write_lines(file,
              fmt::format("{}\n{}{}{}\n", to_hex(out.keys[0]), to_hex(out.keys[1]), kUntil, until));
  return out;
}

std::string make_ack_token(const AckKeys& keys, AckToken token) {
  if (keys.keys.empty() || token.incident.empty()) return {};
  if (token.incident.size() > kMaxTokenName || token.who.size() > kMaxTokenName) return {};
  std::string out;
  out += kVersion;
  out += kKinds[static_cast<std::size_t>(token.kind)];
  const auto expires = static_cast<std::uint32_t>(seconds_of(token.expires));
  for (int shift = 24; shift >= 0; shift -= 8)
    out += static_cast<char>((expires >> static_cast<unsigned>(shift)) & 0xFFU);
  out += random_bytes(kNonceBytes);
  out += static_cast<char>(token.incident.size());
  out += token.incident;
  out += token.who;
  out += mac_of(keys.keys.front(), "link", out);
  return to_base64url(out);
}

ReadToken read_ack_token(const AckKeys& keys, std::string_view text, Time now) {
  if (text.size() > 400) return {};
  const auto bytes = from_base64url(text);
  if (!bytes || bytes->size() < kHead + kMacBytes) return {};
  const std::string_view whole(*bytes);
  const auto body = whole.substr(0, whole.size() - kMacBytes);
  if (!signed_by_one(keys, "link", body, whole.substr(body.size()), now)) return {};
  // From here on it is ours; a token of another version is still read as none.
  const auto kind = kind_of(body[1]);
  const auto length = static_cast<unsigned char>(body[kHead - 1]);
  if (body[0] != kVersion || !kind || body.size() < kHead + length) return {};
  AckToken token;
  token.kind = *kind;
  std::uint32_t expires = 0;
  for (std::size_t i = 2; i < 6; ++i)
    expires = (expires << 8U) | static_cast<unsigned char>(body[i]);
  token.expires = Time{std::chrono::seconds{expires}};
  token.nonce = body.substr(6, kNonceBytes);
  token.incident = body.substr(kHead, length);
  token.who = body.substr(kHead + length);
  return judged(std::move(token), now);
}

std::string make_ack_button(const AckKeys& keys, const AckToken& token) {
  if (keys.keys.empty() || token.incident.empty()) return {};
  std::array<char, 16> minutes{};
  const auto count = seconds_of(token.expires) / 60;
  const auto end = std::to_chars(minutes.data(), minutes.data() + minutes.size(), count, 36).ptr;
  std::string out;
  out += kKinds[static_cast<std::size_t>(token.kind)];
  out.append(minutes.data(), end);
  out += '.';
  out += token.incident;
  const std::string mac = to_base64url(mac_of(keys.keys.front(), "button", out));
  out += '.' + mac;
  return out.size() <= kMaxButton ? out : std::string{};
}

ReadToken read_ack_button(const AckKeys& keys, std::string_view text, Time now) {
  if (text.size() > kMaxButton || text.size() < kMacOfButton + 4) return {};
  const auto body = text.substr(0, text.size() - kMacOfButton - 1);
  const auto mac = from_base64url(text.substr(body.size() + 1));
  if (text[body.size()] != '.' || !mac || !signed_by_one(keys, "button", body, *mac, now))
    return {};
  const auto dot = body.find('.');
  const auto kind = kind_of(body[0]);
  if (dot == std::string_view::npos || !kind) return {};
  std::int64_t minutes = 0;
  const auto [at, error] = std::from_chars(body.data() + 1, body.data() + dot, minutes, 36);
  if (error != std::errc{} || at != body.data() + dot) return {};
  AckToken token;
  token.kind = *kind;
  token.incident = body.substr(dot + 1);
  token.expires = Time{std::chrono::minutes{minutes}};
  return judged(std::move(token), now);
}

}  // namespace brandwacht::alerting
