// Signed proof that whoever holds it was paged: a link for people and a short text for the buttons
// of chat programs. Nothing is stored when one is made.
//
// A link's token is base64url of: version, kind of command, expiry, a random nonce, the incident,
// who was paged, and the first 16 bytes of an HMAC-SHA256 of all that. A button has to fit in the
// 64 bytes of Telegram's callback_data, so it holds no person (the chat program says who pressed)
// and no nonce (the chat program numbers its presses).
#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "alerting/command.hpp"

namespace brandwacht::alerting {

// 32 bytes each. The first signs; all are accepted, so that what was sent before a change of keys
// still works. At most two.
struct AckKeys {
  std::vector<std::string> keys;
  // From then on only the first counts: all that the other signed has expired, and whoever got hold
  // of it can make nothing with it.
  Time old_until = Time::max();
};

// Reads `file`: one key of 64 hex digits a line, the newest first; behind the second one there may
// be " until " and the seconds since 1970 when it ends. Absent: makes it, mode 0600. A
// file that holds no key is set aside as <file>.corrupt-<seconds>, loudly, and a new one is made:
// links sent before then count as forged. Throws std::runtime_error with a sentence when the file
// cannot be read or made.
AckKeys open_ack_keys(const std::filesystem::path& file, Time now);

// Puts a new key on top of `file`; the one that was there is accepted for `links_last` more, and
// five minutes, in which the daemon is to read it. Any older one is gone. Throws std::runtime_error
// as open_ack_keys().
AckKeys rotate_ack_key(const std::filesystem::path& file, Time now, Duration links_last);

// How long a name or an incident in a token may be; longer ones get no token.
inline constexpr std::size_t kMaxTokenName = 64;

struct AckToken {
  Command::Kind kind = Command::Kind::acknowledge;
  std::string incident;
  std::string who;    // the receiver or person that the page went to; empty in a button
  std::string nonce;  // raw bytes; empty in a button
  Time expires{};     // whole seconds; of a button whole minutes
};

struct ReadToken {
  enum class Verdict : std::uint8_t { good, expired, forged };
  Verdict verdict = Verdict::forged;
  AckToken token;  // empty when forged
};

// The token with a new nonce; empty when a name is too long or there is no key.
std::string make_ack_token(const AckKeys& keys, AckToken token);
ReadToken read_ack_token(const AckKeys& keys, std::string_view text, Time now);

// At most 64 bytes of letters, digits, '.', '-' and '_'; empty when the incident does not fit.
std::string make_ack_button(const AckKeys& keys, const AckToken& token);
ReadToken read_ack_button(const AckKeys& keys, std::string_view text, Time now);

}  // namespace brandwacht::alerting
